"""What a caseworker sees of steps: rows of a list, and the page of one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from casework.leaflets import Leaflet
from casework.parts import WHOLE, Part
from forms import Row
from forms.model import Form


class View(StrEnum):
    """Whose steps a list shows."""

    MINE = "mine"
    ORGANISATION = "organisation"
    OTHERS = "others"
    DONE = "done"


class Pressure(StrEnum):
    """How a due date presses: late, soon (today or tomorrow), or not."""

    LATE = "late"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One step in a list.

    ``who`` is the person's name, an alias in quotes before consent, or None where the reader may
    know the number alone; ``holder`` is who has taken it, None when nobody has.
    """

    id: UUID
    title: str
    case_id: UUID
    case_number: str
    who: str | None
    process: str
    organisation: str | None
    holder: str | None
    mine: bool
    due: datetime | None
    pressure: Pressure
    days_late: int
    unread: bool = False


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of steps: what to begin with, then by how soon it is due."""

    view: View
    first: TaskRow | None
    late: tuple[TaskRow, ...]
    this_week: tuple[TaskRow, ...]
    later: tuple[TaskRow, ...]
    counts: Mapping[View, int]
    late_count: int
    query: str = ""
    part: Part = WHOLE

    @property
    def rows(self) -> tuple[TaskRow, ...]:
        """All of them, in order."""
        first = () if self.first is None else (self.first,)
        return (*first, *self.late, *self.this_week, *self.later)


@dataclass(frozen=True, slots=True)
class PathStep:
    """A milestone of the case: passed, reached now, or ahead; ``notes`` says who has answered."""

    title: str
    state: str
    on: date | None = None
    notes: tuple["PathNote", ...] = ()


@dataclass(frozen=True, slots=True)
class PathNote:
    """“Försäkringskassan has answered”; ``state`` is done, waiting or late."""

    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ConsentBrief:
    """What the reader's organisation may know, said in words; None fields are not known yet."""

    person: str
    purpose: str
    until: date | None
    may_know: tuple[str, ...]
    may_not_know: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """All that the page of one step shows to one reader."""

    id: UUID
    title: str
    guidance: str
    case_id: UUID
    case_number: str
    pack_id: str
    who: str | None
    organisation: str | None
    holder: str | None
    mine: bool
    can_take: bool
    can_give: bool
    due: datetime | None
    pressure: Pressure
    form: Form | None
    rows: tuple[Row, ...]
    errors: Mapping[str, str]
    path: tuple[PathStep, ...]
    next_steps: tuple[str, ...]
    consent: ConsentBrief | None
    lead: str | None
    lead_contact: str | None
    process: str
    element: str
    key: str
    #: The language that title, guidance and form are in.
    spoken: str
    #: Else it is about a group or a report, and there is no case to open.
    about_person: bool = True
    saved_draft: datetime | None = None
    others: tuple[tuple[int, str], ...] = ()
    #: What is given to the person in this step, to be printed.
    leaflets: tuple[Leaflet, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Completed:
    """The step is done; ``next_task`` waits for the same person in the same case, if any does."""

    case_id: UUID
    next_task: UUID | None
