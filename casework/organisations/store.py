"""All SQL of the directory."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from base.db import Session
from base.errors import NotFound
from casework.organisations.tables import LocalGroup, Organisation, Seat, Unit

_BY_TITLE = select(Organisation).order_by(Organisation.title, Organisation.id)


class NoSuchOrganisation(NotFound):
    """There is no such organisation."""


class NoSuchUnit(NotFound):
    """There is no such unit."""


class NoSuchGroup(NotFound):
    """There is no such local group."""


def organisation(tx: Session, code: str) -> Organisation:
    """Raises NoSuchOrganisation."""
    found = tx.scalars(select(Organisation).where(Organisation.code == code)).first()
    if found is None:
        raise NoSuchOrganisation
    return found


def unit(tx: Session, organisation_id: int, code: str) -> Unit:
    """Raises NoSuchUnit."""
    found = tx.scalars(
        select(Unit).where(Unit.organisation_id == organisation_id, Unit.code == code)
    ).first()
    if found is None:
        raise NoSuchUnit
    return found


def group(tx: Session, code: str) -> LocalGroup:
    """Raises NoSuchGroup."""
    found = tx.scalars(select(LocalGroup).where(LocalGroup.code == code)).first()
    if found is None:
        raise NoSuchGroup
    return found


def group_by_id(tx: Session, group_id: int) -> LocalGroup:
    """Raises NoSuchGroup."""
    found = tx.get(LocalGroup, group_id)
    if found is None:
        raise NoSuchGroup
    return found


def organisations(tx: Session) -> list[Organisation]:
    """All of them, by title."""
    return list(tx.scalars(_BY_TITLE))


def organisations_by_id(tx: Session, ids: Collection[int]) -> Mapping[int, Organisation]:
    found = tx.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {organisation.id: organisation for organisation in found}


def units(tx: Session, organisation_ids: Collection[int] | None = None) -> list[Unit]:
    """Of these organisations, or all, by title."""
    asked = select(Unit).order_by(Unit.title, Unit.id)
    if organisation_ids is not None:
        asked = asked.where(Unit.organisation_id.in_(organisation_ids))
    return list(tx.scalars(asked))


def units_by_id(tx: Session, ids: Collection[int]) -> Mapping[int, Unit]:
    return {unit.id: unit for unit in tx.scalars(select(Unit).where(Unit.id.in_(ids)))}


def groups(tx: Session, programme_id: int | None = None) -> list[LocalGroup]:
    """Of this programme, or all, by title."""
    asked = select(LocalGroup).order_by(LocalGroup.title, LocalGroup.id)
    if programme_id is not None:
        asked = asked.where(LocalGroup.programme_id == programme_id)
    return list(tx.scalars(asked))


def seats(tx: Session, group_id: int, on: date) -> list[Seat]:
    """The seats of a group on that day, vacant ones too, in the order they were made."""
    return list(
        tx.scalars(select(Seat).where(Seat.group_id == group_id, _on(on)).order_by(Seat.id))
    )


def all_seats_of(tx: Session, group_id: int) -> list[Seat]:
    """A group's seats of all times, in the order they were made."""
    return list(tx.scalars(select(Seat).where(Seat.group_id == group_id).order_by(Seat.id)))


def all_seats(tx: Session, on: date) -> list[Seat]:
    """Every group's seats on that day, in the order they were made."""
    return list(tx.scalars(select(Seat).where(_on(on)).order_by(Seat.id)))


def vacant_seats(tx: Session, on: date) -> list[Seat]:
    """Seats on that day that nobody holds."""
    vacant = select(Seat).where(Seat.account_id.is_(None), _on(on)).order_by(Seat.id)
    return list(tx.scalars(vacant))


def seat_of(
    tx: Session, group_id: int, organisation_id: int, unit_id: int | None, on: date
) -> Seat | None:
    """The seat of this unit in the group, else of its organisation; None if there is none."""
    found = tx.scalars(
        select(Seat)
        .where(
            Seat.group_id == group_id,
            Seat.organisation_id == organisation_id,
            or_(Seat.unit_id.is_(None), Seat.unit_id == unit_id),
            _on(on),
        )
        .order_by(Seat.unit_id.is_(None), Seat.id)
    )
    return found.first()


def _on(day: date) -> ColumnElement[bool]:
    return and_(Seat.valid_from <= day, or_(Seat.valid_until.is_(None), Seat.valid_until >= day))
