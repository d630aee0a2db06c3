"""Regular expressions as XPath has them, matched in bounded time.

A pattern becomes a small program. The matcher remembers which place of the program it has
tried at which character, so that its work grows with their product and never explodes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from feel.errors import FeelLimit
from feel.run import Nothing

Matches = Callable[[str], bool]
Spend = Callable[[int], None]
Match = tuple[int, ...]
"""Start and end of the whole match, then of each group (-1 where it took no part)."""

_LONGEST = 1_000
_LARGEST = 5_000
_DEEPEST = 50
_CHAR, _SPLIT, _JUMP, _SAVE, _BEGIN, _END, _BACK, _DONE = range(8)
_META = frozenset("\\|.?*+(){}[]^$")
_SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{mark: mark for mark in "\\|.?*+(){}-[]^$"}}
_BLOCKS = {
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
_CATEGORIES = frozenset(
    {"L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"}
    | {"P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"}
    | {"S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"}
)


@dataclass(frozen=True, slots=True)
class Program:
    """A pattern that is ready to match."""

    steps: tuple[tuple[int, object, object], ...]
    groups: int
    ignores_case: bool
    many_lines: bool
    looks_back: bool


@dataclass(slots=True)
class _Builder:
    source: str
    ignores_case: bool
    dot_is_all: bool
    at: int = 0
    depth: int = 0
    groups: int = 0
    open_groups: list[int] = field(default_factory=list)
    looks_back: bool = False

    # ---- reading

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def wrong(self) -> Nothing:
        return Nothing(f"the pattern “{self.source[:40]}” cannot be read")

    def choice(self) -> list[tuple[int, object, object]]:
        """Steps with jumps relative to their own place."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FeelLimit("pattern", "The pattern is nested too deeply.")
        branches = [self.branch()]
        while self.take("|"):
            branches.append(self.branch())
        self.depth -= 1
        code = branches.pop()
        for branch in reversed(branches):
            jump = (_JUMP, len(code) + 1, None)
            code = self.sized([(_SPLIT, 1, len(branch) + 2), *branch, jump, *code])
        return code

    def sized(self, code: list[tuple[int, object, object]]) -> list[tuple[int, object, object]]:
        if len(code) > _LARGEST:
            raise FeelLimit("pattern", "The pattern is too large.")
        return code

    def branch(self) -> list[tuple[int, object, object]]:
        code: list[tuple[int, object, object]] = []
        while self.peek() not in ("", "|", ")"):
            code = self.sized(code + self.quantified(self.atom()))
        return code

    def quantified(
        self, code: list[tuple[int, object, object]]
    ) -> list[tuple[int, object, object]]:
        bounds = self.bounds()
        if bounds is None:
            return code
        least, most = bounds
        lazy = self.take("?")
        if self.peek() in ("*", "+", "?") or (most is not None and most < least):
            raise self.wrong()
        if max(least, most or 0) * max(len(code), 1) > _LARGEST:
            raise FeelLimit("pattern", "The pattern repeats something too often.")
        made = code * least
        if most is None:
            split = self.split(1, len(code) + 2, lazy)
            return self.sized([*made, split, *code, (_JUMP, -len(code) - 1, None)])
        optional: list[tuple[int, object, object]] = []
        for _ in range(most - least):
            split = self.split(1, len(code) + len(optional) + 1, lazy)
            optional = self.sized([split, *code, *optional])
        return self.sized(made + optional)

    def split(self, go: int, leave: int, lazy: bool) -> tuple[int, object, object]:
        return (_SPLIT, leave, go) if lazy else (_SPLIT, go, leave)

    def bounds(self) -> tuple[int, int | None] | None:
        for mark, found in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.take(mark):
                return found
        if not self.take("{"):
            return None
        inner, closed, _ = self.source[self.at :].partition("}")
        self.at += len(inner) + 1
        least, comma, most = inner.partition(",")
        if not closed or not _is_count(least) or (most and not _is_count(most)):
            raise self.wrong()
        return int(least), (int(most) if most else None) if comma else int(least)

    def atom(self) -> list[tuple[int, object, object]]:
        if self.take("("):
            return self.group()
        if self.take("["):
            return [(_CHAR, self.with_case(self.char_class()), None)]
        if self.take("."):
            return [(_CHAR, _anything if self.dot_is_all else _no_line_end, None)]
        if self.take("^"):
            return [(_BEGIN, None, None)]
        if self.take("$"):
            return [(_END, None, None)]
        if self.take("\\"):
            return [self.escaped()]
        char = self.peek()
        if char in _META:
            raise self.wrong()
        self.at += 1
        return [(_CHAR, self.with_case(_only(char)), None)]

    def group(self) -> list[tuple[int, object, object]]:
        if self.take("?:"):
            code = self.choice()
        else:
            self.groups += 1
            mine = self.groups
            self.open_groups.append(mine)
            inner = self.choice()
            self.open_groups.remove(mine)
            code = [(_SAVE, mine * 2, None), *inner, (_SAVE, mine * 2 + 1, None)]
        if not self.take(")"):
            raise self.wrong()
        return code

    def escaped(self) -> tuple[int, object, object]:
        digit = self.peek()
        if digit and digit in "123456789":
            self.at += 1
            group = int(digit)
            while self.peek().isdecimal() and group * 10 + int(self.peek()) <= self.groups:
                group = group * 10 + int(self.peek())
                self.at += 1
            if group > self.groups or group in self.open_groups:
                raise self.wrong()
            self.looks_back = True
            return (_BACK, group, None)
        return (_CHAR, self.with_case(self.class_escape()), None)

    def class_escape(self) -> Matches:
        char = self.peek()
        self.at += 1
        if char in _SINGLE and char:
            return _only(_SINGLE[char])
        if char in ("p", "P"):
            return self.property(negated=char == "P")
        matches = _SHORTHANDS.get(char.lower()) if char else None
        if matches is None:
            raise self.wrong()
        return matches if char.islower() else _negated(matches)

    def property(self, *, negated: bool) -> Matches:
        name, closed, _ = self.source[self.at + 1 :].partition("}")
        if self.peek() != "{" or not closed:
            raise self.wrong()
        self.at += len(name) + 2
        if name in _CATEGORIES:
            matches = _category(name)
        elif name.startswith("Is") and name[2:] in _BLOCKS:
            matches = _between(*_BLOCKS[name[2:]])
        else:
            raise self.wrong()
        return _negated(matches) if negated else matches

    def char_class(self) -> Matches:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FeelLimit("pattern", "The pattern is nested too deeply.")
        negated = self.take("^")
        parts: list[Matches] = []
        without: Matches | None = None
        while not self.take("]") or not parts:
            if not self.peek() or (self.peek() == "]" and not parts):
                raise self.wrong()
            if parts and self.take("-["):
                without = self.char_class()
                if not self.take("]"):
                    raise self.wrong()
                break
            parts.append(self.class_part())
        self.depth -= 1
        return self.combined(tuple(parts), negated, without)

    def class_part(self) -> Matches:
        first = self.class_char()
        if not isinstance(first, str):
            return first
        following = self.source[self.at + 1 : self.at + 2]
        if self.peek() == "-" and following not in ("]", "[", ""):
            self.at += 1
            last = self.class_char()
            if not isinstance(last, str) or last < first:
                raise self.wrong()
            return _between(ord(first), ord(last))
        return _only(first)

    def class_char(self) -> str | Matches:
        char = self.peek()
        if char == "\\":
            self.at += 1
            escape = self.peek()
            if escape and escape in _SINGLE:
                self.at += 1
                return _SINGLE[escape]
            return self.class_escape()
        if char in ("", "["):
            raise self.wrong()
        self.at += 1
        return char

    # ---- what a character must be

    def with_case(self, matches: Matches) -> Matches:
        if not self.ignores_case:
            return matches
        return lambda char: any(map(matches, variants(char)))

    def combined(
        self, parts: tuple[Matches, ...], negated: bool, without: Matches | None
    ) -> Matches:
        loose = self.ignores_case

        def holds(char: str) -> bool:
            chars = variants(char) if loose else (char,)
            found = any(part(each) for part in parts for each in chars)
            if found == negated:
                return False
            return without is None or not any(map(without, chars))

        return holds


