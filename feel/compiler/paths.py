"""Paths into contexts, and filters of lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from feel import tree
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.compiler.values import AS_IT_IS
from feel.properties import properties
from feel.run import Run
from feel.values import Value, a, at, sentence

_SURELY_LOGICAL = tree.Comparison | tree.Between | tree.In | tree.Logic | tree.Quantified


@compiles(tree.Path)
def _path(node: tree.Path, scope: Scope) -> Code:
    source, name, place = compile_node(node.source, scope), node.name, place_of(node)

    def read(run: Run, frame: Frame) -> Value:
        return entry(run, source(run, frame), name, place)

    if scope.local or not isinstance(node.source, tree.Name):
        return read
    variable = node.source.name

    def read_of_variable(run: Run, frame: Frame) -> Value:
        found = run.context.get(variable)
        if type(found) is dict:
            value = found.get(name)
            if type(value) in AS_IT_IS:
                return value
        return read(run, frame)

    return read_of_variable


def entry(run: Run, value: Value, name: str, place: tuple[int, int]) -> Value:
    """The entry of a context, the property of a moment, or those of all items of a list."""
    if isinstance(value, Mapping):
        try:
            return at(value, name)
        except KeyError:
            return run.null(f"There is no entry “{name}”.", place)
    if isinstance(value, list):
        run.spend(len(value))
        return [entry(run, item, name, place) for item in value]
    reader = properties(value).get(name)
    if reader is None:
        return run.null(sentence(f"{a(value)} has no “{name}”."), place)
    return reader(value)


@compiles(tree.Filter)
def _filter(node: tree.Filter, scope: Scope) -> Code:
    source, place = compile_node(node.source, scope), place_of(node)
    condition = compile_node(node.condition, Scope(scope.names | {"item"}, local=True))
    cost = tree.measure(node.condition)[0]
    logical = isinstance(node.condition, _SURELY_LOGICAL)
    constant = isinstance(node.condition, tree.Literal | tree.Negation)

    def pick(run: Run, frame: Frame) -> Value:
        value = source(run, frame)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if value is None:
            run.null("There is no list to filter.", place)
        if constant or not items:
            position = condition(run, frame) if not logical else None
            if constant or isinstance(position, Decimal):
                return _at(run, value, items, position, place)
        return _filtered(run, frame, items, condition, cost, place)

    return pick


def _filtered(
    run: Run,
    frame: Frame,
    items: list[Value],
    condition: Code,
    cost: int,
    place: tuple[int, int],
) -> Value:
    made: list[Value] = []
    for index, item in enumerate(items):
        run.spend(cost + 1)
        inner: Frame = ({"item": item}, frame)
        if isinstance(item, Mapping):
            inner = (item, inner)
        found = condition(run, inner)
        if found is True:
            made.append(item)
        elif index == 0 and isinstance(found, Decimal):
            return _at(run, items, items, found, place)
    return made


def _at(
    run: Run, value: Value, items: list[Value], position: Value, place: tuple[int, int]
) -> Value:
    if isinstance(position, bool):
        return items if position else []
    if not isinstance(position, Decimal) or position != position.to_integral_value():
        return run.null(sentence(f"{a(position)} is no position in a list."), place)
    if value is None:
        return None
    if position == 0 or abs(position) > len(items):
        return run.null(f"The list has no position {position:f}.", place)
    return items[int(position) - 1 if position > 0 else int(position)]
