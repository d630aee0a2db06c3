"""The tree of an expression, as the parser reads it and the printer writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from feel.types import Type
from feel.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; ``at`` and ``end`` are its place in the source."""

    at: int = field(default=0, compare=False, repr=False, kw_only=True)
    end: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Value


@dataclass(frozen=True, slots=True)
class Temporal(Node):
    """An ``@"…"`` literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    start: Node
    last: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A comparison with the input value: ``< 5``; in parentheses it is a range."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more parts."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """``name in source``, or ``name in source..last``."""

    name: str
    source: Node
    last: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every``."""

    quantifier: str
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A function; one that is ``external`` is read, and null when it is called."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call; ``names`` holds a name for each argument where they are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UnaryTree(Node):
    """The tests of a decision table's cell; without tests (``-``) anything passes."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The parts right below a node, in the order of the source."""
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes(value)


def _nodes(values: tuple[object, ...]) -> Iterator[Node]:
    for value in values:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Node):
            yield value[1]


def measure(node: Node) -> tuple[int, int]:
    """How many nodes a tree has, and how many levels; without recursion."""
    count, height, level = 0, 0, [node]
    while level:
        count += len(level)
        height += 1
        level = [child for each in level for child in children(each)]
    return count, height


def walk(node: Node) -> list[Node]:
    """All nodes of a tree, the node itself first."""
    found = [node]
    for each in found:
        found.extend(children(each))
    return found
