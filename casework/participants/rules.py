"""What a consent to statistics is. Pure.

Source: domain.md §3.3 C4 (a document and an answer of its own), §5 (named row, else anonymous).
"""

from datetime import date, timedelta

from casework.access import Party
from casework.consent.rules import MAX_VALIDITY, Scope

PURPOSE = "statistics"
#: The file of the pack that words the question; a pack without it does not ask.
TEXT = "statistics"
#: What the register holds is of no kind that a consent to share names.
_KIND = "other"


def scope_for(keeper: int, today: date) -> Scope:
    """One organisation keeps the register, for as long as a consent may last."""
    return Scope(
        purpose=PURPOSE,
        parties=frozenset({Party(keeper)}),
        categories=frozenset({_KIND}),
        valid_from=today,
        valid_until=today + MAX_VALIDITY - timedelta(days=1),
    )
