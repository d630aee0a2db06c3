"""What the question about statistics shows, and the rows that answers allow."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the person may be counted one by one.

    ``state`` is that of the newest version, ``never`` before the first. ``keeper`` keeps the
    register; ``may_ask``: the question can be put now.
    """

    case_id: UUID
    number: str
    who: str | None
    keeper: str
    state: str
    consent_id: UUID | None
    until: date | None
    may_ask: bool
    restricted: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Participant:
    """A row about one person who said yes: a number and years, never a name."""

    case_id: UUID
    number: str
    group: str
    procedure: str
    opened: int
    closed: int | None


@dataclass(frozen=True, slots=True)
class Participants:
    """The register of one organisation; everybody else is in ``others``, as it may be shown."""

    keeper: str
    rows: tuple[Participant, ...]
    others: str
