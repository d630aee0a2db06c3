"""What the pages about seats show."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of a group: who sits there, who stands in, or since when nobody does.

    ``waiting``: appointed, and has not acknowledged it. ``late``: vacant for too long.
    """

    id: int
    organisation: str
    unit: str
    name: str | None
    until: date | None
    waiting: bool
    deputy: str | None
    vacant_since: date | None
    late: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A local group with its seats; ``mine``: the reader sits in it or convenes it."""

    id: int
    title: str
    convener: str | None
    seats: tuple[SeatLine, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One person's time in a seat, for its page."""

    id: int
    name: str
    deputy: bool
    valid_from: date
    valid_until: date | None
    acknowledged: bool
    over: bool


@dataclass(frozen=True, slots=True)
class SeatPage:
    """A seat as whoever appoints there sees it."""

    line: SeatLine
    group: str
    terms: tuple[Term, ...]
    colleagues: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What somebody has been appointed to and must acknowledge before it opens anything."""

    id: int
    group: str
    organisation: str
    unit: str
    deputy: bool
    valid_from: date
    valid_until: date | None
    appointed: datetime
    appointed_by: str | None


@dataclass(frozen=True, slots=True)
class News:
    """A change that the reader has not said they have read."""

    id: int
    kind: str
    at: datetime
    on: date
    group: str
    organisation: str
    unit: str
    name: str | None
    deputy: bool
