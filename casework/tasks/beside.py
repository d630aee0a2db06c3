"""What stands beside a step: where the case is, what consent says, who leads, what comes next."""

from collections.abc import Mapping
from datetime import datetime

from base import clock, lang
from base.db import Session
from casework import formbook, leaflets, naming
from casework.access import PERSON, Actor, CaseFacts, ConsentFacts, Party
from casework.accounts import store as accounts
from casework.application import Application
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.consent.rules import CATEGORIES
from casework.leaflets import Leaflet
from casework.organisations import store as organisations
from casework.tasks import lists
from casework.tasks import store as tasks
from casework.tasks.model import ConsentBrief, PathNote, PathStep, TaskPage
from casework.voice import saying
from casework.words import Words
from engine.diagram import Process
from engine.tables import Task
from forms import Form, Row

_FEW = 3
_PEOPLE = frozenset({"user_task", "manual_task", "call_activity"})


def task_page(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    task: Task,
    case: Case,
    facts: CaseFacts,
    words: Words,
    form: Form | None,
    rows: tuple[Row, ...],
    errors: Mapping[str, str],
    saved: datetime | None,
    key: str,
    others: tuple[tuple[int, str], ...],
) -> TaskPage:
    """The page of a step for one reader who may open it."""
    say = saying(tx, app, actor.language, case.pack_id)
    either = say("or")
    [row] = lists.describe(tx, app, actor, [task])
    lead, contact = lead_of(tx, facts)
    about_person = case.subject == PERSON
    return TaskPage(
        id=task.id,
        title=row.title,
        guidance=words.guidance(task.process, task.element_id),
        case_id=case.id,
        case_number=case.number,
        pack_id=case.pack_id,
        who=row.who,
        organisation=row.organisation,
        holder=row.holder,
        mine=row.mine,
        can_take=task.assignee_id is None,
        can_give=bool(others),
        due=task.due,
        pressure=row.pressure,
        form=form,
        rows=rows,
        errors=errors,
        path=path(tx, app, actor, case, words) if about_person else (),
        next_steps=following(words, task, f" {either} "),
        consent=consent_brief(tx, app, actor, case, facts, words, row.who),
        lead=lead if about_person else None,
        lead_contact=contact,
        process=task.process,
        element=task.element_id,
        key=key,
        spoken=words.spoken,
        about_person=about_person,
        saved_draft=saved,
        others=others,
        leaflets=_leaflets(tx, app, actor, words, task),
    )


def _leaflets(
    tx: Session, app: Application, actor: Actor, words: Words, task: Task
) -> tuple[Leaflet, ...]:
    """What the diagram names at the step; as the pack in use words it."""
    process = words.pack.diagrams.get(task.process)
    element = process.elements.get(task.element_id) if process else None
    named = element.documents if element else ()
    return leaflets.offered(tx, app, actor, named) if named else ()


def path(
    tx: Session, app: Application, actor: Actor, case: Case, words: Words
) -> tuple[PathStep, ...]:
    """The pack's milestones: passed, reached now (with who has answered), ahead."""
    reached = {log.milestone: log.at for log in case_store.milestones(tx, case.id)}
    milestones = words.pack.config.milestones
    order = {milestone.code: place for place, milestone in enumerate(milestones)}
    now = order.get(case.milestone or "", 0 if case.status != "closed" else len(milestones))
    return tuple(
        PathStep(
            title=words.milestone(milestone.code),
            state=_state(place, now, closed=case.status == "closed"),
            on=naming.local_day(reached.get(milestone.code), app.zone),
            notes=notes(tx, app, actor, case, words) if place == now else (),
        )
        for place, milestone in enumerate(milestones)
        if milestone.code in reached or place >= now
    )


