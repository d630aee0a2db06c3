"""Steps: list, read, take, put back, complete."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Security
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from casework.access import Actor
from casework.looks import noting
from casework.tasks import actions
from casework.tasks.model import TaskPage, View
from web.api.callers import Key, Read, Tx, acting, note
from web.api.forms import AnswersIn, FieldOut, fields_of
from web.api.problems import WrongAnswers
from web.deps import App, PartNumber

router = APIRouter(prefix="/tasks", tags=["steps"])
Reader = Annotated[Actor, Security(acting, scopes=["tasks:read"])]
Writer = Annotated[Actor, Security(acting, scopes=["tasks:write"])]


class TaskRowOut(BaseModel):
    """A step in a list. ``who`` is null where the account may know the number alone."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    case_id: UUID
    case_number: str
    who: str | None
    process: str
    organisation: str | None
    holder: str | None
    mine: bool
    due: datetime | None
    pressure: Literal["late", "soon", "none"]


class TaskListOut(BaseModel):
    """One part of a list; ``more``: there is a next part."""

    tasks: list[TaskRowOut]
    part: int
    more: bool


class TaskOut(BaseModel):
    """A step with its form."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    guidance: str
    case_id: UUID
    case_number: str
    who: str | None
    organisation: str | None
    holder: str | None
    mine: bool
    due: datetime | None
    process: str
    element: str
    fields: list[FieldOut] = []


class CompletedOut(BaseModel):
    """The step is done; ``next_task`` waits for the same person in the same case."""

    case_id: UUID
    next_task: UUID | None


@router.get("", name="api-tasks")
def list_tasks(
    tx: Read, app: App, actor: Reader, view: View = View.MINE, part: PartNumber = 1
) -> TaskListOut:
    """Mine, my organisation's, those others hold, or what I have done."""
    found = actions.my_tasks(tx, app, actor, view=view, part=part)
    noting.note_listed(app, actor, {row.case_id for row in found.rows})
    rows = [TaskRowOut.model_validate(row) for row in found.rows]
    return TaskListOut(tasks=rows, part=found.part.number, more=found.part.more)


@router.get("/{task_id}", name="api-task")
def read_task(request: Request, tx: Read, app: App, actor: Reader, task_id: UUID) -> TaskOut:
    """The step, its guidance and the fields of its form."""
    page = actions.open_task(tx, app, actor, task_id)
    note(request, actor, page.case_id, purpose="task")
    return TaskOut.model_validate(page).model_copy(update={"fields": fields_of(page.rows)})


@router.post("/{task_id}/claim", name="api-claim", status_code=204)
def claim_task(tx: Tx, app: App, actor: Writer, task_id: UUID) -> Response:
    """From now on others see that I have it."""
    actions.take_task(tx, app, actor, task_id)
    return Response(status_code=204)


@router.post("/{task_id}/release", name="api-release", status_code=204)
def release_task(tx: Tx, app: App, actor: Writer, task_id: UUID) -> Response:
    """Back into the list of the organisation."""
    actions.put_back_task(tx, app, actor, task_id)
    return Response(status_code=204)


@router.post("/{task_id}/complete", name="api-complete")
def complete_task(
    tx: Tx, app: App, actor: Writer, task_id: UUID, body: AnswersIn, key: Key
) -> CompletedOut:
    """Do the step; wrong answers change nothing and are named in the problem's errors."""
    done = actions.complete_task(tx, app, actor, task_id, body.sent(), key=key)
    if isinstance(done, TaskPage):
        raise WrongAnswers(done.errors)
    return CompletedOut(case_id=done.case_id, next_task=done.next_task)
