"""The log of breaches.

Source: GDPR article 33.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed
from casework import personal
from casework.access import Actor
from casework.audit import actions as audit
from casework.processing import store
from casework.processing.tables import Breach

#: Who keeps the log of breaches.
KEEPERS = frozenset({"auditor", "federation"})
#: GDPR article 33: hours from knowing to telling the authority.
HOURS = 72
_SHOWN = 100


class NothingSaid(Invalid):
    """Say what happened, and about how many people it concerns."""


class NoReference(Invalid):
    """Give the reference of the report, or say why none is needed."""


class Told(Conflict):
    """This has been reported already."""


@dataclass(frozen=True, slots=True)
class BreachRow:
    """``hours`` left until it must have been told; negative: too late."""

    id: int
    known: datetime
    what: str
    people: int
    hours: int | None
    reported: datetime | None
    reference: str


def breaches(tx: Session, actor: Actor) -> tuple[BreachRow, ...]:
    """Raises NotAllowed."""
    _require_keeper(actor)
    now = clock.now(tx)
    return tuple(
        BreachRow(
            id=one.id,
            known=one.known,
            what=one.what,
            people=one.people,
            hours=None if one.reported else _hours_left(one.known, now),
            reported=one.reported,
            reference=one.reference,
        )
        for one in store.breaches(tx, _SHOWN)
    )


def note_breach(tx: Session, actor: Actor, what: str, people: int) -> None:
    """The clock begins now. Raises NothingSaid, PointsAtSomebody."""
    _require_keeper(actor)
    if not what.strip() or people < 0:
        raise NothingSaid
    kinds = personal.found(what, names=())
    if kinds:
        raise personal.PointsAtSomebody(kinds)
    now = clock.now(tx)
    row = Breach(known=now, what=what.strip(), people=people, by=actor.account_id, at=now)
    tx.add(row)
    tx.flush()
    audit.write_by(tx, actor, "breach.note", target=f"breach:{row.id}", detail={"people": people})


def report_breach(tx: Session, actor: Actor, breach_id: int, reference: str) -> None:
    """It has been told to the authority, or need not be. Raises NoReference, Told."""
    _require_keeper(actor)
    if not reference.strip():
        raise NoReference
    found = store.breach(tx, breach_id)
    if found.reported is not None:
        raise Told
    found.reported = found.closed = clock.now(tx)
    found.reference = reference.strip()
    audit.write_by(tx, actor, "breach.report", target=f"breach:{breach_id}")


def _require_keeper(actor: Actor) -> None:
    if actor.roles.isdisjoint(KEEPERS):
        raise NotAllowed(code="role")


def _hours_left(known: datetime, now: datetime) -> int:
    return int((known + timedelta(hours=HOURS) - now).total_seconds() // 3600)
