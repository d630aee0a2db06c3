"""Reads a pattern, written as XPath has them, into a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from feel.errors import FeelLimit
from feel.patterns.characters import (
    BLOCKS,
    CATEGORIES,
    META,
    SHORTHANDS,
    SINGLE,
    Matches,
    anything,
    between,
    category,
    negation,
    no_line_end,
    only,
    variants,
)
from feel.patterns.program import (
    BACK,
    BEGIN,
    CHAR,
    DONE,
    END,
    JUMP,
    SAVE,
    SPLIT,
    Program,
    Step,
    Steps,
)
from feel.run import Nothing

_LONGEST = 1_000
_LARGEST = 5_000
_DEEPEST = 50


@dataclass(slots=True)
class _Reader:
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

    def choice(self) -> Steps:
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
            jump = (JUMP, len(code) + 1, None)
            code = self.sized([(SPLIT, 1, len(branch) + 2), *branch, jump, *code])
        return code

    def sized(self, code: Steps) -> Steps:
        if len(code) > _LARGEST:
            raise FeelLimit("pattern", "The pattern is too large.")
        return code

    def branch(self) -> Steps:
        code: Steps = []
        while self.peek() not in ("", "|", ")"):
            code = self.sized(code + self.quantified(self.atom()))
        return code

    def quantified(self, code: Steps) -> Steps:
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
            return self.sized([*made, split, *code, (JUMP, -len(code) - 1, None)])
        optional: Steps = []
        for _ in range(most - least):
            split = self.split(1, len(code) + len(optional) + 1, lazy)
            optional = self.sized([split, *code, *optional])
        return self.sized(made + optional)

    def split(self, go: int, leave: int, lazy: bool) -> Step:
        return (SPLIT, leave, go) if lazy else (SPLIT, go, leave)

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

    def atom(self) -> Steps:
        if self.take("("):
            return self.group()
        if self.take("["):
            return [(CHAR, self.with_case(self.char_class()), None)]
        if self.take("."):
            return [(CHAR, anything if self.dot_is_all else no_line_end, None)]
        if self.take("^"):
            return [(BEGIN, None, None)]
        if self.take("$"):
            return [(END, None, None)]
        if self.take("\\"):
            return [self.escaped()]
        char = self.peek()
        if char in META:
            raise self.wrong()
        self.at += 1
        return [(CHAR, self.with_case(only(char)), None)]

    def group(self) -> Steps:
        if self.take("?:"):
            code = self.choice()
        else:
            self.groups += 1
            mine = self.groups
            self.open_groups.append(mine)
            inner = self.choice()
            self.open_groups.remove(mine)
            code = [(SAVE, mine * 2, None), *inner, (SAVE, mine * 2 + 1, None)]
        if not self.take(")"):
            raise self.wrong()
        return code

    def escaped(self) -> Step:
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
            return (BACK, group, None)
        return (CHAR, self.with_case(self.class_escape()), None)

    def class_escape(self) -> Matches:
        char = self.peek()
        self.at += 1
        if char in SINGLE and char:
            return only(SINGLE[char])
        if char in ("p", "P"):
            return self.property(negated=char == "P")
        matches = SHORTHANDS.get(char.lower()) if char else None
        if matches is None:
            raise self.wrong()
        return matches if char.islower() else negation(matches)

    def property(self, *, negated: bool) -> Matches:
        name, closed, _ = self.source[self.at + 1 :].partition("}")
        if self.peek() != "{" or not closed:
            raise self.wrong()
        self.at += len(name) + 2
        if name in CATEGORIES:
            matches = category(name)
        elif name.startswith("Is") and name[2:] in BLOCKS:
            matches = between(*BLOCKS[name[2:]])
        else:
            raise self.wrong()
        return negation(matches) if negated else matches

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
            return between(ord(first), ord(last))
        return only(first)

    def class_char(self) -> str | Matches:
        char = self.peek()
        if char == "\\":
            self.at += 1
            escape = self.peek()
            if escape and escape in SINGLE:
                self.at += 1
                return SINGLE[escape]
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


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6


@lru_cache(maxsize=256)
def compile(pattern: str, flags: str) -> Program:
    """The program of a pattern. Raises Nothing where it is none, FeelLimit if too large."""
    if not set(flags) <= set("smixq"):
        raise Nothing(f"the flags “{flags[:20]}” are not among s, m, i, x and q")
    if len(pattern) > _LONGEST:
        raise FeelLimit("pattern", f"A pattern is longer than {_LONGEST} characters.")
    if "q" in flags:
        pattern = "".join(f"\\{char}" if char in META else char for char in pattern)
    elif "x" in flags:
        pattern = _without_space(pattern)
    builder = _Reader(pattern, "i" in flags, "s" in flags)
    code = builder.choice()
    if builder.at < len(pattern):
        raise builder.wrong()
    steps = tuple(_absolute([*code, (DONE, None, None)]))
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
    code: Steps,
) -> Iterator[Step]:
    for place, (kind, first, second) in enumerate(code):
        if kind in (SPLIT, JUMP):
            yield (
                kind,
                place + first if isinstance(first, int) else None,
                place + second if isinstance(second, int) else None,
            )
        else:
            yield kind, first, second
