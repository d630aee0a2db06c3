"""One's calendar feed: making, replacing and ending it; and the feed itself, without a cookie."""

import hashlib
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from casework.access import Actor
from casework.calendar import actions
from web.deps import App, CurrentActor, Read, Tx
from web.pages import render

router = APIRouter()
Secret = Annotated[str, Path(max_length=100)]


@router.get("/me/calendar", name="calendar")
def show(request: Request, tx: Read, actor: CurrentActor) -> Response:
    return _page(request, tx, actor)


@router.post("/me/calendar", name="make-calendar")
def make(request: Request, tx: Tx, app: App, actor: CurrentActor) -> Response:
    """The address stands on the answer alone: whoever loads the page anew does not see it."""
    address = actions.make_feed(tx, app, actor)
    tx.flush()
    return _page(request, tx, actor, address=address)


@router.post("/me/calendar/end", name="end-calendar")
def end(tx: Tx, actor: CurrentActor) -> Response:
    actions.end_feed(tx, actor)
    return RedirectResponse("/me/calendar?said=calendar-ended", HTTPStatus.SEE_OTHER)


@router.get("/calendar/{secret}.ics", name="calendar-feed")
def feed(app: App, secret: Secret, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Whoever has the address reads it; nothing in it points at a person."""
    with app.database.reading() as tx:
        account_id, content = actions.read_feed(tx, app, secret)
        noted = actions.noted_today(tx, app, account_id)
    if not noted:
        with app.database.transaction() as tx:
            actions.fetched(tx, app, account_id)
    mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"cache-control": "private, max-age=900", "etag": mark}
    if if_none_match == mark:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(request: Request, tx: Session, actor: Actor, *, address: str = "") -> Response:
    return render(
        request, "calendar", actor=actor, feed=actions.own_feed(tx, actor), address=address
    )
