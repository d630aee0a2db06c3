"""Hand in a list of accounts and roles: see what it would change, then say yes."""

import base64
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.account_register.actions import offer
from casework.account_register.model import Offer
from casework.staff_list import actions
from casework.staff_list.rules import COLUMNS, MOST, Line
from web.deps import App, CurrentActor, Read, Sent, Tx, first
from web.pages import render
from web.routes.listing import unpacked
from web.uploads import Uploaded

router = APIRouter(prefix="/accounts/list")


@router.get("", name="staff-list")
def ask(request: Request, tx: Read, actor: CurrentActor) -> Response:
    return _page(request, actor, offer(tx, actor))


@router.post("", name="preview-staff-list")
def preview(
    request: Request, tx: Read, app: App, actor: CurrentActor, upload: Uploaded
) -> Response:
    """Nothing is written; what was read comes back with the page, to be sent with the yes."""
    offered = offer(tx, actor)
    try:
        lines = actions.preview(tx, app, actor, upload.content)
    except Invalid as error:
        return _page(request, actor, offered, problem=str(error))
    return _page(request, actor, offered, lines=lines, kept=upload.content)


@router.post("/write", name="write-staff-list")
def write(request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    offered = offer(tx, actor)
    try:
        actions.write(tx, app, actor, unpacked(first(sent, "kept")))
    except (Invalid, Conflict) as error:
        tx.rollback()
        return _page(request, actor, offered, problem=str(error))
    return RedirectResponse("/accounts?said=staff-list", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    actor: Actor,
    offered: Offer,
    *,
    lines: list[Line] | None = None,
    kept: bytes = b"",
    problem: str = "",
) -> Response:
    return render(
        request,
        "staff-list",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        columns=COLUMNS,
        most=MOST,
        offer=offered,
        lines=lines,
        kept=base64.b64encode(kept).decode(),
        problem=problem,
    )
