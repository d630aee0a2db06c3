"""The log check of an organisation."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Invalid, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.looks import checking
from web.deps import App, CurrentActor, NoNul, Read, Tx
from web.pages import render

router = APIRouter(prefix="/protection/log-check")


@router.get("", name="log-check")
def show(
    request: Request, tx: Read, app: App, actor: CurrentActor, month: date | None = None
) -> Response:
    return _page(request, tx, app, actor, month)


@router.post("/review", name="review-log")
def review(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    month: Annotated[date, Form()],
    note: Annotated[str, Form(max_length=1000), NoNul] = "",
) -> Response:
    try:
        checking.review(tx, app, actor, month, note)
    except Invalid as error:
        return _page(request, tx, app, actor, None, problem=error)
    return RedirectResponse("/protection/log-check?said=reviewed", HTTPStatus.SEE_OTHER)


@router.post("/names", name="tell-names")
def tell_names(
    tx: Tx, actor: CurrentActor, told: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    checking.let_names_be_told(tx, actor, told=told == "true")
    return RedirectResponse("/protection/log-check?said=names", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    month: date | None,
    *,
    problem: SamplanError | None = None,
) -> Response:
    return render(
        request,
        "log-check",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=checking.check(tx, app, actor, month),
        problem=str(problem) if problem else "",
    )