@lru_cache(maxsize=1024)
def variants(char: str) -> tuple[str, ...]:
    """A character in all its cases."""
    cases = {char, char.lower(), char.upper(), char.casefold(), char.lower().upper()}
    return tuple(each for each in cases if len(each) == 1)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6


def _anything(char: str) -> bool:
    return True


def _no_line_end(char: str) -> bool:
    return char not in "\n\r"


def _only(wanted: str) -> Matches:
    return lambda char: char == wanted


def _between(low: int, high: int) -> Matches:
    return lambda char: low <= ord(char) <= high


def _negated(matches: Matches) -> Matches:
    return lambda char: not matches(char)


def _category(name: str) -> Matches:
    return lambda char: unicodedata.category(char).startswith(name)


_SHORTHANDS: dict[str, Matches] = {
    "s": lambda char: char in " \t\n\r",
    "d": lambda char: unicodedata.category(char) == "Nd",
    "w": lambda char: unicodedata.category(char)[0] not in "PZC",
    "i": lambda char: char.isalpha() or char in "_:",
    "c": lambda char: char.isalnum() or char in "-._:\xb7",
}


@lru_cache(maxsize=256)
def compile(pattern: str, flags: str) -> Program:
    """The program of a pattern. Raises Nothing where it is none, FeelLimit if too large."""
    if not set(flags) <= set("smixq"):
        raise Nothing(f"the flags “{flags[:20]}” are not among s, m, i, x and q")
    if len(pattern) > _LONGEST:
        raise FeelLimit("pattern", f"A pattern is longer than {_LONGEST} characters.")
    if "q" in flags:
        pattern = "".join(f"\\{char}" if char in _META else char for char in pattern)
    elif "x" in flags:
        pattern = _without_space(pattern)
    builder = _Builder(pattern, "i" in flags, "s" in flags)
    code = builder.choice()
    if builder.at < len(pattern):
        raise builder.wrong()
    steps = tuple(_absolute([*code, (_DONE, None, None)]))
    return Program(steps, builder.groups, "i" in flags, "m" in flags, builder.looks_back)


