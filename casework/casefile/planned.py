"""The plan of a case as a reader sees it: one version, all versions, and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotFound
from casework import access, formbook, naming
from casework.access import Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.application import Application
from casework.casefile.model import Altered, Goal, Measure, PlanCard, PlanHistory, Version
from casework.cases import store as case_store
from casework.organisations import store as organisations
from casework.organisations.tables import Organisation
from casework.plans import actions as plans
from casework.plans import rules, store
from casework.plans.comparing import Change, changes
from casework.plans.tables import Plan
from casework.words import Words


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One version for reading or printing, with the case it belongs to."""

    case_id: UUID
    pack_id: str
    number: str
    who: str | None
    lead: str | None
    plan: PlanCard


def plan_card(
    tx: Session, app: Application, actor: Actor, facts: CaseFacts, *, version: int | None = None
) -> PlanCard | None:
    """A version, by default the newest, if the reader may read plans of this case."""
    today = clock.today(tx, app.zone)
    if not plans.may_read(actor, facts, on=today):
        return None
    versions = store.versions(tx, facts.case_id)
    plan = next((p for p in reversed(versions) if version in (None, p.version)), None)
    if plan is None:
        return None
    content = plans.read_plan(tx, plan)
    organisation_of = _organisations(tx, [plan], [content])
    words = Words(app.pack(tx), actor.language)
    areas = formbook.options(words, "plan", "goals.outcome_area")
    measures = _measures(tx, actor, facts, plan, content, organisation_of, today)
    goals = [
        Goal(
            text=str(goal.get("text") or ""),
            horizon=str(goal.get("horizon") or ""),
            measures=tuple(m for number, m in measures if number == place),
            area=areas.get(str(goal.get("outcome_area")), ""),
        )
        for place, goal in enumerate(content.get("goals") or (), start=1)
    ]
    return PlanCard(
        version=plan.version,
        state=plan.state,
        own_voice=str(content.get("own_voice") or ""),
        goals=tuple(goals),
        overall_responsible=_title(organisation_of, content.get("overall_responsible")),
        coordinator=content.get("coordinator"),
        follow_up_on=plan.follow_up_on,
        adopted_on=naming.local_day(plan.adopted_at, app.zone),
        crisis_plan=content.get("crisis_plan"),
        contacts=tuple(
            (str(one.get("name") or ""), str(one.get("phone") or ""))
            for one in content.get("contacts") or ()
        ),
        lacking=tuple(rules.CONTENTS[code] for code in rules.missing_contents(content))
        if plan.state == "draft"
        else (),
        of=len(versions),
    )


def plan_page(
    tx: Session, app: Application, actor: Actor, case_id: UUID, *, version: int | None = None
) -> PlanPage:
    """Raises NotFound where there is no plan that the reader may read."""
    facts = _visible(tx, app, actor, case_id)
    plan = plan_card(tx, app, actor, facts, version=version)
    if plan is None:
        raise NotFound
    today = clock.today(tx, app.zone)
    case = case_store.by_id(tx, case_id)
    lead = facts.acting_lead.account_id
    names = accounts.names(tx, [lead]) if lead is not None else {}
    return PlanPage(
        case_id=case_id,
        pack_id=case.pack_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        lead=names.get(lead or 0),
        plan=plan,
    )


def plan_history(tx: Session, app: Application, actor: Actor, case_id: UUID) -> PlanHistory:
    """Raises NotFound where the reader may not read plans of this case, or there are none."""
    facts = _visible(tx, app, actor, case_id)
    today = clock.today(tx, app.zone)
    found = store.versions(tx, case_id) if plans.may_read(actor, facts, on=today) else ()
    if not found:
        raise NotFound
    contents = [plans.read_plan(tx, plan) for plan in found]
    names = accounts.names(tx, {plan.recorded_by for plan in found})
    organisation_of = _organisations(tx, found, contents)
    words = Words(app.pack(tx), actor.language)
    case = case_store.by_id(tx, case_id)
    versions = [
        Version(
            version=plan.version,
            state=plan.state,
            recorded=plan.recorded_at,
            by=names.get(plan.recorded_by, ""),
            adopted_on=naming.local_day(plan.adopted_at, app.zone),
            altered=tuple(_altered(words, change, organisation_of) for change in changed),
        )
        for plan, changed in zip(found, _changed(contents), strict=True)
    ]
    return PlanHistory(
        case_id=case_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        versions=tuple(reversed(versions)),
    )


def track(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    number: int,
    state: str,
    reason: str,
) -> None:
    """Say how a measure goes. Raises NotFound, NotAllowed, Invalid."""
    case_store.lock_case(tx, case_id)
    facts = case_store.facts(tx, case_id)
    today = clock.today(tx, app.zone)
    plans.track_measure(tx, actor, facts, number, state, reason, on=today)


def _visible(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CaseFacts:
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=clock.today(tx, app.zone))
    return facts


def _measures(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    plan: Plan,
    content: Mapping[str, Any],
    organisation_of: Mapping[str, Organisation],
    today: date,
) -> list[tuple[int, Measure]]:
    """Each with the number of its goal."""
    written = content.get("measures") or ()
    return [
        (
            int(said.get("goal") or 1),
            Measure(
                number=goes.number,
                text=str(said.get("text") or ""),
                organisation=_title(organisation_of, said.get("organisation")),
                person=said.get("by_other") or said.get("person"),
                due=goes.due,
                state=goes.state,
                reason=goes.reason,
                may_track=plan.state == "adopted"
                and plans.may_track(actor, facts, goes.organisation_id, on=today),
            ),
        )
        for said, goes in zip(written, plans.standing(tx, plan), strict=False)
    ]


def _changed(contents: Sequence[Mapping[str, Any]]) -> list[tuple[Change, ...]]:
    """What each version changed in the one before it; nothing for the first."""
    later = [changes(old, new) for old, new in pairwise(contents)]
    return [(), *later]


def _altered(words: Words, change: Change, organisation_of: Mapping[str, Organisation]) -> Altered:
    found = formbook.with_record(words.pack, "plan")
    label = formbook.label(words, found.id, change.field) if found else change.field

    def said(value: object) -> str:
        if isinstance(value, str) and value in organisation_of:
            return organisation_of[value].title
        return formbook.said(words, found.id, change.field, value) if found else str(value)

    return Altered(label, change.what, said(change.before), said(change.after))


def _organisations(
    tx: Session, found: Sequence[Plan], contents: Sequence[Mapping[str, Any]]
) -> Mapping[str, Organisation]:
    """Those that the plans name, by the code that stands there; one statement."""
    named = {str(content.get("overall_responsible") or "") for content in contents}
    for content in contents:
        named |= {str(m.get("organisation") or "") for m in content.get("measures") or ()}
    codes = {code.partition("/")[0] for code in named if code}
    by_code = organisations.organisations_by_code(tx, codes)
    return {
        code: by_code[code.partition("/")[0]]
        for code in named
        if code.partition("/")[0] in by_code
    }


def _title(organisation_of: Mapping[str, Organisation], code: str | None) -> str | None:
    found = organisation_of.get(code or "")
    return found.title if found else None
