"""Evaluates decision tables under every hit policy."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import feel
from engine.decisions.columns import passed
from engine.decisions.itemtypes import fit
from engine.decisions.model import Cell, Input, Output, Rule, Table
from feel.builtins.lists import max_, min_, sum_
from feel.run import Nothing
from feel.values import Value, same

_AGGREGATES: Mapping[str, Callable[..., Value]] = {"+": sum_, "<": min_, ">": max_}


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: its table's decision, its place in the table, and its results."""

    decision: str
    rule: str
    number: int
    results: tuple[Value, ...]
    annotation: str = ""

    def made_by(self, decision: str) -> MatchedRule:
        """The same match with the decision it belongs to."""
        return MatchedRule(decision, self.rule, self.number, self.results, self.annotation)


def evaluate(table: Table, run: feel.Run) -> Value:
    """The result of a table; null, with the reason, where its hit policy is broken."""
    matched = _matching(table, run)
    if not matched:
        return _default(table, run)
    found = [(rule, _results(table, rule, run)) for rule in matched]
    if table.policy in "CRO":
        _note(run, found)
        return _many(table, [results for _, results in found], run)
    return _one(table, found, run)


def _matching(table: Table, run: feel.Run) -> list[Rule]:
    values = [_input(column, run) for column in table.inputs]
    run.spend(len(table.rules) * (len(values) + 1))
    left = (1 << len(table.rules)) - 1
    for column, value in zip(table.columns, values, strict=True):
        left = passed(column, value, left, run)
    if table.policy == "F":
        left &= -left
    return list(_rules(table, left))


def _rules(table: Table, bits: int) -> Iterator[Rule]:
    """The rules whose bits are set, in the order of the table."""
    while bits:
        lowest = bits & -bits
        yield table.rules[lowest.bit_length() - 1]
        bits ^= lowest


def _input(column: Input, run: feel.Run) -> Value:
    value = fit(run, _value(column.expression, run), column.type, column.label)
    allowed = column.values
    if allowed is None or allowed.code is None or value is None:
        return value
    if allowed.code.run(run, ({"?": value}, None)) is not True:
        run.null(f"{column.label}: the value is not among {allowed.text}.")
        return None
    return value


def _value(cell: Cell, run: feel.Run) -> Value:
    if cell.code is not None:
        return cell.code.run(run)
    if cell.problem:
        run.null(cell.problem)
    return None


def _results(table: Table, rule: Rule, run: feel.Run) -> tuple[Value, ...]:
    return tuple(
        _result(output, cell, run)
        for output, cell in zip(table.outputs, rule.results, strict=False)
    )


def _result(output: Output, cell: Cell, run: feel.Run) -> Value:
    return fit(run, _value(cell, run), output.type, output.name or "The result")


def _note(run: feel.Run, found: list[tuple[Rule, tuple[Value, ...]]]) -> None:
    if run.trail is not None:
        run.trail.extend(
            MatchedRule("", rule.id, rule.number, results, rule.annotation)
            for rule, results in found
        )


def _whole(table: Table, results: tuple[Value, ...]) -> Value:
    """One value for one output, a context for several."""
    if len(table.outputs) == 1:
        return results[0] if results else None
    names = (output.name for output in table.outputs)
    return dict(zip(names, results, strict=False))


def _default(table: Table, run: feel.Run) -> Value:
    if any(output.default for output in table.outputs):
        defaults = tuple(
            None if output.default is None else _result(output, output.default, run)
            for output in table.outputs
        )
        return _whole(table, defaults)
    if table.aggregation == "#":
        return Decimal(0)
    run.null("No rule of the table matches.")
    return None


def _one(table: Table, found: list[tuple[Rule, tuple[Value, ...]]], run: feel.Run) -> Value:
    numbers = ", ".join(str(rule.number) for rule, _ in found)
    if table.policy == "U" and len(found) > 1:
        run.null(f"Only one rule may match, but rules {numbers} do.")
        return None
    whole = [_whole(table, results) for _, results in found]
    if table.policy == "A" and not all(same(each, whole[0]) for each in whole):
        run.null(f"Rules {numbers} match with different results.")
        return None
    best = 0
    if table.policy == "P":
        ranks = [_rank(table, results, run) for _, results in found]
        best = ranks.index(min(ranks))
    _note(run, [found[best]])
    return whole[best]


def _rank(table: Table, results: tuple[Value, ...], run: feel.Run) -> tuple[int, ...]:
    """The places of results among the output values: the smaller, the more important."""
    return tuple(
        _place(output, value, run)
        for output, value in zip(table.outputs, results, strict=False)
        if output.values is not None
    )


def _place(output: Output, value: Value, run: feel.Run) -> int:
    order = () if output.values is None else _order(output.values.text)
    for place, each in enumerate(order):
        if same(each, value):
            return place
    return len(order)


@functools.lru_cache(maxsize=512)
def _order(values: str) -> tuple[Value, ...]:
    try:
        listed = feel.compile(f"[{values}]").evaluate({})
    except feel.FeelError:
        return ()
    return tuple(listed)


def _many(table: Table, found: list[tuple[Value, ...]], run: feel.Run) -> Value:
    if table.policy == "O":
        found = sorted(found, key=lambda results: _rank(table, results, run))
    whole = [_whole(table, results) for results in found]
    if table.policy != "C" or not table.aggregation:
        return run.items(whole)
    if table.aggregation == "#":
        return Decimal(len(whole))
    try:
        return _AGGREGATES[table.aggregation](run, whole)
    except Nothing as nothing:
        run.null(f"The results cannot be combined: {nothing}.")
        return None
