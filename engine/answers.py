"""What an output mapping lets out of a form's answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from feel import tree
from feel.tree import Node

_BOOLEAN = {
    "not",
    "is defined",
    "contains",
    "starts with",
    "ends with",
    "matches",
    "list contains",
    "all",
    "any",
    "even",
    "odd",
    "before",
    "after",
    "meets",
    "overlaps",
    "includes",
    "during",
    "starts",
    "finishes",
    "coincides",
    "is",
}
_COUNTING = {"count"}


def let_out(node: Node, closed: Collection[str]) -> list[str]:
    """The closed paths whose values an expression's result can hold.

    Comparisons, questions and counts let nothing out: they say only whether, or how many.
    """
    return sorted({path for path in _paths(node, {}) if path in closed})


def says_whether(node: Node) -> bool:
    """Whether an expression's result is yes or no."""
    match node:
        case tree.Comparison() | tree.Between() | tree.In() | tree.Quantified():
            return True
        case tree.Logic() | tree.InstanceOf():
            return True
        case tree.Call(tree.Name(name), _, _):
            return name in _BOOLEAN
        case _:
            return False


def _paths(node: Node, bound: Mapping[str, str | None]) -> Iterator[str]:
    """The dotted paths that flow into the value.

    ``bound`` maps the names of loops to what they run over.
    """
    path = _path(node, bound)
    if path is not None:
        yield path
    elif isinstance(node, tree.For):
        yield from _loop(node, bound)
    else:
        for part in _flowing(node):
            yield from _paths(part, bound)


def _flowing(node: Node) -> Iterable[Node]:
    """The parts of a node whose values its own value can hold."""
    match node:
        case tree.Comparison() | tree.Between() | tree.In() | tree.Quantified():
            return ()
        case tree.Logic() | tree.InstanceOf():
            return ()
        case tree.Call(tree.Name(name), arguments, _):
            return () if name in _BOOLEAN | _COUNTING else arguments
        case tree.If(_, then, otherwise):
            return (then, otherwise)
        case tree.Filter(source, _):
            return (source,)
        case _:
            return tree.children(node)


def _loop(node: tree.For, bound: Mapping[str, str | None]) -> Iterator[str]:
    inner = dict(bound)
    for each in node.iterations:
        inner[each.name] = _path(each.source, inner)
        if inner[each.name] is None:
            yield from _paths(each.source, inner)
    yield from _paths(node.body, inner)


def _path(node: Node, bound: Mapping[str, str | None]) -> str | None:
    """The dotted path of a name, of an entry, and of what is filtered; None for all else."""
    match node:
        case tree.Name(name):
            return bound.get(name, name)
        case tree.Path(source, name):
            before = _path(source, bound)
            return None if before is None else f"{before}.{name}"
        case tree.Filter(source, _):
            return _path(source, bound)
        case _:
            return None
