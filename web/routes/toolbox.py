"""Packs to begin a new programme from: as a copy to take along, or here in the studio."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import SamplanError
from casework.access import Actor
from casework.application import Application
from casework.releases import toolbox
from casework.releases.parts import may_edit
from casework.releases.toolbox import BadPackId, NoPackTitle, PackExists
from web import packs
from web.deps import App, CurrentActor, NoNul, Read, Sent, Tx, first
from web.downloads import handed_over
from web.pages import render

router = APIRouter(prefix="/routines/tool-box")
_LONGEST = 1_000
_Typed = Annotated[str, Query(max_length=_LONGEST), NoNul]
#: As the studio's pages know it: with the pack that is worked on.
Here = packs.App


@router.get("", name="tool-box")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, here: Here) -> Response:
    return _page(request, tx, app, actor, here)


@router.get("/{pack}/copy", name="copy-pack")
def copy(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    here: Here,
    pack: str,
    id: _Typed = "",
    title: _Typed = "",
) -> Response:
    """The pack under its new name as a zip; the page again where the name will not do."""
    try:
        made = toolbox.copied(tx, app, actor, pack, new_id=id, title=title)
    except (BadPackId, NoPackTitle, PackExists) as error:
        problem = _problem(error, pack, id, title)
        return _page(request, tx, app, actor, here, problem)
    return handed_over(made, f"{id.strip()}.zip", "application/zip")


@router.get("/{pack}/folder", name="pack-folder")
def folder(tx: Read, actor: CurrentActor, pack: str) -> Response:
    return handed_over(toolbox.whole(tx, actor, pack), f"{pack}.zip", "application/zip")


@router.post("/{pack}/begin", name="begin-pack")
def begin(
    request: Request, tx: Tx, app: App, actor: CurrentActor, here: Here, pack: str, sent: Sent
) -> Response:
    """A pack of its own, which the studio is about from now on; the page again as for a copy."""
    id, title = first(sent, "id")[:_LONGEST], first(sent, "title")[:_LONGEST]
    try:
        begun = toolbox.begin(tx, app, actor, pack, new_id=id, title=title)
    except (BadPackId, NoPackTitle, PackExists) as error:
        return _page(request, tx, app, actor, here, _problem(error, pack, id, title))
    return _studio(request, begun, "pack-begun")


@router.post("/{pack}/work", name="work-on-pack")
def work(request: Request, tx: Tx, actor: CurrentActor, pack: str) -> Response:
    """The studio is about this pack from now on, in this browser."""
    return _studio(request, toolbox.to_work_on(tx, actor, pack), "pack-chosen")


def _studio(request: Request, pack_id: str, said: str) -> Response:
    response = RedirectResponse(f"/routines?said={said}", HTTPStatus.SEE_OTHER)
    packs.work_on(request, response, pack_id)
    return response


def _problem(error: SamplanError, pack: str, id: str, title: str) -> dict[str, str]:
    at = "title" if isinstance(error, NoPackTitle) else "id"
    return {"pack": pack, "at": at, "says": str(error), "id": id, "title": title}


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    here: Application,
    problem: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "tool-box",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        worked_on=here.pack_id,
        packs=toolbox.toolbox(tx, app, actor),
        may_edit=may_edit(actor),
        problem=problem,
    )
