"""All SQL of the directory."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from base.db import Session
from base.errors import NotFound
from casework.organisations.model import HeldSeat
from casework.organisations.tables import LocalGroup, Organisation, Representative, Seat, Unit

_BY_TITLE = select(Organisation).order_by(Organisation.title, Organisation.id)


class NoSuchOrganisation(NotFound):
    """There is no such organisation."""


class NoSuchUnit(NotFound):
    """There is no such unit."""


class NoSuchGroup(NotFound):
    """There is no such local group."""


class NoSuchSeat(NotFound):
    """There is no such seat."""


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


def lock_group(tx: Session, group_id: int) -> LocalGroup:
    """Raises NoSuchGroup."""
    found = tx.get(LocalGroup, group_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchGroup
    return found


def organisations(tx: Session) -> list[Organisation]:
    """All of them, by title."""
    return list(tx.scalars(_BY_TITLE))


def lock_organisations(tx: Session) -> None:
    """One after the other for whoever does; rows that point at an organisation are not held up."""
    tx.execute(select(Organisation.id).order_by(Organisation.id).with_for_update(key_share=True))


def organisations_by_id(tx: Session, ids: Collection[int]) -> Mapping[int, Organisation]:
    found = tx.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {organisation.id: organisation for organisation in found}


def organisations_by_code(tx: Session, codes: Collection[str]) -> Mapping[str, Organisation]:
    """One statement; codes that nobody has are left out."""
    found = tx.scalars(select(Organisation).where(Organisation.code.in_(codes)))
    return {organisation.code: organisation for organisation in found}


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


def seats(tx: Session, group_id: int, on: date) -> list[HeldSeat]:
    """The seats of a group on that day, vacant ones too, in the order they were made."""
    return _held(tx, _held_on(on).where(Seat.group_id == group_id))


def all_seats_of(tx: Session, group_id: int) -> list[Seat]:
    """A group's seats of all times, in the order they were made."""
    return list(tx.scalars(select(Seat).where(Seat.group_id == group_id).order_by(Seat.id)))


def all_seats(tx: Session, on: date) -> list[HeldSeat]:
    """Every group's seats on that day, in the order they were made."""
    return _held(tx, _held_on(on))


def held_seat(tx: Session, seat_id: int, on: date) -> HeldSeat:
    """Raises NoSuchSeat."""
    found = _held(tx, _held_on(on).where(Seat.id == seat_id))
    if not found:
        raise NoSuchSeat
    return found[0]


def seats_by_id(tx: Session, ids: Collection[int]) -> Mapping[int, Seat]:
    return {seat.id: seat for seat in tx.scalars(select(Seat).where(Seat.id.in_(ids)))}


