"""Sign in and out; choose a language."""

from http import HTTPStatus
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.lang import LANGUAGES
from base.passkeys import place_of
from casework.accounts.actions import HalfWay, Refused, set_language, sign_in, sign_out
from casework.provider import known
from web.deps import (
    AnyoneSent,
    MaybeActor,
    NoNul,
    Tx,
    cookie_name,
    first,
    language_cookie_name,
)
from web.kept import kept_in
from web.pages import render
from web.routes.entering import drop_cookie, inside, let_in
from web.routes.factors import half_way

router = APIRouter()
_log = structlog.get_logger()
_HOME = {"manager": "/overview", "process_owner": "/routines"}
_OFFERED = f"^({'|'.join(LANGUAGES)})$"
_HALF_A_YEAR = 180 * 24 * 3600
_CASEWORK = frozenset({"caseworker", "representative", "convener"})


@router.get("/", name="home")
def home(actor: MaybeActor) -> Response:
    """The page where this person's work begins."""
    if actor is None:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    places = [place for role, place in _HOME.items() if role in actor.roles]
    place = places[0] if places and not actor.roles & _CASEWORK else "/tasks"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


@router.get("/sign-in", name="sign-in")
def ask(request: Request, actor: MaybeActor, next: str = "/") -> Response:
    if actor is not None:
        return RedirectResponse(inside(next), HTTPStatus.SEE_OTHER)
    return page(request, inside(next))


@router.post("/sign-in", name="sign-in-now")
def enter(request: Request, sent: AnyoneSent) -> Response:
    user_name, next_path = first(sent, "user_name")[:200], inside(first(sent, "next"))
    text, kept = kept_in(request, sent)
    result = sign_in(
        request.app.state.database,
        user_name,
        first(sent, "password")[:1000],
        required=request.app.state.settings.requires_second_factor,
        elsewhere=known.without_passwords(request.app.state.settings),
    )
    if isinstance(result, Refused):
        _log.info("sign-in refused", waiting=result.wait is not None)
        return page(request, next_path, refused=result, user_name=user_name, kept=text)
    if isinstance(result, HalfWay):
        return half_way(request, result, next_path, text)
    return let_in(request, result, kept, next_path)


@router.post("/sign-out", name="sign-out")
def leave(
    request: Request, tx: Tx, next: Annotated[str, Form(max_length=500), NoNul] = ""
) -> Response:
    """``next``: where to go on after signing in again."""
    provider = sign_out(tx, request.cookies.get(cookie_name(request), ""))
    again = f"/sign-in?{urlencode({'next': inside(next)})}" if next else "/sign-in"
    place = f"/signed-out/{provider}" if provider else again
    response = RedirectResponse(place, HTTPStatus.SEE_OTHER)
    drop_cookie(request, response, cookie_name(request))
    return response


@router.post("/language", name="language")
def choose_language(
    request: Request,
    tx: Tx,
    actor: MaybeActor,
    language: Annotated[str, Form(pattern=_OFFERED)],
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Kept with the account, and in this browser for pages before sign-in."""
    if actor is not None:
        set_language(tx, actor, language)
    response = RedirectResponse(inside(next), HTTPStatus.SEE_OTHER)
    name = language_cookie_name(request)
    response.set_cookie(
        name,
        language,
        max_age=_HALF_A_YEAR,
        samesite="lax",
        httponly=True,
        secure=name.startswith("__Host-"),
    )
    return response


def page(
    request: Request,
    next_path: str,
    *,
    refused: Refused | None = None,
    problem: str = "",
    user_name: str = "",
    kept: str = "",
) -> Response:
    """The page to sign in; ``problem``: why a passkey was not heard."""
    minutes = ceil(refused.wait.total_seconds() / 60) if refused and refused.wait else None
    settings = request.app.state.settings
    return render(
        request,
        "sign-in",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused or problem else HTTPStatus.OK,
        next=next_path,
        refused=refused,
        problem=problem,
        minutes=minutes,
        kept=kept,
        lost=False,
        user_name=user_name,
        passkeys=place_of(settings.public_url) is not None,
        providers=known.providers(settings),
    )
