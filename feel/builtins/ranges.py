"""How points and ranges lie to each other."""

from __future__ import annotations

import re

from feel import temporal
from feel.builtins.registry import builtin
from feel.lexer import unquote
from feel.run import Nothing, Run
from feel.values import Range, Value, a, comparable, kind, number, within

_RANGE = re.compile(r"\s*([\[(\]])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])\s*", re.DOTALL)
_LITERAL = re.compile(r'@?"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?', re.ASCII)
_CALL = re.compile(r'(date|time|date and time|duration)\(\s*"([^"\\]*)"\s*\)')


def _order(left: Value, right: Value) -> int:
    pair = comparable(left, right)
    if pair is None:
        raise Nothing(f"{a(left)} and {a(right)} cannot be compared")
    return int(pair[0] > pair[1]) - int(pair[0] < pair[1])


def _range(value: Value) -> Range:
    if not isinstance(value, Range):
        raise Nothing(f"a range is needed, not {a(value)}")
    if value.start is None or value.end is None or value.test == "!=":
        raise Nothing("a range with two ends is needed")
    return value


def _as_range(value: Value) -> Range:
    return _range(value) if isinstance(value, Range) else Range(value, value)


@builtin(
    "before(point1: any, point2: any)",
    "before(point: any, range: range)",
    "before(range: range, point: any)",
    "before(range1: range, range2: range)",
)
def before(run: Run, first: Value, second: Value) -> Value:
    one, other = _as_range(first), _as_range(second)
    order = _order(one.end, other.start)
    return order < 0 or (order == 0 and not (one.end_included and other.start_included))


@builtin(
    "after(point1: any, point2: any)",
    "after(point: any, range: range)",
    "after(range: range, point: any)",
    "after(range1: range, range2: range)",
)
def after(run: Run, first: Value, second: Value) -> Value:
    return before(run, second, first)


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    return one.end_included and other.start_included and _order(one.end, other.start) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, first: Value, second: Value) -> Value:
    return meets(run, second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    left, right = _order(one.end, other.start), _order(one.start, other.end)
    return (left > 0 or (left == 0 and one.end_included and other.start_included)) and (
        right < 0 or (right == 0 and one.start_included and other.end_included)
    )


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    starts, ends = _order(one.start, other.start), _order(one.end, other.end)
    touch = _order(one.end, other.start)
    return (
        (starts < 0 or (starts == 0 and one.start_included and not other.start_included))
        and (touch > 0 or (touch == 0 and one.end_included and other.start_included))
        and (ends < 0 or (ends == 0 and (not one.end_included or other.end_included)))
    )


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    starts, ends = _order(one.start, other.start), _order(one.end, other.end)
    touch = _order(one.start, other.end)
    return (
        (touch < 0 or (touch == 0 and other.end_included and one.start_included))
        and (starts > 0 or (starts == 0 and (not one.start_included or other.start_included)))
        and (ends > 0 or (ends == 0 and one.end_included and not other.end_included))
    )


@builtin("finishes(point: any, range: range)", "finishes(range1: any, range2: range)")
def finishes(run: Run, first: Value, second: Value) -> Value:
    other = _range(second)
    if not isinstance(first, Range):
        return other.end_included and _order(first, other.end) == 0
    one = _range(first)
    starts = _order(one.start, other.start)
    return (
        one.end_included == other.end_included
        and _order(one.end, other.end) == 0
        and (starts > 0 or (starts == 0 and (not one.start_included or other.start_included)))
    )


@builtin("finished by(range: range, point: any)", "finished by(range1: range, range2: any)")
def finished_by(run: Run, first: Value, second: Value) -> Value:
    return finishes(run, second, first)


@builtin("includes(range: range, point: any)", "includes(range1: range, range2: any)")
def includes(run: Run, first: Value, second: Value) -> Value:
    one = _range(first)
    if not isinstance(second, Range):
        _order(second, one.start)
        return within(second, one)
    other = _range(second)
    starts, ends = _order(one.start, other.start), _order(one.end, other.end)
    return (starts < 0 or (starts == 0 and (one.start_included or not other.start_included))) and (
        ends > 0 or (ends == 0 and (one.end_included or not other.end_included))
    )


@builtin("during(point: any, range: range)", "during(range1: any, range2: range)")
def during(run: Run, first: Value, second: Value) -> Value:
    return includes(run, second, first)


@builtin("starts(point: any, range: range)", "starts(range1: any, range2: range)")
def starts_(run: Run, first: Value, second: Value) -> Value:
    other = _range(second)
    if not isinstance(first, Range):
        return other.start_included and _order(first, other.start) == 0
    one = _range(first)
    ends = _order(one.end, other.end)
    return (
        one.start_included == other.start_included
        and _order(one.start, other.start) == 0
        and (ends < 0 or (ends == 0 and (not one.end_included or other.end_included)))
    )


@builtin("started by(range: range, point: any)", "started by(range1: range, range2: any)")
def started_by(run: Run, first: Value, second: Value) -> Value:
    return starts_(run, second, first)


@builtin("coincides(point1: any, point2: any)", "coincides(range1: any, range2: any)")
def coincides(run: Run, first: Value, second: Value) -> Value:
    one, other = _as_range(first), _as_range(second)
    return (
        _order(one.start, other.start) == 0
        and _order(one.end, other.end) == 0
        and (one.start_included, one.end_included) == (other.start_included, other.end_included)
    )


@builtin("range(from: string)")
def range_(run: Run, text: str) -> Value:
    found = _RANGE.fullmatch(text) if len(text) <= 400 else None
    if not found:
        raise Nothing(f"“{text[:40]}” is no range")
    opening, first, last, closing = found.groups()
    start, end = _end(first), _end(last)
    if start is None and end is None:
        raise Nothing("a range needs at least one end")
    if (start is None and opening == "[") or (end is None and closing == "]"):
        raise Nothing("an end that is missing cannot be included")
    if (
        start is not None
        and end is not None
        and (kind(start) != kind(end) or _order(start, end) > 0)
    ):
        raise Nothing("the ends must be of one type, the smaller first")
    return Range(start, end, opening == "[", closing == "]", _sign(start, end, opening, closing))


def _sign(start: Value, end: Value, opening: str, closing: str) -> str:
    """The comparison that a range without one of its ends stands for."""
    if start is None:
        return "<=" if closing == "]" else "<"
    if end is None:
        return ">=" if opening == "[" else ">"
    return ""


def _end(text: str) -> Value:
    if text in ("", "null"):
        return None
    called = _CALL.fullmatch(text)
    if called:
        reader = {
            "date": temporal.read_date,
            "time": temporal.read_time,
            "duration": temporal.read_duration,
        }.get(called.group(1), temporal.read_moment)
        value = reader(called.group(2))
    elif _LITERAL.fullmatch(text):
        value = _literal(text)
    else:
        value = None
    if value is None:
        raise Nothing(f"“{text[:40]}” cannot be an end of a range")
    return value


def _literal(text: str) -> Value:
    if text.startswith("@"):
        return temporal.read_any(unquote(text[1:]))
    return unquote(text) if text.startswith('"') else number(text)
