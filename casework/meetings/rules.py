"""When an item may be taken up and concluded. Pure.

Source: GG-12 (written consent that covers every attending organisation on the meeting day), GG-24
(four things before an item is concluded).
"""

from collections.abc import Collection

from base.errors import Conflict


class NotReady(Conflict):
    """The item cannot be concluded yet."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.missing = missing


class MeetingOver(Conflict):
    """The meeting is not open for this any more."""


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
