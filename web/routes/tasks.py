"""A caseworker's steps: the list, the page of one, and what can be done with it."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.db import Database, Session
from casework import start
from casework.access import Actor
from casework.alarms import actions as alarms
from casework.application import Application
from casework.looks import noting
from casework.news import actions as news
from casework.releases import comments
from casework.tasks import actions, taking_back
from casework.tasks.model import Completed, TaskPage, View
from engine.errors import NotWaiting, TaskTaken
from forms import problems
from web.deps import (
    App,
    CurrentActor,
    PartNumber,
    Read,
    Sent,
    SentNumber,
    Tx,
    application_of,
    first,
    note_read,
    type_sent,
)
from web.pages import render
from web.uploads import BroughtFile, answers_of, left_behind

router = APIRouter(prefix="/tasks")
#: Buttons that leave the step open.
_ASIDE = frozenset({"save", "take", "put_back"})


@router.get("", name="tasks")
def show_list(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    view: View = View.MINE,
    q: str = "",
    part: PartNumber = 1,
) -> Response:
    found = actions.my_tasks(tx, app, actor, view=view, query=q[:100].strip(), part=part)
    may_start = start.may_start(tx, app, actor)
    noting.note_listed(app, actor, {row.case_id for row in found.rows})
    unseen = alarms.unseen(tx, actor)
    return render(
        request,
        "tasks",
        actor=actor,
        list=found,
        may_start=may_start,
        alarms=unseen,
        news=news.unread(tx, app, actor),
        drafts=comments.drafts_to_read(tx, app, actor),
    )


@router.get("/{task_id}", name="task")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, task_id: UUID) -> Response:
    try:
        page = actions.open_task(tx, app, actor, task_id)
    except (TaskTaken, NotWaiting) as error:
        return _taken(request, actor, task_id, error, [])
    note_read(request, actor, page.case_id, "task")
    return _page(request, actor, page)


@router.post("/{task_id}", name="do-task")
def do(
    request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent, task_id: UUID
) -> Response:
    answers = answers_of(sent)
    key = first(sent, "_key")
    what = first(sent, "_do")
    left = left_behind(sent)
    try:
        if left and what not in {"take", "put_back"}:
            page = actions.open_task(tx, app, actor, task_id, sent=answers, key=key, left=left)
            return _page(request, actor, page)
        if asks_rows(answers):
            page = actions.open_task(tx, app, actor, task_id, sent=answers, key=key)
            return _page(request, actor, page)
        if what in _ASIDE:
            return _put_aside(tx, app, actor, task_id, what, answers)
        result = actions.complete_task(tx, app, actor, task_id, answers, key=key)
    except (TaskTaken, NotWaiting) as error:
        tx.rollback()
        return _taken(request, actor, task_id, error, answers)
    if isinstance(result, TaskPage):
        tx.rollback()
        return _page(request, actor, result)
    return RedirectResponse(_next(result), HTTPStatus.SEE_OTHER)


@router.post("/{task_id}/files", name="attach-to-task")
def attach(
    request: Request, tx: Tx, app: App, actor: CurrentActor, task_id: UUID, brought: BroughtFile
) -> Response:
    """The file is kept, and what was typed with it, as when a step is put aside."""
    answers, file = answers_of(brought.sent), brought.file
    try:
        page = actions.attach_file(tx, app, actor, task_id, file, answers)
    except (TaskTaken, NotWaiting) as error:
        tx.rollback()
        return _taken(request, actor, task_id, error, answers)
    if page is not None:
        tx.rollback()
        return _page(request, actor, page)
    return RedirectResponse(f"/tasks/{task_id}?said=attached#f-{file.to}", HTTPStatus.SEE_OTHER)


@router.post("/{task_id}/take-back", name="take-back-task")
def take_back(tx: Tx, app: App, actor: CurrentActor, task_id: UUID) -> Response:
    opened = taking_back.take_back(tx, app, actor, task_id)
    return RedirectResponse(f"/tasks/{opened}?said=taken-back", HTTPStatus.SEE_OTHER)


@router.post("/{task_id}/give", name="give-task")
def give(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    task_id: UUID,
    account: SentNumber,
) -> Response:
    actions.give_task(tx, app, actor, task_id, account)
    return RedirectResponse("/tasks?said=given", HTTPStatus.SEE_OTHER)


def show_typed(request: Request, actor: Actor, task_id: UUID, sent: type_sent) -> Response:
    """The step's page with answers that were typed but never stored."""
    database: Database = request.app.state.database
    app = application_of(request)
    answers = answers_of(sent)
    try:
        with database.reading() as tx:
            page = actions.open_task(
                tx, app, actor, task_id, sent=answers, key=first(sent, "_key")
            )
    except (TaskTaken, NotWaiting) as error:
        return _taken(request, actor, task_id, error, answers)
    note_read(request, actor, page.case_id, "task")
    return _page(request, actor, page, again=True)


def asks_rows(answers: type_sent) -> bool:
    """Whether the button that was pressed adds or removes a row."""
    return any(name in {"_add", "_remove"} for name, _ in answers)


def _put_aside(
    tx: Session, app: Application, actor: Actor, task_id: UUID, what: str, answers: type_sent
) -> Response:
    if what == "save":
        actions.save_draft(tx, app, actor, task_id, answers)
        return RedirectResponse(f"/tasks/{task_id}?said=saved", HTTPStatus.SEE_OTHER)
    if what == "take":
        actions.take_task(tx, app, actor, task_id)
        return RedirectResponse(f"/tasks/{task_id}?said=taken", HTTPStatus.SEE_OTHER)
    actions.put_back_task(tx, app, actor, task_id)
    return RedirectResponse("/tasks?said=put-back", HTTPStatus.SEE_OTHER)


def _next(done: Completed) -> str:
    """The next step of the same case if it waits for the same person, else the list."""
    return f"/tasks/{done.next_task}?said=next" if done.next_task else "/tasks?said=done"


def _page(request: Request, actor: Actor, page: TaskPage, *, again: bool = False) -> Response:
    return render(
        request,
        "task",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if page.errors else HTTPStatus.OK,
        actor=actor,
        pack_id=page.pack_id,
        page=page,
        problems=problems(page.rows),
        again=again,
        attach_to=f"/tasks/{page.id}/files",
    )


def _taken(
    request: Request,
    actor: Actor,
    task_id: UUID,
    error: TaskTaken | NotWaiting,
    answers: type_sent,
) -> Response:
    """Overtaken: by whom, when, and what was typed here, to copy."""
    database: Database = request.app.state.database
    app = application_of(request)
    done = error if isinstance(error, TaskTaken) else None
    with database.reading() as tx:
        name, at = actions.taken(tx, done) if done else (None, None)
        typed = actions.typed_answers(tx, app, actor, task_id, answers)
    return render(
        request,
        "taken",
        status=HTTPStatus.CONFLICT,
        actor=actor,
        name=name,
        at=at,
        mine=done is not None and done.done_by == actor.pseudonym,
        withdrawn=done is None,
        typed=typed,
    )