def _without_space(pattern: str) -> str:
    made, depth, escaped = [], 0, False
    for char in pattern:
        if not escaped and char == "[":
            depth += 1
        elif not escaped and char == "]":
            depth -= 1
        if char not in " \t\n\r" or depth > 0:
            escaped = char == "\\" and not escaped
            made.append(char)
    return "".join(made)


def _absolute(
    code: list[tuple[int, object, object]],
) -> Iterator[tuple[int, object, object]]:
    for place, (kind, first, second) in enumerate(code):
        if kind in (_SPLIT, _JUMP):
            yield (
                kind,
                place + first if isinstance(first, int) else None,
                place + second if isinstance(second, int) else None,
            )
        else:
            yield kind, first, second


def search(program: Program, text: str, spend: Spend, start: int = 0) -> Match | None:
    """The first match at or after a place; None if there is none."""
    tried: set[object] = set()
    for place in range(start, len(text) + 1):
        found = _match_at(program, text, place, tried, spend)
        if found is not None:
            return found
    return None


def find_all(program: Program, text: str, spend: Spend) -> list[Match]:
    """All matches, left to right. Raises Nothing if the pattern matches an empty text."""
    if search(program, "", spend) is not None:
        raise Nothing("the pattern matches an empty text")
    found: list[Match] = []
    place = 0
    while (match := search(program, text, spend, place)) is not None:
        found.append(match)
        place = max(match[1], match[0] + 1)
        if place > len(text):
            break
    return found


def _match_at(  # noqa: C901 - one branch per instruction, kept in one fast loop
    program: Program, text: str, start: int, tried: set[object], spend: Spend
) -> Match | None:
    steps = program.steps
    length = len(text)
    waiting: list[tuple[int, int, Match]] = [(0, start, (-1,) * (program.groups * 2 + 2))]
    while waiting:
        place, at, groups = waiting.pop()
        spend(1)
        while True:
            kind, first, second = steps[place]
            if kind == _CHAR:
                if at >= length or not first(text[at]):  # type: ignore[operator]
                    break
                at += 1
                place += 1
                spend(1)
            elif kind == _SPLIT:
                state: object = (
                    (place, at, groups) if program.looks_back else place * (length + 1) + at
                )
                if state in tried:
                    break
                tried.add(state)
                spend(1)
                waiting.append((second, at, groups))  # type: ignore[arg-type]
                place = first  # type: ignore[assignment]
            elif kind == _JUMP:
                place = first  # type: ignore[assignment]
            elif kind == _SAVE:
                index: int = first  # type: ignore[assignment]
                spend(1 + program.groups // 8)
                groups = (*groups[:index], at, *groups[index + 1 :])
                place += 1
            elif kind == _DONE:
                return (start, at, *groups[2:])
            elif kind == _BACK:
                after = _repeat(program, text, at, groups, first)  # type: ignore[arg-type]
                if after is None:
                    break
                spend(after - at)
                at = after
                place += 1
            elif _anchored(program, text, at, at_start=kind == _BEGIN):
                place += 1
            else:
                break
    return None


def _anchored(program: Program, text: str, at: int, *, at_start: bool) -> bool:
    if at_start:
        return at == 0 or (program.many_lines and text[at - 1] == "\n")
    return at == len(text) or (program.many_lines and text[at] == "\n")


def _repeat(program: Program, text: str, at: int, groups: Match, group: int) -> int | None:
    """Where a group's text ends when it is found again; None if it is not."""
    begin, end = groups[group * 2], groups[group * 2 + 1]
    if begin < 0 or end < 0:
        return at
    wanted, found = text[begin:end], text[at : at + end - begin]
    if program.ignores_case:
        wanted, found = wanted.casefold(), found.casefold()
    return at + end - begin if wanted == found else None


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
