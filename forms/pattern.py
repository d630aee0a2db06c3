"""Patterns that owners write for texts, matched in time linear in the text.

A pattern is the part of JavaScript's regular expressions that needs no going back: literals, sets,
groups, alternatives, counted repetition, ``^`` and ``$``. Python's own engine is not used, because
a careless pattern can make it run for years.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_MOST_STATES = 600
_MOST_REPEATS = 200
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPACES = " \t\n\r\f\v\u00a0\u2028\u2029\ufeff"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}

Takes = Callable[[str], bool]


class BadPattern(ValueError):
    """The pattern cannot be read."""


@dataclass(frozen=True, slots=True)
class _One:
    """One character; ``example`` is one that it takes."""

    takes: Takes
    example: str


@dataclass(frozen=True, slots=True)
class _Edge:
    """The start (``^``) or the end (``$``) of the text."""

    start: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts one after the other."""

    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Either:
    """Any one of several."""

    choices: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part from ``least`` to ``most`` times; None is without end."""

    part: "_Node"
    least: int
    most: int | None


_Node = _One | _Edge | _Row | _Either | _Repeat


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.source):
            raise BadPattern("it ends too early")
        self.at += 1
        return self.source[self.at - 1]

    def skip(self, text: str) -> bool:
        if not self.source.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def whole(self) -> _Node:
        node = self.either()
        if self.peek():
            raise BadPattern(f"“{self.peek()}” closes nothing")
        return node

    def either(self) -> _Node:
        choices = [self.row()]
        while self.skip("|"):
            choices.append(self.row())
        return choices[0] if len(choices) == 1 else _Either(tuple(choices))

    def row(self) -> _Node:
        parts: list[_Node] = []
        while self.peek() not in {"", "|", ")"}:
            parts.append(self.repeated())
        return _Row(tuple(parts))

    def repeated(self) -> _Node:
        part = self.single()
        bounds = self.bounds()
        if bounds is None:
            return part
        if isinstance(part, _Edge):
            raise BadPattern("an edge cannot be repeated")
        self.skip("?")
        if self.peek() in {"*", "+", "?"}:
            raise BadPattern(f"“{self.peek()}” repeats nothing")
        return _Repeat(part, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.skip(mark):
                return bounds
        return self.counted() if self.skip("{") else None

    def counted(self) -> tuple[int, int | None]:
        end = self.source.find("}", self.at)
        low, comma, high = self.source[self.at : max(end, self.at)].partition(",")
        if not low.isdecimal() or (high and not high.isdecimal()):
            raise BadPattern("a count in braces is needed, such as {2,4}")
        self.at = end + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if least > _MOST_REPEATS or (most or 0) > _MOST_REPEATS or (most or least) < least:
            raise BadPattern(f"counts go from small to large, to {_MOST_REPEATS} at most")
        return least, most

    def single(self) -> _Node:
        match mark := self.take():
            case "(":
                return self.group()
            case "[":
                return self.set_of()
            case "\\":
                return self.escaped()
            case ".":
                return _One(lambda character: character not in "\n\r\u2028\u2029", "a")
            case "^" | "$":
                return _Edge(start=mark == "^")
            case "*" | "+" | "?" | "{":
                raise BadPattern(f"“{mark}” repeats nothing")
        return _literal(mark)

    def group(self) -> _Node:
        if self.peek() == "?" and not self.skip("?:"):
            raise BadPattern("looking ahead or behind and named groups are not supported")
        node = self.either()
        if not self.skip(")"):
            raise BadPattern("a bracket is not closed")
        return node

    def escaped(self) -> _One:
        mark = self.take()
        if mark in "dDwWsS":
            return _class(mark)
        if mark.isalnum() and mark not in _ESCAPES:
            raise BadPattern(f"“\\{mark}” is not supported")
        return _literal(_ESCAPES.get(mark, mark))

    def set_of(self) -> _One:
        negated = self.skip("^")
        members: list[_One] = []
        while not self.skip("]"):
            members.append(self.member())
        if not members:
            raise BadPattern("a set in square brackets is empty")
        return _not_any(members) if negated else _any(members)

    def member(self) -> _One:
        first = self.escaped() if self.skip("\\") else _literal(self.take())
        if self.source[self.at : self.at + 1] != "-" or self.source[self.at + 1 :][:1] in {
            "",
            "]",
        }:
            return first
        self.take()
        last = self.escaped() if self.skip("\\") else _literal(self.take())
        return _range(first.example, last.example)


def _literal(wanted: str) -> _One:
    return _One(lambda character: character == wanted, wanted)


def _range(low: str, high: str) -> _One:
    if low > high:
        raise BadPattern(f"“{low}-{high}” runs backwards")
    return _One(lambda character: low <= character <= high, low)


def _any(members: list[_One]) -> _One:
    return _One(lambda character: any(m.takes(character) for m in members), members[0].example)


def _not_any(members: list[_One]) -> _One:
    def takes(character: str) -> bool:
        return not any(member.takes(character) for member in members)

    example = next((each for each in _LETTERS + _DIGITS + " -_.,:/" if takes(each)), "\u2603")
    return _One(takes, example)


def _class(mark: str) -> _One:
    members = {"d": _DIGITS, "w": _LETTERS + _DIGITS + "_", "s": _SPACES}[mark.lower()]
    if mark.islower():
        return _One(lambda character: character in members, members[0])
    return _One(lambda character: character not in members, "-" if mark != "S" else "a")


@dataclass(slots=True)
class _State:
    """A place in the pattern: takes one character, or moves on freely to ``free``."""

    takes: Takes | None = None
    edge: bool | None = None
    free: tuple[int, ...] = ()
    then: int = -1


class _Machine:
    """The pattern as states; the last one made is where it has matched."""

    def __init__(self, node: _Node) -> None:
        self.states: list[_State] = []
        self.end = self.add(_State())
        self.start = self.build(node, self.end)

    def add(self, state: _State) -> int:
        if len(self.states) >= _MOST_STATES:
            raise BadPattern("it is too large")
        self.states.append(state)
        return len(self.states) - 1

    def build(self, node: _Node, then: int) -> int:
        """The state at which ``node`` begins, when ``then`` is what follows it."""
        match node:
            case _One():
                return self.add(_State(takes=node.takes, then=then))
            case _Edge():
                return self.add(_State(edge=node.start, then=then))
            case _Row():
                for part in reversed(node.parts):
                    then = self.build(part, then)
                return then
            case _Either():
                starts = tuple(self.build(choice, then) for choice in node.choices)
                return self.add(_State(free=starts))
            case _Repeat():
                return self.repeat(node, then)

    def repeat(self, node: _Repeat, then: int) -> int:
        if node.most is None:
            loop = self.add(_State())
            self.states[loop].free = (self.build(node.part, loop), then)
            then = loop
        else:
            for _ in range(node.most - node.least):
                then = self.add(_State(free=(self.build(node.part, then), then)))
        for _ in range(node.least):
            then = self.build(node.part, then)
        return then

    def reached(self, states: set[int], *, first: bool, last: bool) -> set[int]:
        """``states`` and all that can be reached from them without taking a character."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            at = waiting.pop()
            if at in found:
                continue
            found.add(at)
            state = self.states[at]
            waiting.extend(state.free)
            if state.edge is not None and (first if state.edge else last):
                waiting.append(state.then)
        return found

    def finds(self, text: str) -> bool:
        """Whether the pattern occurs anywhere in ``text``."""
        current: set[int] = set()
        for at in range(len(text) + 1):
            last = at == len(text)
            current = self.reached(current | {self.start}, first=at == 0, last=last)
            if self.end in current:
                return True
            if not last:
                current = {
                    self.states[each].then for each in current if self._takes(each, text[at])
                }
        return False

    def _takes(self, at: int, character: str) -> bool:
        takes = self.states[at].takes
        return takes is not None and takes(character)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that has been read."""

    _node: _Node
    _machine: _Machine

    def occurs_in(self, text: str) -> bool:
        """Whether the pattern occurs in ``text``, as JavaScript's ``test`` says."""
        return self._machine.finds(text)

    def example(self) -> str:
        """The shortest text that its first alternatives allow; the same each time."""
        return "".join(_example(self._node))


def _example(node: _Node) -> Iterator[str]:
    match node:
        case _One():
            yield node.example
        case _Row():
            for part in node.parts:
                yield from _example(part)
        case _Either():
            yield from _example(node.choices[0])
        case _Repeat():
            for _ in range(node.least):
                yield from _example(node.part)


@lru_cache(maxsize=512)
def read(source: str) -> Pattern:
    """Read a pattern. Raises BadPattern."""
    if len(source) > 500:
        raise BadPattern("it is too long")
    try:
        node = _Reader(source).whole()
        return Pattern(node, _Machine(node))
    except RecursionError as error:
        raise BadPattern("its groups lie too deep") from error
