"""Who may open a step, and what it then asks. The gate decides, each time anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework import access, casefacts, choices, formbook, records, roles
from casework.access import Action, Actor, CaseFacts, Decision, Party
from casework.application import Application
from casework.attachments.asked import Place, of_form
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.host import CaseHost
from casework.tasks import rules, store
from engine import releases, runtime
from engine.errors import NoSuchTask, NotWaiting, TaskTaken
from engine.packs import Pack
from engine.tables import Task
from forms import Form, left_out, narrowed


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the actor may open, with all that is needed to show and do it."""

    visit: runtime.Visit
    case: Case
    facts: CaseFacts
    pack: Pack
    #: As far as consent lets it be asked.
    form: Form | None
    context: Mapping[str, Any]
    choices: choices.CaseChoices

    @property
    def task(self) -> Task:
        return self.visit.task


def step_for(tx: Session, app: Application, actor: Actor, task_id: UUID) -> Step:
    """The step with its form and what the form may look up.

    Raises NoSuchTask for what the actor may not know of, TaskTaken for what is done, NotAllowed.
    """
    return enter(tx, app, actor, runtime.look(tx, CaseHost(app), task_id))


def enter(tx: Session, app: Application, actor: Actor, visit: runtime.Visit) -> Step:
    """As `step_for`, of a step that was looked up already."""
    task = visit.task
    case = case_store.by_id(tx, task.case_id)
    facts = case_store.facts(tx, task.case_id)
    today = clock.today(tx, app.zone)
    _require(tx, app, actor, visit, facts, today)
    pack = releases.load(tx, task.release_id)
    form = _askable(formbook.form(pack, task.form), task, facts, today) if task.form else None
    everyone = form is not None and form.record in {"consent", "referral"}
    return Step(
        visit=visit,
        case=case,
        facts=facts,
        pack=pack,
        form=form,
        context=casefacts.form_context(
            casefacts.Reader(tx, actor, case, facts, today), visit.variables
        ),
        choices=choices.CaseChoices(
            tx,
            app,
            case,
            everyone,
            of_form(tx, actor, facts, Place(task.id, task.purpose, form), on=today),
        ),
    )


def may_open(tx: Session, app: Application, actor: Actor, task: Task, facts: CaseFacts) -> bool:
    """Whether the actor could open the step now."""
    held = roles.held_by(app.pack(tx).config, actor)
    today = clock.today(tx, app.zone)
    step = _addressed(task, live=store.runs(tx, task))
    return rules.may_open(actor, held, step, facts, on=today)


def first_who_may_open(
    tx: Session, app: Application, asked: Sequence[tuple[Task, Sequence[Actor]]]
) -> list[Actor | None]:
    """For each step the first of these people who could open it now.

    As many statements for one step of a case as for many.
    """
    config, today = app.pack(tx).config, clock.today(tx, app.zone)
    facts = {id: case_store.facts(tx, id) for id in {task.case_id for task, _ in asked}}
    running = store.running(tx, {task.instance_id for task, _ in asked})

    def may(actor: Actor, task: Task) -> bool:
        live = task.status == "open" and task.instance_id in running
        step, held = _addressed(task, live=live), roles.held_by(config, actor)
        return rules.may_open(actor, held, step, facts[task.case_id], on=today)

    return [next((one for one in people if may(one, task)), None) for task, people in asked]


def manages(tx: Session, app: Application, actor: Actor, task: Task) -> bool:
    """Whether it is a step of the manager's organisation, which consent lets it work on now."""
    if task.organisation_id not in {one.organisation_id for one in actor.holding({"manager"})}:
        return False
    facts = case_store.facts(tx, task.case_id)
    step = _addressed(task, live=store.runs(tx, task))
    allowed = rules.consented(step, facts, on=clock.today(tx, app.zone)).allowed
    return step.live and allowed and not access.hidden(actor, facts)


def _askable(form: Form, task: Task, facts: CaseFacts, on: date) -> Form:
    """The form without what consent does not cover for the step's organisation.

    Raises NotAllowed where its record cannot be without a field that is left out.
    """
    at = Party(task.organisation_id, task.unit_id) if task.organisation_id is not None else None

    def asked(category: str) -> Decision:
        return access.may_ask(facts, category, on=on, purpose=task.purpose, party=at)

    narrow = narrowed(form, lambda category: asked(category).allowed)
    missing = left_out(form, narrow)
    for name in records.required(form.record) & missing.keys():
        decision = asked(missing[name])
        raise NotAllowed(decision.why_key, code=decision.code)
    return narrow


def _require(
    tx: Session,
    app: Application,
    actor: Actor,
    visit: runtime.Visit,
    facts: CaseFacts,
    today: date,
) -> None:
    """The list predicate says whose it is; the gate says whether consent allows it now."""
    held = roles.held_by(app.pack(tx).config, actor)
    task = visit.task
    step = _addressed(task, live=visit.live)
    if task.status != "open":
        theirs = rules.addressed(actor, held, step, facts)
        _refuse_closed(actor, task, knows=theirs or access.knows(actor, facts, on=today))
    if rules.may_open(actor, held, step, facts, on=today):
        return
    if not access.knows(actor, facts, on=today):
        overtaken = rules.addressed(actor, held, step, facts) and rules.once_covered(step, facts)
        raise NotWaiting if overtaken else NoSuchTask
    access.require(actor, Action.WRITE_STEP, facts, on=today, purpose=task.purpose)
    lacking = rules.consented(step, facts, on=today)
    raise NotAllowed(lacking.why_key, code=lacking.code or "not_yours")


def _addressed(task: Task, *, live: bool) -> rules.Addressed:
    return rules.Addressed(
        role=task.role,
        organisation_id=task.organisation_id,
        unit_id=task.unit_id,
        group_id=task.group_id,
        assignee_id=task.assignee_id,
        purpose=task.purpose,
        categories=frozenset(map(str, task.categories)),
        live=live,
    )


def _refuse_closed(actor: Actor, task: Task, *, knows: bool) -> None:
    """Whoever had the step in their list hears that it is gone, even where the case now is too."""
    if not knows and task.done_by != actor.pseudonym:
        raise NoSuchTask
    if task.status == "done":
        raise TaskTaken(done_by=task.done_by, done_at=task.done_at)
    raise NotWaiting
