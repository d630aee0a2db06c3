"""Values on their way to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from feel import temporal
from feel.budget import Budget
from feel.builtins.conversion import written_number
from feel.values import Duration, Range, Value, YearsMonthsDuration, at, normal

_EXACT = 15
"""So many decimal digits survive the way through a float."""


def plain(value: Value) -> Any:
    """The value in the types of JSON: dates and durations as ISO 8601, functions as null.

    A number becomes an int where it is whole, a float where that is exact, else a text.
    Raises FeelLimit if it is too large when all that it shares is written out.
    """
    return _plain(value, Budget())


def _plain(value: Value, budget: Budget) -> Any:
    if isinstance(value, Mapping):
        budget.spend(len(value) + 1)
        return {key: _plain(at(value, key), budget) for key in value}
    if isinstance(value, list | tuple):
        budget.spend(len(value) + 1)
        return [_plain(item, budget) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Value) -> Any:  # noqa: C901 - one case per type
    match value:
        case None | bool() | str() | int() | float():
            return value
        case Decimal():
            return _plain_number(value)
        case datetime():
            return temporal.write_moment(value)
        case time():
            return temporal.write_time(value)
        case date():
            return value.isoformat()
        case timedelta():
            return temporal.write_days(value)
        case YearsMonthsDuration():
            return str(value)
        case Range():
            return _plain_range(value)
    return None


def _plain_number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and value.adjusted() < 34:
        return int(value)
    if len(value.normalize().as_tuple().digits) <= _EXACT and abs(value.adjusted()) < 300:
        return float(value)
    return written_number(value)


def _plain_range(value: Range) -> dict[str, Any]:
    return {
        "start": plain(value.start),
        "end": plain(value.end),
        "start included": value.start_included,
        "end included": value.end_included,
    }


def value(obj: object) -> Value:
    """A value of JSON as FEEL has it, all the way down; numbers become decimals."""
    if isinstance(obj, Mapping):
        return {str(key): value(each) for key, each in obj.items()}
    if isinstance(obj, list | tuple):
        return [value(each) for each in obj]
    return normal(obj)


def duration(text: str) -> Duration:
    """The duration that a text such as ``P14D`` stands for. Raises ValueError."""
    found = temporal.read_duration(text)
    if found is None:
        raise ValueError(f"“{text[:40]}” is no duration; write P14D, PT8H or P6M.")
    return found


def moment(text: str) -> date | datetime | time | Duration:
    """The date, time, moment or duration of an ISO 8601 text. Raises ValueError."""
    found: date | datetime | time | Duration | None = temporal.read_any(text)
    if found is None:
        raise ValueError(f"“{text[:40]}” is no date, time or duration.")
    return found
