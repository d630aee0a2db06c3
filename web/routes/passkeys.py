"""Passkeys: one's own, and signing in with them. What a browser is asked goes out as JSON."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.db import Session
from base.errors import Invalid
from base.passkeys import MOST_LETTERS
from casework.access import Actor
from casework.accounts.actions import TooOften
from casework.accounts.half import HalfOver
from casework.application import Application
from casework.passkeys import actions, entering, setting_up
from casework.passkeys.rules import PasskeyRefused
from casework.provider import known
from web.deps import (
    AnyoneSent,
    AnyoneTx,
    App,
    CurrentActor,
    NoNul,
    Number,
    Read,
    Tx,
    cookie_name,
    first,
)
from web.kept import kept_in
from web.pages import render
from web.routes import factors, signing
from web.routes.entering import drop_cookie, half_cookie_name, inside, let_in, set_cookie

router = APIRouter()
_Line = Annotated[str, Form(max_length=200), NoNul]
_Answer = Annotated[str, Form(max_length=MOST_LETTERS), NoNul]
_Place = Annotated[str, Form(max_length=1000), NoNul]
_OWN = "/me/passkeys"


@router.get(_OWN, name="passkeys")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.post(f"{_OWN}/options", name="ask-for-passkey")
def ask_to_add(request: Request, tx: Tx, app: App, actor: CurrentActor) -> Response:
    return _asked(actions.ask_to_add(tx, app, actor, _token(request)))


@router.post(_OWN, name="add-passkey")
def add(
    request: Request, app: App, actor: CurrentActor, name: _Line = "", answer: _Answer = ""
) -> Response:
    try:
        codes = actions.add(app, actor, _token(request), name=name, text=answer)
    except Invalid as error:
        with app.database.reading() as tx:
            return _page(request, tx, app, actor, problem=str(error), at="name", name=name)
    if codes:
        return render(request, "recovery-codes", actor=actor, codes=codes, next=_OWN)
    return RedirectResponse(f"{_OWN}?said=passkey-added", HTTPStatus.SEE_OTHER)


@router.post(f"{_OWN}/codes", name="new-passkey-codes")
def new_codes(request: Request, tx: Tx, app: App, actor: CurrentActor) -> Response:
    try:
        codes = actions.new_codes(tx, actor, _token(request))
    except Invalid as error:
        return _page(request, tx, app, actor, problem=str(error), at="passkeys")
    return render(request, "recovery-codes", actor=actor, codes=codes, next=_OWN)


@router.post(f"{_OWN}/{{passkey_id}}/name", name="name-passkey")
def name_passkey(
    request: Request, tx: Tx, app: App, actor: CurrentActor, passkey_id: Number, name: _Line = ""
) -> Response:
    try:
        actions.name_passkey(tx, actor, passkey_id, name)
    except Invalid as error:
        return _page(request, tx, app, actor, problem=str(error), at=f"name-{passkey_id}")
    return RedirectResponse(f"{_OWN}?said=own-saved", HTTPStatus.SEE_OTHER)


@router.post(f"{_OWN}/{{passkey_id}}/remove", name="remove-passkey")
def remove(
    request: Request, tx: Tx, app: App, actor: CurrentActor, passkey_id: Number
) -> Response:
    try:
        actions.remove(tx, app, actor, _token(request), passkey_id)
    except Invalid as error:
        return _page(request, tx, app, actor, problem=str(error), at="passkeys")
    return RedirectResponse(f"{_OWN}?said=passkey-removed", HTTPStatus.SEE_OTHER)


@router.post("/sign-in/code/options", name="ask-half-for-passkey")
def ask_half(request: Request, tx: AnyoneTx, app: App) -> Response:
    return _asked(entering.ask_half(tx, app, _half(request)))


@router.post("/sign-in/code/passkey", name="enter-with-passkey")
def enter(request: Request, app: App, sent: AnyoneSent) -> Response:
    """Instead of the code, after the password."""
    next_path = inside(first(sent, "next"))
    text, kept = kept_in(request, sent)
    try:
        signed_in = entering.enter(app, _half(request), first(sent, "answer"))
    except HalfOver:
        return factors.anew(next_path)
    except (PasskeyRefused, TooOften) as error:
        return factors.asking(request, next_path, problem=str(error), kept=text)
    return let_in(request, signed_in, kept, next_path)


@router.post("/sign-in/set-up/options", name="ask-half-for-new-passkey")
def ask_half_to_add(request: Request, tx: AnyoneTx, app: App) -> Response:
    return _asked(setting_up.ask(tx, app, _half(request)))


@router.post("/sign-in/set-up/passkey", name="set-up-passkey-and-enter")
def set_up_and_enter(
    request: Request, app: App, name: _Line = "", answer: _Answer = "", next: _Place = "/"
) -> Response:
    """Instead of an app, by whoever must have a second factor and has none."""
    next_path, token = inside(next), _half(request)
    try:
        signed_in, codes = setting_up.set_up_and_enter(app, token, name=name, text=answer)
    except HalfOver:
        return factors.anew(next_path)
    except Invalid as error:
        with app.database.reading() as tx:
            return factors.setting_up(
                request, tx, app, next_path, problem=str(error), at="name", name=name
            )
    return factors.set_up_now(request, signed_in, codes, next_path)


@router.post("/sign-in/passkey/options", name="ask-anybody-for-passkey")
def ask_anybody(request: Request, tx: AnyoneTx, app: App) -> Response:
    """The same for everybody: who comes, the browser says."""
    begun = entering.ask_anybody(tx, app)
    response = _asked(begun.options)
    set_cookie(request, response, _cookie(request), begun.secret)
    return response


@router.post("/sign-in/passkey", name="sign-in-with-passkey")
def sign_in(request: Request, app: App, sent: AnyoneSent) -> Response:
    """Instead of password and code."""
    next_path = inside(first(sent, "next"))
    text, kept = kept_in(request, sent)
    secret = request.cookies.get(_cookie(request), "")
    elsewhere = known.without_passwords(app.settings)
    try:
        signed_in = entering.sign_in(app, secret, first(sent, "answer"), elsewhere=elsewhere)
    except (PasskeyRefused, TooOften) as error:
        response = signing.page(request, next_path, problem=str(error), kept=text)
    else:
        response = let_in(request, signed_in, kept, next_path)
    drop_cookie(request, response, _cookie(request))
    return response


def _asked(options: Mapping[str, Any]) -> Response:
    return JSONResponse(options, headers={"cache-control": "no-store"})


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    problem: str = "",
    at: str = "",
    name: str = "",
) -> Response:
    return render(
        request,
        "passkeys",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        own=actions.own(tx, app, actor, _token(request)),
        problem=problem,
        at=at,
        name=name,
    )


def _token(request: Request) -> str:
    return request.cookies.get(cookie_name(request), "")


def _half(request: Request) -> str:
    return request.cookies.get(half_cookie_name(request), "")


def _cookie(request: Request) -> str:
    """Of a browser that was asked for a passkey by the page to sign in."""
    return f"{cookie_name(request)}-passkey"
