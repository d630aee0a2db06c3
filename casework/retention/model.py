"""What the pages of disposal show: numbers, classes and days."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.retention.rules import Rule


@dataclass(frozen=True, slots=True)
class Row:
    """A case whose time has come, or that is on the list; ``by`` is who put it there."""

    case_id: UUID
    number: str
    kind: str
    closed: date
    by: str = ""
    at: datetime | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A case that is kept although its time may have come."""

    hold_id: int
    number: str
    reason: str
    reference: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Listing:
    """``due`` may be listed; ``waiting`` waits for a second person; ``going`` is agreed to."""

    due: tuple[Row, ...]
    more: bool
    waiting: tuple[Row, ...]
    going: tuple[Row, ...]
    erased: tuple[Row, ...]
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A class, in words."""

    title: str
    rule: Rule
    outcomes: tuple[str, ...]
