"""Packs to begin a new programme from, and a copy of one to take along."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.releases import toolbox
from casework.releases.parts import may_edit
from casework.releases.toolbox import BadPackId, NoPackTitle, PackExists
from web.deps import App, CurrentActor, NoNul, Read
from web.downloads import handed_over
from web.pages import render

router = APIRouter(prefix="/routines/tool-box")
_Typed = Annotated[str, Query(max_length=1_000), NoNul]


@router.get("", name="tool-box")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.get("/{pack}/copy", name="copy-pack")
def copy(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    pack: str,
    id: _Typed = "",
    title: _Typed = "",
) -> Response:
    """The pack under its new name as a zip; the page again where the name will not do."""
    try:
        made = toolbox.copied(tx, app, actor, pack, new_id=id, title=title)
    except (BadPackId, NoPackTitle, PackExists) as error:
        at = "title" if isinstance(error, NoPackTitle) else "id"
        problem = {"pack": pack, "at": at, "says": str(error), "id": id, "title": title}
        return _page(request, tx, app, actor, problem)
    return handed_over(made, f"{id.strip()}.zip", "application/zip")


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    problem: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "tool-box",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        packs=toolbox.toolbox(tx, app, actor),
        may_edit=may_edit(actor),
        problem=problem,
    )
