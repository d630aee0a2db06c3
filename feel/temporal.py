"""Dates, times and durations: how they are written, and how they add up."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from feel.values import Duration, Value, YearsMonthsDuration, instant

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+/-]+)?", re.ASCII
)
_DAYS = re.compile(
    r"(-)?P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII
)
_MONTHS = re.compile(r"(-)?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_LONGEST = 80
_FARTHEST_ZONE = timedelta(hours=18)
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo | None:
    """The time zone of that IANA name; None if there is none."""
    return ZoneInfo(name) if name in _zones() else None


def offset_zone(offset: timedelta) -> tzinfo | None:
    """A zone that lies that far from UTC; None beyond eighteen hours."""
    if abs(offset) > _FARTHEST_ZONE:
        return None
    return timezone(offset) if offset else UTC


def _read_zone(text: str) -> tzinfo | None:
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return zone(text[1:])
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or (rest and rest[0] > 59):
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=rest[0] if rest else 0)
    return offset_zone(-offset if text[0] == "-" else offset)


def _microseconds(digits: str | None) -> int:
    return int((digits or "0")[:6].ljust(6, "0"))


def read_date(text: str) -> date | None:
    """A date such as 2027-02-01; None if it is none."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """A time such as 09:30:00, with an offset or a zone where one is written."""
    found = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    hour, minute, second, fraction, where = found.groups()
    place = _read_zone(where) if where else None
    if where and place is None:
        return None
    if (hour, minute, second) == ("24", "00", "00"):
        hour = "00"
    try:
        return time(int(hour), int(minute), int(second), _microseconds(fraction), place)
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """A date and time such as 2027-02-01T09:30:00Z; a date alone is its midnight."""
    day_text, mark, time_text = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    if not mark:
        return datetime.combine(day, time())
    clock = read_time(time_text)
    if clock is None:
        return None
    try:
        extra = _ONE_DAY if time_text.startswith("24") else timedelta()
        return datetime.combine(day, clock) + extra
    except OverflowError:
        return None


def read_duration(text: str) -> Duration | None:
    """A duration such as P14D, PT8H30M or P1Y6M; None if it is none."""
    if len(text) > _LONGEST:
        return None
    found = _MONTHS.fullmatch(text)
    if found:
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearsMonthsDuration(-total if sign else total)
    found = _DAYS.fullmatch(text)
    if not found:
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_microseconds(fraction),
        )
    except OverflowError:
        return None
    return -length if sign else length


def read_any(text: str) -> Value:
    """What an ``@"…"`` literal stands for; None if it is nothing of the kind."""
    for read in (read_date, read_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return read_moment(text) if "T" in text else None


def _write_zone(place: tzinfo | None, offset: timedelta | None) -> str:
    if place is None:
        return ""
    if isinstance(place, ZoneInfo):
        return f"@{place.key}"
    seconds = int((offset or timedelta()).total_seconds())
    if not seconds:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text


def _write_clock(moment: time | datetime) -> str:
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    clock = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}{fraction}"
    return clock + _write_zone(moment.tzinfo, moment.utcoffset())


def write_time(clock: time) -> str:
    """The time as FEEL writes it."""
    return _write_clock(clock)


def write_moment(moment: datetime) -> str:
    """The date and time as FEEL writes it."""
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{_write_clock(moment)}"


def write_days(length: timedelta) -> str:
    """The duration in ISO 8601, largest units first."""
    sign = "-" if length < timedelta() else ""
    length = abs(length)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    day_part = f"{length.days}D" if length.days else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    if not day_part and not clock:
        return "PT0S"
    return f"{sign}P{day_part}" + (f"T{clock}" if clock else "")


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month.

    Raises OverflowError beyond the years 1 to 9999. Keeps the time of a datetime.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= years <= 9999:
        raise OverflowError
    return day.replace(
        year=years, month=month + 1, day=min(day.day, month_length(years, month + 1))
    )


def month_length(year: int, month: int) -> int:
    """How many days that month has."""
    following = (12, 31) if month == 12 else (month + 1, 1)
    return 31 if month == 12 else (date(year, *following) - date(year, month, 1)).days


def later(moment: date, length: Duration) -> date:
    """A date or moment after a duration; zones are left and entered as instants.

    Raises OverflowError at the end of the calendar.
    """
    if isinstance(length, YearsMonthsDuration):
        return add_months(moment, length.months)
    if not isinstance(moment, datetime):
        return (datetime.combine(moment, time()) + length).date()
    if moment.tzinfo is None:
        return moment + length
    return (instant(moment) + length).astimezone(moment.tzinfo)


def later_time(clock: time, length: timedelta) -> time:
    """The time on the clock after a duration, around midnight if need be."""
    moved = datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None)) + (length % _ONE_DAY)
    return moved.time().replace(tzinfo=clock.tzinfo)


def midnight(day: date) -> datetime:
    """A date as the moment in UTC at which it begins; a moment stays itself."""
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def between(end: Value, start: Value) -> timedelta | None:
    """The days and time from start to end; None if only one of them has a zone."""
    if isinstance(end, time):
        ends, starts = (datetime.combine(date(2000, 1, 1), clock) for clock in (end, start))
    elif isinstance(end, datetime) or isinstance(start, datetime):
        ends, starts = midnight(end), midnight(start)
    else:
        difference: timedelta = end - start
        return difference
    if (ends.tzinfo is None) != (starts.tzinfo is None):
        return None
    return instant(ends) - instant(starts)


def months_between(start: date, end: date) -> YearsMonthsDuration:
    """The whole months from start to end."""
    if (isinstance(start, datetime) and isinstance(end, datetime)) and (
        (start.tzinfo is None) == (end.tzinfo is None)
    ):
        backwards = instant(end) < instant(start)
    else:
        backwards = _day(end) < _day(start)
    if backwards:
        return YearsMonthsDuration(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    if _within_month(end) < _within_month(start):
        months -= 1
    return YearsMonthsDuration(max(months, 0))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _within_month(moment: date) -> tuple[int, time]:
    clock = moment.time() if isinstance(moment, datetime) else time()
    return (moment.day, clock)


def seconds_of(length: timedelta) -> Decimal:
    """The duration in seconds, exactly."""
    whole = length.days * 86_400 + length.seconds
    return Decimal(whole) + Decimal(length.microseconds).scaleb(-6)


def days_duration(seconds: Decimal) -> timedelta:
    """A duration of so many seconds. Raises OverflowError where it is too long."""
    if abs(seconds) > 86_400 * 999_999_999:
        raise OverflowError
    whole = int(seconds)
    return timedelta(seconds=whole, microseconds=int((seconds - whole) * 1_000_000))