def notes(
    tx: Session, app: Application, actor: Actor, case: Case, words: Words
) -> tuple[PathNote, ...]:
    """Which organisations the case waits for now; only when it waits for several."""
    waiting = [task for task in tasks.open_of_case(tx, case.id) if task.kind != "escalation"]
    asked = [task for task in waiting if task.role == "party" and task.organisation_id]
    answered = [task for task in tasks.answered_beside(tx, case.id, asked) if task.organisation_id]
    both = (*answered, *asked)
    titles = organisations.organisations_by_id(tx, {task.organisation_id or 0 for task in both})
    now = clock.now(tx)
    return tuple(
        PathNote(titles[task.organisation_id or 0].title, _answer(task, now))
        for task in both[: _FEW * 2]
    )


def _answer(task: Task, now: datetime) -> str:
    if task.status == "done":
        return "done"
    return "late" if task.due is not None and task.due < now else "waiting"


def following(words: Words, task: Task, either: str) -> tuple[str, ...]:
    """What people do next along the drawn way: a line each, alternatives joined by ``either``.

    Stops where the way parts, since what comes after hangs on the answer.
    """
    process = words.pack.diagrams.get(task.process)
    if process is None or task.element_id not in process.elements:
        return ()
    found: list[str] = []
    at = task.element_id
    while len(found) < _FEW:
        ways = _next_people(process, at)
        found += [either.join(words.element(task.process, way) for way in ways)] if ways else []
        if len(ways) != 1:
            break
        [at] = ways
    return tuple(found)


def _next_people(process: Process, at: str) -> list[str]:
    """The named steps of people that come first on each way from here, in the drawn order."""
    found: list[str] = []
    seen, ways = {at}, [flow.target for flow in process.outgoing(at)]
    while ways:
        element = process.elements[ways.pop(0)]
        if element.id in seen:
            continue
        seen.add(element.id)
        if element.kind in _PEOPLE and element.name:
            found.append(element.id)
        else:
            ways += [flow.target for flow in process.outgoing(element.id)]
    return found[:_FEW]


def consent_brief(
    tx: Session,
    app: Application,
    actor: Actor,
    case: Case,
    facts: CaseFacts,
    words: Words,
    who: str | None,
) -> ConsentBrief | None:
    """What the reader's organisation may know today, in words; None without consent in force."""
    today = clock.today(tx, app.zone)
    mine = [Party(m.organisation_id, m.unit_id) for m in actor.memberships]
    held = [
        consent
        for consent in facts.consents
        if consent.shares
        and consent.in_force(today)
        and any(consent.names(party) for party in mine)
    ]
    if not held:
        return None
    consent = max(held, key=lambda consent: consent.valid_until)
    return ConsentBrief(
        person=naming.first_name(who),
        purpose=purpose(words, consent),
        until=consent.valid_until,
        may_know=kinds(words, consent.categories - consent.excluded_categories),
        may_not_know=kinds(words, consent.excluded_categories),
    )


def kinds(words: Words, codes: frozenset[str]) -> tuple[str, ...]:
    """Kinds of information as the owner calls them, in their usual order, inside a sentence."""
    titles = formbook.options(words, "consent", "categories")
    said = (titles.get(code, code) for code in CATEGORIES if code in codes)
    return tuple(lang.within(title, words.spoken) for title in said)


def purpose(words: Words, consent: ConsentFacts) -> str:
    return formbook.options(words, "consent", "purpose").get(consent.purpose, consent.purpose)


def lead_of(tx: Session, facts: CaseFacts) -> tuple[str | None, str | None]:
    """Who coordinates, with their organisation, and the organisation's number."""
    lead = facts.acting_lead
    organisation = organisations.organisations_by_id(tx, [lead.organisation_id])[
        lead.organisation_id
    ]
    names = accounts.names(tx, [lead.account_id]) if lead.account_id is not None else {}
    name = names.get(lead.account_id or 0)
    return (f"{name}, {organisation.title}" if name else organisation.title), organisation.phone


def _state(place: int, now: int, *, closed: bool) -> str:
    if closed or place < now:
        return "done"
    return "now" if place == now else "ahead"