def lock_seat(tx: Session, seat_id: int) -> Seat:
    """Two who appoint for one seat do so one after the other. Raises NoSuchSeat."""
    found = tx.get(Seat, seat_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchSeat
    return found


def seat_of(
    tx: Session, group_id: int, organisation_id: int, unit_id: int | None, on: date
) -> HeldSeat | None:
    """The seat of this unit in the group, else of its organisation; None if there is none."""
    asked = _held_on(on).where(
        Seat.group_id == group_id,
        Seat.organisation_id == organisation_id,
        or_(Seat.unit_id.is_(None), Seat.unit_id == unit_id),
    )
    found = _held(tx, asked)
    return min(found, key=lambda seat: seat.unit_id is None, default=None)


def representatives(tx: Session, seat_id: int) -> list[Representative]:
    """Of all times, in the order they were appointed."""
    asked = select(Representative).where(Representative.seat_id == seat_id)
    return list(tx.scalars(asked.order_by(Representative.id)))


def representative(tx: Session, representative_id: int) -> Representative | None:
    """Locked until the transaction ends."""
    return tx.get(Representative, representative_id, with_for_update=True)


def coming(tx: Session, on: date) -> list[Representative]:
    """Whoever sits on that day or later, whoever comes last at the end."""
    asked = select(Representative).where(_not_over(Representative, on))
    return list(tx.scalars(asked.order_by(Representative.valid_from, Representative.id)))


def to_acknowledge(tx: Session, account_id: int, on: date) -> list[Representative]:
    """What this account has been appointed to and has not said a word about."""
    return list(
        tx.scalars(
            select(Representative)
            .where(
                Representative.account_id == account_id,
                Representative.acknowledged.is_(None),
                _not_over(Representative, on),
            )
            .order_by(Representative.id)
        )
    )


def count_to_acknowledge(tx: Session, on: date) -> Mapping[int, int]:
    """How many assignments wait for a word of each account; those with none are left out."""
    rows = tx.execute(
        select(Representative.account_id, func.count())
        .where(Representative.acknowledged.is_(None), _not_over(Representative, on))
        .group_by(Representative.account_id)
    )
    return {row[0]: row[1] for row in rows}


def sitting(
    tx: Session, account_id: int, *, group_id: int, organisation_id: int, on: date
) -> list[Representative]:
    """Where the account sits for an organisation in a group, on that day or later."""
    return list(
        tx.scalars(
            select(Representative)
            .join(Seat, Seat.id == Representative.seat_id)
            .where(
                Representative.account_id == account_id,
                Seat.group_id == group_id,
                Seat.organisation_id == organisation_id,
                _not_over(Representative, on),
            )
        )
    )


def not_handed_over(tx: Session, on: date) -> list[Representative]:
    """Those who have left before that day and whose steps have not been looked after."""
    return list(
        tx.scalars(
            select(Representative)
            .where(Representative.valid_until < on, Representative.handed_over.is_(False))
            .order_by(Representative.id)
        )
    )


def _held_on(on: date) -> Select[*tuple[Any, ...]]:
    holder, deputy, left = (aliased(Representative) for _ in range(3))
    last = (
        select(func.max(left.valid_until))
        .where(
            left.seat_id == Seat.id,
            left.deputy.is_(False),
            left.valid_until < on,
            left.valid_until >= left.valid_from,
        )
        .scalar_subquery()
    )
    return (
        select(
            Seat.id,
            Seat.group_id,
            Seat.organisation_id,
            Seat.unit_id,
            Seat.valid_from,
            holder.account_id,
            deputy.account_id,
            holder.valid_until,
            holder.acknowledged,
            last,
        )
        .outerjoin(
            holder, and_(holder.seat_id == Seat.id, holder.deputy.is_(False), _holds(holder, on))
        )
        .outerjoin(
            deputy, and_(deputy.seat_id == Seat.id, deputy.deputy.is_(True), _holds(deputy, on))
        )
        .where(_on(on))
        .order_by(Seat.id)
    )


def _held(tx: Session, asked: Select[*tuple[Any, ...]]) -> list[HeldSeat]:
    return [_seat(row) for row in tx.execute(asked)]


def _seat(row: Row[*tuple[Any, ...]]) -> HeldSeat:
    seat_id, group_id, organisation_id, unit_id, began, holder, deputy, until, seen, last = row
    since = began if last is None else max(began, last + timedelta(days=1))
    return HeldSeat(
        id=seat_id,
        group_id=group_id,
        organisation_id=organisation_id,
        unit_id=unit_id,
        account_id=holder,
        deputy_account_id=deputy,
        until=until,
        acknowledged=seen is not None,
        vacant_since=since if holder is None else None,
    )


def _holds(held: type[Representative], day: date) -> ColumnElement[bool]:
    return and_(held.valid_from <= day, _not_over(held, day))


def _not_over(held: type[Representative], day: date) -> ColumnElement[bool]:
    until = held.valid_until
    return or_(until.is_(None), and_(until >= day, until >= held.valid_from))


def _on(day: date) -> ColumnElement[bool]:
    return and_(Seat.valid_from <= day, or_(Seat.valid_until.is_(None), Seat.valid_until >= day))
