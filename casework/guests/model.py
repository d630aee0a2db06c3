"""What a guest sees, and what whoever invites guests sees."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from forms import Row


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh invitation; link and code are shown once and kept nowhere."""

    guest: str
    link: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuestRow:
    """Somebody who was invited; ``state`` is waiting, entered or ended."""

    id: int
    guest: str
    state: str
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuestsPage:
    """The guests of an item, and whom consent would let be invited: keys and names."""

    meeting_id: int
    item_id: int
    number: int
    case_number: str
    on: date
    guests: tuple[GuestRow, ...]
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What an organisation wrote for the consultation, as far as the guest may read it."""

    title: str
    organisation: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The form with which a guest writes; ``spoken``: the language it is in."""

    title: str
    rows: tuple[Row, ...] = field(repr=False)
    spoken: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The one page that exists for a guest; ``asked`` None: they only read."""

    case_id: UUID
    pack_id: str
    organisation_id: int | None
    guest: str
    group: str
    on: date
    time: str
    place: str
    number: int
    who: str | None
    until: date
    organisations: tuple[str, ...]
    written: tuple[Written, ...]
    asked: Asked | None
