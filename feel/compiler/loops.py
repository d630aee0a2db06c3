"""``for``, ``some`` and ``every``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from feel import tree
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.run import Run
from feel.values import NUMBERS, Range, Value, a

_Iteration: TypeAlias = tuple[str, Code, Code | None, tuple[int, int]]


def _iterations(node: tree.For | tree.Quantified, scope: Scope) -> tuple[list[_Iteration], Scope]:
    found: list[_Iteration] = []
    for each in node.iterations:
        last = compile_node(each.last, scope) if each.last else None
        found.append((each.name, compile_node(each.source, scope), last, place_of(each)))
        scope = scope.with_names(each.name)
    return found, scope


def _values(run: Run, frame: Frame, iteration: _Iteration) -> list[Value] | None:
    """What an iteration runs over; None with its reason where it cannot."""
    _, source, last, place = iteration
    found = source(run, frame)
    if last is None:
        if isinstance(found, list):
            return found
        if isinstance(found, Range):
            return _steps_of_range(run, found, place)
        if found is None:
            run.null("There is no list to go through.", place)
            return None
        return [found]
    return _steps(run, found, last(run, frame), place)


def _steps_of_range(run: Run, found: Range, place: tuple[int, int]) -> list[Value] | None:
    steps = _steps(run, found.start, found.end, place)
    if steps is None:
        return None
    return steps[0 if found.start_included else 1 : None if found.end_included else -1]


def _steps(run: Run, first: Value, last: Value, place: tuple[int, int]) -> list[Value] | None:
    if type(first) is date and type(last) is date:
        sign = 1 if last >= first else -1
        run.room(abs((last - first).days) + 1)
        length = range(0, (last - first).days + sign, sign)
        return [first + timedelta(days=days) for days in length]
    if _is_whole(first) and _is_whole(last):
        run.room(int(min(abs(NUMBERS.subtract(last, first)), Decimal(run.budget.items))) + 1)
        sign = 1 if last >= first else -1
        return [Decimal(step) for step in range(int(first), int(last) + sign, sign)]
    run.null(f"There are no steps from {a(first)} to {a(last)}.", place)
    return None


def _is_whole(value: Value) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


@compiles(tree.For)
def _for(node: tree.For, scope: Scope) -> Code:
    iterations, inner = _iterations(node, scope)
    inner = inner.with_names("partial")
    body = compile_node(node.body, inner)
    cost = tree.measure(node.body)[0]
    uses_partial = any(
        isinstance(each, tree.Name) and each.name == "partial" for each in tree.walk(node.body)
    )

    def loop(run: Run, frame: Frame) -> Value:
        made: list[Value] = []

        def collect(frame: Frame) -> bool:
            run.spend(cost)
            if uses_partial:
                run.room(len(made))
                frame = ({"partial": list(made)}, frame)
            made.append(body(run, frame))
            if len(made) > run.budget.items:
                run.room(len(made))
            return True

        return made if _each(run, frame, iterations, 0, collect) else None

    return loop


def _each(
    run: Run,
    frame: Frame,
    iterations: list[_Iteration],
    index: int,
    visit: Callable[[Frame], bool],
) -> bool:
    """Visit every combination; False where a list is missing."""
    values = _values(run, frame, iterations[index])
    if values is None:
        return False
    name, last = iterations[index][0], index + 1 == len(iterations)
    for value in values:
        inner: Frame = ({name: value}, frame)
        run.spend(1)
        if not (visit(inner) if last else _each(run, inner, iterations, index + 1, visit)):
            return False
    return True


class _Decided(Exception):
    """The answer of a quantified expression is known."""


@compiles(tree.Quantified)
def _quantified(node: tree.Quantified, scope: Scope) -> Code:
    iterations, inner = _iterations(node, scope)
    condition = compile_node(node.condition, inner)
    cost = tree.measure(node.condition)[0]
    deciding = node.quantifier == "some"

    def decide(run: Run, frame: Frame) -> Value:
        sure = True

        def ask(frame: Frame) -> bool:
            nonlocal sure
            run.spend(cost)
            found = condition(run, frame)
            if found is deciding:
                raise _Decided
            sure = sure and found is (not deciding)
            return True

        try:
            complete = _each(run, frame, iterations, 0, ask)
        except _Decided:
            return deciding
        return (not deciding) if complete and sure else None

    return decide
