"""Turns a tree into nested closures: ``run`` carries the evaluation, ``frame`` the local names."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from feel import arithmetic, temporal, tree, types
from feel.builtins import BUILTINS, FAILURES, Builtin, Signature
from feel.errors import FeelLimit
from feel.properties import properties
from feel.run import Nothing, Run
from feel.tree import Node
from feel.values import (
    NUMBERS,
    Function,
    Range,
    Value,
    YearsMonthsDuration,
    a,
    at,
    comparable,
    contained,
    equal,
    sentence,
    within,
)

Frame: TypeAlias = tuple[Mapping[str, Value], Any] | None
Code: TypeAlias = Callable[[Run, Frame], Value]

_INPUT = "?"
_ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonthsDuration})
_AS_IT_IS = frozenset({Decimal, str, bool, date, datetime, timedelta})
_DIRECT = frozenset({Decimal, str, bool, date})
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    **_COMPARE,
    "=": operator.eq,
    "!=": operator.ne,
}
_FRAMES_PER_LEVEL = 2


class Scope:
    """Which names the expression itself has bound where a node stands."""

    __slots__ = ("local", "names")

    def __init__(self, names: frozenset[str] = frozenset(), *, local: bool = False) -> None:
        self.names = names
        self.local = local

    def with_names(self, *names: str) -> Scope:
        """The scope in which these names are bound too."""
        return Scope(self.names | frozenset(names), local=True)


def compile_node(node: Node, scope: Scope | None = None) -> Code:
    """The closure that evaluates a tree."""
    return _COMPILERS[type(node)](node, scope or Scope())


def _place(node: Node) -> tuple[int, int]:
    return node.at, node.end


# ---- values


def _literal(node: tree.Literal, scope: Scope) -> Code:
    value = node.value
    return lambda run, frame: value


def _temporal(node: tree.Temporal, scope: Scope) -> Code:
    value, place = temporal.read_any(node.text), _place(node)
    if value is not None:
        return lambda run, frame: value

    message = f"“{node.text[:40]}” is no date, time or duration."
    return lambda run, frame: run.null(message, place)


def _name(node: tree.Name, scope: Scope) -> Code:
    name, place = node.name, _place(node)
    function = BUILTINS[name].as_function() if name in BUILTINS else None

    def missing(run: Run) -> Value:
        if function is not None:
            return function
        return run.null(f"There is no value “{name}”.", place)

    def outer(run: Run, frame: Frame) -> Value:
        try:
            value = run.context[name]
            return value if type(value) in _AS_IT_IS else run.looked_through(name, value)
        except KeyError:
            return missing(run)

    def inner(run: Run, frame: Frame) -> Value:
        while frame is not None:
            if name in frame[0]:
                return at(frame[0], name)
            frame = frame[1]
        return outer(run, None)

    return inner if scope.local else outer


def _list(node: tree.ListOf, scope: Scope) -> Code:
    items = [compile_node(item, scope) for item in node.items]

    def make(run: Run, frame: Frame) -> Value:
        return [item(run, frame) for item in items]

    return make


def _context(node: tree.ContextOf, scope: Scope) -> Code:
    keys = [key for key, _ in node.entries]
    place = _place(node)
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


def _range(node: tree.RangeOf, scope: Scope) -> Code:
    start, last = compile_node(node.start, scope), compile_node(node.last, scope)
    opened, closed, place = node.start_included, node.end_included, _place(node)

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


def _test_as_range(node: tree.Test, scope: Scope) -> Code:
    operand, sign = compile_node(node.operand, scope), node.operator
    return lambda run, frame: range_of(sign, operand(run, frame))


# ---- operators


def _arithmetic(node: tree.Arithmetic, scope: Scope) -> Code:
    left, right = compile_node(node.left, scope), compile_node(node.right, scope)
    sign, place = node.operator, _place(node)
    calculate = arithmetic.calculate

    def operate(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        try:
            return calculate(run, sign, first, second)
        except Nothing as nothing:
            return run.null(str(nothing), place)

    return operate


def _negation(node: tree.Negation, scope: Scope) -> Code:
    operand, place = compile_node(node.operand, scope), _place(node)

    def negate(run: Run, frame: Frame) -> Value:
        try:
            return arithmetic.negated(operand(run, frame))
        except Nothing as nothing:
            return run.null(str(nothing), place)

    return negate


def _comparison(node: tree.Comparison, scope: Scope) -> Code:
    left, right = compile_node(node.left, scope), compile_node(node.right, scope)
    sign, place = node.operator, _place(node)
    if sign in ("=", "!="):
        general = _equality(left, right, sign == "=", place)
    else:
        general = _order(left, right, _COMPARE[sign], place)
    constant = node.right.value if isinstance(node.right, tree.Literal) else None
    if type(constant) not in _DIRECT:
        return general
    if type(constant) is bool and sign in _COMPARE:
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
        if sign in _COMPARE:
            return ordered(run, value, constant, holds, place)
        return _same(run, value, constant, sign == "=", place)

    return compare


def _equality(left: Code, right: Code, wanted: bool, place: tuple[int, int]) -> Code:
    def compare(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        if type(first) is type(second) and type(first) in _DIRECT:
            return (first == second) is wanted
        return _same(run, first, second, wanted, place)

    return compare


def _same(run: Run, first: Value, second: Value, wanted: bool, place: tuple[int, int]) -> Value:
    found = equal(first, second, run.spend)
    if found is None:
        return run.null(sentence(f"{a(first)} and {a(second)} cannot be compared."), place)
    return found is wanted


def _order(
    left: Code, right: Code, holds: Callable[[Any, Any], bool], place: tuple[int, int]
) -> Code:
    def compare(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        if type(first) is type(second) and type(first) in _ORDERED:
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


def _between(node: tree.Between, scope: Scope) -> Code:
    value, low, high = (compile_node(each, scope) for each in (node.value, node.low, node.high))
    place = _place(node)

    def decide(run: Run, frame: Frame) -> Value:
        middle, first, last = value(run, frame), low(run, frame), high(run, frame)
        if type(middle) is type(first) is type(last) and type(middle) in _ORDERED:
            return first <= middle <= last
        if first is None or last is None:
            return run.null("An end of “between” is null.", place)
        found = within(middle, Range(first, last))
        if found is None:
            message = f"{a(middle)} does not fit between {a(first)} and {a(last)}."
            return run.null(sentence(message), place)
        return found

    return decide


def _logic(node: tree.Logic, scope: Scope) -> Code:
    parts = [compile_node(part, scope) for part in node.parts]
    deciding = node.operator == "or"
    other = not deciding

    place = _place(node)
    message = f"A part of “{node.operator}” is neither true nor false."
    if len(parts) == 2:
        return _logic_of_two(parts[0], parts[1], deciding, message, place)

    def decide(run: Run, frame: Frame) -> Value:
        sure = True
        for part in parts:
            value = part(run, frame)
            if value is deciding:
                return deciding
            if value is not other:
                sure = False
        if not sure and run.reasons is None:
            run.null(message, place)
        return other if sure else None

    return decide


def _logic_of_two(
    left: Code, right: Code, deciding: bool, message: str, place: tuple[int, int]
) -> Code:
    other = not deciding

    def decide(run: Run, frame: Frame) -> Value:
        first = left(run, frame)
        if first is deciding:
            return deciding
        second = right(run, frame)
        if second is deciding:
            return deciding
        if first is other and second is other:
            return other
        if run.reasons is None:
            run.null(message, place)
        return None

    return decide


def _if(node: tree.If, scope: Scope) -> Code:
    condition, then = compile_node(node.condition, scope), compile_node(node.then, scope)
    otherwise, place = compile_node(node.otherwise, scope), _place(node.condition)

    def choose(run: Run, frame: Frame) -> Value:
        found = condition(run, frame)
        if found is True:
            return then(run, frame)
        if found is not False and found is not None:
            run.null(f"The condition is {a(found)}, not true or false.", place)
        return otherwise(run, frame)

    return choose


def _instance_of(node: tree.InstanceOf, scope: Scope) -> Code:
    value, wanted = compile_node(node.value, scope), node.type

    def decide(run: Run, frame: Frame) -> Value:
        found = value(run, frame)
        return types.conforms(found, wanted, run.spend)

    return decide


# ---- tests


def _in(node: tree.In, scope: Scope) -> Code:
    value = compile_node(node.value, scope)
    tests = [compile_test(test, scope) for test in node.tests]
    place = _place(node)
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


Test: TypeAlias = Callable[[Run, Frame, Value], bool | None]


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
    operand, place = compile_node(node.operand, scope), _place(node)
    sign = node.operator
    if sign in _COMPARE:
        holds = _COMPARE[sign]

        def in_order(run: Run, frame: Frame, value: Value) -> bool | None:
            other = operand(run, frame)
            if type(value) is type(other) and type(value) in _ORDERED:
                return holds(value, other)
            found: bool | None = ordered(run, value, other, holds, place)
            return found

        return in_order

    def is_same(run: Run, frame: Frame, value: Value) -> bool | None:
        found: bool | None = _same(run, value, operand(run, frame), sign == "=", place)
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
    asks = any(isinstance(each, tree.Name) and each.name == _INPUT for each in walk(node))
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
    expected = type(low) if type(low) is type(high) and type(low) in _ORDERED else None
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


def walk(node: Node) -> list[Node]:
    """All nodes of a tree, the node itself first."""
    found = [node]
    for each in found:
        found.extend(tree.children(each))
    return found


# ---- loops

_Iteration: TypeAlias = tuple[str, Code, Code | None, tuple[int, int]]


def _iterations(node: tree.For | tree.Quantified, scope: Scope) -> tuple[list[_Iteration], Scope]:
    found: list[_Iteration] = []
    for each in node.iterations:
        last = compile_node(each.last, scope) if each.last else None
        found.append((each.name, compile_node(each.source, scope), last, _place(each)))
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


def _for(node: tree.For, scope: Scope) -> Code:
    iterations, inner = _iterations(node, scope)
    inner = inner.with_names("partial")
    body = compile_node(node.body, inner)
    cost = tree.measure(node.body)[0]
    uses_partial = any(
        isinstance(each, tree.Name) and each.name == "partial" for each in walk(node.body)
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


# ---- paths and filters


def _path(node: tree.Path, scope: Scope) -> Code:
    source, name, place = compile_node(node.source, scope), node.name, _place(node)

    def read(run: Run, frame: Frame) -> Value:
        return entry(run, source(run, frame), name, place)

    if scope.local or not isinstance(node.source, tree.Name):
        return read
    variable = node.source.name

    def read_of_variable(run: Run, frame: Frame) -> Value:
        found = run.context.get(variable)
        if type(found) is dict:
            value = found.get(name)
            if type(value) in _AS_IT_IS:
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


_SURELY_LOGICAL = tree.Comparison | tree.Between | tree.In | tree.Logic | tree.Quantified


def _filter(node: tree.Filter, scope: Scope) -> Code:
    source, place = compile_node(node.source, scope), _place(node)
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


# ---- functions


def _function(node: tree.FunctionOf, scope: Scope) -> Code:
    names = tuple(name for name, _ in node.parameters)
    wanted = tuple(of for _, of in node.parameters)
    place = _place(node)
    if node.external:
        return _external(names, place)
    body = compile_node(node.body, scope.with_names(*names))
    count, height = tree.measure(node.body)

    def make(run: Run, frame: Frame) -> Value:
        home = run.context

        def call(run: Run, values: list[Value]) -> Value:
            # A function may be called from where other names are in sight than at its home.
            inside = run if run.context is home else run.within(home)
            return enter(inside, height, count, lambda: body(inside, (bound(run, values), frame)))

        def bound(run: Run, values: list[Value]) -> dict[str, Value]:
            return {
                name: _argument(run, name, of, value)
                for name, of, value in zip(names, wanted, values, strict=True)
            }

        return user_function("(without a name)", names, call, wanted)

    return make


def _argument(run: Run, name: str, wanted: types.Type | None, value: Value) -> Value:
    """An argument as its parameter declares it. Raises Nothing where it does not fit."""
    if wanted is None:
        return value
    fitted = types.coerce(value, wanted, run.spend)
    if fitted is None and value is not None:
        raise Nothing(f"“{name}” cannot be {a(value)}")
    return fitted


def enter(run: Run, height: int, cost: int, body: Callable[[], Value]) -> Value:
    """Run the body of a function within the limits. Raises FeelLimit."""
    run.spend(cost + 2)
    depth = height * _FRAMES_PER_LEVEL + 4
    if run.depth + depth > run.budget.depth * _FRAMES_PER_LEVEL:
        raise FeelLimit("depth", "Functions call each other too deeply.")
    run.depth += depth
    try:
        return body()
    finally:
        run.depth -= depth


def user_function(
    name: str,
    parameters: tuple[str, ...],
    call: Callable[[Run, list[Value]], Value],
    wanted: tuple[types.Type | None, ...] = (),
    result: types.Type | None = None,
) -> Function:
    """A function with fixed parameters, callable by position and by name."""

    def call_named(run: Run, named: dict[str, Value]) -> Value:
        if set(named) != set(parameters):
            raise Nothing(f"the function takes {', '.join(parameters) or 'no arguments'}")
        return call(run, [named[each] for each in parameters])

    return Function(name, parameters, call, call_named, wanted, result)


def _external(names: tuple[str, ...], place: tuple[int, int]) -> Code:
    def refuse(run: Run, values: list[Value]) -> Value:
        raise Nothing("external functions are not run")

    function = user_function("external", names, refuse)
    return lambda run, frame: function


def _call(node: tree.Call, scope: Scope) -> Code:
    arguments = [compile_node(argument, scope) for argument in node.arguments]
    function, place, names = node.function, _place(node), node.names
    constant = _constant_moment(node)
    if constant is not None and not scope.local:
        return constant
    callee = compile_node(function, scope)
    if isinstance(function, tree.Name) and function.name in BUILTINS and not scope.local:
        return _call_builtin(BUILTINS[function.name], arguments, names, place)

    def call(run: Run, frame: Frame) -> Value:
        called = callee(run, frame)
        values = [argument(run, frame) for argument in arguments]
        if not isinstance(called, Function):
            return _call_shadowed(run, function, called, values, names, place)
        return apply(run, called, values, names, place)

    return call


_MOMENTS = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "date and time": temporal.read_moment,
    "duration": temporal.read_duration,
}


def _constant_moment(node: tree.Call) -> Code | None:
    """``date("2027-02-01")`` and the like, read once and for all; None for other calls."""
    match node:
        case tree.Call(tree.Name(name), (tree.Literal(str() as text),), None) if name in _MOMENTS:
            value = _MOMENTS[name](text)
            return None if value is None else lambda run, frame: value
    return None


def _call_shadowed(
    run: Run,
    function: Node,
    called: Value,
    values: list[Value],
    names: tuple[str, ...] | None,
    place: tuple[int, int],
) -> Value:
    """A variable named like a built-in does not hide it where it is called."""
    if isinstance(function, tree.Name) and function.name in BUILTINS:
        return apply(run, BUILTINS[function.name].as_function(), values, names, place)
    return run.null(sentence(f"{a(called)} cannot be called like a function."), place)


def _call_builtin(
    builtin: Builtin, arguments: list[Code], names: tuple[str, ...] | None, place: tuple[int, int]
) -> Code:
    name = builtin.name

    usual = builtin.as_function()

    def call_any(run: Run, values: list[Value]) -> Value:
        shadow = run.context.get(name)
        if isinstance(shadow, Function):
            return apply(run, shadow, values, names, place)
        return apply(run, usual, values, names, place)

    def call(run: Run, frame: Frame) -> Value:
        return call_any(run, [argument(run, frame) for argument in arguments])

    signature = None if names else builtin.only(len(arguments))
    if signature is None:
        return call
    return _call_directly(builtin, signature, arguments, place, call_any)


def _call_directly(
    builtin: Builtin,
    signature: Signature,
    arguments: list[Code],
    place: tuple[int, int],
    call_any: Callable[[Run, list[Value]], Value],
) -> Code:
    """The call where the arguments have the right types already: the usual one."""
    name, function, kinds = builtin.name, signature.function, signature.direct()
    fitting = tuple(kinds[: len(arguments)])
    if len(arguments) == 1:
        return _call_with_one(builtin, signature, arguments[0], place, call_any)

    def call(run: Run, frame: Frame) -> Value:
        values = [argument(run, frame) for argument in arguments]
        for value, kind_of in zip(values, fitting, strict=True):
            if kind_of is not None and type(value) is not kind_of:
                return call_any(run, values)
        if name in run.context:
            return call_any(run, values)
        run.place = place
        return builtin.apply(run, function, values)

    return call


def _call_with_one(
    builtin: Builtin,
    signature: Signature,
    argument: Code,
    place: tuple[int, int],
    call_any: Callable[[Run, list[Value]], Value],
) -> Code:
    name, function, fitting = builtin.name, signature.function, signature.direct()[0]
    failed = builtin.failed

    def call(run: Run, frame: Frame) -> Value:
        value = argument(run, frame)
        if (type(value) is not fitting and fitting is not None) or name in run.context:
            return call_any(run, [value])
        run.place = place
        try:
            return function(run, value)
        except FAILURES as failure:
            return failed(run, failure)

    return call


def apply(
    run: Run,
    function: Function,
    values: list[Value],
    names: tuple[str, ...] | None,
    place: tuple[int, int],
) -> Value:
    """Call a function value; null with its reason where the arguments do not fit."""
    run.place = place
    try:
        if names is None:
            return _by_position(run, function, values)
        return _by_name(run, function, values, names)
    except Nothing as nothing:
        return run.null(f"{function.name}: {nothing}", place)


def _by_position(run: Run, function: Function, values: list[Value]) -> Value:
    if function.parameters is not None and len(function.parameters) != len(values):
        raise Nothing(f"the function takes {len(function.parameters)} arguments")
    return function.call(run, values)


def _by_name(run: Run, function: Function, values: list[Value], names: tuple[str, ...]) -> Value:
    if function.call_named is None or len(set(names)) < len(names):
        raise Nothing("these names do not fit")
    return function.call_named(run, dict(zip(names, values, strict=True)))


_COMPILERS: dict[type[Node], Callable[[Any, Scope], Code]] = {
    tree.Literal: _literal,
    tree.Temporal: _temporal,
    tree.Name: _name,
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.RangeOf: _range,
    tree.Test: _test_as_range,
    tree.Arithmetic: _arithmetic,
    tree.Negation: _negation,
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.In: _in,
    tree.Logic: _logic,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.FunctionOf: _function,
    tree.InstanceOf: _instance_of,
    tree.Path: _path,
    tree.Filter: _filter,
    tree.Call: _call,
}
