"""Finds what is wrong with an expression before it is ever evaluated."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from feel import temporal, tree
from feel.builtins import BUILTINS
from feel.errors import FeelLimit, FeelSyntaxError
from feel.names import Read, reads
from feel.parser import parse, parse_unary
from feel.sentence import sentence

_INPUT = "?"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong; position and length are its place in the source."""

    kind: str
    message: str
    position: int
    length: int


def check(source: str, known_names: Collection[str]) -> list[Finding]:
    """All findings of an expression; none if it can be used with these names."""
    return _check(source, known_names, unary=False)


def check_unary(source: str, known_names: Collection[str]) -> list[Finding]:
    """All findings of a cell's unary tests; ``?`` is always known."""
    return _check(source, {*known_names, _INPUT}, unary=True)


def _check(source: str, known_names: Collection[str], *, unary: bool) -> list[Finding]:
    try:
        read = parse_unary if unary else parse
        node = read(source, known_names)
    except FeelSyntaxError as error:
        return [Finding("syntax", error.message, error.position, error.length)]
    except FeelLimit as error:
        return [Finding("limit", error.message, 0, len(source))]
    found = [*_unknown(node, frozenset(known_names)), *_calls(node), *_literals(node)]
    return sorted(found, key=lambda finding: finding.position)


def _unknown(node: tree.Node, known: frozenset[str]) -> Iterator[Finding]:
    for read in reads(node):
        if read.name in known or read.in_filter or _is_function(read):
            continue
        what = "function" if read.called else "name"
        message = _unknown_name(read, _guess(read, known))
        yield Finding(f"unknown {what}", message, read.node.at, read.node.end - read.node.at)


def _is_function(read: Read) -> bool:
    return not read.path and read.name in BUILTINS


def _unknown_name(read: Read, guess: str | None) -> str:
    facts = {"name": read.name, "guess": guess or ""}
    match read.called, guess:
        case True, None:
            return sentence("Unknown function “{name}”.", name=read.name)
        case True, _:
            return sentence("Unknown function “{name}”: did you mean “{guess}”?", **facts)
        case False, None:
            return sentence("Unknown name “{name}”.", name=read.name)
    return sentence("Unknown name “{name}”: did you mean “{guess}”?", **facts)


def _guess(read: Read, known: Collection[str]) -> str | None:
    candidates = sorted({*known, *BUILTINS} if read.called else known)
    close = difflib.get_close_matches(read.name, candidates, n=1, cutoff=0.6)
    return close[0] if close else None


def _calls(node: tree.Node) -> Iterator[Finding]:
    for each in tree.walk(node):
        if not isinstance(each, tree.Call) or not isinstance(each.function, tree.Name):
            continue
        builtin = BUILTINS.get(each.function.name)
        count = len(each.arguments)
        if builtin is None or any(signature.takes(count) for signature in builtin.signatures):
            continue
        message = sentence(
            "{name} cannot be called with {count} arguments: {usage}.",
            name=builtin.name,
            count=count,
            usage=builtin.usage,
        )
        yield Finding("arguments", message, each.at, each.end - each.at)


def _literals(node: tree.Node) -> Iterator[Finding]:
    for each in tree.walk(node):
        if isinstance(each, tree.Temporal) and temporal.read_any(each.text) is None:
            message = sentence("“{text}” is no date, time or duration.", text=each.text[:40])
            yield Finding("value", message, each.at, each.end - each.at)
