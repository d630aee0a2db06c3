"""What managers and the federation see: own steps by number, everybody else's as counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A waiting step of the manager's own organisation: case number and holder, never a name."""

    id: UUID
    title: str
    case_number: str
    holder: str | None
    since: datetime
    due: datetime | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it may be shown; ``share`` is 0–1 of the largest, None where suppressed."""

    label: str
    shown: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    label: str
    own: bool
    overdue: str
    open: str


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many cases stand at an element: number as shown, late ones, heat 0–4."""

    element: str
    shown: str
    late: str | None
    heat: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the own organisation to give a step to."""

    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The manager's page."""

    organisation: str
    late: tuple[OwnStep, ...]
    waiting: tuple[OwnStep, ...]
    waiting_on_us: int
    waiting_on_others: str
    open_cases: str
    by_milestone: tuple[Count, ...]
    by_organisation: tuple[OrganisationCount, ...]
    processes: tuple[tuple[str, str], ...]
    process: str
    steps: tuple[StepCount, ...]
    colleagues: tuple[Colleague, ...]
