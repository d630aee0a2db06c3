"""The only place that asks the operating system for the time.

A transaction has one moment: every row it writes carries the same time, and a demonstration or a
test can move it (`Database` adds the offset kept in the database).
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from base.db import Clock, Session

__all__ = ["Clock", "Fixed", "SystemClock", "now", "today", "unmoved"]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251


class Fixed:
    """A clock that stands still until it is moved; for tests and for playing scenarios."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def move(self, by: timedelta) -> None:
        self._moment += by

    def set(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)


def now(tx: Session) -> datetime:
    """The moment of this transaction, aware, in UTC."""
    moment: datetime = tx.info["now"]
    return moment


def unmoved(tx: Session) -> datetime:
    """The moment that telephones and other servers agree on, however far the clock was pushed."""
    shared: Clock = tx.info["clock"]
    return shared.now()


def today(tx: Session, zone: str) -> date:
    """The calendar day of this transaction in the given time zone."""
    return now(tx).astimezone(ZoneInfo(zone)).date()
