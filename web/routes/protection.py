"""Protected identity: who knows of a case."""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import SamplanError
from casework import restriction
from casework.access import Actor
from casework.application import Application
from casework.restriction import NoReason, SomebodyStays
from web.deps import App, CurrentActor, NoNul, Number, Read, SentNumber, Tx, note_read
from web.errors import status_of
from web.pages import render

router = APIRouter(prefix="/cases/{case_id}/protection")


@router.get("", name="protection")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    page = _page(request, tx, app, actor, case_id)
    note_read(request, actor, case_id, "protection")
    return page


@router.post("", name="protect")
def protect(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    account: Annotated[list[SentNumber] | None, Form()] = None,
) -> Response:
    try:
        restriction.protect(tx, app, actor, case_id, account or [])
    except SomebodyStays as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return _back(case_id, "protected")


@router.post("/lift", name="ask-to-lift")
def ask_to_lift(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    reason: Annotated[str, NoNul, Form(max_length=1000)] = "",
) -> Response:
    try:
        restriction.ask_to_lift(tx, app, actor, case_id, reason)
    except NoReason as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return _back(case_id, "lift-asked")


@router.post("/lift/answer", name="answer-lift")
def answer_lift(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    answer: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    restriction.answer_lift(tx, app, actor, case_id, agrees=answer == "yes")
    return _back(case_id, "protection-lifted" if answer == "yes" else "still-protected")


@router.post("/people", name="name-person")
def name_person(
    tx: Tx, app: App, actor: CurrentActor, case_id: UUID, account: SentNumber
) -> Response:
    restriction.name_person(tx, app, actor, case_id, account)
    return _back(case_id, "named")


@router.post("/people/{account_id}/strike", name="strike-person")
def strike_person(
    request: Request, tx: Tx, app: App, actor: CurrentActor, case_id: UUID, account_id: Number
) -> Response:
    try:
        restriction.strike_person(tx, app, actor, case_id, account_id)
    except SomebodyStays as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    if account_id == actor.account_id:
        return RedirectResponse("/cases", HTTPStatus.SEE_OTHER)
    return _back(case_id, "struck")


def _back(case_id: UUID, said: str) -> Response:
    return RedirectResponse(f"/cases/{case_id}/protection?said={said}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    problem: SamplanError | None = None,
) -> Response:
    page = restriction.page(tx, app, actor, case_id)
    return render(
        request,
        "protection",
        status=status_of(problem) if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        problem=str(problem) if problem else "",
    )
