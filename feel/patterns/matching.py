"""Runs a program over a text in bounded time."""

from __future__ import annotations

from feel.patterns.program import BACK, BEGIN, CHAR, DONE, JUMP, SAVE, SPLIT, Program
from feel.run import Nothing
from feel.values import Spend

Match = tuple[int, ...]
"""Start and end of the whole match, then of each group (-1 where it took no part)."""


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
            if kind == CHAR:
                if at >= length or not first(text[at]):  # type: ignore[operator]
                    break
                at += 1
                place += 1
                spend(1)
            elif kind == SPLIT:
                state: object = (
                    (place, at, groups) if program.looks_back else place * (length + 1) + at
                )
                if state in tried:
                    break
                tried.add(state)
                spend(1)
                waiting.append((second, at, groups))  # type: ignore[arg-type]
                place = first  # type: ignore[assignment]
            elif kind == JUMP:
                place = first  # type: ignore[assignment]
            elif kind == SAVE:
                index: int = first  # type: ignore[assignment]
                spend(1 + program.groups // 8)
                groups = (*groups[:index], at, *groups[index + 1 :])
                place += 1
            elif kind == DONE:
                return (start, at, *groups[2:])
            elif kind == BACK:
                after = _repeat(program, text, at, groups, first)  # type: ignore[arg-type]
                if after is None:
                    break
                spend(after - at)
                at = after
                place += 1
            elif _anchored(program, text, at, at_start=kind == BEGIN):
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
