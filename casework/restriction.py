"""Protected identity: from one moment on, named people alone know that the case exists.

Source: domain.md §5.1 (few people, who added whom), D8. The case's row is locked and changed in
one transaction: whoever begins one after it, and is not named, finds no such case.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from base import clock, keys
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed, NotFound
from casework import access, naming, sealing
from casework.access import WORKING_ROLES, Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import ProtectionLift
from casework.guests import store as guests
from casework.organisations import store as organisations
from casework.people import actions as people
from engine import runtime
from engine import store as engine_store


class NotThere(Invalid):
    """Choose somebody who works in an organisation of this case."""


class SomebodyStays(Conflict):
    """Somebody who works for whoever coordinates the case must stay named."""


class NoReason(Invalid):
    """Write why the identity need not be protected any more."""


class NothingAsked(Conflict):
    """Nobody asks to lift the protection any more."""


class SecondNeeded(NotAllowed):
    """Somebody else who is named has to agree."""

    code = "second_person"


@dataclass(frozen=True, slots=True)
class AskedToLift:
    """Somebody asks whether the protection can end."""

    reason: str
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who knows of the case, and who named them when."""

    account_id: int
    name: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ProtectionPage:
    """Who knows of a case, and who could be told of it: ids, names with organisations."""

    case_id: UUID
    number: str
    who: str | None
    restricted: bool
    named: tuple[Named, ...]
    others: tuple[tuple[int, str], ...]
    may_ask: bool = False
    asked: AskedToLift | None = None


def page(tx: Session, app: Application, actor: Actor, case_id: UUID) -> ProtectionPage:
    """Raises NotFound, NotAllowed."""
    facts = _allowed(tx, app, actor, case_id)
    case = case_store.by_id(tx, case_id)
    listed = case_store.allowed(tx, case_id) if case.restricted else []
    known = {row.account_id for row in listed}
    people_ids = known | {naming.account_id(row.added_by) for row in listed}
    names = accounts.names(tx, people_ids)
    today = clock.today(tx, app.zone)
    return ProtectionPage(
        case_id=case_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        restricted=case.restricted,
        may_ask=case.restricted and access.leads(actor, facts),
        asked=_asked(tx, actor, case_id) if case.restricted else None,
        named=tuple(
            Named(
                row.account_id,
                names.get(row.account_id, ""),
                names.get(naming.account_id(row.added_by)),
                row.added_at,
            )
            for row in listed
        ),
        others=tuple(
            pair
            for pair in _candidates(tx, app, facts)
            if pair[0] not in known | {actor.account_id}
        ),
    )


def protect(
    tx: Session, app: Application, actor: Actor, case_id: UUID, account_ids: Collection[int]
) -> None:
    """From now on the actor and these people alone know of the case.

    Whoever leads the case is always among them, or somebody else who works for the lead. What
    could lead to the person is dropped, others' drafts go, and a step that somebody else had
    taken goes back to those who are named. Raises NotThere, SomebodyStays.
    """
    case_store.lock_case(tx, case_id)
    facts = _allowed(tx, app, actor, case_id)
    if not set(account_ids) <= {account_id for account_id, _ in _candidates(tx, app, facts)}:
        raise NotThere
    named = _with_lead(tx, app, facts, {actor.account_id, *account_ids})
    cases.restrict(tx, actor, case_id, named)
    people.forget_whereabouts(tx, case_id)
    case_store.drop_drafts_but(tx, case_id, named)
    guests.end_of_case(tx, case_id, clock.now(tx))
    for task in engine_store.open_tasks(tx, case_id):
        if task.assignee_id is not None and task.assignee_id not in named:
            runtime.release(tx, task.id)


def name_person(
    tx: Session, app: Application, actor: Actor, case_id: UUID, account_id: int
) -> None:
    """Let somebody else know of a restricted case. Raises NotThere."""
    facts = _restricted(tx, app, actor, case_id)
    if account_id not in {one for one, _ in _candidates(tx, app, facts)}:
        raise NotThere
    case_store.allow(tx, case_id, account_id, by=actor.pseudonym)
    detail = {"account": account_id}
    audit.write_by(tx, actor, "case.name_person", case_id=case_id, detail=detail)


def strike_person(
    tx: Session, app: Application, actor: Actor, case_id: UUID, account_id: int
) -> None:
    """Somebody no longer knows of a restricted case. Raises SomebodyStays, NotFound."""
    facts = _restricted(tx, app, actor, case_id)
    if account_id not in facts.allowed_accounts:
        raise NotFound
    if not _leading(tx, app, facts) & (facts.allowed_accounts - {account_id}):
        raise SomebodyStays
    case_store.disallow(tx, case_id, account_id)
    case_store.drop_drafts_but(tx, case_id, facts.allowed_accounts - {account_id})
    for task in engine_store.open_tasks(tx, case_id):
        if task.assignee_id == account_id:
            runtime.release(tx, task.id)
    detail = {"account": account_id}
    audit.write_by(tx, actor, "case.strike_person", case_id=case_id, detail=detail)


