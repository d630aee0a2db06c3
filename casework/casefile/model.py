"""What a reader sees of a case: a row in a list, and the page of one case."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.alarms.actions import Alarm
from casework.casefile.files import FileRow
from casework.hearings import Hearing
from casework.leaflets import Leaflet
from casework.orders.actions import OrderLine
from casework.parts import WHOLE, Part
from casework.tasks.model import PathStep, Pressure
from casework.tasks.taking_back import Offer


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list; ``who`` as in a step's row."""

    id: UUID
    number: str
    who: str | None
    milestone: str
    lead: str | None
    group: str
    opened: datetime
    waits_for: str | None
    due: datetime | None
    pressure: Pressure
    status: str
    #: Last day of a consent that runs out soon, if one does.
    consent_ends: date | None = None


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases the reader may know of: theirs, their organisation's, or closed ones."""

    view: str
    rows: tuple[CaseRow, ...]
    counts: dict[str, int]
    query: str = ""
    part: Part = WHOLE


@dataclass(frozen=True, slots=True)
class Running:
    """A step that runs now: who has it, until when; ``task_id`` only if the reader may open it."""

    title: str
    process: str
    organisation: str | None
    holder: str | None
    due: datetime | None
    pressure: Pressure
    task_id: UUID | None


@dataclass(frozen=True, slots=True)
class Party:
    """What one organisation may know, and what not."""

    organisation: str
    may_know: tuple[str, ...]
    may_not_know: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """A consent in plain words; ``state`` is active, presented, withdrawn, expired, refused."""

    id: UUID
    purpose: str
    state: str
    parties: tuple[Party, ...]
    signed_on: date | None
    given_how: str | None
    valid_until: date | None
    exclusions: str | None
    original: str | None
    #: File of the case that shows what was signed, for those who may open it.
    scan: UUID | None = None
    #: It lets organisations tell each other something; else it is for statistics alone.
    shares: bool = True
    #: Its last day is near, and whether the reader could ask for a new version now.
    ends_soon: bool = False
    may_renew: bool = False


@dataclass(frozen=True, slots=True)
class SignedBefore:
    """A consent that held and has a later version; ``scan`` for those who may open it."""

    purpose: str
    signed_on: date
    given_how: str | None
    scan: UUID | None


@dataclass(frozen=True, slots=True)
class Measure:
    """Something somebody does towards a goal; ``state`` as confirmed or reported.

    ``may_track``: the reader's organisation answers for it and may say how it goes.
    """

    number: int
    text: str
    organisation: str | None
    person: str | None
    due: date | None
    state: str
    reason: str = ""
    may_track: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    text: str
    horizon: str
    measures: tuple[Measure, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One version of the plan. ``lacking``: what it must hold and does not, in English."""

    version: int
    state: str
    own_voice: str
    goals: tuple[Goal, ...]
    overall_responsible: str | None
    coordinator: str | None
    follow_up_on: date | None
    adopted_on: date | None
    crisis_plan: str | None
    #: Whom to call: name and number, as written in the plan.
    contacts: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    #: How many versions there are.
    of: int = 1


@dataclass(frozen=True, slots=True)
class Altered:
    """One difference between two versions, in words; empty where there was or is nothing."""

    label: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version in the list of them, with what it changed in the one before."""

    version: int
    state: str
    recorded: datetime
    by: str
    adopted_on: date | None
    altered: tuple[Altered, ...]


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """Every version of a case's plan, newest first."""

    case_id: UUID
    number: str
    who: str | None
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the timeline."""

    at: datetime
    text: str
    by: str | None
    #: Number of the release that held then; None where no step was done.
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What an organisation wrote in one step, as far as the reader may read it.

    ``hidden`` counts the kinds of information that consent keeps from this reader.
    """

    id: int
    title: str
    organisation: str
    author: str
    at: datetime
    answers: tuple[tuple[str, str], ...]
    hidden: int
    kinds: tuple[str, ...] = ()
    purpose: str = ""
    #: Number of the release whose form was answered; None where it is not known.
    version: int | None = None
    notes: tuple["NoteLine", ...] = ()
    may_correct: bool = False
    may_comment: bool = False

    @property
    def corrected(self) -> bool:
        return any(note.kind == "correction" for note in self.notes)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A correction or a comment below an entry."""

    kind: str
    text: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Struck:
    """An entry about another person, closed to everybody, and who may have read it before."""

    title: str
    at: datetime
    opened_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What was written while the case stood at one milestone, newest first."""

    milestone: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Who the person is, for those who may know; empty strings where nothing is recorded."""

    given_name: str
    family_name: str
    id_number: str
    phone: str
    address: str
    preferred_contact: str
    interpreter: str
    representative: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of one case shows to one reader.

    ``person`` and everything read from the case file is empty where consent does not reach.
    """

    id: UUID
    number: str
    pack_id: str
    who: str | None
    first_name: str
    milestone: str
    status: str
    lead: str | None
    group: str
    running: tuple[Running, ...]
    consents: tuple[ConsentCard, ...]
    #: What was signed before those, newest first.
    signed_before: tuple[SignedBefore, ...]
    plan: PlanCard | None
    timeline: tuple[Happening, ...]
    chapters: tuple[Chapter, ...]
    struck: tuple[Struck, ...]
    files: tuple[FileRow, ...]
    hearings: tuple[Hearing, ...]
    path: tuple[PathStep, ...]
    person: PersonCard | None
    #: The step that the reader could take back now.
    offer: Offer | None = None
    notice: str | None = None
    #: Identity is protected: named people alone know of the case.
    restricted: bool = False
    #: Administrators who looked in, withdrawals that no diagram heard; latest first.
    alarms: tuple[Alarm, ...] = ()
    #: By which auditors read it today.
    orders: tuple[OrderLine, ...] = ()
    #: The reader leads the case.
    leads: bool = False
    #: In which the pack words the consent that is printed and signed.
    paper_languages: tuple[str, ...] = ()
    #: What may be given to any person, to be printed.
    leaflets: tuple[Leaflet, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Of all chapters, newest first."""
        return tuple(entry for chapter in self.chapters for entry in chapter.entries)
