"""What a demonstration tells: cases, meetings, how fast people work, and what they answer.

Read from ``demonstration/*.toml`` of a pack; ``history.toml`` explains the format. Nothing here
knows a form or a step: which form gets which answers is said by the files.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from base.errors import Invalid

FOLDER = "demonstration"
#: Pace of what the files do not name: lowest and highest count of days.
_OTHER = "other"

Row = Mapping[str, Any]
Days = tuple[int, int]


class BadStory(Invalid):
    """The demonstration's files do not fit together."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody tells a case: a message, not before so many days after its beginning."""

    message: str
    day: int
    answers: Row


@dataclass(frozen=True, slots=True)
class Tale:
    """One case: who it is about, who raises it how many days ago, and what is special."""

    row: Row = field(repr=False)
    group: str
    raised_by: str
    begins: int
    #: Nobody has done anything in the last so many days.
    until: int
    parties: tuple[str, ...]
    story: str
    says: tuple[Said, ...]
    #: Steps that nobody does: element, or element@organisation.
    leaves: frozenset[str]
    #: Steps of which only a draft is kept.
    drafts: frozenset[str]
    #: User names of those who are named on the case besides whoever raises it, if restricted.
    knows: tuple[str, ...]
    pace: Mapping[str, Days]
    answers: Mapping[str, Row]

    @property
    def alias(self) -> str:
        """What tells this case from the others in the files."""
        return str(self.row["alias"])


@dataclass(frozen=True, slots=True)
class Round:
    """How often a local group meets, and the questions without a person it talks about."""

    group: str
    next_in: int
    every: int
    time: str
    place: str
    general: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Everything a demonstration tells."""

    seed: int
    most_on_agenda: int
    #: Days between putting a case on an agenda and the meeting, at least.
    notice: int
    #: How many days ahead a meeting is planned.
    ahead: int
    #: The share of open steps that somebody has taken in the end.
    taken: float
    pace: Mapping[str, Days]
    lets: Mapping[str, Any]
    answers: Mapping[str, Sequence[Row]]
    stories: Mapping[str, Row]
    voices: Sequence[Row]
    rounds: tuple[Round, ...]
    tales: tuple[Tale, ...]

    def pace_of(self, tale: Tale, what: str) -> tuple[Days, bool]:
        """Days until something is done, and whether it is done when due at the latest."""
        if what in tale.pace:
            return tale.pace[what], False
        return self.pace.get(what, self.pace[_OTHER]), True

    def dice(self, tale: Tale, what: str) -> Random:
        """The same throws each time the history is told."""
        return Random(f"{self.seed}/{tale.alias}/{what}")  # noqa: S311


def read(pack_folder: Path) -> History:
    """Raises BadStory."""
    told: dict[str, Any] = {}
    for path in sorted((pack_folder / FOLDER).glob("*.toml")):
        for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            told[key] = [*told[key], *value] if isinstance(told.get(key), list) else value
    try:
        return _history(told)
    except (KeyError, TypeError) as error:
        raise BadStory(f"The demonstration lacks {error}.") from error


def _history(told: Mapping[str, Any]) -> History:
    history = told["history"]
    answers: dict[str, list[Row]] = {}
    for row in told["answers"]:
        answers.setdefault(row["form"], []).append(row["give"])
    return History(
        seed=history["seed"],
        most_on_agenda=history["most_on_agenda"],
        notice=history["notice"],
        ahead=history["ahead"],
        taken=history["taken"],
        pace=_pace(told["pace"]),
        lets=told.get("let", {}),
        answers=answers,
        stories=told["stories"],
        voices=told["voices"],
        rounds=tuple(_round(row) for row in told["meetings"]),
        tales=tuple(_tale(row, told) for row in told["cases"]),
    )


def _round(row: Row) -> Round:
    return Round(
        group=row["group"],
        next_in=row["next_in"],
        every=row["every"],
        time=row["time"],
        place=row["place"],
        general=tuple(row.get("general", ())),
    )


def _tale(row: Row, told: Mapping[str, Any]) -> Tale:
    if row["story"] not in told["stories"]:
        raise BadStory(f"There is no story {row['story']}.")
    return Tale(
        row=row,
        group=row["group"],
        raised_by=row["raised_by"],
        begins=row["begins"],
        until=row.get("until", 0),
        parties=tuple(row["parties"]),
        story=row["story"],
        says=tuple(_said(said) for said in row.get("says", told["history"]["says"])),
        leaves=frozenset(row.get("leaves", ())),
        drafts=frozenset(row.get("drafts", ())),
        knows=tuple(row.get("knows", ())),
        pace=_pace(row.get("pace", {})),
        answers=row.get("answers", {}),
    )


def _said(told: str | Row) -> Said:
    if isinstance(told, str):
        return Said(told, 0, {})
    return Said(told["message"], told.get("day", 0), told.get("answers", {}))


def _pace(told: Row) -> dict[str, Days]:
    return {
        name: (days, days) if isinstance(days, int) else (days[0], days[1])
        for name, days in told.items()
    }
