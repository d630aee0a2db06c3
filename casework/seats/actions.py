"""Appoint to a seat, acknowledge, leave it; open steps follow in the same transaction.

The caller commits. Whoever is appointed gets the role when they acknowledge it, never before.
"""

from collections.abc import Collection
from datetime import date, timedelta

from base import clock
from base.db import Session
from base.errors import NotFound
from casework.access import Actor, Holder
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit import actions as audit
from casework.host import CaseHost
from casework.meetings import terms
from casework.notifications import store as notices
from casework.notifications.tables import Notice
from casework.organisations import actions as organisations
from casework.organisations import store
from casework.organisations.tables import Representative, Seat
from casework.roles import holds
from casework.seats import rules
from casework.seats.rules import Duty, NotOfTheOrganisation
from casework.tasks import store as tasks
from engine import runtime

ROLE = "representative"
#: The diagram by which a group receives a new representative.
_RECEIVING = "representative_change"
_DAY = timedelta(days=1)


class NoSuchAssignment(NotFound):
    """There is no such assignment, or it is over."""


def appoint(
    tx: Session,
    app: Application,
    actor: Actor,
    seat_id: int,
    account_id: int,
    *,
    valid_from: date,
    valid_until: date | None = None,
    deputy: bool = False,
) -> None:
    """Somebody of the organisation sits there from that day; whoever sat there leaves.

    Raises NotYoursToAppoint (GG-07), NotOfTheOrganisation, PeriodInThePast, SeatTaken.
    """
    seat, today = store.lock_seat(tx, seat_id), clock.today(tx, app.zone)
    rules.require_appoints(actor, seat.organisation_id)
    rules.require_period(valid_from, valid_until, today)
    if account_id not in dict(account_store.people_of(tx, seat.organisation_id, today)):
        raise NotOfTheOrganisation
    before = organisations.replaced_by(tx, seat, account_id, valid_from, deputy=deputy)
    organisations.seat_somebody(
        tx,
        seat,
        account_id,
        valid_from=valid_from,
        valid_until=valid_until,
        deputy=deputy,
        appointed_by=actor.account_id,
    )
    for earlier in before:
        _close(tx, app, seat, earlier)
    detail: dict[str, audit.Detail] = {
        "account": account_id,
        "from": valid_from,
        "until": valid_until,
        "deputy": deputy,
    }
    audit.write_by(tx, actor, "seat.appoint", target=f"seat:{seat_id}", detail=detail)
    _tell(tx, app, seat, "appointed", on=valid_from, account_id=account_id, deputy=deputy)


def end(
    tx: Session,
    app: Application,
    actor: Actor,
    seat_id: int,
    representative_id: int,
    *,
    last_day: date,
) -> None:
    """Somebody leaves a seat after this day; yesterday ends it at once.

    Raises NotYoursToAppoint, NoSuchAssignment, PeriodInThePast.
    """
    today = clock.today(tx, app.zone)
    one = _lasting(tx, representative_id, today)
    if one.seat_id != seat_id:
        raise NoSuchAssignment
    seat = store.lock_seat(tx, seat_id)
    rules.require_appoints(actor, seat.organisation_id)
    if last_day < today - _DAY or (one.valid_until is not None and last_day > one.valid_until):
        raise rules.PeriodInThePast
    one.valid_until = last_day
    tx.flush()
    _close(tx, app, seat, one)
    detail: dict[str, audit.Detail] = {"account": one.account_id, "until": last_day}
    audit.write_by(tx, actor, "seat.end", target=f"seat:{seat.id}", detail=detail)
    _tell(tx, app, seat, "left", on=last_day, account_id=one.account_id, deputy=one.deputy)


def acknowledge(tx: Session, app: Application, actor: Actor, representative_id: int) -> None:
    """The assignment is known to whoever has it; now it opens what it opens (GG-07).

    Raises NoSuchAssignment.
    """
    one = _mine(tx, app, actor, representative_id)
    if one.acknowledged is not None:
        return
    seat = store.lock_seat(tx, one.seat_id)
    one.acknowledged = clock.now(tx)
    accounts.appoint(
        tx,
        one.account_id,
        seat.organisation_id,
        ROLE,
        valid_from=one.valid_from,
        unit_id=seat.unit_id,
        group_id=seat.group_id,
        valid_until=one.valid_until,
    )
    audit.write_by(tx, actor, "seat.acknowledge", target=f"seat:{seat.id}")
    _receive(tx, app, actor, seat)


def _receive(tx: Session, app: Application, actor: Actor, seat: Seat) -> None:
    """The group receives somebody new, where the pack has a routine for it (GG-32)."""
    if _RECEIVING not in app.pack(tx).config.start:
        return
    found = store.organisations_by_id(tx, [seat.organisation_id])[seat.organisation_id]
    variables = {"organisation": found.code, "unit": None}
    holder = Holder(seat.organisation_id, seat.unit_id)
    terms.begin_for_group(
        tx, CaseHost(app), seat.group_id, _RECEIVING, variables, holder, by=actor.pseudonym
    )


