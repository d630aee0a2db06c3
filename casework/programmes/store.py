"""All SQL of programmes."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select

from base import ready
from base.db import Session
from base.errors import NotFound
from casework.access import Phases
from casework.organisations.tables import Organisation
from casework.programmes.tables import Participation, Programme

#: Where there is no programme yet, days are those of UTC.
NO_ZONE = "UTC"
_PHASES = select(
    Programme.id, Programme.closing_from, Programme.read_only_from, Programme.archived_from
)
_NAMED = (
    select(Organisation.code, Organisation.title)
    .join(Participation, Participation.organisation_id == Organisation.id)
    .where(Participation.programme_id == bindparam("programme_id"), Participation.works)
    .order_by(Organisation.title, Organisation.id)
)
_JOINED = (
    select(Participation.organisation_id)
    .where(Participation.programme_id == bindparam("programme_id"), Participation.works)
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


def phases(tx: Session, ids: Collection[int]) -> Mapping[int, Phases]:
    """When each winds up; each is asked for once a transaction."""
    known: dict[int, Phases] = tx.info.setdefault("phases", {})
    wanted = {each for each in ids if each not in known}
    if wanted:
        # There are few, and a list would be written into the statement each time.
        for row in ready.rows(tx, _PHASES, {}):
            known[row[0]] = Phases(*row[1:])
    return known


def participations(tx: Session, programme_id: int) -> list[Participation]:
    """In the order they joined."""
    asked = select(Participation).where(Participation.programme_id == programme_id)
    return list(tx.scalars(asked.order_by(Participation.id)))


def leave(tx: Session, participation: Participation) -> None:
    tx.delete(participation)


def zone(tx: Session) -> str:
    """The installation's time zone: that of its oldest programme; asked once a transaction."""
    known = tx.info.get("zone")
    if known is None:
        first = select(Programme.time_zone).order_by(Programme.id).limit(1)
        known = tx.info["zone"] = tx.scalar(first)
    return known or NO_ZONE


def participants_named(tx: Session, programme_id: int) -> list[tuple[str, str]]:
    """Codes and titles of the `participants`, by title."""
    rows = ready.rows(tx, _NAMED, {"programme_id": programme_id})
    return [(code, title) for code, title in rows]


def participants(tx: Session, programme_id: int) -> list[int]:
    """Ids of the organisations that work on its cases, in the order they joined."""
    return list(tx.scalars(_JOINED, {"programme_id": programme_id}))
