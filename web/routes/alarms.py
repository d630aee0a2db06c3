"""Looking into a case in an emergency, seeing alarms, and a case through others' eyes."""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Invalid
from casework import viewing
from casework.alarms import actions
from web.deps import App, CurrentActor, NoNul, Number, Read, Tx, note_read
from web.errors import status_of
from web.pages import render

router = APIRouter()


@router.get("/emergency", name="emergency")
def ask(request: Request, actor: CurrentActor) -> Response:
    actions.require_administrator(actor)
    return render(request, "emergency", actor=actor, problem="", number="", reason="")


@router.post("/emergency", name="look-in")
def look_in(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    number: Annotated[str, Form(max_length=40), NoNul] = "",
    reason: Annotated[str, Form(max_length=1000), NoNul] = "",
) -> Response:
    try:
        case_id = actions.look_in(tx, app, actor, number, reason)
    except Invalid as error:
        return render(
            request,
            "emergency",
            status=status_of(error),
            actor=actor,
            problem=str(error),
            number=number,
            reason=reason,
        )
    return RedirectResponse(f"/emergency/{case_id}", HTTPStatus.SEE_OTHER)


@router.get("/emergency/{case_id}", name="emergency-case")
def show_emergency(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID
) -> Response:
    alarm = actions.require_emergency(tx, actor, case_id)
    page = viewing.in_emergency(tx, app, actor, case_id)
    with request.app.state.database.transaction() as noting:
        actions.note_look(noting, actor, case_id, "emergency.look")
    note_read(request, actor, case_id, "emergency")
    return render(
        request,
        "viewed",
        actor=actor,
        pack_id=page.pack_id,
        page=page,
        viewed=None,
        until=alarm.ends,
    )


@router.get("/cases/{case_id}/as", name="case-as")
def show_as(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    case_id: UUID,
    organisation: str = "",
) -> Response:
    viewed = viewing.as_party(tx, app, actor, case_id, organisation[:100])
    note_read(request, actor, case_id, "as another organisation")
    return render(
        request,
        "viewed",
        actor=actor,
        pack_id=viewed.pack_id,
        page=viewed.page,
        viewed=viewed,
        until=None,
    )


@router.post("/alarms/{alarm_id}/seen", name="see-alarm")
def see(
    tx: Tx,
    actor: CurrentActor,
    alarm_id: Number,
    back: Annotated[Literal["overview", "tasks"], Form()] = "tasks",
) -> Response:
    actions.see(tx, actor, alarm_id)
    return RedirectResponse(f"/{back}?said=seen", HTTPStatus.SEE_OTHER)
