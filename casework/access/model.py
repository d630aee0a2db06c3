"""Who acts, what they want, and what the gate needs to know of a case. Values alone."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

#: Purposes for which one organisation keeps a register; no other learns anything by them.
REGISTER_PURPOSES = frozenset({"statistics"})
#: What a case is about; a group's term and a report have steps, but no person.
PERSON = "person"

#: Codes of the gate and the sentence that explains each (English source of the catalogues).
WHY = {
    "no_consent": "There is no consent in force.",
    "not_written": "The consent is not in writing.",
    "purpose": "The consent is for another purpose.",
    "party_not_named": "The consent does not name this organisation.",
    "excluded_by_person": "The person does not want this to be shared.",
    "category_not_named": "The consent does not name this kind of information.",
    "not_yours": "This is not part of your work.",
    "restricted": "Only named people may work on this case.",
    "closed": "The case is closed.",
    "read_only": "The programme is being wound up: nothing changes any more.",
    "archived": "The programme is archived.",
}


class Action(StrEnum):
    """What somebody wants with a case."""

    SEE_CASE = "see_case"
    SEE_NUMBER = "see_number"
    READ_IDENTITY = "read_identity"
    READ_CONTACT = "read_contact"
    READ_WORDS = "read_words"
    READ_ENTRY = "read_entry"
    WRITE_STEP = "write_step"
    AGENDA = "agenda"
    PLAN = "plan"
    WITHDRAW = "withdraw"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that an account holds today; unit None: the whole organisation.

    ``group_id`` ties a representative or convener to one local group.
    """

    organisation_id: int
    organisation_code: str
    unit_id: int | None
    role: str
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An auditor was ordered in writing to read an organisation's cases; both days count."""

    order_id: int
    organisation_id: int
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account and the roles it holds today."""

    account_id: int
    name: str = field(repr=False)
    language: str
    memberships: tuple[Membership, ...]
    #: What acts for the account, as audit rows name it; empty: they themselves, in a browser.
    through: str = ""
    #: In force today, where the account audits.
    orders: tuple[Order, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(membership.role for membership in self.memberships)

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(membership.organisation_id for membership in self.memberships)

    @property
    def organisation_id(self) -> int | None:
        """The organisation the account belongs to first; None for an account without any."""
        return self.memberships[0].organisation_id if self.memberships else None

    @property
    def unit_id(self) -> int | None:
        return self.memberships[0].unit_id if self.memberships else None

    @property
    def pseudonym(self) -> str:
        """How audit rows name the account."""
        return f"account:{self.account_id}"

    def holding(self, roles: Collection[str]) -> tuple[Membership, ...]:
        """The memberships with one of these roles."""
        return tuple(membership for membership in self.memberships if membership.role in roles)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part, or one unit of it; unit None: the organisation."""

    organisation_id: int
    unit_id: int | None = None

    def __lt__(self, other: "Party") -> bool:
        return (self.organisation_id, self.unit_id or 0) < (
            other.organisation_id,
            other.unit_id or 0,
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case in a role (referrer, lead): an organisation, a unit, a person."""

    organisation_id: int
    unit_id: int | None = None
    account_id: int | None = None

    @property
    def party(self) -> Party:
        return Party(self.organisation_id, self.unit_id)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one named organisation must not tell another; category '': nothing at all."""

    teller_id: int
    reader_id: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What one consent allows; both days of its period are included."""

    consent_id: UUID
    status: str
    purpose: str
    written: bool
    parties: frozenset[Party]
    categories: frozenset[str]
    excluded_categories: frozenset[str]
    valid_from: date
    valid_until: date
    exceptions: frozenset[Withheld] = frozenset()

    def in_force(self, on: date) -> bool:
        return self.status == "active" and self.valid_from <= on <= self.valid_until

    @property
    def shares(self) -> bool:
        """Whether organisations may tell each other something by it."""
        return self.purpose not in REGISTER_PURPOSES

    def names(self, party: Party) -> bool:
        """Whether this organisation, and the unit where the consent names one, is a party."""
        return any(overlap(named, party) for named in self.parties)

    def excepts(self, teller: Party, reader: Party, category: str | None) -> bool:
        """Whether the person wants the one not to tell this (None: anything) to the other."""
        return any(
            exception.teller_id == teller.organisation_id
            and exception.reader_id == reader.organisation_id
            and exception.category in ("", category)
            for exception in self.exceptions
        )


class State(StrEnum):
    """How far a programme has been wound up."""

    OPEN = "open"
    CLOSING_ONLY = "closing_only"
    READ_ONLY = "read_only"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Phases:
    """From which days a programme takes no new cases, only reads, is archived; None: not planned.

    Days of the programme's time zone; each phase begins with its day (AG-09, AG-12).
    """

    closing_from: date | None = None
    read_only_from: date | None = None
    archived_from: date | None = None

    def on(self, day: date) -> State:
        begun = State.OPEN
        for state, first in self.planned:
            if first <= day:
                begun = state
        return begun

    @property
    def planned(self) -> tuple[tuple[State, date], ...]:
        """What is to come or has come, in order."""
        days = (self.closing_from, self.read_only_from, self.archived_from)
        states = (State.CLOSING_ONLY, State.READ_ONLY, State.ARCHIVED)
        return tuple((state, day) for state, day in zip(states, days, strict=True) if day)

    def goes_on(self, day: date) -> bool:
        """Whether work on cases goes on, if only on those that there are."""
        return self.on(day) in {State.OPEN, State.CLOSING_ONLY}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the gate needs to know of a case; no person's data."""

    case_id: UUID
    procedure: str
    status: str
    referrer: Holder
    lead: Holder | None = None
    group_id: int | None = None
    #: The procedure takes nothing but written consent (pack data, kept with the case).
    written_only: bool = True
    restricted: bool = False
    #: Accounts that may work on the case in restricted mode.
    allowed_accounts: frozenset[int] = frozenset()
    consents: tuple[ConsentFacts, ...] = ()
    #: What it is about; anything but a person is a case to nobody.
    subject: str = PERSON
    #: Of the case's programme.
    phases: Phases = Phases()

    @property
    def acting_lead(self) -> Holder:
        """The lead; until there is one, the referrer."""
        return self.lead or self.referrer

    @property
    def holders(self) -> tuple[Holder, ...]:
        return (self.referrer,) if self.lead is None else (self.referrer, self.lead)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no with a code and the sentence that explains it."""

    allowed: bool
    code: str = ""

    @property
    def why_key(self) -> str:
        """The explaining sentence in English, key of the catalogues; empty for yes."""
        return WHY.get(self.code, "")


YES = Decision(True)


def no(code: str) -> Decision:
    return Decision(False, code)


def overlap(one: Party, other: Party) -> bool:
    """Whether two parties are of one organisation and not two different units of it."""
    return one.organisation_id == other.organisation_id and (
        one.unit_id is None or other.unit_id is None or one.unit_id == other.unit_id
    )
