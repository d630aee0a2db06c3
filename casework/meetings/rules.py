"""When an item may be taken up and concluded. Pure.

Source: GG-12 (written consent that covers every attending organisation on the meeting day), GG-24
(four things before an item is concluded), GG-09 (no personal data in general items).
"""

import re
from collections.abc import Collection

from base.errors import Conflict, Invalid

_NUMBER = re.compile(r"\b(\d{2})?\d{6}[-+ ]?\d{4}\b")
_CASE = re.compile(r"\b[A-Z]{2,5}-\d{4}-\d{3,}\b")


class NotReady(Conflict):
    """The item cannot be concluded yet."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.missing = missing


class NamesSomebody(Invalid):
    """A general item must not point at a person: leave out identity and case numbers."""


class MeetingOver(Conflict):
    """The meeting is not open for this any more."""


def require_impersonal(text: str) -> None:
    """Raises NamesSomebody for an identity number or a case number."""
    if _NUMBER.search(text) or _CASE.search(text):
        raise NamesSomebody


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
