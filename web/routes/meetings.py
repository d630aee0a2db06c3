"""Meetings of local groups and their agendas."""

from collections.abc import Callable
from datetime import date, time
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base import clock
from base.db import Session
from base.errors import Invalid, SamplanError
from casework.access import Actor
from casework.agenda import actions
from casework.application import Application
from casework.meetings import protocol
from casework.meetings.rules import MeetingOver, NoReason, NotCalled, NotReady
from web.deps import App, CurrentActor, NoNul, Number, Read, SentNumber, Tx, note_read
from web.errors import status_of
from web.pages import render

router = APIRouter(prefix="/meetings")
_Title = Annotated[str, Form(min_length=1, max_length=200), NoNul]


class MeetingFieldsMissing(Invalid):
    """Give day, time and place of the meeting."""


@router.get("", name="meetings")
def show_list(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _list(request, tx, app, actor)


@router.post("", name="plan-meeting")
def plan(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    group: SentNumber,
    on: Annotated[str, Form(max_length=20)] = "",
    at: Annotated[str, Form(max_length=20)] = "",
    place: Annotated[str, Form(max_length=200), NoNul] = "",
) -> Response:
    typed: dict[str, str | int] = {"group": group, "on": on, "at": at, "place": place}
    try:
        day, hour = _when(on, at, place)
        meeting_id = actions.plan_meeting(
            tx, app, actor, group_id=group, on=day, time=hour, place=place.strip()
        )
    except (Invalid, MeetingOver) as error:
        return _list(request, tx, app, actor, problem=error, typed=typed)
    return RedirectResponse(f"/meetings/{meeting_id}?said=planned", HTTPStatus.SEE_OTHER)


@router.post("/terms", name="begin-term")
def begin_term(tx: Tx, app: App, actor: CurrentActor, group: SentNumber) -> Response:
    actions.begin_term(tx, app, actor, group)
    return RedirectResponse("/meetings?said=term", HTTPStatus.SEE_OTHER)


@router.get("/{meeting_id}", name="meeting")
def show(
    request: Request, tx: Read, app: App, actor: CurrentActor, meeting_id: Number
) -> Response:
    return _page(request, tx, app, actor, meeting_id)


@router.post("/{meeting_id}/place", name="place-case")
def place_case(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    case: Annotated[UUID, Form()],
) -> Response:
    # A refusal is written in the chain of the case, which this path does not name.
    request.state.case_id = case
    actions.place_case(tx, app, actor, meeting_id, case)
    return _back(meeting_id, "placed")


@router.post("/{meeting_id}/general", name="add-general-item")
def add_general(
    request: Request, tx: Tx, app: App, actor: CurrentActor, meeting_id: Number, title: _Title
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: actions.add_general(tx, app, actor, meeting_id, title),
        said="general",
        typed=title,
    )


@router.post("/{meeting_id}/items/{item_id}/begin", name="begin-item")
def begin_item(
    tx: Tx, app: App, actor: CurrentActor, meeting_id: Number, item_id: Number
) -> Response:
    actions.begin_item(tx, app, actor, meeting_id, item_id)
    return _back(meeting_id, "item-begun")


@router.post("/{meeting_id}/items/{item_id}/conclude", name="conclude-item")
def conclude_item(
    request: Request, tx: Tx, app: App, actor: CurrentActor, meeting_id: Number, item_id: Number
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: actions.conclude_item(tx, app, actor, meeting_id, item_id),
        said="item-concluded",
    )


@router.post("/{meeting_id}/roll", name="call-roll")
def call_roll(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    seat: Annotated[list[int] | None, Form(max_length=200)] = None,
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: protocol.call_roll(tx, app, actor, meeting_id, seat or []),
        said="roll",
    )


@router.post("/{meeting_id}/minutes", name="write-minutes")
def write_minutes(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    minutes: Annotated[str, Form(max_length=10_000), NoNul] = "",
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: protocol.write_minutes(tx, app, actor, meeting_id, minutes),
        said="minutes",
        typed=minutes,
        field="minutes",
    )


@router.post("/{meeting_id}/notes", name="add-knowledge")
def add_note(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    note: Annotated[str, Form(min_length=1, max_length=1000), NoNul],
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: protocol.add_note(tx, app, actor, meeting_id, note),
        said="learned",
        typed=note,
        field="note",
    )


@router.post("/{meeting_id}/cancel", name="cancel-meeting")
def cancel(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    reason: Annotated[str, Form(max_length=500), NoNul] = "",
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: protocol.cancel(tx, app, actor, meeting_id, reason),
        said="cancelled",
        typed=reason,
        field="reason",
    )


@router.post("/{meeting_id}/seats/{seat_id}/{what}", name="confirm-after-meeting")
def confirm(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    meeting_id: Number,
    seat_id: Number,
    what: Literal["documented", "passed-on"],
) -> Response:
    protocol.confirm(tx, app, actor, meeting_id, seat_id, what)
    return _back(meeting_id, what)


@router.post("/{meeting_id}/conclude", name="conclude-meeting")
def conclude(
    request: Request, tx: Tx, app: App, actor: CurrentActor, meeting_id: Number
) -> Response:
    return _try(
        request,
        tx,
        app,
        actor,
        meeting_id,
        lambda: actions.conclude_meeting(tx, app, actor, meeting_id),
        said="concluded",
    )


def _try(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    meeting_id: int,
    command: Callable[[], None],
    *,
    said: str,
    typed: str = "",
    field: str = "title",
) -> Response:
    """Do it; what is not right or not ready yet is said on the page itself."""
    try:
        command()
    except (Invalid, MeetingOver, NotReady, NotCalled, NoReason) as error:
        tx.rollback()
        with request.app.state.database.reading() as again:
            kept = {field: typed}
            return _page(request, again, app, actor, meeting_id, problem=error, typed=kept)
    return _back(meeting_id, said)


def _back(meeting_id: int, said: str) -> Response:
    return RedirectResponse(f"/meetings/{meeting_id}?said={said}", HTTPStatus.SEE_OTHER)


def _when(on: str, at: str, place: str) -> tuple[date, str]:
    """Day and time as written. Raises MeetingFieldsMissing."""
    try:
        day, hour = date.fromisoformat(on), time.fromisoformat(at)
    except ValueError as error:
        raise MeetingFieldsMissing from error
    if not place.strip():
        raise MeetingFieldsMissing
    return day, hour.strftime("%H:%M")


def _list(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    problem: SamplanError | None = None,
    typed: dict[str, str | int] | None = None,
) -> Response:
    found = actions.meetings(tx, app, actor)
    today = clock.today(tx, app.zone)
    return render(
        request,
        "meetings",
        status=status_of(problem) if problem else HTTPStatus.OK,
        actor=actor,
        ahead=[meeting for meeting in found if meeting.on >= today],
        past=[meeting for meeting in reversed(found) if meeting.on < today],
        groups=actions.convened_groups(tx, actor),
        terms=actions.terms(tx, app, actor),
        learned=actions.learned(tx),
        beginning=actions.groups_to_begin(tx, app, actor),
        problem=str(problem) if problem else "",
        typed=typed or {},
    )


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    meeting_id: int,
    *,
    problem: SamplanError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    page = actions.meeting_page(tx, app, actor, meeting_id)
    for item in page.items:
        if item.case_id is not None and item.who:
            note_read(request, actor, item.case_id, "agenda")
    return render(
        request,
        "meeting",
        status=status_of(problem) if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        problem=str(problem) if problem else "",
        missing=problem.missing if isinstance(problem, NotReady) else (),
        typed=typed or {},
    )
