"""Who has looked at a case: a page to show the person, and the same on paper."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.casefile import actions as casefile
from casework.looks import actions, noting, rules
from web.deps import App, CurrentActor, Read, Tx, note_read
from web.pages import render

router = APIRouter(prefix="/cases/{case_id}/looks")


@router.get("", name="looks")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    page = actions.looks(tx, app, actor, case_id)
    note_read(request, actor, case_id, "trace")
    return render(request, "looks", actor=actor, page=page)


@router.get("/print", name="print-looks")
def show_printed(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID
) -> Response:
    paper = actions.printed_looks(tx, app, actor, case_id)
    note_read(request, actor, case_id, "trace")
    headers = {"content-disposition": 'inline; filename="looks.pdf"'}
    return Response(paper, media_type="application/pdf", headers=headers)


@router.post("/why", name="say-why")
def say_why(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    reason: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    actions.give_reason(tx, app, actor, case_id, reason)
    return RedirectResponse(f"/cases/{case_id}", HTTPStatus.SEE_OTHER)


def purpose_of(tx: Session, app: Application, actor: Actor, case_id: UUID) -> str | None:
    """Why this reader opens something of a case; None: ask. The gate has been asked."""
    waits = casefile.has_step(tx, app, actor, case_id)
    return noting.why(tx, app, actor, case_id, has_step=waits)


def ask_why(request: Request, actor: Actor, case_id: UUID, number: str) -> Response:
    """Nothing of the case is shown before somebody says why they open it."""
    return render(
        request, "why", actor=actor, case_id=case_id, number=number, reasons=rules.REASONS
    )
