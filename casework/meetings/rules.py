"""When an item may be taken up and concluded. Pure.

Source: GG-12 (written consent that covers every attending organisation on the meeting day), GG-24
(four things before an item is concluded), GG-17 (two meetings held in each term).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from base.errors import Conflict
from casework.access import Actor


def convened(actor: Actor) -> set[int]:
    """The groups that the actor convenes."""
    return {m.group_id for m in actor.holding({"convener"}) if m.group_id is not None}


class NotReady(Conflict):
    """The item cannot be concluded yet."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.missing = missing


class MeetingOver(Conflict):
    """The meeting is not open for this any more."""


class NotCalled(Conflict):
    """The meeting is called together and minuted on its day, not before."""


class NoReason(Conflict):
    """Say why the meeting is cancelled."""


#: So many organisations must be there for a meeting to count as held.
FEWEST = 2
_WARNED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group's term goes: ``code`` is fine, none_booked, too_few or missed (GG-17)."""

    code: str
    held: int
    booked: int
    wanted: int


def held(state: str, organisations: int) -> bool:
    """A meeting counts when it was concluded with two organisations there."""
    return state == "concluded" and organisations >= FEWEST


def standing(
    first: date, last: date, wanted: int, *, held: int, booked: int, today: date
) -> Standing:
    """``booked`` are those ahead. Warns at half-term without any, and in the last thirty days."""
    code = "fine"
    if today > last:
        code = "fine" if held >= wanted else "missed"
    elif held + booked < wanted and today >= last - _WARNED_BEFORE:
        code = "too_few"
    elif held + booked == 0 and wanted and today >= first + (last - first) / 2:
        code = "none_booked"
    return Standing(code, held, booked, wanted)


#: Records that must lie in the case file before an item is concluded, beside consent; their
#: forms ask for the information material and for the follow-up meeting or why there is none.
ARTEFACTS = ("brief", "outcome")


def missing_artefacts(records: Collection[str]) -> tuple[str, ...]:
    """What GG-24 asks for and the case file does not hold."""
    return tuple(record for record in ARTEFACTS if record not in records)


def require_artefacts(records: Collection[str]) -> None:
    """Raises NotReady."""
    missing = missing_artefacts(records)
    if missing:
        raise NotReady(missing)
