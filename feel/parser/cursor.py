"""Goes through the tokens of a source text, and tells where names end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from feel.builtins import BUILTINS
from feel.errors import FeelLimit, FeelSyntaxError
from feel.lexer import Token, tokens
from feel.sentence import sentence

ENDS_A_NAME = frozenset(
    {"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"}
)

_BUILTIN_NAMES = frozenset(BUILTINS)

Known = dict[str, list[tuple[tuple[str, bool], ...]]]


def shape_of(name: str) -> tuple[tuple[str, bool], ...]:
    """A name as its tokens, each with whether it follows the one before without a space."""
    found = tokens(name)[:-1]
    return tuple(
        (token.text, bool(index) and found[index - 1].end == token.at)
        for index, token in enumerate(found)
    )


def _known(names: Iterable[str]) -> Known:
    known: Known = {}
    for name in names:
        try:
            shape = shape_of(name)
        except (FeelSyntaxError, FeelLimit):
            continue
        if len(shape) > 1:
            known.setdefault(shape[0][0], []).append(shape)
    for shapes in known.values():
        shapes.sort(key=len, reverse=True)
    return known


@lru_cache(maxsize=512)
def _known_cached(names: frozenset[str]) -> Known:
    return _known(names)


class Cursor:
    """A place among the tokens; knows the names that may hold spaces and signs."""

    def __init__(self, source: str, names: Collection[str]) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.position = 0
        self.depth = 0
        self.retries = 0
        self.known = _known_cached(frozenset(names) | _BUILTIN_NAMES)
        self.declared: Known = {}

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        token = self.token
        return token.text == text and token.kind in ("mark", "name")

    def take(self, text: str) -> bool:
        if self.at(text):
            self.position += 1
            return True
        return False

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def expect(self, text: str, wanted: str = "") -> Token:
        """``wanted`` says more than that this text is missing."""
        if not self.at(text):
            raise self.unexpected(wanted or f"“{text}”")
        return self.advance()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected(sentence("the end"))

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        token = self.token
        if token.kind == "end":
            message = sentence("The expression ends where {wanted} is expected.", wanted=wanted)
        elif token.text == "=" and self.peek(-1).text == "=":
            message = sentence("Write one “=” to compare.")
        else:
            message = sentence(
                "“{text}” stands where {wanted} is expected.", text=token.text[:40], wanted=wanted
            )
        return FeelSyntaxError(message, token.at, max(len(token.text), 1))

    def place(self, start: int) -> dict[str, int]:
        end = self.tokens[self.position - 1].end if self.position else 0
        return {"at": start, "end": end}

    def declare(self, name: str) -> None:
        for first, shapes in _known((name,)).items():
            mine = self.declared.setdefault(first, [])
            mine.extend(shapes)
            mine.sort(key=len, reverse=True)

    def known_length(self) -> int:
        """How many tokens the longest known name that begins here has; 0 if none does."""
        first = self.token.text
        best = 0
        for known in (self.declared, self.known):
            for shape in known.get(first, ()):
                if len(shape) > best and self.fits(shape):
                    best = len(shape)
        return best

    def fits(self, shape: tuple[tuple[str, bool], ...]) -> bool:
        start = self.position
        if start + len(shape) >= len(self.tokens):
            return False
        for index, (text, glued) in enumerate(shape):
            token = self.tokens[start + index]
            if token.text != text or token.kind in ("string", "moment", "end"):
                return False
            if glued and self.tokens[start + index - 1].end != token.at:
                return False
        return True

    def name(self) -> str:
        """A name in the place of a value: a known one, else all words up to a keyword."""
        length = self.known_length()
        if not length:
            length = 1
            while self.peek(length).kind == "name" and (self.peek(length).text not in ENDS_A_NAME):
                length += 1
        return self.words(length)

    def words(self, count: int) -> str:
        """The next tokens as one name, with one space where the source has any."""
        text, end = "", self.token.at
        for token in self.tokens[self.position : self.position + count]:
            text += token.text if token.at == end else f" {token.text}"
            end = token.end
        self.position += count
        return text

    def name_until(self, *ends: str) -> str:
        """A name that is being declared: everything up to one of these marks."""
        length = 0
        while self.peek(length).kind in ("name", "number", "mark") and (
            self.peek(length).text not in ends
        ):
            length += 1
        if not length or self.token.kind == "number":
            raise self.unexpected("a name")
        name = self.words(length)
        self.declare(name)
        return name
