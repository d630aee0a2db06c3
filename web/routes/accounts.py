"""Accounts: who has one, who is invited, which roles are given and ended."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.account_register import actions
from casework.account_register.model import Given, Newcomer
from casework.application import Application
from casework.seats.rules import PeriodInThePast
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx
from web.pages import render

router = APIRouter(prefix="/accounts")
_Line = Annotated[str, Form(max_length=200), NoNul]
_Day = Annotated[str, Form(max_length=10)]


@router.get("", name="accounts")
def show_list(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    found = actions.people(tx, app, actor)
    return render(request, "accounts", actor=actor, people=found)


@router.get("/new", name="new-account")
def ask(request: Request, tx: Read, actor: CurrentActor) -> Response:
    return _new(request, tx, actor, {})


@router.post("/new", name="invite")
def invite(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    place: _Line,
    role: _Line,
    name: _Line = "",
    user_name: _Line = "",
    mail: _Line = "",
    phone: _Line = "",
    valid_from: _Day = "",
    valid_until: _Day = "",
) -> Response:
    typed = {"name": name, "user_name": user_name, "mail": mail, "phone": phone}
    try:
        newcomer = Newcomer(user_name.strip(), name.strip(), mail.strip(), phone.strip())
        paper = actions.invite(
            tx, app, actor, newcomer, _given(place, role, valid_from, valid_until)
        )
    except (Invalid, Conflict) as error:
        return _new(request, tx, actor, typed, problem=str(error))
    return render(request, "code-paper", actor=actor, paper=paper)


@router.get("/{account_id}", name="account")
def show(
    request: Request, tx: Read, app: App, actor: CurrentActor, account_id: Number
) -> Response:
    return _account(request, tx, app, actor, account_id)


@router.post("/{account_id}/roles", name="give-role")
def give(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    account_id: Number,
    place: _Line,
    role: _Line,
    valid_from: _Day = "",
    valid_until: _Day = "",
) -> Response:
    try:
        given = _given(place, role, valid_from, valid_until)
        actions.give_role(tx, app, actor, account_id, given)
    except Invalid as error:
        return _account(request, tx, app, actor, account_id, problem=str(error))
    return RedirectResponse(f"/accounts/{account_id}?said=given-role", HTTPStatus.SEE_OTHER)


@router.post("/roles/{role_id}/end", name="end-role")
def end(tx: Tx, app: App, actor: CurrentActor, role_id: Number, last_day: _Day = "") -> Response:
    account_id = actions.end_role(tx, app, actor, role_id, last_day=_day(last_day))
    return RedirectResponse(f"/accounts/{account_id}?said=ended-role", HTTPStatus.SEE_OTHER)


@router.post("/{account_id}/code", name="new-code")
def new_code(
    request: Request, tx: Tx, app: App, actor: CurrentActor, account_id: Number
) -> Response:
    paper = actions.new_code(tx, app, actor, account_id)
    return render(request, "code-paper", actor=actor, paper=paper)


@router.post("/{account_id}/anew", name="begin-anew")
def begin_anew(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    account_id: Number,
    checked: _Line = "",
) -> Response:
    try:
        paper = actions.begin_anew(tx, app, actor, account_id, checked=checked)
    except Invalid as error:
        return _account(request, tx, app, actor, account_id, problem=str(error), at="checked")
    return render(request, "code-paper", actor=actor, paper=paper)


def _new(
    request: Request, tx: Session, actor: Actor, typed: dict[str, str], *, problem: str = ""
) -> Response:
    return render(
        request,
        "new-account",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        offer=actions.offer(tx, actor),
        typed=typed,
        problem=problem,
    )


def _account(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    account_id: int,
    *,
    problem: str = "",
    at: str = "valid_from",
) -> Response:
    return render(
        request,
        "account",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        page=actions.account_page(tx, app, actor, account_id),
        offer=actions.offer(tx, actor),
        problem=problem,
        at=at,
    )


def _given(place: str, role: str, valid_from: str, valid_until: str) -> Given:
    first = _day(valid_from)
    if first is None:
        raise PeriodInThePast
    return Given(place, role, first, _day(valid_until))


def _day(text: str) -> date | None:
    """Raises PeriodInThePast for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise PeriodInThePast from error
