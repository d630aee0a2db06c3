"""The values of FEEL: what they are, how they compare, how they leave the language."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

Spend: TypeAlias = Callable[[int], None]
Value: TypeAlias = Any
"""None, bool, Decimal, str, date, time, datetime, timedelta, YearsMonthsDuration, list, dict
(or any Mapping), Range, Function."""

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A length of time in whole months, which have no fixed number of days."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


Duration: TypeAlias = timedelta | YearsMonthsDuration


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends; an end that is None with ``open`` reaches for ever."""

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    test: str = ""
    """The operator where the range was written as one (``<``, ``>=``, ``=``, ``!=``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something an expression can call; ``parameters`` is None if any number will do."""

    name: str
    parameters: tuple[str, ...] | None
    # The first argument is the Run, which is made of values: naming it here would be a circle.
    call: Callable[[Any, list[Value]], Value]
    call_named: Callable[[Any, dict[str, Value]], Value] | None = None
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None


SCALARS = frozenset(
    {
        type(None),
        bool,
        Decimal,
        str,
        date,
        datetime,
        time,
        timedelta,
        YearsMonthsDuration,
        Range,
        Function,
    }
)
_SMALL = 10**34


def normal(value: object) -> Value:
    """A value from outside as FEEL sees it, all the way down; what FEEL does not know is None.

    Lists and dicts come out as such with normal values only, and are not looked through again;
    other mappings stay what they are and are asked when something is read of them.
    """
    if type(value) in SCALARS:
        return value
    return _convert(value)


def _convert(value: object) -> Value:  # noqa: C901 - one case per foreign type
    if type(value) is list and SCALARS.issuperset(map(type, value)):
        return value
    if type(value) is int and -_SMALL < value < _SMALL:
        return Decimal(value)
    if isinstance(value, (list, tuple)):
        return [item if type(item) in SCALARS else _convert(item) for item in value]
    if type(value) is dict:
        return _convert_dict(value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return number(repr(value)) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, (set, frozenset)):
        return sorted((normal(item) for item in value), key=str)
    return value if isinstance(value, date | time | timedelta) else None


def _convert_dict(value: dict[Any, object]) -> dict[str, Value]:
    if SCALARS.issuperset(map(type, value.values())) and set(map(type, value)) <= {str}:
        return value
    return {str(key): normal(each) for key, each in value.items()}


def at(context: Mapping[str, Value], key: str) -> Value:
    """The entry of a context. Raises KeyError."""
    return context[key] if type(context) is dict else normal(context[key])


def number(value: int | str | Decimal) -> Decimal | None:
    """A number of at most 34 digits; None if it is too large or none at all."""
    try:
        made = NUMBERS.create_decimal(value)
    except decimal.DecimalException:
        return None
    return made if made.is_finite() else None


_NAMES: dict[type, str] = {
    bool: "boolean",
    Decimal: "number",
    str: "string",
    datetime: "date and time",
    date: "date",
    time: "time",
    timedelta: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    type(None): "null",
}


def kind(value: Value) -> str:
    """The FEEL name of a value's type."""
    named = _NAMES.get(type(value))
    if named is not None:
        return named
    return "context" if isinstance(value, Mapping) else "list"


def a(value: Value) -> str:
    """The value's type with its article, for a message."""
    named = kind(value)
    return "null" if named == "null" else f"a {named}"


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def instant(moment: datetime) -> datetime:
    """The same moment in UTC, so that zones compare; local ones stay as they are."""
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _time_key(clock: time) -> tuple[bool, str, timedelta]:
    offset = clock.utcoffset()
    wall = timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )
    if offset is None:
        return (clock.tzinfo is not None, str(clock.tzinfo or ""), wall)
    return (True, "", wall - offset)


def comparable(left: Value, right: Value) -> tuple[Any, Any] | None:
    """Both values in a form that Python can put in order; None where FEEL has no order."""
    kind_of = type(left)
    if kind_of is not type(right):
        return None
    if kind_of in (Decimal, str, date, timedelta, YearsMonthsDuration):
        return left, right
    if kind_of is datetime:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        return instant(left), instant(right)
    if kind_of is time:
        first, second = _time_key(left), _time_key(right)
        return (first[2], second[2]) if first[:2] == second[:2] else None
    return None


