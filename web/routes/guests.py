"""Guests of one item of a meeting: inviting them, and the one page that exists for them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.audit.actions import log_guest
from casework.guests import actions, writing
from casework.guests.model import Invited, ItemPage
from casework.meetings import store as meetings
from forms import problems
from web.deps import (
    AnyoneSent,
    AnyoneTx,
    App,
    CurrentActor,
    NoNul,
    Number,
    OpenRead,
    Read,
    Tx,
    cookie_name,
    note_read,
)
from web.pages import language_of, render

router = APIRouter()
_ITEM = "/meetings/{meeting_id}/items/{item_id}/guests"


@router.get(_ITEM, name="guests")
def show(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    item_id: Number,
) -> Response:
    page = _page(request, tx, app, actor, meeting_id, item_id)
    case_id = meetings.item(tx, meeting_id, item_id).case_id
    if case_id is not None:
        note_read(request, actor, case_id, "guests")
    return page


@router.post(_ITEM, name="invite-guest")
def invite(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    item_id: Number,
    guest: Annotated[str, Form(max_length=300), NoNul],
) -> Response:
    """Link and code stand on the answer alone: whoever loads the page anew does not see them."""
    _note_case(request, tx, meeting_id, item_id)
    invited = actions.invite(tx, app, actor, meeting_id, item_id, guest)
    return _page(request, tx, app, actor, meeting_id, item_id, invited=invited)


@router.post(f"{_ITEM}/{{guest_id}}/end", name="end-guest")
def end(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    item_id: Number,
    guest_id: Number,
) -> Response:
    _note_case(request, tx, meeting_id, item_id)
    actions.end(tx, app, actor, meeting_id, item_id, guest_id)
    place = f"/meetings/{meeting_id}/items/{item_id}/guests?said=guest-ended"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


@router.get("/guest", name="guest-item")
def look(request: Request, tx: OpenRead, app: App) -> Response:
    token = request.cookies.get(_cookie(request), "")
    page = actions.look(tx, app, token, language_of(request, None))
    return _item(request, page)


@router.post("/guest", name="guest-writes")
def write(request: Request, tx: AnyoneTx, app: App, sent: AnyoneSent) -> Response:
    token, language = request.cookies.get(_cookie(request), ""), language_of(request, None)
    wrong = writing.contribute(tx, app, token, sent, language)
    if wrong is None:
        return RedirectResponse("/guest?said=contributed", HTTPStatus.SEE_OTHER)
    page = actions.look(tx, app, token, language, filled=wrong)
    tx.rollback()
    return _item(request, page, wrong=True)


@router.get("/guest/{link}", name="guest-door")
def door(request: Request, tx: OpenRead, app: App, link: str) -> Response:
    actions.expected(tx, app, link)
    return render(request, "guest-door", wrong=False)


@router.post("/guest/{link}", name="guest-enters")
def enter(
    request: Request,
    tx: AnyoneTx,
    app: App,
    link: str,
    code: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    token = actions.enter(tx, app, link, code)
    if token is None:
        return render(request, "guest-door", status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong=True)
    response = RedirectResponse("/guest", HTTPStatus.SEE_OTHER)
    name = _cookie(request)
    response.set_cookie(
        name,
        token,
        httponly=True,
        samesite="strict",
        secure=name.startswith("__Host-"),
        path="/",
    )
    return response


def _item(request: Request, page: ItemPage, *, wrong: bool = False) -> Response:
    with request.app.state.database.transaction() as noting:
        log_guest(noting, page.case_id, page.organisation_id)
    return render(
        request,
        "guest-item",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        pack_id=page.pack_id,
        page=page,
        problems=problems(page.asked.rows) if page.asked else [],
    )


def _cookie(request: Request) -> str:
    return f"{cookie_name(request)}-guest"


def _note_case(request: Request, tx: Session, meeting_id: int, item_id: int) -> None:
    """A refusal is written in the chain of the case, which this path does not name."""
    request.state.case_id = meetings.item(tx, meeting_id, item_id).case_id


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    meeting_id: int,
    item_id: int,
    *,
    invited: Invited | None = None,
) -> Response:
    page = actions.guests_page(tx, app, actor, meeting_id, item_id)
    status = HTTPStatus.CREATED if invited else HTTPStatus.OK
    return render(request, "guests", status=status, actor=actor, page=page, invited=invited)
