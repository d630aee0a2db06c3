"""A consent on paper, and asking for the next one."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from casework import renewing, signing
from web.deps import App, CurrentActor, Read, Tx, note_read
from web.downloads import handed_over

router = APIRouter(prefix="/cases/{case_id}/consents/{consent_id}")


@router.get("/paper", name="consent-paper")
def download(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    consent_id: UUID,
    language: str = "",
) -> Response:
    """In the person's language, the office's after it."""
    chosen = language or app.pack(tx).config.language
    paper = signing.consent_pdf(tx, app, actor, case_id, consent_id, chosen)
    note_read(request, actor, case_id, "consent")
    return handed_over(paper, f"consent-{chosen}.pdf", "application/pdf")


@router.post("/renew", name="renew-consent")
def renew(tx: Tx, app: App, actor: CurrentActor, case_id: UUID, consent_id: UUID) -> Response:
    """To the first step of asking, where it is the actor's."""
    step = renewing.renew(tx, app, actor, case_id, consent_id)
    place = f"/tasks/{step}" if step else f"/cases/{case_id}"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)
