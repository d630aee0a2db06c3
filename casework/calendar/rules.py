"""What stands in a feed: how many steps are due on a day, and when groups meet. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

#: Nobody says how long a meeting lasts; a calendar wants to know.
MEETING_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueDay:
    """So many of one's steps are due on a day."""

    on: date
    steps: int


@dataclass(frozen=True, slots=True)
class GroupMeeting:
    """A meeting of one of one's groups; ``begins`` is aware, in the programme's zone."""

    id: int
    group: str
    begins: datetime
    place: str
    cancelled: bool


def due_days(moments: Iterable[datetime | None], zone: str) -> tuple[DueDay, ...]:
    """By the calendar of the programme's time zone, soonest first."""
    counted: Mapping[date, int] = Counter(
        moment.astimezone(ZoneInfo(zone)).date() for moment in moments if moment is not None
    )
    return tuple(DueDay(day, counted[day]) for day in sorted(counted))


def begins(on: date, time: str, zone: str) -> datetime:
    """``time`` is hh:mm on the clocks of that zone."""
    return datetime.fromisoformat(f"{on.isoformat()}T{time}").replace(tzinfo=ZoneInfo(zone))
