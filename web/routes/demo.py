"""Demonstrations only: move the clock, read the mails that were not sent."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Database
from casework.notifications.actions import sent_mails
from web.deps import MaybeActor, Read
from web.pages import render

router = APIRouter(prefix="/demo")
_MOST_DAYS = 366


@router.get("/clock", name="clock")
def show_clock(request: Request, actor: MaybeActor) -> Response:
    database: Database = request.app.state.database
    return render(request, "clock", actor=actor, now=database.now(), most=_MOST_DAYS)


@router.post("/clock", name="move-clock")
def move_clock(request: Request, days: Annotated[int, Form(ge=1, le=_MOST_DAYS)]) -> Response:
    """Only forwards: what has happened would otherwise lie in the future."""
    database: Database = request.app.state.database
    database.push_clock(timedelta(days=days))
    return RedirectResponse("/demo/clock?said=clock", HTTPStatus.SEE_OTHER)


@router.get("/mail", name="mail")
def show_mail(request: Request, tx: Read, actor: MaybeActor) -> Response:
    return render(request, "mail", actor=actor, mails=sent_mails(tx))
