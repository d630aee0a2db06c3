"""All SQL of breaches."""

from sqlalchemy import select

from base.db import Session
from base.errors import NotFound
from casework.processing.tables import Breach


class NoSuchBreach(NotFound):
    """There is no such breach."""


def breaches(tx: Session, limit: int) -> list[Breach]:
    """Open ones first, then latest known."""
    asked = select(Breach).order_by(Breach.closed.is_not(None), Breach.known.desc(), Breach.id)
    return list(tx.scalars(asked.limit(limit)))


def breach(tx: Session, breach_id: int) -> Breach:
    """Raises NoSuchBreach."""
    found = tx.get(Breach, breach_id, with_for_update=True)
    if found is None:
        raise NoSuchBreach
    return found
