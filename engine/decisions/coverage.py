"""Which combinations of inputs a decision table's rules cover.

The values of a column fall into regions between the literals of its cells; within a region
every rule behaves the same, so one sample of each is enough. A cell that is more than
comparisons with literals may match anything: nothing is claimed about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import feel
from engine.decisions import itemtypes
from engine.decisions.model import Input, Table, TestCell
from feel import expression, tree, types
from feel.builtins.conversion import written
from feel.values import NUMBERS, Value, YearsMonthsDuration, comparable, kind

ANOTHER = "another value"
_MOST_STATES = 50_000
_PLAIN = (
    tree.UnaryTree,
    tree.Test,
    tree.Literal,
    tree.Temporal,
    tree.Negation,
    tree.RangeOf,
    tree.ListOf,
    tree.Comparison,
    tree.Between,
    tree.In,
    tree.Logic,
    tree.Name,
    tree.Call,
)
_MOMENTS = frozenset({"date", "time", "date and time", "duration"})


class TooLarge(Exception):
    """The table has too many combinations to go through."""


@dataclass(frozen=True, slots=True)
class Region:
    """Values of one input that the rules do not tell apart, by a sample.

    ``surely`` and ``maybe`` are bit sets of the rules that match them.
    """

    label: str
    sample: Value
    surely: int
    maybe: int

    def __str__(self) -> str:
        run = feel.Run({}, None, None, feel.Budget())
        return f"{self.label} = {written(run, self.sample, inside=True)}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The regions of each input of a table."""

    columns: tuple[tuple[Region, ...], ...]
    rules: int

    def overlaps(self) -> Iterator[tuple[int, int]]:
        """The pairs of rules, counted from 0, that match at the same time."""
        together = [(1 << self.rules) - 1] * self.rules
        for column in self.columns:
            for rule in range(self.rules):
                beside = 0
                for region in column:
                    if region.surely >> rule & 1:
                        beside |= region.surely
                together[rule] &= beside
        for first in range(self.rules):
            for second in range(first + 1, self.rules):
                if together[first] >> second & 1:
                    yield first, second

    def gaps(self, most: int) -> list[tuple[Region, ...]]:
        """Some combinations that no rule matches. Raises TooLarge."""
        everything = (1 << self.rules) - 1
        return self._search(lambda region: region.maybe, everything, most)

    def together(self, first: int, second: int) -> list[Region]:
        """A combination that two rules match which overlap."""
        both = 1 << first | 1 << second
        return [
            next(region for region in column if region.surely & both == both)
            for column in self.columns
        ]

    def never(self) -> dict[int, str]:
        """The rules, counted from 0, that match nothing at all, by the column where they fail."""
        found: dict[int, str] = {}
        for column in reversed(self.columns):
            for rule in range(self.rules):
                if not any(region.maybe >> rule & 1 for region in column):
                    found[rule] = column[0].label
        return dict(sorted(found.items()))

    def hidden(self) -> list[int]:
        """The rules whose every match an earlier rule takes. Raises TooLarge."""
        return [rule for rule in range(1, self.rules) if self._is_hidden(rule)]

    def _is_hidden(self, rule: int) -> bool:
        earlier = (1 << rule) - 1
        kept = tuple(
            tuple(region for region in column if region.maybe >> rule & 1)
            for column in self.columns
        )
        if not all(kept):
            return False
        only = Coverage(kept, self.rules)
        return not only._search(lambda region: region.surely, earlier, 1)

    def _search(
        self, match: Callable[[Region], int], rules: int, most: int
    ) -> list[tuple[Region, ...]]:
        """Combinations that none of some rules match."""
        found: list[tuple[Region, ...]] = []
        seen: set[tuple[int, int]] = set()
        waiting: list[tuple[int, tuple[Region, ...]]] = [(rules, ())]
        while waiting and len(found) < most:
            alive, chosen = waiting.pop()
            if not alive:
                rest = (column[0] for column in self.columns[len(chosen) :])
                found.append((*chosen, *rest))
                continue
            if len(chosen) == len(self.columns) or (alive, len(chosen)) in seen:
                continue
            seen.add((alive, len(chosen)))
            if len(seen) > _MOST_STATES:
                raise TooLarge
            waiting.extend(
                (alive & match(region), (*chosen, region)) for region in self.columns[len(chosen)]
            )
        return found


def coverage(table: Table) -> Coverage:
    """The coverage of a table; columns that ask for the same thing count as one."""
    groups: dict[str, list[int]] = {}
    for index, column in enumerate(table.inputs):
        groups.setdefault(column.expression.text, []).append(index)
    columns = tuple(_regions(table, indexes) for indexes in groups.values())
    return Coverage(columns, len(table.rules))


def _regions(table: Table, indexes: Sequence[int]) -> tuple[Region, ...]:
    column = table.inputs[indexes[0]]
    allowed = _allowed(table, indexes)
    cells = [rule.tests[index] for rule in table.rules for index in indexes]
    found: dict[tuple[int, int], Region] = {}
    for sample in _samples(column, cells, allowed):
        if not _is_possible(column, sample) or not all(_passes(cell, sample) for cell in allowed):
            continue
        surely, maybe = _masks(table, indexes, sample)
        found.setdefault((surely, maybe), Region(column.label, sample, surely, maybe))
    return tuple(found.values()) or (Region(column.label, None, 0, 0),)


