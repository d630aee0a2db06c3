"""Tokens of one's own: what programs may do in one's name, and ending that."""

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.tokens import actions
from casework.tokens.actions import Made
from casework.tokens.rules import LONGEST, SCOPES, BadLastDay
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx
from web.pages import render

router = APIRouter(prefix="/me/tokens")


@router.get("", name="tokens")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.post("", name="make-token")
def make(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    name: Annotated[str, Form(max_length=100), NoNul] = "",
    last_day: Annotated[str, Form(max_length=10)] = "",
    scope: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006
) -> Response:
    """The secret stands on the answer alone: whoever loads the page anew does not see it."""
    try:
        made = actions.make_token(tx, app, actor, name=name, scopes=scope, last_day=_day(last_day))
    except Invalid as error:
        typed: Mapping[str, str | list[str]] = {
            "name": name,
            "last_day": last_day,
            "scopes": scope,
        }
        return _page(request, tx, app, actor, problem=str(error), typed=typed)
    return _page(request, tx, app, actor, made=made)


@router.post("/{token_id}/revoke", name="revoke-token")
def revoke(tx: Tx, actor: CurrentActor, token_id: Number) -> Response:
    actions.revoke_token(tx, actor, token_id)
    return RedirectResponse("/me/tokens?said=token-revoked", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    made: Made | None = None,
    problem: str = "",
    typed: Mapping[str, str | list[str]] | None = None,
) -> Response:
    today = clock.today(tx, app.zone)
    usual = {"name": "", "last_day": (today + timedelta(days=90)).isoformat(), "scopes": []}
    return render(
        request,
        "tokens",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        tokens=actions.tokens(tx, app, actor),
        scopes=SCOPES,
        first_day=today,
        longest=today + timedelta(days=LONGEST),
        made=made,
        problem=problem,
        typed=typed or usual,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadLastDay from error