def ask_to_lift(tx: Session, app: Application, actor: Actor, case_id: UUID, reason: str) -> None:
    """Ask a second named person whether the identity need not be protected any more.

    Asked by somebody who works for whoever leads the case; a new question replaces an open one.
    Raises NoReason, NotAllowed, NotFound.
    """
    facts = _restricted(tx, app, actor, case_id)
    if not access.leads(actor, facts):
        raise NotAllowed("This is for whoever coordinates the case.", code="not_yours")
    if not reason.strip():
        raise NoReason
    case_store.drop_lift(tx, case_id)
    lift_id = uuid4()
    sealed = sealing.seal_value(keys.of(tx).get(case_id), reason.strip(), _place(lift_id))
    tx.add(
        ProtectionLift(
            id=lift_id,
            case_id=case_id,
            reason=sealed,
            asked_by=actor.account_id,
            asked_at=clock.now(tx),
        )
    )
    audit.write_by(tx, actor, "case.ask_to_lift", case_id=case_id)


def answer_lift(
    tx: Session, app: Application, actor: Actor, case_id: UUID, *, agrees: bool
) -> None:
    """A second person says whether the identity is protected any longer.

    With a yes the case is like any other from now on: the list of people ends, what was dropped
    does not come back, and the trace stays. Whoever asked may take the question back.
    Raises NothingAsked, SecondNeeded, NotFound.
    """
    facts = _restricted(tx, app, actor, case_id)
    asked = case_store.open_lift(tx, facts.case_id)
    if asked is None:
        raise NothingAsked
    if agrees and asked.asked_by == actor.account_id:
        raise SecondNeeded
    asked.answered_by, asked.answered_at = actor.account_id, clock.now(tx)
    asked.agreed = agrees
    if not agrees:
        audit.write_by(tx, actor, "case.keep_protected", case_id=case_id)
        return
    case_store.lift(tx, case_id)
    audit.write_by(
        tx, actor, "case.lift_protection", case_id=case_id, detail={"asked_by": asked.asked_by}
    )


def _asked(tx: Session, actor: Actor, case_id: UUID) -> AskedToLift | None:
    found = case_store.open_lift(tx, case_id)
    if found is None:
        return None
    key = keys.of(tx).get(case_id)
    return AskedToLift(
        reason=sealing.unseal_value(key, found.reason, _place(found.id)),
        by=accounts.names(tx, [found.asked_by]).get(found.asked_by, ""),
        at=found.asked_at,
        mine=found.asked_by == actor.account_id,
    )


def _place(lift_id: UUID) -> str:
    return f"protection_lift/{lift_id}/reason"


def _with_lead(
    tx: Session, app: Application, facts: CaseFacts, named: Collection[int]
) -> frozenset[int]:
    """Nobody protects a case from whoever leads it. Raises SomebodyStays."""
    leading, lead = _leading(tx, app, facts), facts.acting_lead.account_id
    if not leading or leading & set(named):
        return frozenset(named)
    if lead not in leading:
        raise SomebodyStays
    return frozenset({*named, lead})


def _allowed(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CaseFacts:
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.ACT, facts, on=clock.today(tx, app.zone))
    return facts


def _restricted(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CaseFacts:
    case_store.lock_case(tx, case_id)
    facts = _allowed(tx, app, actor, case_id)
    if not facts.restricted:
        raise NotFound
    return facts


def _candidates(tx: Session, app: Application, facts: CaseFacts) -> list[tuple[int, str]]:
    """Who does casework, or convenes, in an organisation that has to do with the case."""
    today = clock.today(tx, app.zone)
    involved = {holder.organisation_id for holder in facts.holders} | {
        party.organisation_id
        for consent in facts.consents
        if consent.shares and consent.in_force(today)
        for party in consent.parties
    }
    places: dict[int, int] = {}
    for row in accounts.membership_rows(tx, today):
        convenes = row.role == "convener" and row.group_id == facts.group_id
        if convenes or (row.role in WORKING_ROLES and row.organisation_id in involved):
            places.setdefault(row.account_id, row.organisation_id)
    names = accounts.names(tx, places)
    titles = organisations.organisations_by_id(tx, set(places.values()))
    found = [(one, f"{names[one]}, {titles[place].title}") for one, place in places.items()]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _leading(tx: Session, app: Application, facts: CaseFacts) -> frozenset[int]:
    """Accounts that do casework for whoever leads the case."""
    lead = facts.acting_lead
    held = accounts.holders(
        tx,
        WORKING_ROLES,
        clock.today(tx, app.zone),
        organisation_id=lead.organisation_id,
        unit_id=lead.unit_id,
        group_id=facts.group_id,
    )
    return frozenset(held)
