"""Cases: list, read, and tell one what it waits to hear."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Security
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from base.errors import NotAllowed
from casework import hearings
from casework.access import Actor
from casework.casefile import actions
from casework.looks import actions as looks
from casework.looks import noting
from web.api.callers import Key, Read, Tx, acting, note
from web.api.forms import AnswersIn, FieldOut, fields_of
from web.api.problems import WrongAnswers
from web.deps import App, PartNumber

router = APIRouter(prefix="/cases", tags=["cases"])
Reader = Annotated[Actor, Security(acting, scopes=["cases:read"])]
Teller = Annotated[Actor, Security(acting, scopes=["messages:send"])]
Message = Annotated[str, Path(max_length=100, pattern=r"^[a-z][a-z0-9_]*$")]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CaseRowOut(_Out):
    """A case in a list. ``who`` is null where the account may know the number alone."""

    id: UUID
    number: str
    who: str | None
    milestone: str
    lead: str | None
    group: str
    opened: datetime
    waits_for: str | None
    due: datetime | None
    status: str


class CaseListOut(_Out):
    """One part of a list; ``more``: there is a next part."""

    cases: list[CaseRowOut]
    part: int
    more: bool


class RunningOut(_Out):
    """A step that runs now; ``task_id`` only where the account may open it."""

    title: str
    process: str
    organisation: str | None
    due: datetime | None
    task_id: UUID | None


class HearingOut(_Out):
    """A message that the case waits for and this account may send."""

    message: str
    title: str


class ConsentOut(_Out):
    id: UUID
    purpose: str
    state: str
    valid_until: date | None


class MeasureOut(_Out):
    number: int
    text: str
    organisation: str | None
    due: date | None
    state: str


class GoalOut(_Out):
    text: str
    horizon: str
    measures: list[MeasureOut]


class PlanOut(_Out):
    version: int
    state: str
    goals: list[GoalOut]
    follow_up_on: date | None


class EntryOut(_Out):
    """What an organisation wrote in a step: pairs of label and answer."""

    title: str
    organisation: str
    at: datetime
    answers: list[tuple[str, str]]
    hidden: int


class CaseOut(_Out):
    """A case as far as consent lets this account read it."""

    id: UUID
    number: str
    who: str | None
    milestone: str
    status: str
    lead: str | None
    group: str
    running: list[RunningOut]
    hearings: list[HearingOut]
    consents: list[ConsentOut]
    plan: PlanOut | None
    entries: list[EntryOut]


class ReasonIn(BaseModel):
    """Why one opens a case in which nothing waits."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["call", "colleague", "prepare", "quality", "wrong"]


class MessageOut(BaseModel):
    """A message and the fields of its form."""

    message: str
    title: str
    guidance: str
    fields: list[FieldOut]


@router.get("", name="api-cases")
def list_cases(
    tx: Read,
    app: App,
    actor: Reader,
    view: Literal["mine", "organisation", "closed"] = "mine",
    part: PartNumber = 1,
) -> CaseListOut:
    """The cases that I may know of."""
    found = actions.my_cases(tx, app, actor, view=view, part=part)
    noting.note_listed(app, actor, [row.id for row in found.rows])
    rows = [CaseRowOut.model_validate(row) for row in found.rows]
    return CaseListOut(cases=rows, part=found.part.number, more=found.part.more)


@router.get("/{case_id}", name="api-case")
def read_case(request: Request, tx: Read, app: App, actor: Reader, case_id: UUID) -> CaseOut:
    """What I may read of a case; 403 `reason` where I must say first why I open it."""
    page = actions.case_page(tx, app, actor, case_id)
    has_step = any(step.task_id is not None for step in page.running)
    purpose = noting.why(tx, app, actor, case_id, has_step=has_step)
    if purpose is None:
        raise NotAllowed("Say why you open the case.", code="reason")
    note(request, actor, case_id, purpose=purpose)
    return CaseOut.model_validate(page)


@router.post("/{case_id}/reasons", name="api-say-why", status_code=204)
def say_why(tx: Tx, app: App, actor: Reader, case_id: UUID, body: ReasonIn) -> Response:
    """Say why I open a case in which nothing waits for me; holds for the day."""
    looks.give_reason(tx, app, actor, case_id, body.reason)
    return Response(status_code=204)


@router.get("/{case_id}/messages/{message}", name="api-message")
def read_message(
    request: Request, tx: Read, app: App, actor: Teller, case_id: UUID, message: Message
) -> MessageOut:
    """The fields of a message that the case waits for."""
    page = hearings.hearing(tx, app, actor, case_id, message)
    note(request, actor, case_id)
    return MessageOut(
        message=page.message,
        title=page.title,
        guidance=page.guidance,
        fields=fields_of(page.rows),
    )


@router.post("/{case_id}/messages/{message}", name="api-send-message", status_code=204)
def send_message(
    tx: Tx,
    app: App,
    actor: Teller,
    case_id: UUID,
    message: Message,
    body: AnswersIn,
    key: Key,
) -> Response:
    """Tell the case that something has happened; 409 where it does not wait for that."""
    page = hearings.hear(tx, app, actor, case_id, message, body.sent(), key=key)
    if page is not None:
        raise WrongAnswers(page.errors)
    return Response(status_code=204)
