"""How a local group works: it decides that itself (GG-18, GG-20). The caller commits."""

from dataclasses import dataclass
from datetime import date, timedelta

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit import actions as audit
from casework.choices import party_of
from casework.organisations import actions as organisations
from casework.organisations import store
from casework.seats.model import GroupLine
from casework.seats.pages import groups
from casework.tasks import store as tasks
from engine import runtime

#: How the group hears which cases a meeting takes up (GG-20).
DISCLOSURES = ("in_system", "phone", "post")
_MEMBERS = frozenset({"representative", "convener"})
_NOTICE = range(1, 91)


class NotYourGroup(NotAllowed):
    """A group decides itself how it works: those who sit in it change this."""

    code = "not_yours"


class BadGroup(Invalid):
    """What was said of the group cannot be right."""


class SeatThere(Conflict):
    """It has a seat in this group already."""


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group's settings, and who may convene it."""

    line: GroupLine
    convening_method: str
    notice_days: int
    agenda_disclosure: str
    convener_id: int | None
    members: tuple[tuple[int, str], ...]
    #: Codes and titles of organisations and units for which a seat can be added.
    places: tuple[tuple[str, str], ...]
    may_seat: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """How a group is called together and how its agenda is told (GG-18, GG-20)."""

    convening_method: str
    notice_days: int
    agenda_disclosure: str
    convener_id: int


def group_page(tx: Session, app: Application, actor: Actor, group_id: int) -> GroupPage:
    """Raises NoSuchGroup, NotYourGroup."""
    group = store.group_by_id(tx, group_id)
    _require_member(actor, group_id)
    today = clock.today(tx, app.zone)
    titles = {each.id: each.title for each in store.organisations(tx)}
    codes = {each.id: each.code for each in store.organisations(tx)}
    places = [(codes[each], titles[each]) for each in titles]
    places += [
        (f"{codes[u.organisation_id]}/{u.code}", f"{titles[u.organisation_id]}, {u.title}")
        for u in store.units(tx)
    ]
    return GroupPage(
        line=next(each for each in groups(tx, app, actor) if each.id == group_id),
        convening_method=group.convening_method,
        notice_days=group.notice_days,
        agenda_disclosure=group.agenda_disclosure,
        convener_id=group.convener_account_id,
        members=tuple(_members(tx, group_id, today).items()),
        places=tuple(sorted(places, key=lambda place: place[1])),
        may_seat=_may_seat(actor, group_id),
    )


def set_ways(tx: Session, app: Application, actor: Actor, group_id: int, ways: Ways) -> None:
    """Raises NotYourGroup, BadGroup."""
    group, today = store.lock_group(tx, group_id), clock.today(tx, app.zone)
    _require_member(actor, group_id)
    if ways.notice_days not in _NOTICE:
        raise BadGroup("Give the notice in days, from 1 to 90.")
    if ways.agenda_disclosure not in DISCLOSURES:
        raise BadGroup("Choose how the group hears which cases are taken up.")
    if ways.convener_id != group.convener_account_id:
        if ways.convener_id not in _members(tx, group_id, today):
            raise BadGroup("Whoever convenes the group sits in it.")
        _convene(tx, group_id, group.convener_account_id, ways.convener_id, today)
        group.convener_account_id = ways.convener_id
    group.convening_method = ways.convening_method
    group.notice_days = ways.notice_days
    group.agenda_disclosure = ways.agenda_disclosure
    detail: dict[str, audit.Detail] = {
        "notice_days": ways.notice_days,
        "agenda_disclosure": ways.agenda_disclosure,
        "convener": ways.convener_id,
    }
    audit.write_by(tx, actor, "group.change", target=f"group:{group_id}", detail=detail)


def add_seat(tx: Session, app: Application, actor: Actor, group_id: int, code: str) -> None:
    """A vacant seat for an organisation or one of its units; its manager fills it.

    Raises NotYourGroup, SeatThere, NotFound.
    """
    store.lock_group(tx, group_id)
    if not _may_seat(actor, group_id):
        raise NotYourGroup
    today, party = clock.today(tx, app.zone), party_of(tx, code)
    taken = {(s.organisation_id, s.unit_id) for s in store.seats(tx, group_id, today)}
    if (party.organisation_id, party.unit_id) in taken:
        raise SeatThere
    seat = organisations.add_seat(
        tx, group_id, party.organisation_id, valid_from=today, unit_id=party.unit_id
    )
    audit.write_by(tx, actor, "group.add_seat", target=f"seat:{seat.id}")


def _convene(tx: Session, group_id: int, before: int | None, after: int, today: date) -> None:
    """The role and the group's open steps go from one to the other."""
    place = account_store.group_place(tx, after, group_id, _MEMBERS, today)
    accounts.appoint(
        tx, after, place[0], "convener", valid_from=today, unit_id=place[1], group_id=group_id
    )
    if before is None:
        return
    last = today - timedelta(days=1)
    for row in account_store.rows_of(tx, before, today):
        if row.role == "convener" and row.group_id == group_id:
            row.valid_until = last
    theirs = tasks.of_group(tx, before, group_id)
    tasks.lock_cases(tx, {spot.case_id for spot in theirs})
    ids = [spot.task_id for spot in theirs]
    runtime.hand_over(tx, ids, from_account=before, to_account=after)


def _members(tx: Session, group_id: int, today: date) -> dict[int, str]:
    rows = account_store.membership_rows(tx, today)
    ids = {row.account_id for row in rows if row.group_id == group_id and row.role in _MEMBERS}
    return dict(sorted(account_store.names(tx, ids).items(), key=lambda pair: pair[1]))


def _require_member(actor: Actor, group_id: int) -> None:
    sits = any(held.group_id == group_id for held in actor.holding(_MEMBERS))
    if not sits and "federation" not in actor.roles:
        raise NotYourGroup


def _may_seat(actor: Actor, group_id: int) -> bool:
    convenes = any(held.group_id == group_id for held in actor.holding({"convener"}))
    return convenes or "federation" in actor.roles
