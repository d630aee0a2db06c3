"""Sign in and out; choose a language."""

from http import HTTPStatus
from math import ceil
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import clock
from casework.accounts.actions import Refused, SignedIn, set_language, sign_in, sign_out
from casework.seats.store import waiting
from web.deps import (
    AnyoneSent,
    MaybeActor,
    Tx,
    actor_with,
    application_of,
    cookie_name,
    find_actor,
    first,
    language_cookie_name,
)
from web.kept import Kept, kept_in
from web.pages import render
from web.routes import again

router = APIRouter()
_log = structlog.get_logger()
_HOME = {"manager": "/overview", "process_owner": "/routines"}
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
        return RedirectResponse(_inside(next), HTTPStatus.SEE_OTHER)
    return _page(request, _inside(next))


@router.post("/sign-in", name="sign-in-now")
def enter(request: Request, sent: AnyoneSent) -> Response:
    user_name, next_path = first(sent, "user_name")[:200], _inside(first(sent, "next"))
    text, kept = kept_in(request, sent)
    result = sign_in(request.app.state.database, user_name, first(sent, "password")[:1000])
    if isinstance(result, Refused):
        _log.info("sign-in refused", waiting=result.wait is not None)
        return _page(request, next_path, refused=result, user_name=user_name, kept=text)
    _end_earlier(request)
    response = _after(request, result, kept, next_path)
    name = cookie_name(request)
    response.set_cookie(
        name,
        result.token,
        httponly=True,
        samesite="lax",
        secure=name.startswith("__Host-"),
        path="/",
    )
    return response


@router.post("/sign-out", name="sign-out")
def leave(request: Request, tx: Tx) -> Response:
    sign_out(tx, request.cookies.get(cookie_name(request), ""))
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(cookie_name(request), path="/")
    return response


@router.post("/language", name="language")
def choose_language(
    request: Request,
    tx: Tx,
    actor: MaybeActor,
    language: Annotated[str, Form(pattern="^(sv|de|en)$")],
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Kept with the account, and in this browser for pages before sign-in."""
    if actor is not None:
        set_language(tx, actor, language)
    response = RedirectResponse(_inside(next), HTTPStatus.SEE_OTHER)
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


def _end_earlier(request: Request) -> None:
    """A session that this browser still holds ends: two people may share a machine."""
    earlier = request.cookies.get(cookie_name(request))
    if earlier and find_actor(request) is not None:
        with request.app.state.database.transaction() as tx:
            sign_out(tx, earlier)


def _after(request: Request, signed_in: SignedIn, kept: Kept | None, next_path: str) -> Response:
    """Back to the form as it was typed, if it was this account's; else where one wanted to go."""
    if kept is None:
        return RedirectResponse(_first_place(request, signed_in, next_path), HTTPStatus.SEE_OTHER)
    actor = actor_with(request, signed_in.token)
    if actor is None or kept.account_id != signed_in.account_id:
        return RedirectResponse("/tasks?said=dropped", HTTPStatus.SEE_OTHER)
    return again.show(request, actor, kept.path, kept.sent)


def _first_place(request: Request, signed_in: SignedIn, next_path: str) -> str:
    """Whoever has been appointed reads what it means before anything else (GG-07)."""
    app = application_of(request)
    with app.database.reading() as tx:
        assigned, _ = waiting(tx, signed_in.account_id, clock.today(tx, app.zone))
    return "/assignments" if assigned else next_path


def _page(
    request: Request,
    next_path: str,
    *,
    refused: Refused | None = None,
    user_name: str = "",
    kept: str = "",
) -> Response:
    minutes = ceil(refused.wait.total_seconds() / 60) if refused and refused.wait else None
    return render(
        request,
        "sign-in",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        next=next_path,
        refused=refused,
        minutes=minutes,
        kept=kept,
        lost=False,
        user_name=user_name,
    )


def _inside(path: str) -> str:
    """Only places of this site: no scheme, no host, however written."""
    path = path[:500]
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isprintable() else "/"
