"""Webhooks of one's organisation: where its own system hears that something has happened."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.hooks import actions
from casework.hooks.actions import Fresh
from casework.hooks.rules import EVENTS
from web.deps import App, CurrentActor, NoNul, Read, Tx
from web.pages import render

router = APIRouter(prefix="/webhooks")


@router.get("", name="webhooks")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.post("", name="make-webhook")
def make(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    place: Annotated[str, Form(max_length=200), NoNul] = "",
    address: Annotated[str, Form(max_length=1_000), NoNul] = "",
    event: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006
) -> Response:
    """The secret stands on the answer alone: whoever loads the page anew does not see it."""
    try:
        fresh = actions.make_hook(tx, app, actor, place=place, address=address, events=event)
    except Invalid as error:
        typed: Mapping[str, str | list[str]] = {
            "place": place,
            "address": address,
            "events": event,
        }
        return _page(request, tx, app, actor, problem=str(error), typed=typed)
    return _page(request, tx, app, actor, fresh=fresh)


@router.post("/{hook_id}/renew", name="renew-webhook")
def renew(request: Request, tx: Tx, app: App, actor: CurrentActor, hook_id: UUID) -> Response:
    return _page(request, tx, app, actor, fresh=actions.renew_secret(tx, actor, hook_id))


@router.post("/{hook_id}/end", name="end-webhook")
def end(tx: Tx, actor: CurrentActor, hook_id: UUID) -> Response:
    actions.end_hook(tx, actor, hook_id)
    return RedirectResponse("/webhooks?said=hook-ended", HTTPStatus.SEE_OTHER)


@router.post("/deliveries/{delivery_id}/again", name="try-webhook-again")
def again(tx: Tx, actor: CurrentActor, delivery_id: UUID) -> Response:
    actions.try_again(tx, actor, delivery_id)
    return RedirectResponse("/webhooks?said=hook-again", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    fresh: Fresh | None = None,
    problem: str = "",
    typed: Mapping[str, str | list[str]] | None = None,
) -> Response:
    places = actions.places(tx, actor)
    offered = {event for place in places for event in place.events}
    return render(
        request,
        "webhooks",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        today=clock.today(tx, app.zone),
        places=places,
        hooks=actions.hooks(tx, actor),
        events=EVENTS,
        offered=[event for event in EVENTS if event in offered],
        fresh=fresh,
        problem=problem,
        typed=typed or {"place": "", "address": "", "events": []},
    )
