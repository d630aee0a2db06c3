"""What the person asks for and gets, and what was told to others."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.db import Session
from base.errors import Invalid, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.disclosure import actions, rules
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx, note_read
from web.pages import render

router = APIRouter(prefix="/cases/{case_id}/disclosure")
_Text = Annotated[str, Form(max_length=300), NoNul]


@router.get("", name="disclosure")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    return _page(request, tx, app, actor, case_id)


@router.post("/requests", name="register-request")
def register(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    kind: _Text = "",
    identity: _Text = "",
    leave_out: Annotated[list[int] | None, Form(max_length=500)] = None,
) -> Response:
    try:
        actions.register(
            tx, app, actor, case_id, kind=kind, identity=identity, left_out=leave_out or ()
        )
    except Invalid as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return _back(case_id, "asked")


@router.post("/requests/{number}/release", name="release-request")
def release(tx: Tx, app: App, actor: CurrentActor, case_id: UUID, number: Number) -> Response:
    actions.release(tx, app, actor, case_id, number)
    return _back(case_id, "released")


@router.post("/requests/{number}/close", name="close-request")
def close(tx: Tx, app: App, actor: CurrentActor, case_id: UUID, number: Number) -> Response:
    actions.close(tx, app, actor, case_id, number)
    return _back(case_id, "answered")


@router.get("/requests/{number}/print", name="print-held")
def show_printed(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID, number: Number
) -> Response:
    paper = actions.printed_held(tx, app, actor, case_id, number)
    note_read(request, actor, case_id, "export")
    headers = {"content-disposition": 'attachment; filename="held.pdf"'}
    return Response(paper, media_type="application/pdf", headers=headers)


@router.get("/requests/{number}/data", name="held-data")
def show_data(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID, number: Number
) -> Response:
    data = actions.held(tx, app, actor, case_id, number)
    note_read(request, actor, case_id, "export")
    headers = {"content-disposition": 'attachment; filename="held.json"'}
    return JSONResponse(data, headers=headers)


@router.post("/told", name="tell-outside")
def tell(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    to: _Text = "",
    channel: _Text = "",
    law: _Text = "",
    kind: Annotated[list[str] | None, Form(max_length=40)] = None,
) -> Response:
    try:
        actions.tell(
            tx, app, actor, case_id, to=to, kinds=set(kind or ()), channel=channel, law=law
        )
    except Invalid as error:
        return _page(request, tx, app, actor, case_id, problem=error)
    return _back(case_id, "told")


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    problem: SamplanError | None = None,
) -> Response:
    page = actions.page(tx, app, actor, case_id)
    if request.method == "GET":
        note_read(request, actor, case_id, "case")
    return render(
        request,
        "disclosure",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        wishes=rules.REQUESTS,
        identities=rules.IDENTITIES,
        channels=rules.CHANNELS,
        problem=str(problem) if problem else "",
    )


def _back(case_id: UUID, said: str) -> Response:
    return RedirectResponse(f"/cases/{case_id}/disclosure?said={said}", HTTPStatus.SEE_OTHER)
