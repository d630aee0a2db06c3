"""The moved clock of a history: days of the past, one after the other, up to the present."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from base.db import Database

_SATURDAY = 5


class Moments:
    """Pushes the clock of a database that must be movable, from and back to the real present."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database = database
        self._zone = ZoneInfo(zone)
        self._pushed = timedelta()

    @property
    def now(self) -> datetime:
        """In local time, without asking the database."""
        return (self._database.clock.now() + self._pushed).astimezone(self._zone)

    @property
    def today(self) -> date:
        return self.now.date()

    def go_to(self, day: date, at: time) -> None:
        """Never back: a moment that has passed changes nothing."""
        self._push(max(timedelta(), datetime.combine(day, at, self._zone) - self.now))

    def go_back(self, days: int) -> None:
        """To begin with."""
        self._push(-timedelta(days=days))

    def return_to_present(self) -> None:
        self._push(-self._pushed)

    def _push(self, by: timedelta) -> None:
        if by:
            self._database.push_clock(by)
            self._pushed += by


def works(day: date) -> bool:
    """Offices are open."""
    return day.weekday() < _SATURDAY


def working_day_from(day: date, days: int = 0) -> date:
    """So many days later, or on the next day after on which offices are open."""
    found = day + timedelta(days=days)
    while not works(found):
        found += timedelta(days=1)
    return found


def working_day_until(day: date) -> date:
    """That day, or the last one before on which offices are open."""
    while not works(day):
        day -= timedelta(days=1)
    return day
