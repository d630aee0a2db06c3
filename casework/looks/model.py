"""What the pages about looks show."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Line:
    """What an organisation saw on a day; ``who`` only where it lets its staff be named."""

    what: str
    times: int
    who: str


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation's looks on one day."""

    organisation: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """Who has looked at one case, latest day first; ``more``: there was more than is shown.

    ``refused`` counts tries that were refused, by organisation.
    """

    case_id: UUID
    number: str
    who: str | None
    days: tuple[Day, ...]
    refused: tuple[tuple[str, int], ...]
    more: bool
