"""Whether the person may be counted one by one: a question apart, and the register of answers."""

from datetime import date
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Invalid, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.consent.rules import Signature
from casework.looks import noting
from casework.participants import actions
from web.deps import App, CurrentActor, NoNul, Read, Tx, note_read
from web.errors import status_of
from web.pages import render

router = APIRouter()
_ASKED = "/cases/{case_id}/statistics"


class NoDay(Invalid):
    """Write the day of the signature as a date."""


@router.get(_ASKED, name="statistics-question")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    page = _page(request, tx, app, actor, case_id)
    note_read(request, actor, case_id, "consent")
    return page


@router.post(_ASKED, name="ask-for-statistics")
def ask(tx: Tx, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    actions.ask(tx, app, actor, case_id)
    return _back(case_id, "statistics-asked")


@router.post(f"{_ASKED}/yes", name="say-yes-to-statistics")
def say_yes(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    form: Annotated[str, NoNul, Form(max_length=20)] = "paper",
    signed_on: Annotated[str, Form(max_length=20)] = "",
    original_location: Annotated[str, NoNul, Form(max_length=200)] = "",
) -> Response:
    try:
        signature = Signature(
            form=form,
            signed_on=_day(signed_on),
            matches_document=True,
            original_location=original_location.strip(),
        )
        actions.say_yes(tx, app, actor, case_id, signature)
    except Invalid as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return _back(case_id, "statistics-yes")


@router.post(f"{_ASKED}/no", name="say-no-to-statistics")
def say_no(tx: Tx, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    actions.say_no(tx, app, actor, case_id)
    return _back(case_id, "statistics-no")


@router.post(f"{_ASKED}/take-back", name="take-back-statistics")
def take_back(tx: Tx, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    actions.take_back(tx, app, actor, case_id)
    return _back(case_id, "statistics-taken-back")


@router.get("/participants", name="participants")
def show_register(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    page = actions.register(tx, app, actor)
    noting.note_listed(app, actor, [row.case_id for row in page.rows])
    return render(request, "participants", actor=actor, page=page)


def _day(text: str) -> date:
    """Raises NoDay."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoDay from error


def _back(case_id: UUID, said: str) -> Response:
    return RedirectResponse(f"/cases/{case_id}/statistics?said={said}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    problem: SamplanError | None = None,
) -> Response:
    return render(
        request,
        "statistics-question",
        status=status_of(problem) if problem else HTTPStatus.OK,
        actor=actor,
        page=actions.question(tx, app, actor, case_id),
        problem=str(problem) if problem else "",
    )
