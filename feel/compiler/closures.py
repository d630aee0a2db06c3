"""What closures are made of: the frames of local names, and a compiler for each kind of node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from feel.run import Run
from feel.tree import Node
from feel.values import Value

Frame: TypeAlias = tuple[Mapping[str, Value], Any] | None
"""The names bound by the innermost construct, and the frame around it."""
Code: TypeAlias = Callable[[Run, Frame], Value]


class Scope:
    """Which names the expression itself has bound where a node stands."""

    __slots__ = ("local", "names")

    def __init__(self, names: frozenset[str] = frozenset(), *, local: bool = False) -> None:
        self.names = names
        self.local = local

    def with_names(self, *names: str) -> Scope:
        """The scope in which these names are bound too."""
        return Scope(self.names | frozenset(names), local=True)


Compiler: TypeAlias = Callable[[Any, Scope], Code]
_COMPILERS: dict[type[Node], Compiler] = {}


def compiles(kind: type[Node]) -> Callable[[Compiler], Compiler]:
    """Declare what compiles one kind of node."""

    def declare(compiler: Compiler) -> Compiler:
        _COMPILERS[kind] = compiler
        return compiler

    return declare


def compile_node(node: Node, scope: Scope | None = None) -> Code:
    """The closure that evaluates a tree."""
    return _COMPILERS[type(node)](node, scope or Scope())


def place_of(node: Node) -> tuple[int, int]:
    """Where a node stands in the source."""
    return node.at, node.end
