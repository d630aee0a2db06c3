"""Working days of the place where the work is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time zone, the ISO weekdays (1 is Monday) that are worked, and the days that are not."""

    timezone: str = "UTC"
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people are at work on that day."""
        return day.isoweekday() in self.working_days and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that lies ``count`` working days after (before, if negative) a day.

        Zero gives the day itself, or the next working day where it is none.
        Raises OverflowError at the end of the calendar, ValueError if no day is worked.
        """
        self._require_a_working_day()
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        left = abs(count)
        while left or not self.is_working_day(day):
            day += step
            if left and self.is_working_day(day):
                left -= 1
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative if end is first."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))

    def local(self, moment: datetime) -> datetime:
        """That moment as the clock on the wall shows it."""
        return moment.astimezone(ZoneInfo(self.timezone)) if moment.tzinfo else moment

    def _require_a_working_day(self) -> None:
        if not self.working_days & frozenset(range(1, 8)):
            raise ValueError("The calendar has no working day.")
