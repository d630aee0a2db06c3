"""Fills the replacement of a match."""

from __future__ import annotations

from feel.errors import FeelLimit
from feel.patterns.matching import Match
from feel.patterns.program import Program
from feel.run import Nothing


def replacement(text: str, program: Program) -> list[str | int]:
    """The pieces of a replacement: texts and numbers of groups. Raises Nothing if wrong."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$") or not following:
                raise Nothing("“\\” must be followed by “\\” or “$” in a replacement")
            pieces.append(following)
            at += 2
        elif char == "$":
            at += 1
            digits = ""
            while text[at : at + 1].isascii() and text[at : at + 1].isdecimal():
                if digits and int(digits + text[at]) > program.groups:
                    break
                digits += text[at]
                at += 1
            if not digits:
                raise Nothing("“$” must be followed by the number of a group")
            pieces.append(int(digits))
        else:
            pieces.append(char)
            at += 1
    return pieces


def filled(pieces: list[str | int], text: str, match: Match, most: int) -> str:
    """The replacement for one match. Raises FeelLimit if it has more characters than ``most``."""
    made: list[str] = []
    for piece in pieces:
        made.append(piece if isinstance(piece, str) else _group(text, match, piece))
        most -= len(made[-1])
        if most < 0:
            raise FeelLimit("text", "The text becomes too long.")
    return "".join(made)


def _group(text: str, match: Match, group: int) -> str:
    if group * 2 + 1 >= len(match):
        return ""
    begin, end = match[group * 2], match[group * 2 + 1]
    return text[begin:end] if begin >= 0 and end >= 0 else ""
