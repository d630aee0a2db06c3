"""Files of a case: the list, sending one, taking one away, striking one."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Conflict, Invalid, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.attachments.actions import Sent
from casework.casefile import files
from web.deps import App, CurrentActor, Read, Tx, note_read
from web.downloads import handed_over
from web.errors import status_of
from web.pages import render
from web.routes.looks import ask_why, purpose_of
from web.uploads import Uploaded

router = APIRouter(prefix="/cases/{case_id}/files")


@router.get("", name="files")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    page = files.files_page(tx, app, actor, case_id)
    purpose = purpose_of(tx, app, actor, case_id)
    if purpose is None:
        return ask_why(request, actor, case_id, page.number)
    note_read(request, actor, case_id, "files", purpose=purpose)
    return render(request, "files", actor=actor, page=page, problem="")


@router.post("", name="attach-file")
def attach(
    request: Request, tx: Tx, app: App, actor: CurrentActor, case_id: UUID, upload: Uploaded
) -> Response:
    sent = Sent(
        name=upload.name,
        content=upload.content,
        category=upload.fields.get("category", ""),
        purpose=upload.fields.get("purpose") or None,
    )
    try:
        files.attach(tx, app, actor, case_id, sent)
    except (Invalid, Conflict) as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return RedirectResponse(f"/cases/{case_id}/files?said=attached", HTTPStatus.SEE_OTHER)


@router.get("/{file_id}", name="file")
def download(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID, file_id: UUID
) -> Response:
    opened = files.hand_over(tx, app, actor, case_id, file_id)
    purpose = purpose_of(tx, app, actor, case_id)
    if purpose is None:
        return ask_why(request, actor, case_id, files.number_of(tx, case_id))
    note_read(request, actor, case_id, "file", purpose=purpose)
    return handed_over(opened.content, opened.name, opened.media_type)


@router.post("/{file_id}/strike", name="strike-file")
def strike(tx: Tx, app: App, actor: CurrentActor, case_id: UUID, file_id: UUID) -> Response:
    files.strike(tx, app, actor, case_id, file_id)
    return RedirectResponse(f"/cases/{case_id}/files?said=file-struck", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    problem: SamplanError | None = None,
) -> Response:
    return render(
        request,
        "files",
        status=status_of(problem) if problem else HTTPStatus.OK,
        actor=actor,
        page=files.files_page(tx, app, actor, case_id),
        problem=str(problem) if problem else "",
    )
