"""Record, confirm and adopt plans."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from base import clock, crypto, keys
from base.db import Session
from base.errors import Conflict, NotAllowed, NotFound, SamplanError
from casework import access
from casework.access import Action, Actor, CaseFacts
from casework.audit import actions as audit
from casework.organisations import store as organisations
from casework.plans import rules, store
from casework.plans.tables import Measure, Plan

_PLACE = "plan"


class NoPlan(Conflict):
    """There is no plan to adopt."""


class PlanAltered(SamplanError):
    """This plan is not what was decided: its content has been changed since."""


class NoSuchMeasure(NotFound):
    """There is no such measure in the plan."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a measure goes; ``reason`` why it is not possible, empty otherwise."""

    number: int
    organisation_id: int | None
    due: date | None
    state: str
    reason: str = field(repr=False)


def record_plan(tx: Session, case_id: UUID, account_id: int, content: Mapping[str, Any]) -> Plan:
    """Keep a draft of the plan; a draft not yet adopted is replaced by the new version."""
    plan = Plan(
        case_id=case_id,
        version=store.next_version(tx, case_id),
        state="draft",
        content=_seal(tx, case_id, content),
        follow_up_on=_day(content.get("follow_up_on")),
        overall_responsible_id=_organisation_id(tx, content.get("overall_responsible")),
        recorded_at=clock.now(tx),
        recorded_by=account_id,
    )
    tx.add(plan)
    tx.flush()
    for number, measure in enumerate(content.get("measures") or (), start=1):
        tx.add(
            Measure(
                plan_id=plan.id,
                number=number,
                organisation_id=_organisation_id(tx, measure.get("organisation")),
                due=_day(measure.get("due")),
            )
        )
    return plan


def answer_measures(tx: Session, case_id: UUID, organisation_id: int, state: str) -> None:
    """An organisation confirms, changes, refuses or reports its own measures."""
    plan = store.latest(tx, case_id)
    if plan is not None:
        store.mark_measures(tx, plan.id, organisation_id, state)


def adopt_plan(tx: Session, case_id: UUID) -> Plan:
    """The newest draft comes into force. Raises NoPlan, PlanIncomplete."""
    plan = store.latest(tx, case_id)
    if plan is None or plan.state != "draft":
        raise NoPlan
    content = read_plan(tx, plan)
    rules.require_complete(content)
    plan.state, plan.adopted_at = "adopted", clock.now(tx)
    plan.digest = crypto.digest(_plain(content))
    store.supersede(tx, case_id, plan.version)
    return plan


def read_plan(tx: Session, plan: Plan) -> Mapping[str, Any]:
    """What the plan says; the caller has asked the gate.

    Raises PlanAltered if an adopted plan is no longer what was adopted.
    """
    plain = keys.of(tx).get(plan.case_id).unseal(plan.content, _PLACE)
    if plan.digest is not None and crypto.digest(plain) != plan.digest:
        raise PlanAltered
    content: Mapping[str, Any] = json.loads(plain)
    return content


def report_measure(tx: Session, case_id: UUID, number: int, state: str) -> None:
    """How a measure of the plan in force goes: done, partly, not_done."""
    plan = store.adopted(tx, case_id)
    if plan is not None:
        store.mark_measure(tx, plan.id, number, state)


def decline_plan(tx: Session, case_id: UUID) -> None:
    """The person does not agree; the draft stays as it was, not adopted."""
    plan = store.latest(tx, case_id)
    if plan is not None and plan.state == "draft":
        plan.state = "not_adopted"


def may_read(actor: Actor, facts: CaseFacts, *, on: date) -> bool:
    """Whether consent (or one's own lead) lets the reader know what was planned."""
    lead = facts.acting_lead.party
    return access.may(
        actor,
        Action.READ_ENTRY,
        facts,
        on=on,
        category="plan",
        author=lead,
        purpose="planning",
    ).allowed


def may_track(actor: Actor, facts: CaseFacts, organisation_id: int | None, *, on: date) -> bool:
    """Whose measure it is tells how it goes; of what others do, whoever leads the case."""
    if not access.may(actor, Action.ACT, facts, on=on).allowed:
        return False
    responsible = organisation_id or facts.acting_lead.organisation_id
    places = access.working(actor, facts)
    return may_read(actor, facts, on=on) and any(
        place.organisation_id == responsible for place in places
    )


def track_measure(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    number: int,
    state: str,
    reason: str,
    *,
    on: date,
) -> None:
    """Say how a measure of the plan in force goes. The caller has locked the case.

    Raises NotFound, NotAllowed, NoSuchMeasure, NoSuchState, ReasonMissing.
    """
    access.require(actor, Action.SEE_CASE, facts, on=on)
    access.require(actor, Action.ACT, facts, on=on)
    plan = store.adopted(tx, facts.case_id)
    measure = store.measure(tx, plan.id, number) if plan is not None else None
    if plan is None or measure is None or not may_read(actor, facts, on=on):
        raise NoSuchMeasure
    if not may_track(actor, facts, measure.organisation_id, on=on):
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    rules.require_tracked(state, reason)
    measure.state, measure.reported_at = state, clock.now(tx)
    measure.reported_by = actor.account_id
    key = keys.of(tx).get(facts.case_id)
    why = reason.strip() if state == "not_possible" else ""
    measure.reason = key.seal(why.encode(), _reason(measure)) if why else None
    audit.write_by(
        tx,
        actor,
        "measure.track",
        case_id=facts.case_id,
        target=f"measure:{plan.version}/{number}",
        detail={"state": state},
    )


def standing(tx: Session, plan: Plan) -> list[Standing]:
    """How the measures of a plan go, in their order; the caller has asked the gate."""
    key = keys.of(tx).get(plan.case_id)
    return [
        Standing(
            number=measure.number,
            organisation_id=measure.organisation_id,
            due=measure.due,
            state=measure.state,
            reason=key.unseal(measure.reason, _reason(measure)).decode() if measure.reason else "",
        )
        for measure in store.measures(tx, plan.id)
    ]


def _reason(measure: Measure) -> str:
    return f"measure/{measure.id}/reason"


def _seal(tx: Session, case_id: UUID, content: Mapping[str, Any]) -> bytes:
    return keys.of(tx).get(case_id).seal(_plain(content), _PLACE)


def _plain(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()


def _day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _organisation_id(tx: Session, code: str | None) -> int | None:
    """Codes may name a unit after a slash."""
    if not code:
        return None
    return organisations.organisation(tx, code.partition("/")[0]).id
