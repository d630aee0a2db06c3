"""Local groups and their seats: who sits there, who is appointed, who has heard of it."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.application import Application
from casework.seats import actions, pages
from casework.seats.rules import PeriodInThePast
from web.deps import App, CurrentActor, Number, Read, SentNumber, Tx
from web.pages import render

router = APIRouter()
_Day = Annotated[str, Form(max_length=10)]


@router.get("/contacts/groups", name="local-groups")
def show_groups(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return render(
        request,
        "local-groups",
        actor=actor,
        groups=pages.groups(tx, app, actor),
        vacant=pages.vacancies(tx, app, actor),
        news=pages.news(tx, actor),
    )


@router.post("/contacts/read", name="read-news")
def mark_read(tx: Tx, actor: CurrentActor, up_to: SentNumber) -> Response:
    pages.mark_read(tx, actor, up_to)
    return RedirectResponse("/contacts/groups?said=read", HTTPStatus.SEE_OTHER)


@router.get("/contacts/seats/{seat_id}", name="seat")
def show_seat(
    request: Request, tx: Read, app: App, actor: CurrentActor, seat_id: Number
) -> Response:
    return _seat(request, tx, app, actor, seat_id)


@router.post("/contacts/seats/{seat_id}", name="appoint")
def appoint(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    seat_id: Number,
    account: SentNumber,
    valid_from: _Day = "",
    valid_until: _Day = "",
    deputy: bool = Form(default=False),
) -> Response:
    try:
        begins, ends = _day(valid_from), _day(valid_until)
        if begins is None:
            raise PeriodInThePast
        actions.appoint(
            tx,
            app,
            actor,
            seat_id,
            account,
            valid_from=begins,
            valid_until=ends,
            deputy=deputy,
        )
    except (Invalid, Conflict) as error:
        return _seat(request, tx, app, actor, seat_id, problem=str(error))
    return RedirectResponse("/contacts/groups?said=appointed", HTTPStatus.SEE_OTHER)


@router.post("/contacts/seats/{seat_id}/end/{term_id}", name="end-term")
def end(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    seat_id: Number,
    term_id: Number,
    last_day: _Day = "",
) -> Response:
    today = clock.today(tx, app.zone)
    try:
        ends = _day(last_day) or today - timedelta(days=1)
        actions.end(tx, app, actor, seat_id, term_id, last_day=ends)
    except Invalid as error:
        return _seat(request, tx, app, actor, seat_id, problem=str(error))
    return RedirectResponse(f"/contacts/seats/{seat_id}?said=left", HTTPStatus.SEE_OTHER)


@router.get("/assignments", name="assignments")
def show_assignments(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    found = pages.assignments(tx, app, actor)
    return render(request, "assignments", actor=actor, assignments=found)


@router.post("/assignments/{assignment_id}/acknowledge", name="acknowledge")
def acknowledge(tx: Tx, app: App, actor: CurrentActor, assignment_id: Number) -> Response:
    actions.acknowledge(tx, app, actor, assignment_id)
    return RedirectResponse("/tasks?said=acknowledged", HTTPStatus.SEE_OTHER)


@router.post("/assignments/{assignment_id}/decline", name="decline")
def decline(tx: Tx, app: App, actor: CurrentActor, assignment_id: Number) -> Response:
    actions.decline(tx, app, actor, assignment_id)
    return RedirectResponse("/tasks?said=declined", HTTPStatus.SEE_OTHER)


def _seat(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    seat_id: int,
    *,
    problem: str = "",
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    page = pages.seat_page(tx, app, actor, seat_id)
    return render(request, "seat", actor=actor, status=status, page=page, problem=problem)


def _day(text: str) -> date | None:
    """Raises PeriodInThePast for what is no date."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PeriodInThePast from error
