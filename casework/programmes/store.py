"""All SQL of programmes."""

from sqlalchemy import bindparam, select

from base.db import Session
from base.errors import NotFound
from casework.programmes.tables import Participation, Programme

#: Where there is no programme yet, days are those of UTC.
_NO_ZONE = "UTC"
_JOINED = (
    select(Participation.organisation_id)
    .where(Participation.programme_id == bindparam("programme_id"))
    .order_by(Participation.id)
)


class NoSuchProgramme(NotFound):
    """There is no such programme."""


def by_code(tx: Session, code: str) -> Programme:
    """Raises NoSuchProgramme."""
    found = tx.scalars(select(Programme).where(Programme.code == code)).first()
    if found is None:
        raise NoSuchProgramme
    return found


def by_id(tx: Session, programme_id: int) -> Programme:
    """Raises NoSuchProgramme."""
    found = tx.get(Programme, programme_id)
    if found is None:
        raise NoSuchProgramme
    return found


def programmes(tx: Session) -> list[Programme]:
    """All of them, oldest first."""
    return list(tx.scalars(select(Programme).order_by(Programme.id)))


def zone(tx: Session) -> str:
    """The installation's time zone: that of its oldest programme; asked once a transaction."""
    known = tx.info.get("zone")
    if known is None:
        first = select(Programme.time_zone).order_by(Programme.id).limit(1)
        known = tx.info["zone"] = tx.scalar(first)
    return known or _NO_ZONE


def participants(tx: Session, programme_id: int) -> list[int]:
    """Ids of the organisations that take part, in the order they joined."""
    return list(tx.scalars(_JOINED, {"programme_id": programme_id}))
