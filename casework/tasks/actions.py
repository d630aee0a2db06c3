"""See, take, put aside and do steps. The gate is asked in the same transaction, each time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed
from casework import access, casefacts, formbook, impersonal, records, roles
from casework.access import Actor, Holder
from casework.accounts import store as accounts
from casework.application import Application
from casework.attachments.asked import Brought, Place, bring
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.host import CaseHost
from casework.roles import local_now
from casework.sending import digest_of, grouped, type_sent
from casework.tasks import beside, lists, store
from casework.tasks.model import Completed, TaskList, TaskPage, View
from casework.tasks.opening import Step, enter, manages, step_for
from casework.voice import saying
from casework.words import Words
from engine import commands, releases, runtime
from engine.errors import NoSuchTask, TaskTaken
from engine.tables import Task
from forms import Checked, Form, Row, check, draw, left_out, typed
from forms import change as change_rows
from forms import read as read_answers


class SaidOtherwise(Conflict):
    """What the person allows has changed since you opened this page."""


def my_tasks(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    view: View = View.MINE,
    query: str = "",
    part: int = 1,
) -> TaskList:
    """A part of a view of steps, grouped by how soon they are due."""
    return lists.build(tx, app, actor, view=view, query=query, part=part)


def open_count(tx: Session, app: Application, actor: Actor) -> int:
    """How many steps wait for the actor; one number for the menu."""
    held = roles.held_by(app.pack(tx).config, actor)
    return store.count_mine(tx, actor, held, on=clock.today(tx, app.zone))


def open_task(
    tx: Session,
    app: Application,
    actor: Actor,
    task_id: UUID,
    *,
    sent: type_sent | None = None,
    key: str = "",
    left: Collection[str] = (),
) -> TaskPage:
    """The page of a step. ``sent``: answers to draw instead of the draft, with rows changed.

    ``left``: fields for which a file was chosen and not attached.
    Raises NotFound, NotAllowed, TaskTaken.
    """
    step = step_for(tx, app, actor, task_id)
    if sent is not None and step.form is not None:
        say = saying(tx, app, actor.language, step.case.pack_id)
        wrong = {name: say("Attach the file that you chose, or choose none.") for name in left}
        values = _changed(step.form, sent)
        return _page(tx, app, actor, step, values=values, errors=wrong, key=key)
    draft = cases.read_draft(tx, actor, task_id) if step.form else None
    values = draft.answers if draft else {}
    return _page(
        tx, app, actor, step, values=values, saved=draft.saved if draft else None, key=key
    )


def complete_task(
    tx: Session, app: Application, actor: Actor, task_id: UUID, sent: type_sent, *, key: str
) -> Completed | TaskPage:
    """Do the step; a page with errors if the answers are not right yet: the caller rolls back.

    The same key and answers again give the first answer. Raises NotFound, NotAllowed, TaskTaken,
    Conflict.
    """
    case = _lock(tx, task_id)
    digest = digest_of(sent)
    earlier = commands.once(
        tx,
        account_id=actor.account_id,
        command="complete",
        target=str(task_id),
        key=key,
        digest=digest,
    )
    if earlier is not None:
        return Completed(case.id, _uuid(earlier.result.get("next_task")))
    step = enter(tx, app, actor, runtime.visit(tx, CaseHost(app), task_id, by=actor.pseudonym))
    checked = _checked(tx, app, actor, step, sent)
    if checked.errors:
        return _page(
            tx, app, actor, step, values=_read(step, sent), errors=checked.errors, key=key
        )
    done = _do(tx, app, actor, step, checked)
    result = {"next_task": str(done.next_task) if done.next_task else None}
    commands.answer(
        tx,
        account_id=actor.account_id,
        command="complete",
        target=str(task_id),
        key=key,
        result=result,
    )
    return done


def save_draft(
    tx: Session, app: Application, actor: Actor, task_id: UUID, sent: type_sent
) -> None:
    """Put the answers aside as they are, right or not; gone with the step."""
    _lock(tx, task_id)
    step = step_for(tx, app, actor, task_id)
    _require_askable(step, sent)
    cases.save_draft(tx, actor, step.case.id, task_id, _read(step, sent))


def attach_file(
    tx: Session, app: Application, actor: Actor, task_id: UUID, file: Brought, sent: type_sent
) -> TaskPage | None:
    """Keep a file for a file picker of the form, and all that was typed as a draft with it.

    The page with an error where the file cannot be taken. Raises NotFound for another field.
    """
    _lock(tx, task_id)
    step = step_for(tx, app, actor, task_id)
    place = Place(task_id, step.task.purpose, step.form)
    today, most = clock.today(tx, app.zone), app.settings.attachment_megabytes
    try:
        kept = bring(tx, actor, step.facts, place, file, sent, on=today, megabytes=most)
    except (Invalid, Conflict) as error:
        say = saying(tx, app, actor.language, step.case.pack_id)
        wrong = {file.to: say(str(error))}
        return _page(tx, app, actor, step, values=_read(step, sent), errors=wrong)
    save_draft(tx, app, actor, task_id, [*sent, (file.to, str(kept))])
    return None


def take_task(tx: Session, app: Application, actor: Actor, task_id: UUID) -> None:
    """From now on others see that the actor has it."""
    _lock(tx, task_id)
    step = step_for(tx, app, actor, task_id)
    runtime.claim(tx, step.task.id, account_id=actor.account_id)
    audit.write_by(tx, actor, "task.take", case_id=step.case.id, target=f"task:{task_id}")


def put_back_task(tx: Session, app: Application, actor: Actor, task_id: UUID) -> None:
    """Back into the list of the organisation; what was put aside stays."""
    _lock(tx, task_id)
    step = step_for(tx, app, actor, task_id)
    if step.task.assignee_id != actor.account_id:
        raise NotAllowed(code="not_yours")
    runtime.release(tx, step.task.id)
    audit.write_by(tx, actor, "task.put_back", case_id=step.case.id, target=f"task:{task_id}")


def give_task(tx: Session, app: Application, actor: Actor, task_id: UUID, account_id: int) -> None:
    """Hand a step to a colleague who holds its role.

    Managers give steps of their own organisation without opening them. Raises NotAllowed.
    """
    _lock(tx, task_id)
    task = _open(tx, task_id)
    if manages(tx, app, actor, task):
        facts = case_store.facts(tx, task.case_id)
        access.require_open(actor, facts, on=clock.today(tx, app.zone))
    else:
        step_for(tx, app, actor, task_id)
    if account_id not in {colleague for colleague, _ in colleagues(tx, app, task)}:
        raise NotAllowed(code="not_yours")
    runtime.assign(tx, task_id, account_id=account_id)
    detail = {"to": account_id}
    audit.write_by(
        tx, actor, "task.give", case_id=task.case_id, target=f"task:{task_id}", detail=detail
    )


def colleagues(tx: Session, app: Application, task: Task) -> list[tuple[int, str]]:
    """Who could do the step: ids and names of those who hold its role there."""
    role = app.pack(tx).config.roles.get(task.role or "")
    today = clock.today(tx, app.zone)
    ids = accounts.holders(
        tx,
        role.members if role else (),
        today,
        organisation_id=task.organisation_id,
        unit_id=task.unit_id,
        group_id=task.group_id,
    )
    return sorted(accounts.names(tx, ids).items(), key=lambda pair: pair[1])


def taken(tx: Session, error: TaskTaken) -> tuple[str | None, datetime | None]:
    """Who did the step, and when, for the one who came too late."""
    prefix, _, number = (error.done_by or "").partition(":")
    if prefix != "account":
        return None, error.done_at
    return accounts.names(tx, [int(number)]).get(int(number)), error.done_at


def typed_answers(
    tx: Session, app: Application, actor: Actor, task_id: UUID, sent: type_sent
) -> list[tuple[str, str]]:
    """What somebody typed for a step that is no longer theirs: labels and answers, to copy."""
    task = _open(tx, task_id)
    if task.form is None:
        return []
    pack = releases.load(tx, task.release_id)
    answers = read_answers(formbook.form(pack, task.form), grouped(sent))
    return formbook.answered(Words(pack, actor.language), task.form, answers)


def _do(tx: Session, app: Application, actor: Actor, step: Step, checked: Checked) -> Completed:
    task, case = step.task, step.case
    if step.form is not None:
        _keep(tx, app, actor, step, checked)
    answers = typed(step.form, checked.values, local_now(tx, app.zone)) if step.form else {}
    runtime.finish(step.visit, answers)
    case_store.drop_closed_drafts(tx, case.id)
    audit.write_by(
        tx,
        actor,
        "task.complete",
        case_id=case.id,
        target=f"task:{task.id}",
        detail={"element": task.element_id, "process": task.process},
    )
    held = roles.held_by(app.pack(tx).config, actor)
    today = clock.today(tx, app.zone)
    following = store.next_for(tx, actor, held, case.id, on=today, now=clock.now(tx))
    return Completed(case.id, following)


def _keep(tx: Session, app: Application, actor: Actor, step: Step, checked: Checked) -> None:
    """Answers into the case file by kind of information, and into the form's record."""
    form, task = step.form, step.task
    assert form is not None  # noqa: S101
    organisation_id = task.organisation_id or actor.organisation_id
    records.keep(
        form.record,
        records.Sent(tx, app, actor, step.facts, task.organisation_id, checked.values),
    )
    if organisation_id is None:
        return
    cases.add_entry(
        tx,
        step.case.id,
        casefacts.by_category(form, checked.values),
        form=form.id,
        author=Holder(organisation_id, task.unit_id, actor.account_id),
        task_id=task.id,
        purpose=task.purpose,
        release_id=task.release_id,
    )


