"""Functions that an expression makes, and how any function is applied."""

from __future__ import annotations

from collections.abc import Callable

from feel import tree, types
from feel.compiler.closures import Code, Frame, Scope, compile_node, compiles, place_of
from feel.errors import FeelLimit
from feel.run import Nothing, Run
from feel.values import Function, Value, a

_FRAMES_PER_LEVEL = 2


@compiles(tree.FunctionOf)
def _function(node: tree.FunctionOf, scope: Scope) -> Code:
    names = tuple(name for name, _ in node.parameters)
    wanted = tuple(of for _, of in node.parameters)
    place = place_of(node)
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
