"""What managers and the federation see: own steps by number, everybody else's as counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from casework.words import Words
from engine.diagram import Process

#: Whose cases a diagram counts: the manager's own, all others', or all there are.
Of = Literal["own", "others", "all"]


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A waiting step of the manager's own organisation: case number and holder, never a name."""

    id: UUID
    title: str
    case_number: str
    holder: str | None
    since: datetime
    due: datetime | None
    late: bool
    days_late: int


@dataclass(frozen=True, slots=True)
class Giving:
    """A step that the manager may hand to somebody who holds its role."""

    step: OwnStep
    colleagues: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Steps late and waiting here, steps of our cases that others have, and cases; as shown.

    ``oldest`` is since when the longest of the others' steps has waited.
    """

    late: str
    waiting: str
    cases: str
    elsewhere: str | None = None
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Cases at a milestone: ``own`` exactly (None without an own organisation), others as shown.

    ``share`` is 0 to 1 of the largest that is shown, None where nothing is.
    """

    label: str
    own: str | None
    shown: str
    share: float | None


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """Open steps of an organisation and how many of them are late, as shown."""

    label: str
    own: bool
    overdue: str
    open: str


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many cases stand at an element: number as shown, late ones, heat 0 to 4."""

    element: str
    shown: str
    late: str | None
    heat: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A diagram with the cases at each step."""

    process: str
    title: str
    of: Of
    steps: tuple[StepCount, ...]
    drawn: Process
    words: Words


@dataclass(frozen=True, slots=True)
class ReportCount:
    """One kind in the overview, every number as it may be shown; ``days`` “–” for too few."""

    title: str
    all: str
    open: str
    solved: str
    answered: str
    lifted: str
    days: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The manager's page; ``organisation`` is None for who sees counts alone."""

    organisation: str | None
    late: tuple[OwnStep, ...]
    waiting: tuple[OwnStep, ...]
    tiles: Tiles
    by_milestone: tuple[Count, ...]
    by_organisation: tuple[OrganisationCount, ...]
    processes: tuple[tuple[str, str], ...]
    heat: Heat
    reports: tuple[ReportCount, ...] = ()
    #: Mails that were not sent because they point at a person.
    refused_mails: int = 0
