"""What a programme may be told to be. Pure.

Source: AG-03 (who carries it), AG-08 (a decision ends it), AG-09 and AG-12 (how it winds up).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import available_timezones

from base.errors import Invalid
from base.lang import LANGUAGES
from casework.access import Phases


class BadProgramme(Invalid):
    """What was said of the programme cannot be right."""


class Part(StrEnum):
    """How an organisation takes part."""

    WORKS = "works"
    CARRIES = "carries"
    BOTH = "both"

    @property
    def works(self) -> bool:
        """Whether it works on cases."""
        return self is not Part.CARRIES

    @property
    def carries(self) -> bool:
        return self is not Part.WORKS

    @classmethod
    def of(cls, *, works: bool, carries: bool) -> "Part":
        return cls.BOTH if works and carries else cls.CARRIES if carries else cls.WORKS


@dataclass(frozen=True, slots=True)
class Told:
    """What its coordinator says of a programme; fields as in its table."""

    title: str
    purposes: str
    languages: list[str]
    time_zone: str
    starts: date | None
    ends: date | None
    closing_from: date | None
    read_only_from: date | None
    archived_from: date | None
    decision: str
    support_name: str
    support_phone: str
    support_mail: str


def require_right(told: Told, *, carriers: int) -> None:
    """Raises BadProgramme naming the first thing that is wrong."""
    if not told.title:
        raise BadProgramme("Give the programme a name.")
    if not told.languages or set(told.languages) - set(LANGUAGES):
        raise BadProgramme("Choose at least one of the languages.")
    if told.time_zone not in available_timezones():
        raise BadProgramme("There is no such time zone.")
    if told.starts and told.ends and told.ends < told.starts:
        raise BadProgramme("The programme ends before it begins.")
    _require_ending(told)
    if not (told.support_phone or told.support_mail):
        raise BadProgramme("Say how people reach the support: by telephone or by mail.")
    if carriers < 1:
        raise BadProgramme("At least one organisation carries the programme.")


def _require_ending(told: Told) -> None:
    planned = Phases(told.closing_from, told.read_only_from, told.archived_from).planned
    days = [day for _, day in planned]
    if days != sorted(days):
        raise BadProgramme("It takes no new cases first, then only reads, then is archived.")
    if days and not told.decision:
        raise BadProgramme("Ending a programme needs the reference of the decision.")
