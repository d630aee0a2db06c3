"""Cuts a source text into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feel.budget import NUMBER_LENGTH, SOURCE_LENGTH
from feel.errors import FeelLimit, FeelSyntaxError
from feel.sentence import sentence

SPACE = r"[\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
_START = (
    r"?A-Z_a-z\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d"
    r"\u180f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf"
    r"\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_TOKEN = re.compile(
    rf"""(?P<skip>{SPACE}+|//[^\n\r]*|/\*.*?\*/)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<moment>@{SPACE}*"(?:[^"\\]|\\.)*")
    |(?P<name>[{_START}][{_START}0-9\xb7\u0300-\u036f\u203f-\u2040\u20e3\ufe0f]*)
    |(?P<mark>\*\*|\.\.|<=|>=|!=|->|[-+*/<>=()\[\]{{}},.:'])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the source; ``kind`` is name, number, string, moment, mark or end."""

    kind: str
    text: str
    at: int

    @property
    def end(self) -> int:
        """Where the token ends in the source."""
        return self.at + len(self.text)


def tokens(source: str) -> list[Token]:
    """All tokens of a source, the last of kind ``end``.

    Raises FeelLimit if the source is too long, FeelSyntaxError at what is no token.
    """
    if len(source) > SOURCE_LENGTH:
        raise FeelLimit(
            "source",
            sentence("The expression is longer than {most} characters.", most=SOURCE_LENGTH),
        )
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _unreadable(source, at)
        named = match.lastgroup or ""
        if named == "mark" and source.startswith("/*", at):
            raise _unreadable(source, at)
        if named != "skip":
            found.append(Token(named, match.group(), at))
        if named == "number" and match.end() - at > NUMBER_LENGTH:
            raise FeelLimit(
                "number", sentence("A number has more than {most} digits.", most=NUMBER_LENGTH)
            )
        at = match.end()
    found.append(Token("end", "", len(source)))
    return found


def _unreadable(source: str, at: int) -> FeelSyntaxError:
    mark = source[at]
    if mark == '"':
        return FeelSyntaxError(
            sentence("This text has no closing quotation mark."), at, len(source) - at
        )
    if source.startswith("/*", at):
        return FeelSyntaxError(sentence("This comment is not closed."), at, len(source) - at)
    if mark in "“”„«»'`":
        return FeelSyntaxError(
            sentence('Write text between straight quotation marks: "text".'), at
        )
    if mark in "&|":
        word = "and" if mark == "&" else "or"
        return FeelSyntaxError(
            sentence("Write “{word}” instead of “{mark}”.", word=word, mark=mark), at
        )
    if source.startswith("${", at):
        return FeelSyntaxError(sentence("Write the expression without ${{ and }}."), at, 2)
    if mark == "!":
        return FeelSyntaxError(
            sentence("Write “{word}” instead of “{mark}”.", word="not(…)", mark="!"), at
        )
    shown = mark if mark.isprintable() else f"U+{ord(mark):04X}"
    return FeelSyntaxError(sentence("“{mark}” has no meaning here.", mark=shown), at)


def unquote(text: str) -> str:
    """The characters that a string literal stands for."""
    inner = text[1:-1]
    if "\\" not in inner:
        return inner
    joined = _ESCAPE.sub(_unescape, inner)
    joined = _PAIR.sub(_join_pair, joined)
    return _LONE.sub("\ufffd", joined)


def _join_pair(match: re.Match[str]) -> str:
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _unescape(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) == 1:
        return _ESCAPED.get(escape, match.group())
    code = int(escape[1:], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def quote(text: str) -> str:
    """A string literal that stands for the text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'
