"""A local group's own settings."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.application import Application
from casework.seats import groups
from casework.seats.groups import Ways
from web.deps import App, CurrentActor, NoNul, Number, Read, SentNumber, Tx
from web.pages import render

router = APIRouter(prefix="/contacts/groups/{group_id}")


@router.get("", name="group")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, group_id: Number) -> Response:
    return _page(request, tx, app, actor, group_id)


@router.post("", name="change-group")
def change(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    group_id: Number,
    convener: SentNumber,
    notice_days: SentNumber,
    agenda_disclosure: Annotated[str, Form(max_length=20)],
    convening_method: Annotated[str, Form(max_length=500), NoNul] = "",
) -> Response:
    ways = Ways(convening_method.strip(), notice_days, agenda_disclosure, convener)
    try:
        groups.set_ways(tx, app, actor, group_id, ways)
    except Invalid as error:
        return _page(request, tx, app, actor, group_id, problem=str(error))
    return RedirectResponse(f"/contacts/groups/{group_id}?said=group", HTTPStatus.SEE_OTHER)


@router.post("/seats", name="add-seat")
def add_seat(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    group_id: Number,
    place: Annotated[str, Form(max_length=200)],
) -> Response:
    try:
        groups.add_seat(tx, app, actor, group_id, place)
    except Conflict as error:
        return _page(request, tx, app, actor, group_id, problem=str(error))
    return RedirectResponse(f"/contacts/groups/{group_id}?said=group", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    group_id: int,
    *,
    problem: str = "",
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    page = groups.group_page(tx, app, actor, group_id)
    return render(request, "group", actor=actor, status=status, page=page, problem=problem)