def _checked(tx: Session, app: Application, actor: Actor, step: Step, sent: type_sent) -> Checked:
    if step.form is None:
        return Checked({}, {}, frozenset())
    _require_askable(step, sent)
    words = Words(step.pack, actor.language)
    say = saying(tx, app, actor.language, step.case.pack_id)
    checked = check(
        step.form,
        grouped(sent),
        step.context,
        choices=step.choices,
        now=local_now(tx, app.zone),
        language=actor.language,
        translate=say,
        words=words.form(step.form.id),
    )
    if not records.names_nobody(step.form.record):
        return checked
    today = clock.today(tx, app.zone)
    return impersonal.check_nobody(tx, actor, step.form, checked, on=today, translate=say)


def _page(
    tx: Session,
    app: Application,
    actor: Actor,
    step: Step,
    *,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    saved: datetime | None = None,
    key: str = "",
) -> TaskPage:
    words = Words(step.pack, actor.language)
    rows: tuple[Row, ...] = ()
    if step.form is not None:
        rows = tuple(
            draw(
                step.form,
                values=values,
                errors=errors or {},
                context=step.context,
                choices=step.choices,
                now=local_now(tx, app.zone),
                language=actor.language,
                translate=saying(tx, app, actor.language, step.case.pack_id),
                words=words.form(step.form.id),
            )
        )
    return beside.task_page(
        tx,
        app,
        actor,
        task=step.task,
        case=step.case,
        facts=step.facts,
        words=words,
        form=step.form,
        rows=rows,
        errors=errors or {},
        saved=saved,
        key=key or uuid4().hex,
        others=_others(tx, app, actor, step.task),
    )


