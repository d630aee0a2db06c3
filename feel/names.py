"""Which names an expression reads, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feel import tree
from feel.builtins import BUILTINS
from feel.tree import Node


@dataclass(frozen=True, slots=True)
class Read:
    """A name that the expression does not bind itself.

    ``path`` holds the entries that are read of it. In a filter it may also be an entry of the
    items (``in_filter``); ``called`` tells a function.
    """

    name: str
    path: tuple[str, ...]
    in_filter: bool
    called: bool
    node: tree.Name

    @property
    def dotted(self) -> str:
        """The name and its path, joined by points."""
        return ".".join((self.name, *self.path))


def reads(node: Node) -> list[Read]:
    """All names that a tree reads from outside, in the order of the source."""
    return list(_reads(node, frozenset(), in_filter=False))


def _reads(  # noqa: C901 - one case per node that binds names
    node: Node, bound: frozenset[str], *, in_filter: bool
) -> Iterator[Read]:
    match node:
        case tree.Name():
            yield from _read(node, (), bound, in_filter=in_filter)
        case tree.Path():
            yield from _path(node, bound, in_filter=in_filter)
        case tree.ContextOf(entries):
            yield from _entries(entries, bound, in_filter=in_filter)
        case tree.For(iterations, body):
            yield from _loop(iterations, body, bound | {"partial"}, in_filter=in_filter)
        case tree.Quantified(_, iterations, condition):
            yield from _loop(iterations, condition, bound, in_filter=in_filter)
        case tree.FunctionOf(parameters, body, external):
            if not external:
                inner = bound | {name for name, _ in parameters}
                yield from _reads(body, inner, in_filter=in_filter)
        case tree.Filter(source, condition):
            yield from _reads(source, bound, in_filter=in_filter)
            yield from _reads(condition, bound | {"item"}, in_filter=True)
        case tree.Call(tree.Name() as function, arguments, _):
            yield from _read(function, (), bound, in_filter=in_filter, called=True)
            for argument in arguments:
                yield from _reads(argument, bound, in_filter=in_filter)
        case _:
            for child in tree.children(node):
                yield from _reads(child, bound, in_filter=in_filter)


def _read(
    node: tree.Name,
    path: tuple[str, ...],
    bound: frozenset[str],
    *,
    in_filter: bool,
    called: bool = False,
) -> Iterator[Read]:
    if node.name not in bound and not (called and node.name in BUILTINS):
        yield Read(node.name, path, in_filter, called, node)


def _path(node: tree.Path, bound: frozenset[str], *, in_filter: bool) -> Iterator[Read]:
    names: list[str] = []
    source: Node = node
    while isinstance(source, tree.Path):
        names.append(source.name)
        source = source.source
    if isinstance(source, tree.Name):
        yield from _read(source, tuple(reversed(names)), bound, in_filter=in_filter)
    else:
        yield from _reads(source, bound, in_filter=in_filter)


def _entries(
    entries: tuple[tuple[str, Node], ...], bound: frozenset[str], *, in_filter: bool
) -> Iterator[Read]:
    for key, value in entries:
        yield from _reads(value, bound, in_filter=in_filter)
        bound |= {key}


def _loop(
    iterations: tuple[tree.Iteration, ...],
    body: Node,
    bound: frozenset[str],
    *,
    in_filter: bool,
) -> Iterator[Read]:
    for each in iterations:
        yield from _reads(each.source, bound, in_filter=in_filter)
        if each.last is not None:
            yield from _reads(each.last, bound, in_filter=in_filter)
        bound |= {each.name}
    yield from _reads(body, bound, in_filter=in_filter)
