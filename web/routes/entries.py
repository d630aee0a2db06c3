"""What was written in a case: corrected, commented, closed when it is about somebody else."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from casework.casefile import written
from web.deps import App, CurrentActor, NoNul, Number, Tx

router = APIRouter(prefix="/cases/{case_id}/entries/{entry_id}")
Words = Annotated[str, NoNul, Form(max_length=2_500)]


@router.post("/notes", name="note-entry")
def note(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    entry_id: Number,
    kind: Annotated[str, Form(max_length=20)],
    text: Words,
    why: Words = "",
) -> Response:
    written.add_note(tx, app, actor, case_id, entry_id, kind=kind, text=text, why=why)
    place = f"/cases/{case_id}?said=noted#entry-{entry_id}"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


@router.post("/strike", name="strike-entry")
def strike(tx: Tx, app: App, actor: CurrentActor, case_id: UUID, entry_id: Number) -> Response:
    written.strike(tx, app, actor, case_id, entry_id)
    return RedirectResponse(f"/cases/{case_id}?said=closed-entry#file", HTTPStatus.SEE_OTHER)
