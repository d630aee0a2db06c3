"""Literals, names, lists, contexts and ranges."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from feel import temporal, tree
from feel.builtins import BUILTINS
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.run import Run
from feel.values import Range, Value, a, at, comparable

AS_IT_IS = frozenset({Decimal, str, bool, date, datetime, timedelta})


@compiles(tree.Literal)
def _literal(node: tree.Literal, scope: Scope) -> Code:
    value = node.value
    return lambda run, frame: value


@compiles(tree.Temporal)
def _temporal(node: tree.Temporal, scope: Scope) -> Code:
    value, place = temporal.read_any(node.text), place_of(node)
    if value is not None:
        return lambda run, frame: value

    message = f"“{node.text[:40]}” is no date, time or duration."
    return lambda run, frame: run.null(message, place)


@compiles(tree.Name)
def _name(node: tree.Name, scope: Scope) -> Code:
    name, place = node.name, place_of(node)
    function = BUILTINS[name].as_function() if name in BUILTINS else None

    def missing(run: Run) -> Value:
        if function is not None:
            return function
        return run.null(f"There is no value “{name}”.", place)

    def outer(run: Run, frame: Frame) -> Value:
        try:
            value = run.context[name]
            return value if type(value) in AS_IT_IS else run.looked_through(name, value)
        except KeyError:
            return missing(run)

    def inner(run: Run, frame: Frame) -> Value:
        while frame is not None:
            if name in frame[0]:
                return at(frame[0], name)
            frame = frame[1]
        return outer(run, None)

    return inner if scope.local else outer


@compiles(tree.ListOf)
def _list(node: tree.ListOf, scope: Scope) -> Code:
    items = [compile_node(item, scope) for item in node.items]

    def make(run: Run, frame: Frame) -> Value:
        return [item(run, frame) for item in items]

    return make


@compiles(tree.ContextOf)
def _context(node: tree.ContextOf, scope: Scope) -> Code:
    keys = [key for key, _ in node.entries]
    place = place_of(node)
    if len(set(keys)) < len(keys):
        return lambda run, frame: run.null("An entry of this context is there twice.", place)
    entries: list[tuple[str, Code]] = []
    for key, value in node.entries:
        entries.append((key, compile_node(value, scope.with_names(*keys[: len(entries)]))))

    def make(run: Run, frame: Frame) -> Value:
        made: dict[str, Value] = {}
        inside = (made, frame)
        for key, value in entries:
            made[key] = value(run, inside)
        return made

    return make


@compiles(tree.RangeOf)
def _range(node: tree.RangeOf, scope: Scope) -> Code:
    start, last = compile_node(node.start, scope), compile_node(node.last, scope)
    opened, closed, place = node.start_included, node.end_included, place_of(node)

    def make(run: Run, frame: Frame) -> Value:
        first, end = start(run, frame), last(run, frame)
        if first is not None and end is not None and comparable(first, end) is None:
            return run.null(f"A range cannot reach from {a(first)} to {a(end)}.", place)
        return Range(first, end, opened, closed)

    return make


def range_of(sign: str, value: Value) -> Range:
    """The range that a comparison such as ``< 5`` stands for."""
    if sign in ("=", "!="):
        return Range(value, value, True, True, sign)
    if sign.startswith("<"):
        return Range(None, value, False, sign == "<=", sign)
    return Range(value, None, sign == ">=", False, sign)


@compiles(tree.Test)
def _test_as_range(node: tree.Test, scope: Scope) -> Code:
    operand, sign = compile_node(node.operand, scope), node.operator
    return lambda run, frame: range_of(sign, operand(run, frame))
