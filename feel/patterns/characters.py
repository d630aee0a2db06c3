"""What a character must be: itself, of a class, of a block, of a category."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

Matches = Callable[[str], bool]
META = frozenset("\\|.?*+(){}[]^$")
SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{mark: mark for mark in "\\|.?*+(){}-[]^$"}}
BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Devanagari": (0x900, 0x97F),
    "Bengali": (0x980, 0x9FF),
    "Thai": (0xE00, 0xE7F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}
CATEGORIES = frozenset(
    {"L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"}
    | {"P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"}
    | {"S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"}
)


@lru_cache(maxsize=1024)
def variants(char: str) -> tuple[str, ...]:
    """A character in all its cases."""
    cases = {char, char.lower(), char.upper(), char.casefold(), char.lower().upper()}
    return tuple(each for each in cases if len(each) == 1)


def anything(char: str) -> bool:
    return True


def no_line_end(char: str) -> bool:
    return char not in "\n\r"


def only(wanted: str) -> Matches:
    return lambda char: char == wanted


def between(low: int, high: int) -> Matches:
    return lambda char: low <= ord(char) <= high


def negation(matches: Matches) -> Matches:
    return lambda char: not matches(char)


def category(name: str) -> Matches:
    return lambda char: unicodedata.category(char).startswith(name)


SHORTHANDS: dict[str, Matches] = {
    "s": lambda char: char in " \t\n\r",
    "d": lambda char: unicodedata.category(char) == "Nd",
    "w": lambda char: unicodedata.category(char)[0] not in "PZC",
    "i": lambda char: char.isalpha() or char in "_:",
    "c": lambda char: char.isalnum() or char in "-._:\xb7",
}
