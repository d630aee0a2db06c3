"""What the pages about seats show; statements do not grow with the number of seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from base import clock
from base.db import Session
from casework.access import Actor
from casework.accounts import store as account_store
from casework.application import Application
from casework.notifications import store as notices
from casework.organisations import store
from casework.organisations.model import HeldSeat
from casework.organisations.tables import Organisation, Representative, Unit
from casework.seats import rules
from casework.seats.model import Assignment, GroupLine, News, SeatLine, SeatPage, Term

_NEWS = 20


def groups(tx: Session, app: Application, actor: Actor | None) -> list[GroupLine]:
    """Every local group by title; ``actor`` None: as the public sees it."""
    today = clock.today(tx, app.zone)
    seats = store.all_seats(tx, today)
    found = store.groups(tx)
    conveners = {g.convener_account_id for g in found if g.convener_account_id is not None}
    titles = _titles(tx, seats, conveners)
    mine = {held.group_id for held in actor.memberships} if actor else set()
    return [
        GroupLine(
            id=group.id,
            title=group.title,
            convener=titles.names.get(group.convener_account_id or 0),
            seats=tuple(
                titles.line(seat, actor, today) for seat in seats if seat.group_id == group.id
            ),
            mine=group.id in mine,
        )
        for group in found
    ]


def vacancies(tx: Session, app: Application, actor: Actor) -> list[tuple[str, SeatLine]]:
    """Group and seat of what stands empty and the actor is warned of (GG-05).

    Managers hear of their own organisation's seats, the federation of all.
    """
    return [
        (group.title, seat)
        for group in groups(tx, app, actor)
        for seat in group.seats
        if seat.vacant_since is not None and (seat.mine or "federation" in actor.roles)
    ]


def seat_page(tx: Session, app: Application, actor: Actor, seat_id: int) -> SeatPage:
    """Raises NoSuchSeat, NotYoursToAppoint (GG-07)."""
    today = clock.today(tx, app.zone)
    seat = store.held_seat(tx, seat_id, today)
    rules.require_appoints(actor, seat.organisation_id)
    terms = store.representatives(tx, seat_id)
    titles = _titles(tx, [seat], {term.account_id for term in terms})
    return SeatPage(
        line=titles.line(seat, actor, today),
        group=store.group_by_id(tx, seat.group_id).title,
        terms=tuple(_term(term, titles.names, today) for term in reversed(terms) if _held(term)),
        colleagues=tuple(account_store.people_of(tx, seat.organisation_id, today)),
    )


def assignments(tx: Session, app: Application, actor: Actor) -> list[Assignment]:
    """What the actor has to acknowledge or decline."""
    found = store.to_acknowledge(tx, actor.account_id, clock.today(tx, app.zone))
    seats = store.seats_by_id(tx, {one.seat_id for one in found})
    named = account_store.names(tx, {one.appointed_by for one in found if one.appointed_by})
    organisations = store.organisations_by_id(tx, {s.organisation_id for s in seats.values()})
    units = store.units_by_id(tx, {s.unit_id for s in seats.values() if s.unit_id})
    titles = {group.id: group.title for group in store.groups(tx)}
    return [
        Assignment(
            id=one.id,
            group=titles[seats[one.seat_id].group_id],
            organisation=organisations[seats[one.seat_id].organisation_id].title,
            unit=_unit_title(units, seats[one.seat_id].unit_id),
            deputy=one.deputy,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            appointed=one.appointed,
            appointed_by=named.get(one.appointed_by or 0),
        )
        for one in found
    ]


def news(tx: Session, actor: Actor) -> list[News]:
    """Changes that the actor has not said they have read, latest first (GG-32)."""
    found = notices.unread_notices(tx, actor.account_id, _NEWS)
    named = account_store.names(tx, {each.account_id for each in found if each.account_id})
    organisations = store.organisations_by_id(tx, {each.organisation_id for each in found})
    units = store.units_by_id(tx, {each.unit_id for each in found if each.unit_id})
    titles = {group.id: group.title for group in store.groups(tx)}
    return [
        News(
            id=each.id,
            kind=each.kind,
            at=each.at,
            on=each.on,
            group=titles[each.group_id],
            organisation=organisations[each.organisation_id].title,
            unit=_unit_title(units, each.unit_id),
            name=named.get(each.account_id or 0),
            deputy=each.deputy,
        )
        for each in found
    ]


def mark_read(tx: Session, actor: Actor, up_to: int) -> None:
    """The actor knows of every change up to this one."""
    notices.mark_read(tx, actor.account_id, up_to)


@dataclass(frozen=True, slots=True)
class _Titles:
    organisations: Mapping[int, Organisation]
    units: Mapping[int, Unit]
    names: Mapping[int, str]

    def line(self, seat: HeldSeat, actor: Actor | None, today: date) -> SeatLine:
        organisation = self.organisations[seat.organisation_id]
        named = actor is not None or organisation.names_public
        names = self.names if named else {}
        return SeatLine(
            id=seat.id,
            organisation=organisation.title,
            unit=_unit_title(self.units, seat.unit_id),
            name=names.get(seat.account_id or 0),
            until=seat.until,
            waiting=seat.account_id is not None and not seat.acknowledged,
            deputy=names.get(seat.deputy_account_id or 0),
            vacant_since=seat.vacant_since,
            late=rules.too_long(seat.vacant_since, today),
            mine=actor is not None and rules.may_appoint(actor, seat.organisation_id),
        )


def _titles(tx: Session, seats: list[HeldSeat], people: set[int]) -> _Titles:
    sitting = {seat.account_id or 0 for seat in seats} | {
        seat.deputy_account_id or 0 for seat in seats
    }
    return _Titles(
        store.organisations_by_id(tx, {seat.organisation_id for seat in seats}),
        store.units_by_id(tx, {seat.unit_id for seat in seats if seat.unit_id is not None}),
        account_store.names(tx, sitting | people),
    )


def _term(term: Representative, names: Mapping[int, str], today: date) -> Term:
    return Term(
        id=term.id,
        name=names[term.account_id],
        deputy=term.deputy,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
        acknowledged=term.acknowledged is not None,
        over=term.valid_until is not None and term.valid_until < today,
    )


def _held(term: Representative) -> bool:
    """Whether it was ever to begin: who is replaced before that never sat there."""
    return term.valid_until is None or term.valid_until >= term.valid_from


def _unit_title(units: Mapping[int, Unit], unit_id: int | None) -> str:
    return units[unit_id].title if unit_id is not None else ""