def decline(tx: Session, app: Application, actor: Actor, representative_id: int) -> None:
    """Somebody does not take the assignment; their manager hears of it.

    Raises NoSuchAssignment.
    """
    one = _mine(tx, app, actor, representative_id)
    if one.acknowledged is not None:
        raise NoSuchAssignment
    seat, today = store.lock_seat(tx, one.seat_id), clock.today(tx, app.zone)
    one.valid_until = min(today, one.valid_from) - _DAY
    tx.flush()
    _close(tx, app, seat, one)
    audit.write_by(tx, actor, "seat.decline", target=f"seat:{seat.id}")
    readers = rules.hear_of_vacancy(_duties(tx, today), seat.organisation_id)
    _write(tx, seat, "declined", today, readers, account_id=one.account_id, deputy=one.deputy)


def hand_over_ended(tx: Session, app: Application) -> int:
    """Whoever left since: their open steps go on; how many have left."""
    ended = store.not_handed_over(tx, clock.today(tx, app.zone))
    for one in ended:
        _close(tx, app, store.lock_seat(tx, one.seat_id), one)
    return len(ended)


def warn_of_vacancies(tx: Session, app: Application) -> int:
    """Once for each vacancy that has lasted too long (GG-05); how many."""
    today = clock.today(tx, app.zone)
    late = [s for s in store.all_seats(tx, today) if rules.too_long(s.vacant_since, today)]
    duties = _duties(tx, today)
    warned = 0
    for held in late:
        seat = store.lock_seat(tx, held.id)
        if seat.warned != held.vacant_since and held.vacant_since is not None:
            seat.warned = held.vacant_since
            readers = rules.hear_of_vacancy(duties, seat.organisation_id)
            _write(tx, seat, "vacant", held.vacant_since, readers)
            warned += 1
    return warned


def _mine(tx: Session, app: Application, actor: Actor, representative_id: int) -> Representative:
    one = _lasting(tx, representative_id, clock.today(tx, app.zone))
    if one.account_id != actor.account_id:
        raise NoSuchAssignment
    return one


def _lasting(tx: Session, representative_id: int, today: date) -> Representative:
    one = store.representative(tx, representative_id)
    if one is None or (
        one.valid_until is not None and one.valid_until < max(today, one.valid_from)
    ):
        raise NoSuchAssignment
    return one


def _close(tx: Session, app: Application, seat: Seat, one: Representative) -> None:
    """Their role ends with their last day; what they may not do any more goes to whoever may."""
    assert one.valid_until is not None  # noqa: S101
    today = clock.today(tx, app.zone)
    place = {"group_id": seat.group_id, "organisation_id": seat.organisation_id}
    elsewhere = store.sitting(tx, one.account_id, **place, on=one.valid_until + _DAY)
    if not elsewhere:
        account_store.end_roles(tx, one.account_id, {ROLE}, one.valid_until, **place)
    if one.valid_until < today:
        one.handed_over = True
        tx.flush()
        _hand_over(tx, app, seat, one.account_id, today)


def _hand_over(tx: Session, app: Application, seat: Seat, account_id: int, today: date) -> None:
    """To whoever sits there now, else stands in, else everybody's of the organisation."""
    config = app.pack(tx).config
    held = account_store.rows_of(tx, account_id, today)
    theirs = tasks.given_to(tx, account_id, seat.organisation_id, seat.group_id)
    lost = [spot for spot in theirs if not holds(account_id, held, config.roles, spot.freed)]
    if not lost:
        return
    now = store.held_seat(tx, seat.id, today)
    successor = now.account_id or now.deputy_account_id
    tasks.lock_cases(tx, {spot.case_id for spot in lost})
    moved = runtime.hand_over(
        tx, [spot.task_id for spot in lost], from_account=account_id, to_account=successor
    )
    detail = {"from": account_id, "to": successor, "tasks": [str(task_id) for task_id in moved]}
    audit.write(
        tx, actor="system", action="seat.hand_over", target=f"seat:{seat.id}", detail=detail
    )


def _duties(tx: Session, today: date) -> list[Duty]:
    return [
        Duty(row.account_id, row.organisation_id, row.role, row.group_id)
        for row in account_store.membership_rows(tx, today)
    ]


def _tell(
    tx: Session,
    app: Application,
    seat: Seat,
    kind: str,
    *,
    on: date,
    account_id: int,
    deputy: bool,
) -> None:
    """The same day: in the application at once, and counted in the next mail (GG-32)."""
    today = clock.today(tx, app.zone)
    readers = rules.hear_of_change(
        _duties(tx, today),
        group_id=seat.group_id,
        organisation_id=seat.organisation_id,
        seated={each.organisation_id for each in store.seats(tx, seat.group_id, today)},
    )
    _write(tx, seat, kind, on, readers, account_id=account_id, deputy=deputy)


def _write(
    tx: Session,
    seat: Seat,
    kind: str,
    on: date,
    readers: Collection[int],
    *,
    account_id: int | None = None,
    deputy: bool = False,
) -> None:
    notice = Notice(
        kind=kind,
        at=clock.now(tx),
        on=on,
        group_id=seat.group_id,
        organisation_id=seat.organisation_id,
        unit_id=seat.unit_id,
        account_id=account_id,
        deputy=deputy,
    )
    notices.add_notice(tx, notice, readers)
