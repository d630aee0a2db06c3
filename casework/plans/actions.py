"""Record, confirm and adopt plans."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from base import clock, crypto, keys
from base.db import Session
from base.errors import Conflict
from casework.organisations import store as organisations
from casework.plans import rules, store
from casework.plans.tables import Measure, Plan

_PLACE = "plan"


class NoPlan(Conflict):
    """There is no plan to adopt."""


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
    """What the plan says; the caller has asked the gate."""
    plain = keys.of(tx).get(plan.case_id).unseal(plan.content, _PLACE)
    content: Mapping[str, Any] = json.loads(plain)
    return content


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
