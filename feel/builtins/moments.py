"""Functions on dates, times and working days."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from feel import temporal
from feel.builtins.registry import builtin
from feel.calendar import Calendar
from feel.run import Nothing, Run
from feel.values import Value, kind, same

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MOST_WORKING_DAYS = 10_000


def _local_now(run: Run) -> datetime:
    if run.now is None:
        raise Nothing("no clock was given")
    return run.calendar.local(run.now) if run.calendar else run.now


@builtin("now()")
def now(run: Run) -> Value:
    return _local_now(run)


@builtin("today()")
def today(run: Run) -> Value:
    return _local_now(run).date()


@builtin("day of year(date: date)")
def day_of_year(run: Run, day: date) -> Value:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date)")
def day_of_week(run: Run, day: date) -> Value:
    return _DAYS[day.weekday()]


@builtin("month of year(date: date)")
def month_of_year(run: Run, day: date) -> Value:
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date)")
def week_of_year(run: Run, day: date) -> Value:
    return Decimal(day.isocalendar().week)


@builtin("last day of month(date: date)")
def last_day_of_month(run: Run, day: date) -> Value:
    last = day.replace(day=temporal.month_length(day.year, day.month))
    return last.date() if isinstance(last, datetime) else last


@builtin("is(value1: any?, value2: any?)")
def is_(run: Run, first: Value, second: Value) -> Value:
    if kind(first) != kind(second):
        return False
    if isinstance(first, datetime | time) and isinstance(second, datetime | time):
        return _parts(first) == _parts(second)
    return same(first, second, run.spend) or (first is None and second is None)


def _parts(moment: datetime | time) -> tuple[object, ...]:
    zone = getattr(moment.tzinfo, "key", None)
    offset = None if zone else moment.utcoffset()
    return moment.replace(tzinfo=None), zone, offset


def _calendar(run: Run) -> Calendar:
    return run.calendar or Calendar()


def _plain_day(run: Run, day: date) -> date:
    return _calendar(run).local(day).date() if isinstance(day, datetime) else day


@builtin("add working days(date: date, days: number)")
def add_working_days(run: Run, day: date, days: Decimal) -> Value:
    if days != days.to_integral_value() or abs(days) > _MOST_WORKING_DAYS:
        raise Nothing(f"the days must be a whole number up to {_MOST_WORKING_DAYS}")
    run.spend(abs(int(days)) * 2)
    start = _plain_day(run, day)
    end = _calendar(run).add_working_days(start, int(days))
    if isinstance(day, datetime):
        return _calendar(run).local(day).replace(year=end.year, month=end.month, day=end.day)
    return end


@builtin("working days between(from: date, to: date)")
def working_days_between(run: Run, start: date, end: date) -> Value:
    first, last = _plain_day(run, start), _plain_day(run, end)
    run.spend(abs((last - first).days))
    return Decimal(_calendar(run).working_days_between(first, last))


@builtin("is working day(date: date)")
def is_working_day(run: Run, day: date) -> Value:
    return _calendar(run).is_working_day(_plain_day(run, day))