def free(steps: int) -> None:
    """Spends nothing: for values that are known to be small."""


def equal(left: Value, right: Value, spend: Spend = free) -> bool | None:
    """Whether two values are the same; None where the question makes no sense."""
    if left is None or right is None:
        return left is right
    if type(left) is type(right) and type(left) in (Decimal, str, bool, date):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right, spend)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _equal_contexts(left, right, spend)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(left, right)
    if isinstance(left, Function) and isinstance(right, Function):
        return left is right
    return _equal_in_time(left, right)


def _equal_in_time(left: Value, right: Value) -> bool | None:
    # The standard compares the components of a moment, and a second is a whole number.
    if isinstance(left, time | datetime) and isinstance(right, time | datetime):
        left, right = left.replace(microsecond=0), right.replace(microsecond=0)
    pair = comparable(left, right)
    if pair is not None:
        return bool(pair[0] == pair[1])
    if type(left) is type(right) and isinstance(left, time | datetime):
        return False
    return None


def _equal_lists(left: list[Value], right: list[Value], spend: Spend) -> bool | None:
    spend(len(left) + 1)
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True), spend)


def _equal_contexts(
    left: Mapping[str, Value], right: Mapping[str, Value], spend: Spend
) -> bool | None:
    spend(len(left) + 1)
    if set(left) != set(right):
        return False
    return _all_equal(((at(left, key), at(right, key)) for key in left), spend)


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.start_included, left.end_included, left.test) != (
        right.start_included,
        right.end_included,
        right.test,
    ):
        return False
    return _all_equal([(left.start, right.start), (left.end, right.end)], free)


def _all_equal(pairs: Iterable[tuple[Value, Value]], spend: Spend) -> bool | None:
    result: bool | None = True
    for left, right in pairs:
        found = equal(left, right, spend)
        if found is False:
            return False
        if found is None:
            result = None
    return result


def same(left: Value, right: Value, spend: Spend = free) -> bool:
    """Whether two values are equal for sure."""
    return equal(left, right, spend) is True


def within(value: Value, bounds: Range) -> bool | None:
    """Whether a value lies in a range; None where they cannot be compared."""
    if bounds.test == "!=":
        apart = equal(value, bounds.start)
        return None if apart is None else not apart
    missing = (bounds.start is None) + (bounds.end is None)
    if value is None or missing > bool(bounds.test):
        return None
    above = _beyond(bounds.start, value, included=bounds.start_included)
    below = _beyond(value, bounds.end, included=bounds.end_included)
    return None if above is None or below is None else above and below


def _beyond(low: Value, high: Value, *, included: bool) -> bool | None:
    """Whether low comes before high, where one of them may be open."""
    if low is None or high is None:
        return True
    pair = comparable(low, high)
    if pair is None:
        return None
    return bool(pair[0] < pair[1] or (included and pair[0] == pair[1]))


def contained(value: Value, test: Value, spend: Spend = free) -> bool | None:
    """FEEL's ``in``: equal to the test, inside its range, or to be found in its list."""
    if isinstance(test, Range):
        return equal(value, test) if isinstance(value, Range) else within(value, test)
    if isinstance(test, list):
        return _contained_in_list(value, test, spend)
    return equal(value, test, spend)


def _contained_in_list(value: Value, tests: list[Value], spend: Spend) -> bool | None:
    spend(len(tests))
    unsure = False
    for test in tests:
        found = _contained_in_item(value, test, spend)
        if found:
            return True
        unsure = unsure or (found is None and kind(test) == kind(value))
    if isinstance(value, list) and same(value, tests, spend):
        return True
    return None if unsure else False


def _contained_in_item(value: Value, test: Value, spend: Spend) -> bool | None:
    if not isinstance(test, list):
        return contained(value, test, spend)
    return equal(value, test, spend) if isinstance(value, list) else None
