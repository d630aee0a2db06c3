"""What readers see of reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.parts import Part
from forms import Row


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the register; ``reporter`` None where the reader may not know."""

    id: int
    number: str
    kind: str
    type: str
    area: str
    happened: str
    status: str
    filed: datetime
    reporter: str | None
    reference: str
    late: bool


@dataclass(frozen=True, slots=True)
class Register:
    """A part of the register, and what it was narrowed to; ``whole``: not only one's own."""

    rows: tuple[ReportRow, ...]
    part: Part
    kinds: tuple[tuple[str, str], ...]
    kind: str
    status: str
    whole: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report; ``said`` are its texts by what they are, empty ones left out."""

    row: ReportRow
    said: tuple[tuple[str, str], ...]
    organisations: tuple[str, ...]
    answers: tuple[tuple[str, str, datetime], ...]
    step: str | None
    anonymous: bool
    acknowledged: datetime | None
    closed: datetime | None
    keeper: bool


@dataclass(frozen=True, slots=True)
class NewReport:
    """The page on which somebody reports something."""

    kind: str
    title: str
    help: str
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    errors: Mapping[str, str]
    about: str | None
    key: str
