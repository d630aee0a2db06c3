"""A step done by mistake: taken back by whoever did it, until somebody else goes on from it.

Source: domain.md, decision 11. What was answered comes back as a draft; the entry is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework import access, formbook, records
from casework.access import Action, Actor, CaseFacts
from casework.application import Application
from casework.audit import actions as audit
from casework.audit import store as audit_store
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.host import CaseHost
from casework.tasks import store
from casework.words import Words
from engine import releases, runtime
from engine.errors import NoSuchTask
from engine.runtime import CannotTakeBack
from engine.tables import Task


@dataclass(frozen=True, slots=True)
class Offer:
    """The step that the reader could take back now."""

    task_id: UUID
    title: str


def offered(
    tx: Session, app: Application, actor: Actor, case: Case, facts: CaseFacts
) -> Offer | None:
    """The last step that the reader did in the case, if nobody has gone on from it."""
    done = store.last_done(tx, case.id, actor.pseudonym)
    if done is None:
        return None
    try:
        _require(tx, actor, facts, done, on=clock.today(tx, app.zone))
    except (CannotTakeBack, NotAllowed):
        return None
    words = Words(releases.load(tx, done.release_id), actor.language)
    return Offer(done.id, words.element(done.process, done.element_id))


def take_back(tx: Session, app: Application, actor: Actor, task_id: UUID) -> UUID:
    """The step opened anew, taken by the actor, with what they had answered as its draft.

    Raises NotFound, NotAllowed, CannotTakeBack.
    """
    case = case_store.lock_case_of(tx, task_id)
    task = store.by_id(tx, task_id)
    if case is None or task is None:
        raise NoSuchTask
    facts, today = case_store.facts(tx, case.id), clock.today(tx, app.zone)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    _require(tx, actor, facts, task, on=today)
    answers = _answers(tx, actor, facts, task, on=today)
    opened = runtime.take_back(tx, CaseHost(app), task_id, by=actor.pseudonym)
    runtime.claim(tx, opened, account_id=actor.account_id)
    case_store.strike_of_task(tx, task_id, clock.now(tx))
    if answers:
        cases.save_draft(tx, actor, case.id, opened, answers)
    case_store.drop_closed_drafts(tx, case.id)
    detail = {"element": task.element_id, "process": task.process}
    target = f"task:{task_id}"
    audit.write_by(tx, actor, "task.take_back", case_id=case.id, target=target, detail=detail)
    return opened


def _require(tx: Session, actor: Actor, facts: CaseFacts, task: Task, *, on: date) -> None:
    """Raises NotAllowed, CannotTakeBack."""
    if task.done_by != actor.pseudonym:
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    access.require(actor, Action.ACT, facts, on=on)
    if task.form is not None:
        pack = releases.load(tx, task.release_id)
        if not records.only_filed(formbook.form(pack, task.form).record):
            raise CannotTakeBack
    following = runtime.led_to(tx, task)
    others = following.assignee_id not in (None, actor.account_id)
    if others or _opened(tx, actor, task):
        raise CannotTakeBack


def _opened(tx: Session, actor: Actor, task: Task) -> bool:
    """Whether anybody else has opened a step of the case since; it may have been this one."""
    looks = audit_store.looks(tx, task.case_id, since=task.done_at)
    return any(look.kind == "task" and look.account_id != actor.account_id for look in looks)


def _answers(
    tx: Session, actor: Actor, facts: CaseFacts, task: Task, *, on: date
) -> Mapping[str, Any]:
    """What the actor may still read of what they answered."""
    if task.form is None:
        return {}
    found = cases.read_entries(tx, actor, facts, on=on, form=task.form)
    return next((dict(e.answers) for e in reversed(found) if e.task_id == task.id), {})
