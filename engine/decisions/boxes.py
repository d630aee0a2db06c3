"""Evaluates boxed expressions: each kind of box in the names that are in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

import feel
from engine.decisions import tables
from engine.decisions.itemtypes import fit
from engine.decisions.model import (
    Box,
    Cell,
    Conditional,
    Contexts,
    Empty,
    Entry,
    FilterBox,
    FunctionBox,
    Invocation,
    ItemType,
    Iterator,
    Lists,
    Literals,
    Relation,
    Table,
)
from feel.compiler import apply, enter, user_function
from feel.run import Nothing
from feel.values import Range, Value, a

_FRAMES_OF_A_BOX = 12
_NOWHERE = (0, 0)


def value_of(run: feel.Run, cell: Cell) -> Value:
    """The value of a cell; null, with the reason, if it cannot be read."""
    if cell.code is None:
        if cell.problem:
            run.null(cell.problem)
        return None
    return cell.code.run(run)


@singledispatch
def evaluate(box: Box, run: feel.Run) -> Value:
    """The value of a box. Raises FeelLimit."""
    raise TypeError(box)


@evaluate.register
def _(box: Empty, run: feel.Run) -> Value:
    return None


@evaluate.register
def _(box: Literals, run: feel.Run) -> Value:
    return fit(run, value_of(run, box.cell), box.type, "The result")


@evaluate.register
def _(box: Table, run: feel.Run) -> Value:
    return tables.evaluate(box, run)


@evaluate.register
def _(box: Contexts, run: feel.Run) -> Value:
    inside = _with(run, {})
    made: dict[str, Value] = {}
    for entry in box.entries:
        value = _entry(entry, inside)
        if not entry.name:
            return value
        made[entry.name] = value
        inside = _with(inside, {entry.name: value})
    return made


def _entry(entry: Entry, run: feel.Run) -> Value:
    return fit(run, evaluate(entry.box, run), entry.type, entry.name or "The result")


def _with(run: feel.Run, names: Mapping[str, Value]) -> feel.Run:
    run.spend(1)
    return run.within({**run.context, **names})


@evaluate.register
def _(box: Invocation, run: feel.Run) -> Value:
    function = value_of(run, box.function)
    values = [evaluate(binding.box, run) for binding in box.bindings]
    if not isinstance(function, feel.Function):
        run.null(f"“{box.function.text}” is no function.")
        return None
    names = tuple(binding.name for binding in box.bindings)
    return apply(run, function, values, names or None, _NOWHERE)


@evaluate.register
def _(box: FunctionBox, run: feel.Run) -> Value:
    return function_of(box, run, "(without a name)", None)


def function_of(
    box: FunctionBox, run: feel.Run, name: str, result: ItemType | None
) -> feel.Function:
    """The function that a box describes; it sees the names that are in sight here."""
    home = run.context
    names = tuple(parameter for parameter, _ in box.parameters)

    def call(run: feel.Run, values: list[Value]) -> Value:
        if box.kind != "FEEL":
            raise Nothing(f"functions in {box.kind} are not run")
        fitted = {
            parameter: fit(run, value, of, parameter)
            for (parameter, of), value in zip(box.parameters, values, strict=True)
        }
        inside = run.within({**home, **fitted})
        value = enter(inside, _FRAMES_OF_A_BOX, 1, lambda: evaluate(box.body, inside))
        return fit(run, value, result, name)

    types = tuple(None if of is None else of.type for _, of in box.parameters)
    return user_function(name, names, call, types, result.type if result else None)


@evaluate.register
def _(box: Lists, run: feel.Run) -> Value:
    return run.items([evaluate(item, run) for item in box.items])


@evaluate.register
def _(box: Relation, run: feel.Run) -> Value:
    return run.items(
        [
            {column: evaluate(item, run) for column, item in zip(box.columns, row, strict=False)}
            for row in box.rows
        ]
    )


@evaluate.register
def _(box: Conditional, run: feel.Run) -> Value:
    condition = evaluate(box.condition, run)
    if condition is not None and not isinstance(condition, bool):
        run.null(f"The condition is {a(condition)}, not true or false.")
    return evaluate(box.then if condition is True else box.otherwise, run)


@evaluate.register
def _(box: FilterBox, run: feel.Run) -> Value:
    source = evaluate(box.source, run)
    made = []
    for item in source if isinstance(source, list) else [source] * (source is not None):
        entries = dict(item) if isinstance(item, Mapping) else {}
        found = evaluate(box.match, _with(run, {"item": item, **entries}))
        if not isinstance(found, bool):
            run.null(f"The filter answers {a(found)}, not true or false.")
            return None
        if found:
            made.append(item)
    return run.items(made)


@evaluate.register
def _(box: Iterator, run: feel.Run) -> Value:
    items = _items(evaluate(box.source, run), run)
    if items is None:
        return None
    return _LOOPS[box.loop](box, items, run)


def _items(source: Value, run: feel.Run) -> list[Value] | None:
    if source is None:
        run.null("There is no list to go through.")
        return None
    if isinstance(source, Range):
        steps: list[Value] | None = _EACH_OF_RANGE.run(run.within({"range": source}))
        return steps
    return source if isinstance(source, list) else [source]


_EACH_OF_RANGE = feel.compile("for step in range return step")


def _collect(box: Iterator, items: list[Value], run: feel.Run) -> Value:
    made: list[Value] = []
    for item in items:
        names = {box.variable: item, "partial": list(made)}
        run.room(len(made))
        made.append(evaluate(box.body, _with(run, names)))
    return run.items(made)


def _quantify(box: Iterator, items: list[Value], run: feel.Run) -> Value:
    deciding = box.loop == "some"
    for item in items:
        found = evaluate(box.body, _with(run, {box.variable: item}))
        if found is deciding:
            return deciding
        if not isinstance(found, bool):
            run.null(f"The condition is {a(found)}, not true or false.")
            return None
    return not deciding


_LOOPS: Mapping[str, Callable[[Iterator, list[Value], feel.Run], Any]] = {
    "for": _collect,
    "some": _quantify,
    "every": _quantify,
}
