"""Raise a new case: open it, start its diagram, and lead to its first step."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework import roles
from casework.access import WORKING_ROLES, Actor, Membership
from casework.application import Application
from casework.cases import actions as cases
from casework.cases.actions import NewCase
from casework.cases.rules import NotYourGroup
from casework.cases.tables import Case
from casework.host import CaseHost
from casework.organisations import store as organisations
from casework.records import written_only
from casework.tasks import store as tasks
from engine import commands, runtime
from engine.packs import PackConfig


class NobodyStarts(NotAllowed):
    """Your role does not raise cases."""

    code = "role"


@dataclass(frozen=True, slots=True)
class StartPage:
    """The local groups for which the actor may raise a case: ids and titles."""

    groups: tuple[tuple[int, str], ...]
    key: str


def may_start(tx: Session, app: Application, actor: Actor) -> bool:
    return bool(actor.roles & _starters(app.pack(tx).config))


def start_page(tx: Session, app: Application, actor: Actor) -> StartPage:
    """Raises NobodyStarts."""
    if not may_start(tx, app, actor):
        raise NobodyStarts
    today = clock.today(tx, app.zone)
    mine = {m.organisation_id for m in actor.holding(WORKING_ROLES)}
    seated = {
        seat.group_id
        for seat in organisations.all_seats(tx, today)
        if seat.organisation_id in mine
    }
    bound = {m.group_id for m in actor.holding(WORKING_ROLES)} - {None}
    groups = tuple(
        (group.id, group.title)
        for group in organisations.groups(tx)
        if group.id in seated and (not bound or group.id in bound)
    )
    return StartPage(groups, uuid4().hex)


def start_case(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    group_id: int,
    key: str,
    restricted: bool = False,
) -> tuple[UUID, UUID | None]:
    """The new case and its first step for the actor; the same key again gives the same case.

    ``restricted``: the person's identity is protected, so that nobody else knows of the case.
    """
    target = f"{group_id} restricted" if restricted else str(group_id)
    earlier = commands.once(
        tx,
        account_id=actor.account_id,
        command="start",
        target=target,
        key=key,
        digest=target,
    )
    if earlier is not None:
        return UUID(earlier.result["case"]), _uuid(earlier.result.get("task"))
    config = app.pack(tx).config
    if not actor.roles & _starters(config):
        raise NobodyStarts
    case, told = raised(tx, app, actor, group_id, restricted=restricted)
    runtime.start(
        tx,
        CaseHost(app),
        pack_id=case.pack_id,
        process=_process(config),
        case_id=case.id,
        variables=told,
        by=actor.pseudonym,
    )
    held = roles.held_by(config, actor)
    today = clock.today(tx, app.zone)
    first = tasks.next_for(tx, actor, held, case.id, on=today, now=clock.now(tx))
    commands.answer(
        tx,
        account_id=actor.account_id,
        command="start",
        target=target,
        key=key,
        result={"case": str(case.id), "task": str(first) if first else None},
    )
    return case.id, first


def raised(
    tx: Session, app: Application, actor: Actor, group_id: int, *, restricted: bool = False
) -> tuple[Case, dict[str, str | None]]:
    """A new case in which nothing has begun yet, and what its diagrams are told of it.

    A pack without procedures raises it for none. Raises NotYourGroup, IntakeClosed.
    """
    membership = _for_group(tx, app, actor, group_id)
    group = organisations.group_by_id(tx, group_id)
    procedure = next(iter(app.pack(tx).config.procedures), "")
    new = NewCase(
        programme_id=group.programme_id,
        procedure=procedure,
        written_only=written_only(app.pack(tx), procedure),
        organisation_id=membership.organisation_id,
        unit_id=membership.unit_id,
        group_id=group_id,
        restricted=restricted,
    )
    return cases.open_case(tx, actor, new), _variables(tx, membership, group.code)


def _process(config: PackConfig) -> str:
    """The process that a new case begins with."""
    return next(start.process for start in config.start.values() if start.case == "new")


def _starters(config: PackConfig) -> set[str]:
    return {role for start in config.start.values() if start.case == "new" for role in start.roles}


def _for_group(tx: Session, app: Application, actor: Actor, group_id: int) -> Membership:
    """In which of its organisations the actor raises the case. Raises NotYourGroup."""
    today = clock.today(tx, app.zone)
    seated = {seat.organisation_id for seat in organisations.seats(tx, group_id, today)}
    for membership in actor.holding(WORKING_ROLES):
        if membership.organisation_id in seated and membership.group_id in (None, group_id):
            return membership
    raise NotYourGroup


def _variables(tx: Session, membership: Membership, group: str) -> dict[str, str | None]:
    unit = None
    if membership.unit_id is not None:
        unit = organisations.units_by_id(tx, [membership.unit_id])[membership.unit_id].code
    return {
        "local_group": group,
        "organisation": membership.organisation_code,
        "unit": unit,
    }


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
