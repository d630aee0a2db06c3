"""When a timer is due: our own reckoning, from the command's moment and the pack's calendar.

SpiffWorkflow's timers read the machine's clock and its time zone; ours never do.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import StepFailed
from engine.reasons import reason
from feel.calendar import Calendar
from feel.temporal import read_date, read_duration, read_moment
from feel.values import YearsMonthsDuration

_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``due`` next; then every ``every``, ``left`` more times (None: for ever).

    Each repetition is reckoned from ``first``, of which ``due`` is the ``turn``-th after: a month
    without a 31st or a night without its second hour does not move those that follow.
    """

    due: datetime
    every: timedelta | YearsMonthsDuration
    left: int | None
    first: datetime
    turn: int = 0


def moment_of(value: Any, now: datetime, calendar: Calendar, place: str) -> datetime:
    """The moment a date, a moment or a duration from now means, in UTC. Raises StepFailed.

    A date means its first minute where the work is done; so does a moment without zone.
    """
    if isinstance(value, str):
        value = _read(value.strip())
    try:
        if isinstance(value, datetime):
            return _aware(value, calendar).astimezone(UTC)
        if isinstance(value, date):
            return _aware(datetime.combine(value, time()), calendar).astimezone(UTC)
        if isinstance(value, timedelta | YearsMonthsDuration):
            return later(now, value, calendar)
    except (OverflowError, ValueError) as error:
        raise StepFailed(place, reason("beyond")) from error
    raise StepFailed(place, reason("no_moment"))


def later(start: datetime, by: timedelta | YearsMonthsDuration, calendar: Calendar) -> datetime:
    """Whole days, months and years keep the time on the wall; shorter spans are exact."""
    local = calendar.local(start)
    if isinstance(by, timedelta):
        if by % _DAY:
            return (start + by).astimezone(UTC)
        wall = local.replace(tzinfo=None) + by
    else:
        wall = _add_months(local.replace(tzinfo=None), by.months)
    return wall.replace(tzinfo=ZoneInfo(calendar.timezone)).astimezone(UTC)


def rhythm_of(value: Any, now: datetime, calendar: Calendar, place: str) -> Rhythm:
    """A cycle such as R3/PT1H or R/2027-02-01T08:00:00Z/P1D, or a duration without end."""
    if isinstance(value, timedelta | YearsMonthsDuration):
        return _checked(Rhythm(later(now, value, calendar), value, None, now, 1), place)
    found = _CYCLE.fullmatch(value.strip()) if isinstance(value, str) else None
    every = read_duration(found.group(3)) if found else None
    if found is None or every is None:
        raise StepFailed(place, reason("no_cycle"))
    first = found.group(2)
    times = int(found.group(1)) if found.group(1) else None
    left = None if times is None else max(times - 1, 0)
    if first:
        due = moment_of(first, now, calendar, place)
        return _checked(Rhythm(due, every, left, due), place)
    return _checked(Rhythm(later(now, every, calendar), every, left, now, 1), place)


def after(rhythm: Rhythm, now: datetime, calendar: Calendar) -> Rhythm | None:
    """The next repetition after ``now``; those missed meanwhile count as one. None: no more."""
    due, left, turn = rhythm.due, rhythm.left, rhythm.turn
    passed = _surely_missed(rhythm, now)
    while due <= now and left != 0:
        step = max(passed, 1) if left is None else min(max(passed, 1), left)
        turn, passed = turn + step, 0
        due = _nth(rhythm.first, rhythm.every, turn, calendar)
        left = None if left is None else left - step
    return replace(rhythm, due=due, left=left, turn=turn) if due > now else None


def _surely_missed(rhythm: Rhythm, now: datetime) -> int:
    """So many repetitions were due before now, perhaps a few more; none are walked one by one."""
    waited = now - rhythm.due
    if isinstance(rhythm.every, YearsMonthsDuration):
        return waited.days // (31 * rhythm.every.months) - 1
    return waited // rhythm.every - 2


def _nth(
    first: datetime, every: timedelta | YearsMonthsDuration, turn: int, calendar: Calendar
) -> datetime:
    if isinstance(every, YearsMonthsDuration):
        return later(first, YearsMonthsDuration(every.months * turn), calendar)
    # Two times twelve hours are no day: on two nights of the year they end at another hour.
    return first + every * turn if every % _DAY else later(first, every * turn, calendar)


def _checked(rhythm: Rhythm, place: str) -> Rhythm:
    if isinstance(rhythm.every, timedelta) and rhythm.every < timedelta(minutes=1):
        raise StepFailed(place, reason("fast_cycle"))
    if isinstance(rhythm.every, YearsMonthsDuration) and rhythm.every.months < 1:
        raise StepFailed(place, reason("back_cycle"))
    return rhythm


def _read(text: str) -> Any:
    found: Any = read_duration(text)  # no time at all is a duration, too
    return found if found is not None else read_date(text) or read_moment(text)


def _aware(moment: datetime, calendar: Calendar) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(calendar.timezone))


def _add_months(wall: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last day."""
    count = wall.year * 12 + wall.month - 1 + months
    year, month = divmod(count, 12)
    for day in range(wall.day, 27, -1):
        try:
            return wall.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return wall.replace(year=year, month=month + 1)
