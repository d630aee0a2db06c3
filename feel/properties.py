"""The entries that moments, durations and ranges have: ``due.year``, ``period.end``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from feel import temporal
from feel.values import Range, Value, YearsMonthsDuration

Reader = Callable[[Value], Value]


def _whole(read: Callable[[Value], int]) -> Reader:
    return lambda value: Decimal(read(value))


def _truncated(months: int, divisor: int) -> tuple[int, int]:
    quotient, rest = divmod(abs(months), divisor)
    return (-quotient, -rest) if months < 0 else (quotient, rest)


def _offset(value: Value) -> timedelta | None:
    offset: timedelta | None = value.utcoffset()
    return offset


def _timezone(value: Value) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _part_of_days(unit: int, within: int | None) -> Reader:
    def read(value: timedelta) -> Decimal:
        seconds = int(abs(temporal.seconds_of(value)))
        amount = seconds // unit if within is None else seconds % within // unit
        return Decimal(-amount if value < timedelta() else amount)

    return read


_DATE: dict[str, Reader] = {
    "year": _whole(lambda value: value.year),
    "month": _whole(lambda value: value.month),
    "day": _whole(lambda value: value.day),
    "weekday": _whole(lambda value: value.isoweekday()),
}
_TIME: dict[str, Reader] = {
    "hour": _whole(lambda value: value.hour),
    "minute": _whole(lambda value: value.minute),
    "second": _whole(lambda value: value.second),
    "time offset": _offset,
    "timezone": _timezone,
}
_PROPERTIES: dict[type, Mapping[str, Reader]] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    timedelta: {
        "days": _part_of_days(86_400, None),
        "hours": _part_of_days(3600, 86_400),
        "minutes": _part_of_days(60, 3600),
        "seconds": _part_of_days(1, 60),
    },
    YearsMonthsDuration: {
        "years": lambda value: Decimal(_truncated(value.months, 12)[0]),
        "months": lambda value: Decimal(_truncated(value.months, 12)[1]),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def properties(value: Value) -> Mapping[str, Reader]:
    """The properties that a value of this type has, by name."""
    return _PROPERTIES.get(type(value), {})
