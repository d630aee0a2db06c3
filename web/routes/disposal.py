"""Disposal: cases whose time has come, what holds them, how long things are kept."""

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
from casework.cases.store import NoSuchCase
from casework.retention import actions, rules
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx
from web.pages import render

router = APIRouter(prefix="/protection")
_Cases = Annotated[list[UUID] | None, Form(max_length=actions.SHOWN)]
_Text = Annotated[str, Form(max_length=200), NoNul]


class NothingChosen(Invalid):
    """Choose at least one case."""


class BadDay(Invalid):
    """Write the last day as a date."""


@router.get("/disposal", name="disposal")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _list(request, tx, app, actor)


@router.post("/disposal/propose", name="propose-disposal")
def propose(
    request: Request, tx: Tx, app: App, actor: CurrentActor, case: _Cases = None
) -> Response:
    if not case:
        return _list(request, tx, app, actor, problem=NothingChosen(), at="due")
    actions.propose(tx, app, actor, case)
    return _back("disposal", "listed")


@router.post("/disposal/approve", name="approve-disposal")
def approve(
    request: Request, tx: Tx, app: App, actor: CurrentActor, case: _Cases = None
) -> Response:
    if not case:
        return _list(request, tx, app, actor, problem=NothingChosen(), at="waiting")
    actions.approve(tx, actor, case)
    return _back("disposal", "agreed")


@router.post("/disposal/take-off", name="take-off-disposal")
def take_off(
    request: Request, tx: Tx, app: App, actor: CurrentActor, case: _Cases = None
) -> Response:
    if not case:
        return _list(request, tx, app, actor, problem=NothingChosen(), at="waiting")
    actions.take_off(tx, actor, case)
    return _back("disposal", "taken-off")


@router.post("/disposal/hold", name="hold-case")
def hold(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    number: _Text = "",
    reason: _Text = "",
    reference: _Text = "",
    until: _Text = "",
) -> Response:
    typed = {"number": number, "reason": reason, "reference": reference, "until": until}
    try:
        last = _last_day(until)
        actions.hold(tx, actor, number, reason=reason, reference=reference, until=last)
    except (Invalid, NoSuchCase) as error:
        return _list(request, tx, app, actor, problem=error, at="hold", typed=typed)
    return _back("disposal", "held")


@router.post("/disposal/hold/{hold_id}/lift", name="lift-hold")
def lift(tx: Tx, actor: CurrentActor, hold_id: Number) -> Response:
    actions.lift(tx, actor, hold_id)
    return _back("disposal", "lifted")


@router.get("/periods", name="periods")
def show_periods(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _periods(request, tx, app, actor)


@router.post("/periods", name="change-period")
def change_period(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    code: _Text,
    after: _Text = "",
    reference: _Text = "",
) -> Response:
    try:
        actions.change(tx, app, actor, code, after=after, reference=reference)
    except Invalid as error:
        typed = {"code": code, "after": after, "reference": reference}
        return _periods(request, tx, app, actor, problem=error, typed=typed)
    return _back("periods", "period")


def _list(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    problem: SamplanError | None = None,
    at: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    """Nothing has been written where there is a problem."""
    return render(
        request,
        "disposal",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        list=actions.listing(tx, app, actor),
        reasons=rules.REASONS,
        problem=str(problem) if problem else "",
        at=at,
        typed=typed or dict.fromkeys(("number", "reason", "reference", "until"), ""),
    )


def _periods(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    problem: SamplanError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "periods",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        classes=actions.classes(tx, app, actor),
        may_change=not actor.roles.isdisjoint(actions.DECIDERS),
        problem=str(problem) if problem else "",
        typed=typed or {"code": "", "after": "", "reference": ""},
    )


def _last_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadDay from error


def _back(page: str, said: str) -> Response:
    return RedirectResponse(f"/protection/{page}?said={said}", HTTPStatus.SEE_OTHER)
