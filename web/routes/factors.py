"""The second factor: asked for at sign-in, set up, replaced, and opened with a recovery code."""

from contextlib import suppress
from http import HTTPStatus
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import qr
from base.db import Session
from base.errors import Invalid
from base.passkeys import place_of
from casework.access import Actor
from casework.accounts import factors
from casework.accounts.actions import HalfWay, Refused, SignedIn, TooOften, WrongPassword
from casework.accounts.factors import Asked
from casework.accounts.half import HalfOver
from casework.application import Application
from casework.passkeys import actions as passkeys
from web.deps import (
    AnyoneSent,
    App,
    CurrentActor,
    NoNul,
    OpenRead,
    Read,
    Tx,
    application_of,
    cookie_name,
    first,
)
from web.kept import kept_in
from web.pages import render
from web.routes.entering import (
    end_earlier,
    first_place,
    half_cookie_name,
    hold,
    hold_half,
    inside,
    let_in,
)

router = APIRouter()
_log = structlog.get_logger()
_Code = Annotated[str, Form(max_length=50), NoNul]
_Secret = Annotated[str, Form(max_length=1000), NoNul]
_OWN = "/me/second-factor"
_BY_APP = Asked(app=True, passkeys=False)


def half_way(request: Request, half: HalfWay, next_path: str, kept: str) -> Response:
    """To the page that asks for the second factor; what was typed before goes with it, sealed."""
    if kept:
        response = asking(request, next_path, half=half, kept=kept)
    else:
        response = RedirectResponse(_address(next_path), HTTPStatus.SEE_OTHER)
    hold_half(request, response, half)
    return response


@router.get("/sign-in/code", name="second-factor")
def ask(request: Request, tx: OpenRead, next: str = "/") -> Response:
    try:
        if factors.asked_of(tx, _half(request)) is None:
            return RedirectResponse(_address(next, "/sign-in/set-up"), HTTPStatus.SEE_OTHER)
    except HalfOver:
        return anew(next)
    return asking(request, inside(next))


@router.post("/sign-in/code", name="enter-code")
def enter(request: Request, app: App, sent: AnyoneSent) -> Response:
    next_path = inside(first(sent, "next"))
    text, kept = kept_in(request, sent)
    try:
        with app.database.transaction() as tx:
            result = factors.enter(tx, _half(request), first(sent, "code")[:50])
    except HalfOver:
        return anew(next_path)
    if isinstance(result, Refused):
        _log.info("second factor refused", waiting=result.wait is not None)
        return asking(request, next_path, refused=result, kept=text)
    return let_in(request, result, kept, next_path)


@router.get("/sign-in/set-up", name="set-up-factor")
def ask_to_set_up(request: Request, tx: OpenRead, app: App, next: str = "/") -> Response:
    return setting_up(request, tx, app, inside(next))


@router.post("/sign-in/set-up", name="set-up-and-enter")
def set_up_and_enter(
    request: Request, app: App, sealed: _Secret = "", code: _Code = "", next: _Secret = "/"
) -> Response:
    next_path, token = inside(next), _half(request)
    try:
        with app.database.transaction() as tx:
            signed_in, codes = factors.set_up_and_enter(tx, token, sealed, code)
    except HalfOver:
        return anew(next_path)
    except Invalid as error:
        with app.database.reading() as tx:
            return setting_up(
                request, tx, app, next_path, sealed=sealed, problem=str(error), at="code"
            )
    return set_up_now(request, signed_in, codes, next_path)


@router.get(_OWN, name="own-factor")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _own(request, tx, app, actor)


@router.post(_OWN, name="replace-factor")
def replace(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    sealed: _Secret = "",
    code: _Code = "",
    present: _Code = "",
) -> Response:
    token = request.cookies.get(cookie_name(request), "")
    try:
        result = factors.replace(tx, actor, token, sealed=sealed, code=code, present=present)
    except Invalid as error:
        return _own(request, tx, app, actor, sealed=sealed, problem=str(error), at="code")
    return _codes_or_refused(request, tx, app, actor, result, at="present", sealed=sealed)


