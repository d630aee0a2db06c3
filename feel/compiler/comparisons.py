"""Comparisons: equality, order, ``between``."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from feel import tree
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.run import Run
from feel.values import Range, Value, YearsMonthsDuration, a, comparable, equal, sentence, within

ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonthsDuration})
_DIRECT = frozenset({Decimal, str, bool, date})
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    **ORDERS,
    "=": operator.eq,
    "!=": operator.ne,
}


@compiles(tree.Comparison)
def _comparison(node: tree.Comparison, scope: Scope) -> Code:
    left, right = compile_node(node.left, scope), compile_node(node.right, scope)
    sign, place = node.operator, place_of(node)
    if sign in ("=", "!="):
        general = _equality(left, right, sign == "=", place)
    else:
        general = _order(left, right, ORDERS[sign], place)
    constant = node.right.value if isinstance(node.right, tree.Literal) else None
    if type(constant) not in _DIRECT:
        return general
    if type(constant) is bool and sign in ORDERS:
        return general
    if not scope.local and isinstance(node.left, tree.Name):
        return _with_literal(node.left.name, sign, constant, general)
    return _result_with_literal(left, sign, constant, place)


def _with_literal(name: str, sign: str, constant: Value, general: Code) -> Code:
    """The comparison of a variable with a literal: the usual condition, and so the fastest."""
    holds = _HOLDS[sign]
    expected = type(constant)
    # A whole number compares with a decimal as it is.
    also = int if expected is Decimal else expected

    def compare(run: Run, frame: Frame) -> Value:
        try:
            value = run.context[name]
        except KeyError:
            return general(run, frame)
        kind_of = type(value)
        if kind_of is expected or kind_of is also:
            return holds(value, constant)
        return general(run, frame)

    return compare


def _result_with_literal(left: Code, sign: str, constant: Value, place: tuple[int, int]) -> Code:
    holds, expected = _HOLDS[sign], type(constant)

    def compare(run: Run, frame: Frame) -> Value:
        value = left(run, frame)
        if type(value) is expected:
            return holds(value, constant)
        if sign in ORDERS:
            return ordered(run, value, constant, holds, place)
        return is_same_as(run, value, constant, sign == "=", place)

    return compare


def _equality(left: Code, right: Code, wanted: bool, place: tuple[int, int]) -> Code:
    def compare(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        if type(first) is type(second) and type(first) in _DIRECT:
            return (first == second) is wanted
        return is_same_as(run, first, second, wanted, place)

    return compare


def is_same_as(
    run: Run, first: Value, second: Value, wanted: bool, place: tuple[int, int]
) -> Value:
    found = equal(first, second, run.spend)
    if found is None:
        return run.null(sentence(f"{a(first)} and {a(second)} cannot be compared."), place)
    return found is wanted


def _order(
    left: Code, right: Code, holds: Callable[[Any, Any], bool], place: tuple[int, int]
) -> Code:
    def compare(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        if type(first) is type(second) and type(first) in ORDERED:
            return holds(first, second)
        return ordered(run, first, second, holds, place)

    return compare


def ordered(
    run: Run,
    first: Value,
    second: Value,
    holds: Callable[[Any, Any], bool],
    place: tuple[int, int],
) -> Value:
    """The comparison of any two values; null with its reason where they have no order."""
    pair = comparable(first, second)
    if pair is None:
        return run.null(sentence(f"{a(first)} and {a(second)} cannot be compared."), place)
    return holds(*pair)


@compiles(tree.Between)
def _between(node: tree.Between, scope: Scope) -> Code:
    value, low, high = (compile_node(each, scope) for each in (node.value, node.low, node.high))
    place = place_of(node)

    def general(run: Run, frame: Frame) -> Value:
        middle, first, last = value(run, frame), low(run, frame), high(run, frame)
        if type(middle) is type(first) is type(last) and type(middle) in ORDERED:
            return first <= middle <= last
        if first is None or last is None:
            return run.null("An end of “between” is null.", place)
        found = within(middle, Range(first, last))
        if found is None:
            message = f"{a(middle)} does not fit between {a(first)} and {a(last)}."
            return run.null(sentence(message), place)
        return found

    if scope.local or not isinstance(node.value, tree.Name):
        return general
    return _between_literals(node.value.name, node.low, node.high, general)


def _between_literals(name: str, low: tree.Node, high: tree.Node, general: Code) -> Code:
    """Whether a variable lies between two literals; the general way for all else."""
    if not isinstance(low, tree.Literal) or not isinstance(high, tree.Literal):
        return general
    first, last = low.value, high.value
    expected = type(first)
    if expected is not type(last) or expected not in ORDERED:
        return general
    also = int if expected is Decimal else expected

    def decide(run: Run, frame: Frame) -> Value:
        try:
            value = run.context[name]
        except KeyError:
            return general(run, frame)
        kind_of = type(value)
        if kind_of is expected or kind_of is also:
            return first <= value <= last
        return general(run, frame)

    return decide
