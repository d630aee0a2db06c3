"""Hand in the list of representatives: see what it would change, then say yes."""

import base64
import binascii
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.listing import actions
from casework.listing.reading import Unreadable
from casework.listing.rules import COLUMNS
from casework.seats.rules import NotYoursToAppoint
from web.deps import App, CurrentActor, Read, Sent, Tx, first
from web.pages import render
from web.uploads import Uploaded

router = APIRouter(prefix="/contacts/list")


@router.get("", name="list")
def ask(request: Request, actor: CurrentActor) -> Response:
    if "manager" not in actor.roles:
        raise NotYoursToAppoint
    return _page(request, actor)


@router.post("", name="preview-list")
def preview(
    request: Request, tx: Read, app: App, actor: CurrentActor, upload: Uploaded
) -> Response:
    """Nothing is written; what was read comes back with the page, to be sent with the yes."""
    try:
        lines = actions.preview(tx, app, actor, upload.content)
    except Invalid as error:
        return _page(request, actor, problem=str(error))
    kept = base64.b64encode(upload.content).decode()
    return render(
        request, "list", actor=actor, columns=COLUMNS, lines=lines, kept=kept, problem=""
    )


@router.post("/write", name="write-list")
def write(request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    try:
        actions.write(tx, app, actor, unpacked(first(sent, "kept")))
    except (Invalid, Conflict) as error:
        tx.rollback()
        return _page(request, actor, problem=str(error))
    return RedirectResponse("/contacts/groups?said=appointed-list", HTTPStatus.SEE_OTHER)


def unpacked(text: str) -> bytes:
    """The file that came back with the page. Raises Unreadable."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error


def _page(request: Request, actor: Actor, *, problem: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(
        request,
        "list",
        actor=actor,
        status=status,
        columns=COLUMNS,
        lines=None,
        kept="",
        problem=problem,
    )
