"""Tests of a value: ``in``, and the cells of decision tables."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from feel import tree
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.compiler.comparisons import ORDERED, ORDERS, is_same_as, ordered
from feel.run import Run
from feel.tree import Node
from feel.values import Value, a, contained, sentence

_INPUT = "?"
Test: TypeAlias = Callable[[Run, Frame, Value], bool | None]


@compiles(tree.In)
def _in(node: tree.In, scope: Scope) -> Code:
    value = compile_node(node.value, scope)
    tests = [compile_test(test, scope) for test in node.tests]
    place = place_of(node)
    expected, choices = _choices(node.tests)

    def decide(run: Run, frame: Frame) -> Value:
        found = value(run, frame)
        if type(found) is expected:
            return found in choices
        unsure = False
        for test in tests:
            holds = test(run, frame, found)
            if holds:
                return True
            unsure = unsure or holds is None
        if unsure:
            return run.null(sentence(f"{a(found)} does not fit the tests of “in”."), place)
        return False

    return decide


def _choices(tests: tuple[Node, ...]) -> tuple[type | None, frozenset[Value]]:
    """All tests as one set, where they are texts only or numbers only."""
    values = [test.value for test in tests if isinstance(test, tree.Literal)]
    kinds = {type(value) for value in values}
    if len(values) < len(tests) or len(kinds) != 1 or not kinds <= {str, Decimal}:
        return None, frozenset()
    return kinds.pop(), frozenset(values)


def compile_test(node: Node, scope: Scope) -> Test:
    """The closure that holds a value against one test."""
    if isinstance(node, tree.Test):
        return _operator_test(node, scope)
    expression = compile_node(node, scope)

    def holds(run: Run, frame: Frame, value: Value) -> bool | None:
        test = expression(run, frame)
        return contained(value, test, run.spend)

    return holds


def _operator_test(node: tree.Test, scope: Scope) -> Test:
    operand, place = compile_node(node.operand, scope), place_of(node)
    sign = node.operator
    if sign in ORDERS:
        holds = ORDERS[sign]

        def in_order(run: Run, frame: Frame, value: Value) -> bool | None:
            other = operand(run, frame)
            if type(value) is type(other) and type(value) in ORDERED:
                return holds(value, other)
            found: bool | None = ordered(run, value, other, holds, place)
            return found

        return in_order

    def is_same(run: Run, frame: Frame, value: Value) -> bool | None:
        found: bool | None = is_same_as(run, value, operand(run, frame), sign == "=", place)
        return found

    return is_same


def compile_unary(node: tree.UnaryTree) -> Code:
    """The closure that answers whether the input ``?`` passes a cell."""
    scope = Scope(frozenset({_INPUT}), local=True)
    tests = [_unary_test(test, scope) for test in node.tests]
    negated = node.negated
    expected, choices = _choices(node.tests)
    if len(tests) == 1 and not negated:
        return _only_test(tests[0], expected, choices)

    def matches(run: Run, frame: Frame) -> Value:
        if frame is None:
            raise TypeError
        value = frame[0][_INPUT]
        if type(value) is expected:
            return (value in choices) is not negated
        result: bool | None = not tests
        for test in tests:
            found = test(run, frame, value)
            if found:
                return not negated
            result = None if found is None else result
        return result if result is None else result is not negated

    return matches


def _only_test(test: Test, expected: type | None, choices: frozenset[Value]) -> Code:
    """The usual cell: one test, and most often one literal."""

    def matches(run: Run, frame: Any) -> Value:
        return test(run, frame, frame[0][_INPUT])

    if expected is None:
        return matches
    (constant,) = choices

    def is_constant(run: Run, frame: Any) -> Value:
        value = frame[0][_INPUT]
        return value == constant if type(value) is expected else test(run, frame, value)

    return is_constant


def _unary_test(node: Node, scope: Scope) -> Test:
    if isinstance(node, tree.Test):
        return _operator_test(node, scope)
    if isinstance(node, tree.RangeOf):
        return _range_test(node, scope)
    expression = compile_node(node, scope)
    asks = any(isinstance(each, tree.Name) and each.name == _INPUT for each in tree.walk(node))
    literal = isinstance(node, tree.Literal)

    def holds(run: Run, frame: Frame, value: Value) -> bool | None:
        test = expression(run, frame)
        if isinstance(test, bool) and (asks or not (literal or isinstance(value, bool))):
            return test
        if asks and test is None:
            return None
        return contained(value, test, run.spend)

    return holds


def _range_test(node: tree.RangeOf, scope: Scope) -> Test:
    expression = compile_node(node, scope)
    low, high = _literal_value(node.start), _literal_value(node.last)
    expected = type(low) if type(low) is type(high) and type(low) in ORDERED else None
    above = operator.le if node.start_included else operator.lt
    below = operator.le if node.end_included else operator.lt
    also = int if expected is Decimal else expected

    def holds(run: Run, frame: Frame, value: Value) -> bool | None:
        kind_of = type(value)
        if expected is not None and (kind_of is expected or kind_of is also):
            return bool(above(low, value) and below(value, high))
        return contained(value, expression(run, frame), run.spend)

    return holds


def _literal_value(node: Node) -> Value:
    return node.value if isinstance(node, tree.Literal) else None
