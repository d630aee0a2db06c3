"""Which rules of a table a value passes: each column asks each of its cells at most once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import feel
from engine.decisions.model import Column, Rule, TestCell
from feel import tree
from feel.values import Value

_LISTED = (str, Decimal)


def columns_of(rules: Sequence[Rule], count: int) -> tuple[Column, ...]:
    """The first ``count`` columns of a table with these rules."""
    return tuple(_column(rules, index) for index in range(count))


def _column(rules: Sequence[Rule], index: int) -> Column:
    free, listed, cells = 0, dict[Value, int](), dict[str, tuple[TestCell, int]]()
    for place, rule in enumerate(rules):
        bit = 1 << place
        cell = rule.tests[index] if index < len(rule.tests) else TestCell("")
        values = _values(cell)
        if cell.code is None and not cell.problem:
            free |= bit
        elif values is None:
            cells[cell.text] = (cell, cells.get(cell.text, (cell, 0))[1] | bit)
        else:
            listed.update((value, listed.get(value, 0) | bit) for value in values)
    return Column(free, listed, tuple(cells.values()))


def _values(cell: TestCell) -> list[Value] | None:
    """What a cell lists, if that is nothing but texts and numbers; None otherwise."""
    node = cell.code.tree if cell.code else None
    if not isinstance(node, tree.UnaryTree) or node.negated:
        return None
    values = [test.value for test in node.tests if isinstance(test, tree.Literal)]
    plain = len(values) == len(node.tests) and all(type(each) in _LISTED for each in values)
    return values if plain else None


def passed(column: Column, value: Value, rules: int, run: feel.Run) -> int:
    """Those of some rules whose cell lets the value pass; all sets of rules are bits."""
    found = column.free
    if type(value) in _LISTED:
        found |= column.listed.get(value, 0)
    frame = ({"?": value}, None)
    for cell, mine in column.cells:
        if not rules & mine:
            continue
        if cell.code is None:
            run.null(cell.problem)
        elif cell.code.code(run, frame) is True:
            found |= mine
    return rules & found
