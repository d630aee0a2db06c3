"""The plan of a case: as the person reads it, all its versions, on paper, and how it goes."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from base import lang
from casework.casefile import actions, paper, planned
from casework.printing import printed
from casework.voice import voice
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx, note_read
from web.downloads import handed_over
from web.pages import render
from web.routes.looks import ask_why, purpose_of

router = APIRouter(prefix="/cases/{case_id}")
VersionNumber = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get("/plan", name="case-plan")
def show(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    version: VersionNumber = None,
) -> Response:
    found = planned.plan_page(tx, app, actor, case_id, version=version)
    page = actions.case_page(tx, app, actor, case_id)
    purpose = purpose_of(tx, app, actor, case_id)
    if purpose is None:
        return ask_why(request, actor, case_id, page.number)
    note_read(request, actor, case_id, "plan", purpose=purpose)
    agreed = [c for c in page.consents if c.state == "active" and c.shares]
    return render(
        request,
        "plan",
        actor=actor,
        pack_id=page.pack_id,
        page=page,
        plan=found.plan,
        consents=agreed,
    )


@router.get("/plan.pdf", name="case-plan-pdf")
def download(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    version: VersionNumber = None,
    language: str = "",
) -> Response:
    """In the language asked for, with the reader's beside it."""
    chosen = language if language in lang.LANGUAGES else actor.language
    page = planned.plan_page(tx, app, actor, case_id, version=version)
    purpose = purpose_of(tx, app, actor, case_id)
    if purpose is None:
        return ask_why(request, actor, case_id, page.number)
    note_read(request, actor, case_id, "plan", purpose=purpose)
    document = paper.plan_document(
        page,
        voice(tx, app, chosen, page.pack_id),
        beside=voice(tx, app, actor.language, page.pack_id),
    )
    name = f"plan-{page.number}-{page.plan.version}-{chosen}.pdf"
    return handed_over(printed(document), name, "application/pdf")


@router.get("/plan/versions", name="plan-versions")
def show_versions(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID
) -> Response:
    history = planned.plan_history(tx, app, actor, case_id)
    purpose = purpose_of(tx, app, actor, case_id)
    if purpose is None:
        return ask_why(request, actor, case_id, history.number)
    note_read(request, actor, case_id, "plan", purpose=purpose)
    return render(request, "plan-versions", actor=actor, page=history)


@router.post("/plan/measures/{number}", name="track-measure")
def track(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    number: Number,
    state: Annotated[str, Form(max_length=20)],
    reason: Annotated[str, NoNul, Form(max_length=500)] = "",
) -> Response:
    planned.track(tx, app, actor, case_id, number, state, reason)
    return RedirectResponse(f"/cases/{case_id}?said=tracked#plan", HTTPStatus.SEE_OTHER)
