"""Calls: of built-ins directly, of all else by its value."""

from __future__ import annotations

from collections.abc import Callable

from feel import temporal, tree
from feel.builtins import BUILTINS, FAILURES, Builtin, Signature
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.compiler.functions import apply
from feel.run import Run
from feel.tree import Node
from feel.values import Function, Value, a, sentence

_MOMENTS = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "date and time": temporal.read_moment,
    "duration": temporal.read_duration,
}


@compiles(tree.Call)
def _call(node: tree.Call, scope: Scope) -> Code:
    arguments = [compile_node(argument, scope) for argument in node.arguments]
    function, place, names = node.function, place_of(node), node.names
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