def _others(
    tx: Session, app: Application, actor: Actor, task: Task
) -> tuple[tuple[int, str], ...]:
    if task.kind == "escalation":
        return ()
    return tuple(pair for pair in colleagues(tx, app, task) if pair[0] != actor.account_id)


def _open(tx: Session, task_id: UUID) -> Task:
    task = store.by_id(tx, task_id)
    if task is None:
        raise NoSuchTask
    return task


def _lock(tx: Session, task_id: UUID) -> Case:
    """Lock the step's case. The step itself is read after: before, it would be old by then."""
    case = case_store.lock_case_of(tx, task_id)
    if case is None:
        raise NoSuchTask
    return case


def _require_askable(step: Step, sent: type_sent) -> None:
    """Raises SaidOtherwise for an answer to what consent no longer lets be asked."""
    if step.form is None or step.task.form is None:
        return
    gone = left_out(formbook.form(step.pack, step.task.form), step.form)
    typed_in = {_path(name) for name, value in sent if value.strip()}
    if any(path == name or path.startswith(f"{name}.") for path in typed_in for name in gone):
        raise SaidOtherwise


def _path(name: str) -> str:
    """Of a field as it was sent: without the numbers of rows."""
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def _read(step: Step, sent: type_sent) -> Mapping[str, Any]:
    return read_answers(step.form, grouped(sent)) if step.form else {}


def _changed(form: Form, sent: type_sent) -> Mapping[str, Any]:
    return change_rows(form, grouped(sent))


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
