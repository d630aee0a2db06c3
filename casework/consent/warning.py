"""When a consent runs out so soon that whoever leads the case is warned.

Source: domain.md D6 `consent_expiry_warning`, a deadline of the pack.
"""

from datetime import date

from base.db import Session
from casework.access import ConsentFacts
from casework.application import Application
from engine import runtime

_DEADLINE = "consent_expiry_warning"


def warned_until(tx: Session, app: Application, today: date) -> date | None:
    """A consent whose last day is this one or earlier runs out soon; None: nobody is warned."""
    return runtime.day_after(tx, app.pack_id, _DEADLINE, today) if app.pack_id else None


def soon(held: ConsentFacts, today: date, until: date | None) -> bool:
    """Whether it is in force, lets organisations talk, and runs out by that day."""
    return until is not None and held.shares and held.in_force(today) and held.valid_until <= until
