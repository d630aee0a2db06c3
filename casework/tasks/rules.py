"""How a due date presses and what is meant by this week. Pure."""

from datetime import date, datetime, timedelta

from casework.tasks.model import Pressure

_SOON = timedelta(days=1)
_WEEK = timedelta(days=7)


def pressure(due: datetime | None, now: datetime, *, day: date | None, today: date) -> Pressure:
    """``day`` is the due date in the programme's time zone."""
    if due is None or day is None:
        return Pressure.NONE
    if due < now:
        return Pressure.LATE
    return Pressure.SOON if day - today <= _SOON else Pressure.NONE


def days_late(day: date | None, today: date) -> int:
    """Whole days after the due day; 0 on the day itself."""
    return 0 if day is None else max(0, (today - day).days)


def this_week(day: date | None, today: date) -> bool:
    return day is not None and day - today <= _WEEK
