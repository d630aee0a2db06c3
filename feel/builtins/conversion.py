"""Functions that turn one kind of value into another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from feel import temporal
from feel.builtins.registry import builtin
from feel.lexer import quote
from feel.run import Nothing, Run
from feel.values import Function, Range, Value, YearsMonthsDuration, at, number

_NUMBER = re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400


@builtin("number(from: string)")
def number_(run: Run, text: str) -> Value:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise Nothing(f"“{text[:40]}” is no number")
    return number(text)


@builtin("number(from: string|number, grouping separator: string?, decimal separator?: string?)")
def number_in(run: Run, text: Value, grouping: str | None, point: str | None = None) -> Value:
    if not isinstance(text, str):
        raise Nothing("the first argument is not a text")
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise Nothing("separators are space, comma or point")
    if grouping is not None and grouping == point:
        raise Nothing("both separators are the same")
    plain = text.replace(grouping, "") if grouping else text
    return number_(run, plain.replace(point, ".") if point else plain)


def written(run: Run, value: Value, *, inside: bool = False) -> str:  # noqa: C901
    """A value as text, as FEEL writes it."""
    match value:
        case str():
            return quote(value) if inside else value
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case Decimal():
            return written_number(value)
        case datetime():
            return temporal.write_moment(value)
        case date():
            return value.isoformat()
        case time():
            return temporal.write_time(value)
        case timedelta():
            return temporal.write_days(value)
        case YearsMonthsDuration():
            return str(value)
        case list():
            run.room(len(value))
            return run.text(f"[{', '.join(written(run, each, inside=True) for each in value)}]")
        case Mapping():
            return run.text(f"{{{', '.join(_entries(run, value))}}}")
        case Range():
            return _written_range(run, value)
        case Function():
            return f"function {value.name}"
    raise Nothing("this value has no text")


def _entries(run: Run, context: Mapping[str, Value]) -> list[str]:
    run.room(len(context))
    return [
        f"{key if key.isidentifier() else quote(key)}: "
        f"{written(run, at(context, key), inside=True)}"
        for key in context
    ]


def _written_range(run: Run, value: Range) -> str:
    if value.test:
        end = value.start if value.start is not None else value.end
        return f"({value.test} {written(run, end, inside=True)})"
    left, right = "[" if value.start_included else "(", "]" if value.end_included else ")"
    start, end = (written(run, each, inside=True) for each in (value.start, value.end))
    return f"{left}{start}..{end}{right}"


def written_number(value: Decimal) -> str:
    """A number in plain digits, or with an exponent where those would be too many."""
    if not value:
        return "0"
    if -40 < value.adjusted() < 40:
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value.normalize())


@builtin("string(from: any?, mask?: any?)")
def string(run: Run, value: Value, *more: Value) -> Value:
    if more:
        raise Nothing("one argument is enough")
    return None if value is None else written(run, value)


@builtin("date(from: string|moment)")
def date_(run: Run, value: Value) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, time):
        raise Nothing("a time has no date")
    if isinstance(value, date):
        return value
    return _read(value, temporal.read_date(value), "date")


def _read(text: str, value: Value, what: str) -> Value:
    if value is None:
        raise Nothing(f"“{text[:40]}” is no {what}")
    return value


def _whole(value: Decimal, what: str) -> int:
    if value != value.to_integral_value() or abs(value) > 999_999_999:
        raise Nothing(f"the {what} must be a whole number")
    return int(value)


@builtin("date(year: number, month: number, day: number)")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    return date(_whole(year, "year"), _whole(month, "month"), _whole(day, "day"))


@builtin("time(from: string|moment)")
def time_(run: Run, value: Value) -> Value:
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, time):
        return value
    if isinstance(value, date):
        return time(tzinfo=temporal.offset_zone(timedelta()))
    return _read(value, temporal.read_time(value), "time")


@builtin("time(hour: number, minute: number, second: number, offset?: days?)")
def time_of(
    run: Run,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: timedelta | None = None,
) -> Value:
    place = None if offset is None else temporal.offset_zone(offset)
    if offset is not None and place is None:
        raise Nothing("the offset is beyond 18 hours")
    whole = int(second)
    fraction = int((second - whole) * 1_000_000)
    return time(_whole(hour, "hour"), _whole(minute, "minute"), whole, fraction, place)


@builtin("date and time(from: string|moment)")
def date_and_time(run: Run, value: Value) -> Value:
    if isinstance(value, datetime):
        return value
    if isinstance(value, time):
        raise Nothing("a time has no date")
    if isinstance(value, date):
        return temporal.midnight(value)
    return _read(value, temporal.read_moment(value), "date and time")


@builtin("date and time(date: date, time: time)")
def date_with_time(run: Run, day: date, clock: time) -> Value:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


@builtin("date and time(date: date, timezone: string)")
def moment_in_zone(run: Run, moment: date, name: str) -> Value:
    place = temporal.zone(name)
    if place is None or not isinstance(moment, datetime):
        raise Nothing(f"“{name[:40]}” is no time zone, or the first argument has no time")
    return moment.astimezone(place) if moment.tzinfo else moment.replace(tzinfo=place)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, "
    "second: number)",
    "date and time(year: number, month: number, day: number, hour: number, minute: number, "
    "second: number, offset: days?)",
    "date and time(year: number, month: number, day: number, hour: number, minute: number, "
    "second: number, timezone: string)",
)
def moment_of(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    where: timedelta | str | None = None,
) -> Value:
    if isinstance(where, str):
        place = temporal.zone(where)
        if place is None:
            raise Nothing(f"“{where[:40]}” is no time zone")
        return datetime.combine(
            date_of(run, year, month, day), time_of(run, hour, minute, second), place
        )
    return datetime.combine(
        date_of(run, year, month, day), time_of(run, hour, minute, second, where)
    )


@builtin("duration(from: string|duration)")
def duration(run: Run, value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return _read(value, temporal.read_duration(value), "duration (such as P14D or PT8H)")


@builtin("years and months duration(from: date, to: date)")
def years_and_months_duration(run: Run, start: date, end: date) -> Value:
    return temporal.months_between(start, end)
