"""Arithmetic, logic with three values, ``if`` and ``instance of``."""

from __future__ import annotations

from feel import arithmetic, tree, types
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.run import Nothing, Run
from feel.values import Value, a


@compiles(tree.Arithmetic)
def _arithmetic(node: tree.Arithmetic, scope: Scope) -> Code:
    left, right = compile_node(node.left, scope), compile_node(node.right, scope)
    sign, place = node.operator, place_of(node)
    calculate = arithmetic.calculate

    def operate(run: Run, frame: Frame) -> Value:
        first, second = left(run, frame), right(run, frame)
        try:
            return calculate(run, sign, first, second)
        except Nothing as nothing:
            return run.null(str(nothing), place)

    return operate


@compiles(tree.Negation)
def _negation(node: tree.Negation, scope: Scope) -> Code:
    operand, place = compile_node(node.operand, scope), place_of(node)

    def negate(run: Run, frame: Frame) -> Value:
        try:
            return arithmetic.negated(operand(run, frame))
        except Nothing as nothing:
            return run.null(str(nothing), place)

    return negate


@compiles(tree.Logic)
def _logic(node: tree.Logic, scope: Scope) -> Code:
    parts = [compile_node(part, scope) for part in node.parts]
    deciding = node.operator == "or"
    other = not deciding

    place = place_of(node)
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


@compiles(tree.If)
def _if(node: tree.If, scope: Scope) -> Code:
    condition, then = compile_node(node.condition, scope), compile_node(node.then, scope)
    otherwise, place = compile_node(node.otherwise, scope), place_of(node.condition)

    def choose(run: Run, frame: Frame) -> Value:
        found = condition(run, frame)
        if found is True:
            return then(run, frame)
        if found is not False and found is not None:
            run.null(f"The condition is {a(found)}, not true or false.", place)
        return otherwise(run, frame)

    return choose


@compiles(tree.InstanceOf)
def _instance_of(node: tree.InstanceOf, scope: Scope) -> Code:
    value, wanted = compile_node(node.value, scope), node.type

    def decide(run: Run, frame: Frame) -> Value:
        found = value(run, frame)
        return types.conforms(found, wanted, run.spend)

    return decide
