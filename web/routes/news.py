"""What is new in the routines, in plain words."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from casework.news import actions
from web.deps import App, CurrentActor, Number, Read, Tx
from web.pages import render

router = APIRouter(prefix="/news")


@router.get("", name="news")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return render(request, "news", actor=actor, news=actions.history(tx, app, actor))


@router.post("/{number}/read", name="read-news")
def mark_read(tx: Tx, app: App, actor: CurrentActor, number: Number) -> Response:
    actions.mark_read(tx, app, actor, number)
    return RedirectResponse("/?said=known", HTTPStatus.SEE_OTHER)
