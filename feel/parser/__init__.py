"""Reads a source text into a tree.

Names may hold spaces and signs. Where a known name begins at a word, the longest one that fits
is taken; words that follow each other and are no keywords are taken as one name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from feel import tree
from feel.budget import TREE_HEIGHT
from feel.errors import FeelLimit, FeelSyntaxError
from feel.lexer import quote, tokens
from feel.parser.cursor import ENDS_A_NAME
from feel.parser.expressions import Reader
from feel.sentence import sentence
from feel.tree import Node

N = TypeVar("N", bound=Node)

RESERVED = ENDS_A_NAME | frozenset(
    {"if", "for", "some", "every", "function", "true", "false", "null", "external"}
)


def parse(source: str, names: Collection[str] = ()) -> Node:
    """The tree of an expression. Raises FeelSyntaxError or FeelLimit."""
    return _checked(Reader(source, names), lambda parser: parser.expression())


def parse_unary(source: str, names: Collection[str] = ()) -> tree.UnaryTree:
    """The tree of a cell's unary tests. Raises FeelSyntaxError or FeelLimit."""
    return _checked(Reader(source, names), lambda parser: parser.unary_tests())


def _checked(parser: Reader, read: Callable[[Reader], N]) -> N:
    try:
        node = read(parser)
    except RecursionError:
        raise FeelLimit("depth", sentence("The expression is nested too deeply.")) from None
    parser.expect_end()
    if tree.measure(node)[1] > TREE_HEIGHT:
        raise FeelLimit(
            "depth", sentence("The expression has more than {most} levels.", most=TREE_HEIGHT)
        )
    return node


def needs_quotes(key: str) -> bool:
    """Whether a context's key must be written as a string."""
    try:
        found = tokens(key)[:-1]
    except (FeelSyntaxError, FeelLimit):
        return True
    plain = all(token.kind == "name" for token in found) and bool(found)
    return not plain or " ".join(token.text for token in found) != key


def written_key(key: str) -> str:
    """The key as it is written in a context."""
    return quote(key) if needs_quotes(key) else key
