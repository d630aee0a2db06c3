"""Writes a tree as a source text that reads back as the same tree."""

from __future__ import annotations

from functools import singledispatch

from feel import tree, types
from feel.lexer import quote
from feel.parser import written_key
from feel.tree import Node

_LOOSE, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _SIGN, _TYPE, _ATOM = range(10)
_ARITHMETIC = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}


def write(node: Node) -> str:
    """The source text of a tree."""
    return _write(node)


def write_type(of: types.Type) -> str:
    """The text that names a type."""
    match of:
        case types.Simple(name):
            return name
        case types.ListType(element):
            return f"list<{write_type(element)}>"
        case types.RangeType(element):
            return f"range<{write_type(element)}>"
        case types.ContextType(entries):
            inner = ", ".join(f"{name}: {write_type(each)}" for name, each in entries)
            return f"context<{inner}>"
        case types.FunctionType(parameters, result):
            inner = ", ".join(write_type(each) for each in parameters)
            return f"function<{inner}>->{write_type(result)}"


def _level(node: Node) -> int:
    match node:
        case tree.If() | tree.For() | tree.Quantified() | tree.FunctionOf():
            return _LOOSE
        case tree.Logic(operator):
            return _OR if operator == "or" else _AND
        case tree.Comparison() | tree.Between() | tree.In():
            return _COMPARISON
        case tree.Arithmetic(operator):
            return _ARITHMETIC[operator]
        case tree.Negation():
            return _SIGN
        case tree.InstanceOf():
            return _TYPE
    return _ATOM


def _part(node: Node, level: int) -> str:
    text = _write(node)
    return text if _level(node) >= level else f"({text})"


def _all(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(_write, nodes))


@singledispatch
def _write(node: Node) -> str:
    raise TypeError(node)


@_write.register
def _(node: tree.Literal) -> str:
    if isinstance(node.value, str):
        return quote(node.value)
    return {True: "true", False: "false", None: "null"}.get(node.value, str(node.value))


@_write.register
def _(node: tree.Temporal) -> str:
    return f"@{quote(node.text)}"


@_write.register
def _(node: tree.Name) -> str:
    return node.name


@_write.register
def _(node: tree.ListOf) -> str:
    return f"[{_all(node.items)}]"


@_write.register
def _(node: tree.ContextOf) -> str:
    inner = ", ".join(f"{written_key(key)}: {_write(value)}" for key, value in node.entries)
    return f"{{{inner}}}"


@_write.register
def _(node: tree.RangeOf) -> str:
    left, right = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{left}{_write(node.start)}..{_write(node.last)}{right}"


@_write.register
def _(node: tree.Test) -> str:
    return f"({node.operator} {_part(node.operand, _SUM)})"


@_write.register
def _(node: tree.Arithmetic) -> str:
    level = _ARITHMETIC[node.operator]
    return f"{_part(node.left, level)} {node.operator} {_part(node.right, level + 1)}"


@_write.register
def _(node: tree.Negation) -> str:
    return f"-{_part(node.operand, _SIGN)}"


@_write.register
def _(node: tree.Comparison) -> str:
    left, right = _part(node.left, _COMPARISON), _part(node.right, _SUM)
    return f"{left} {node.operator} {right}"


@_write.register
def _(node: tree.Between) -> str:
    low, high = _part(node.low, _SUM), _part(node.high, _SUM)
    return f"{_part(node.value, _COMPARISON)} between {low} and {high}"


@_write.register
def _(node: tree.In) -> str:
    return f"{_part(node.value, _COMPARISON)} in ({_all(node.tests)})"


@_write.register
def _(node: tree.Logic) -> str:
    level = _level(node) + 1
    return f" {node.operator} ".join(_part(part, level) for part in node.parts)


@_write.register
def _(node: tree.If) -> str:
    then, otherwise = _write(node.then), _write(node.otherwise)
    return f"if {_write(node.condition)} then {then} else {otherwise}"


@_write.register
def _(node: tree.Iteration) -> str:
    last = f"..{_write(node.last)}" if node.last else ""
    return f"{node.name} in {_write(node.source)}{last}"


@_write.register
def _(node: tree.For) -> str:
    return f"for {_all(node.iterations)} return {_write(node.body)}"


@_write.register
def _(node: tree.Quantified) -> str:
    return f"{node.quantifier} {_all(node.iterations)} satisfies {_write(node.condition)}"


@_write.register
def _(node: tree.FunctionOf) -> str:
    parameters = ", ".join(
        name if of is None else f"{name}: {write_type(of)}" for name, of in node.parameters
    )
    return f"function({parameters}) {'external ' * node.external}{_write(node.body)}"


@_write.register
def _(node: tree.InstanceOf) -> str:
    return f"{_part(node.value, _TYPE)} instance of {write_type(node.type)}"


@_write.register
def _(node: tree.Path) -> str:
    return f"{_part(node.source, _ATOM)}.{node.name}"


@_write.register
def _(node: tree.Filter) -> str:
    return f"{_part(node.source, _ATOM)}[{_write(node.condition)}]"


@_write.register
def _(node: tree.Call) -> str:
    names = [f"{name}: " for name in node.names or ()] or [""] * len(node.arguments)
    inner = ", ".join(
        name + _write(each) for name, each in zip(names, node.arguments, strict=True)
    )
    return f"{_part(node.function, _ATOM)}({inner})"


@_write.register
def _(node: tree.UnaryTree) -> str:
    if not node.tests:
        return "-"
    tests = ", ".join(
        _write(test)[1:-1] if isinstance(test, tree.Test) else _write(test) for test in node.tests
    )
    return f"not({tests})" if node.negated else tests
