"""What a reader sees of a group's meetings."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list; ``state`` is planned, in_session, concluded or cancelled."""

    id: int
    group: str
    on: date
    time: str
    place: str
    state: str
    individual: int
    general: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An individual item: a number; ``case_id`` and ``who`` only for those consent names.

    ``state`` is ready, blocked, in_session or concluded; ``why`` says what blocks it.
    """

    id: int
    number: int
    case_number: str
    case_id: UUID | None
    who: str | None
    organisations: tuple[str, ...]
    absent: tuple[str, ...]
    priority: str
    state: str
    code: str | None = None
    why: str | None = None
    missing: tuple[str, ...] = ()
    #: The reader convenes the group or leads the case.
    mine: bool = False


@dataclass(frozen=True, slots=True)
class GeneralItem:
    id: int
    title: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be put on the agenda: bare number; ``why`` when it may not be."""

    case_id: UUID
    number: str
    allowed: bool
    code: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """How a group's term goes; ``code`` as in `rules.Standing`."""

    group: str
    title: str
    code: str
    held: int
    booked: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Participant:
    """A seat: who sits for which organisation; ``name`` None when the seat is vacant.

    ``mine``: the reader works for it; the days say what it did after the meeting.
    """

    seat_id: int
    present: bool
    mine: bool
    documented: date | None
    passed_on: date | None
    organisation: str
    name: str | None
    deputy: str | None
    vacant_since: date | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with its agenda, for one reader."""

    id: int
    group: str
    on: date
    time: str
    place: str
    state: str
    convener: bool
    items: tuple[Item, ...]
    general: tuple[GeneralItem, ...]
    candidates: tuple[Candidate, ...]
    participants: tuple[Participant, ...]
    called: bool
    held: bool
    minutes: str
    cancelled_because: str
    notes: tuple[str, ...]
    #: Dilemmas of the group that were solved since, or are open: id, number, what, solved (GG-36).
    dilemmas: tuple[tuple[int, str, str, bool], ...]
    notice_days: int
    convening_method: str
    agenda_disclosure: str
    group_id: int
