"""Something has happened: tell a case what it waits to hear."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.db import Database
from casework import hearings
from casework.access import Actor
from casework.hearings import HearingPage
from forms import problems
from web.deps import (
    App,
    CurrentActor,
    Read,
    Sent,
    Tx,
    application_of,
    first,
    note_read,
    type_sent,
)
from web.pages import render
from web.routes.tasks import asks_rows
from web.uploads import BroughtFile, answers_of, left_behind

router = APIRouter(prefix="/cases/{case_id}/hear")


@router.get("/{message}", name="ask-hearing")
def ask(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID, message: str
) -> Response:
    page = hearings.hearing(tx, app, actor, case_id, message)
    note_read(request, actor, case_id, "case")
    return _page(request, actor, page)


@router.post("/{message}", name="hear")
def hear(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    sent: Sent,
    case_id: UUID,
    message: str,
) -> Response:
    answers, left = answers_of(sent), left_behind(sent)
    key = first(sent, "_key")
    if left or asks_rows(answers):
        page = hearings.hearing(tx, app, actor, case_id, message, sent=answers, key=key, left=left)
        return _page(request, actor, page)
    result = hearings.hear(tx, app, actor, case_id, message, answers, key=key)
    if result is not None:
        tx.rollback()
        return _page(request, actor, result)
    return RedirectResponse(f"/cases/{case_id}?said=heard", HTTPStatus.SEE_OTHER)


@router.post("/{message}/files", name="attach-to-hearing")
def attach(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    message: str,
    brought: BroughtFile,
) -> Response:
    """The file is kept; what was typed with it stands on the page, which nothing else keeps."""
    answers, key = answers_of(brought.sent), first(brought.sent, "_key")
    page = hearings.attach_file(tx, app, actor, case_id, message, brought.file, answers, key=key)
    if page.errors:
        tx.rollback()
    return _page(request, actor, page, attached=not page.errors)


def show_typed(
    request: Request, actor: Actor, case_id: UUID, message: str, sent: type_sent
) -> Response:
    """The page with answers that were typed but never stored."""
    database: Database = request.app.state.database
    app = application_of(request)
    answers, key = answers_of(sent), first(sent, "_key")
    with database.reading() as tx:
        page = hearings.hearing(tx, app, actor, case_id, message, sent=answers, key=key)
    note_read(request, actor, case_id, "case")
    return _page(request, actor, page, again=True)


def _page(
    request: Request,
    actor: Actor,
    page: HearingPage,
    *,
    again: bool = False,
    attached: bool = False,
) -> Response:
    return render(
        request,
        "hearing",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if page.errors else HTTPStatus.OK,
        actor=actor,
        pack_id=page.pack_id,
        page=page,
        problems=problems(page.rows),
        again=again,
        attached=attached,
        attach_to=f"/cases/{page.case_id}/hear/{page.message}/files",
    )