@router.post(f"{_OWN}/first", name="set-up-own-factor")
def set_up(
    request: Request,
    app: App,
    actor: CurrentActor,
    sealed: _Secret = "",
    code: _Code = "",
    password: _Secret = "",
) -> Response:
    try:
        codes = factors.set_up(app.database, actor, sealed, code, password)
    except Invalid as error:
        at = "password" if isinstance(error, WrongPassword | TooOften) else "code"
        with app.database.reading() as tx:
            return _own(request, tx, app, actor, sealed=sealed, problem=str(error), at=at)
    return render(request, "recovery-codes", actor=actor, codes=codes, next=_OWN)


@router.post(f"{_OWN}/codes", name="new-recovery-codes")
def new_codes(
    request: Request, tx: Tx, app: App, actor: CurrentActor, present: _Code = ""
) -> Response:
    result = factors.new_codes(tx, actor, present)
    return _codes_or_refused(request, tx, app, actor, result, at="present-codes")


def _codes_or_refused(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    result: tuple[str, ...] | Refused,
    *,
    at: str,
    sealed: str = "",
) -> Response:
    if isinstance(result, Refused):
        problem = str(TooOften() if result.wait else factors.NotProven())
        return _own(request, tx, app, actor, sealed=sealed, problem=problem, at=at)
    return render(request, "recovery-codes", actor=actor, codes=result, next=_OWN)


def _half(request: Request) -> str:
    return request.cookies.get(half_cookie_name(request), "")


def _address(next_path: str, page: str = "/sign-in/code") -> str:
    return f"{page}?{urlencode({'next': inside(next_path)})}"


def anew(next_path: str) -> Response:
    """To the beginning: the half session is over."""
    place = f"{_address(next_path, '/sign-in')}&said=half-over"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


def asking(
    request: Request,
    next_path: str,
    *,
    half: HalfWay | None = None,
    refused: Refused | None = None,
    problem: str = "",
    kept: str = "",
) -> Response:
    """The page that asks for the second proof; ``problem``: why a passkey was not heard.

    ``half``: has just begun, and its cookie is not yet with the browser.
    """
    return render(
        request,
        "second-factor",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused or problem else HTTPStatus.OK,
        asked=_asked_of(request, half.token if half else _half(request)),
        next=next_path,
        refused=refused,
        problem=problem,
        seconds=ceil(refused.wait.total_seconds()) if refused and refused.wait else None,
        kept=kept,
    )


def _asked_of(request: Request, token: str) -> Asked:
    """Whoever guessed too often sees the same page once more; it leads back to the beginning."""
    with suppress(HalfOver), application_of(request).database.reading() as tx:
        return factors.asked_of(tx, token) or _BY_APP
    return _BY_APP


def set_up_now(
    request: Request, signed_in: SignedIn, codes: tuple[str, ...], next_path: str
) -> Response:
    """The recovery codes, shown once; the browser holds the session from now on."""
    end_earlier(request)
    place = first_place(request, signed_in.account_id, next_path)
    response = render(request, "recovery-codes", codes=codes, next=place)
    hold(request, response, signed_in)
    return response


def setting_up(
    request: Request,
    tx: Session,
    app: Application,
    next_path: str,
    *,
    sealed: str = "",
    problem: str = "",
    at: str = "",
    name: str = "",
) -> Response:
    """The page with an app or a passkey to choose from, or the beginning: that took too long."""
    try:
        offered = factors.offer_to_half(tx, app, _half(request), sealed)
    except HalfOver:
        return anew(next_path)
    return render(
        request,
        "set-up-factor",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        offered=offered,
        picture=qr.picture(offered.address),
        passkeys=place_of(app.settings.public_url) is not None,
        next=next_path,
        problem=problem,
        at=at,
        name=name,
    )


def _own(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    sealed: str = "",
    problem: str = "",
    at: str = "",
) -> Response:
    offered = factors.offer(tx, app, actor.account_id, sealed)
    return render(
        request,
        "own-factor",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        standing=factors.standing(tx, actor.account_id),
        use=passkeys.use_of(tx, app, actor.account_id),
        offered=offered,
        picture=qr.picture(offered.address),
        problem=problem,
        at=at,
    )
