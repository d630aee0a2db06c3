"""What the page of disclosure shows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the person; ``mine``: registered by the reader, so that another releases it."""

    id: int
    kind: str
    words: str
    asked: date
    due: date
    by: str
    mine: bool
    released: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told outside Samplan."""

    on: date
    to: str
    kinds: tuple[str, ...]
    channel: str
    ground: str


@dataclass(frozen=True, slots=True)
class DisclosurePage:
    """``entries`` may be left out of what the person gets, ``kinds`` are for telling others."""

    case_id: UUID
    number: str
    who: str | None
    requests: tuple[Asked, ...]
    told: tuple[Told, ...]
    entries: tuple[tuple[int, str], ...]
    kinds: tuple[tuple[str, str], ...]
