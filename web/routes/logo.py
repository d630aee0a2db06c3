"""The logo at the head of the papers: seen, uploaded into the draft, taken away."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.releases import logo
from web.deps import CurrentActor, Read, Tx
from web.downloads import handed_over
from web.packs import App
from web.pages import render
from web.studio import in_words
from web.uploads import Uploaded

router = APIRouter(prefix="/routines/logo")
_PAGE = "/routines/logo"


@router.get("", name="logo")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.post("", name="set-logo")
def save(request: Request, tx: Tx, app: App, actor: CurrentActor, upload: Uploaded) -> Response:
    try:
        changed = logo.set_logo(tx, app, actor, upload.content)
    except Invalid as error:
        tx.rollback()
        with app.database.reading() as again:
            return _page(request, again, app, actor, problem=str(error))
    return _back("logo" if changed else "nothing-changed")


@router.get("/picture", name="logo-picture")
def picture(tx: Read, app: App, actor: CurrentActor) -> Response:
    """Of the draft; nothing in it runs."""
    found = logo.logo_picture(tx, app, actor)
    return handed_over(found.content, found.file, logo.MEDIA_TYPES[found.file])


@router.post("/remove", name="remove-logo")
def remove(tx: Tx, app: App, actor: CurrentActor) -> Response:
    changed = logo.remove_logo(tx, app, actor)
    return _back("logo-gone" if changed else "nothing-changed")


@router.post("/discard", name="discard-logo")
def discard(tx: Tx, app: App, actor: CurrentActor) -> Response:
    logo.discard_logo(tx, app, actor)
    return _back("discarded")


def _back(said: str) -> Response:
    return RedirectResponse(f"{_PAGE}?said={said}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, tx: Session, app: Application, actor: Actor, *, problem: str = ""
) -> Response:
    page = logo.logo_page(tx, app, actor)
    return render(
        request,
        "logo",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        findings=in_words(app, actor, page.findings, ""),
        problem=problem,
    )