def _is_possible(column: Input, sample: Value) -> bool:
    if column.type is None or sample is None or sample == ANOTHER:
        return True
    return types.coerce(sample, itemtypes.root(column.type)) is not None


def _allowed(table: Table, indexes: Sequence[int]) -> list[TestCell]:
    found: list[TestCell] = []
    for index in indexes:
        column = table.inputs[index]
        item = column.type
        while item is not None and item.allowed is None:
            item = item.base
        if column.values is not None:
            found.append(column.values)
        if item is not None and item.allowed is not None:
            found.append(item.allowed)
    return found


def _masks(table: Table, indexes: Sequence[int], sample: Value) -> tuple[int, int]:
    surely = maybe = 0
    for place, rule in enumerate(table.rules):
        tests = [rule.tests[index] for index in indexes if index < len(rule.tests)]
        known = all(is_plain(test) for test in tests)
        if all(not is_plain(test) or _passes(test, sample) for test in tests):
            maybe |= 1 << place
            surely |= known << place
    return surely, maybe


def _is_not(node: tree.Call) -> bool:
    return isinstance(node.function, tree.Name) and node.function.name == "not"


def _passes(cell: TestCell, sample: Value) -> bool:
    if cell.code is None:
        return not cell.problem
    return cell.code.matches(sample, {}) is True


def is_plain(cell: TestCell) -> bool:
    """Whether a cell only compares the input with literals."""
    if cell.code is None:
        return not cell.problem
    return all(_is_plain(node) for node in tree.walk(cell.code.tree))


def _is_plain(node: tree.Node) -> bool:
    if isinstance(node, tree.Name):
        return node.name in ("?", "not") or node.name in _MOMENTS
    if isinstance(node, tree.Call):
        return _is_moment(node) or _is_not(node)
    if isinstance(node, tree.Test) and isinstance(node.operand, tree.Literal):
        return not (node.operator[0] in "<>" and isinstance(node.operand.value, str))
    return isinstance(node, _PLAIN)


def literals(cell: TestCell) -> list[Value]:
    """The values that a cell names."""
    if cell.code is None:
        return []
    return [_constant(node) for node in _constants(cell.code.tree)]


def _constants(node: tree.Node) -> Iterator[tree.Node]:
    if isinstance(node, tree.Literal | tree.Temporal | tree.Negation) or _is_moment(node):
        yield node
        return
    for child in tree.children(node):
        yield from _constants(child)


def _is_moment(node: tree.Node) -> bool:
    """Whether a node is ``date("…")`` or the like."""
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in _MOMENTS
        and all(isinstance(each, tree.Literal) for each in node.arguments)
    )


def _constant(node: tree.Node) -> Value:
    return expression.from_tree("", node).evaluate({})


def _samples(
    column: Input, cells: Iterable[TestCell], allowed: Iterable[TestCell]
) -> Iterator[Value]:
    """One value of each region: each literal, what lies between two, and what lies outside."""
    values = [value for cell in (*allowed, *cells) for value in literals(cell)]
    by_kind: dict[str, list[Value]] = {}
    for value in values:
        if value not in by_kind.setdefault(kind(value), []):
            by_kind[kind(value)].append(value)
    named = column.type.type if column.type else None
    if "boolean" in by_kind or named == types.Simple("boolean"):
        by_kind["boolean"] = [True, False]
    for of, found in by_kind.items():
        if of in _AROUND:
            yield from _around(sorted(found, key=_order), _AROUND[of])
        else:
            yield from found
    if "string" in by_kind or by_kind.keys() <= {"null"}:
        yield ANOTHER


def _order(value: Value) -> Value:
    pair = comparable(value, value)
    return value if pair is None else pair[0]


def _around(found: list[Value], step: Value) -> Iterator[Value]:
    for index, value in enumerate(found):
        before = _apart(value, step, -1)
        if index == 0 and before is not None:
            yield before
        elif index and before is not None:
            middle = _middle(found[index - 1], value)
            if middle is not None:
                yield middle
        yield value
    after = _apart(found[-1], step, 1)
    if after is not None:
        yield after


def _apart(value: Value, step: Value, sign: int) -> Value:
    try:
        if isinstance(value, time):
            return None
        if isinstance(value, YearsMonthsDuration):
            return YearsMonthsDuration(value.months + sign)
        return value + step if sign > 0 else value - step
    except (OverflowError, ArithmeticError):
        return None


def _middle(low: Value, high: Value) -> Value:
    """A value between two; None if there is none, or none is known."""
    if isinstance(low, YearsMonthsDuration):
        middle = (low.months + high.months) // 2
        return YearsMonthsDuration(middle) if middle > low.months else None
    if isinstance(low, Decimal):
        return NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))
    if isinstance(low, time):
        return None
    if isinstance(low, datetime) and (low.tzinfo is None) != (high.tzinfo is None):
        return None
    middle = low + (high - low) / 2
    return middle if low < middle < high else None


_AROUND: dict[str, Value] = {
    "number": Decimal(1),
    "date": timedelta(days=1),
    "date and time": timedelta(minutes=1),
    "days and time duration": timedelta(hours=1),
    "years and months duration": 1,
    "time": None,
}
