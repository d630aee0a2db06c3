"""What a meeting keeps of itself: who was there, minutes, what it learned, what became of it."""

from collections.abc import Collection

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework import naming, personal
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.meetings import rules, seen, store
from casework.meetings.rules import MeetingOver, NoReason, NotCalled
from casework.meetings.tables import KnowledgeNote, Meeting
from casework.organisations import store as organisations


def call_roll(
    tx: Session, app: Application, actor: Actor, meeting_id: int, seat_ids: Collection[int]
) -> None:
    """These seats are there. Conveners of the group, on the day or after.

    Raises NotAllowed, NotCalled, MeetingOver.
    """
    meeting = _running(tx, app, actor, meeting_id)
    seats = {
        seat.id: seat.organisation_id
        for seat in organisations.seats(tx, meeting.group_id, meeting.on)
        if seat.id in seat_ids
    }
    store.call_roll(tx, meeting_id, seats)
    _note(tx, actor, "meeting.roll", meeting_id)


def write_minutes(tx: Session, app: Application, actor: Actor, meeting_id: int, text: str) -> None:
    """Minutes of the general part. Case numbers may stand in them, nothing else of a person.

    Raises NotAllowed, NotCalled, PointsAtSomebody; they can be put right after the meeting.
    """
    meeting = _convened(tx, app, actor, meeting_id)
    _require_day(tx, app, meeting)
    names = naming.own_people(tx, actor, on=clock.today(tx, app.zone))
    kinds = tuple(kind for kind in personal.found(text, names=names) if kind != "case_number")
    if kinds:
        raise personal.PointsAtSomebody(kinds)
    meeting.minutes = text.strip()
    _note(tx, actor, "meeting.minutes", meeting_id)


def add_note(tx: Session, app: Application, actor: Actor, meeting_id: int, text: str) -> None:
    """Something learned, for everybody (GG-11). Raises NotAllowed, NotCalled, PointsAtSomebody."""
    meeting = _convened(tx, app, actor, meeting_id)
    _require_day(tx, app, meeting)
    today = clock.today(tx, app.zone)
    personal.require_nobody(text, names=naming.own_people(tx, actor, on=today))
    tx.add(
        KnowledgeNote(
            meeting_id=meeting_id,
            text=text.strip(),
            noted_by=actor.account_id,
            at=clock.now(tx),
        )
    )
    _note(tx, actor, "meeting.learn", meeting_id)


def cancel(tx: Session, app: Application, actor: Actor, meeting_id: int, reason: str) -> None:
    """The meeting does not take place; its cases wait for another agenda.

    Raises NotAllowed, NoReason, MeetingOver, PointsAtSomebody.
    """
    meeting = _convened(tx, app, actor, meeting_id)
    if meeting.state != "planned":
        raise MeetingOver
    if not reason.strip():
        raise NoReason
    today = clock.today(tx, app.zone)
    personal.require_nobody(reason, names=naming.own_people(tx, actor, on=today))
    meeting.state, meeting.cancelled_because = "cancelled", reason.strip()
    for item in store.items(tx, meeting_id):
        if item.state == "placed":
            item.state = "postponed"
    _note(tx, actor, "meeting.cancel", meeting_id)


def confirm(
    tx: Session, app: Application, actor: Actor, meeting_id: int, seat_id: int, what: str
) -> None:
    """An organisation that was there has documented (GG-26) or passed on what it learned (GG-27).

    Raises NotAllowed for another organisation's seat, MeetingOver before the end.
    """
    store.locked(tx, meeting_id)
    meeting = seen.meeting(tx, app, actor, meeting_id)
    rows = {row.seat_id: row for row in store.roll(tx, [meeting_id])}
    row = rows.get(seat_id)
    if row is None or row.organisation_id not in actor.organisation_ids:
        raise NotAllowed(code="not_yours")
    if meeting.state != "concluded":
        raise MeetingOver("Conclude the meeting first.")
    today = clock.today(tx, app.zone)
    if what == "documented":
        row.documented = row.documented or today
    else:
        row.passed_on = row.passed_on or today
    _note(tx, actor, f"meeting.{what}", meeting_id)


def _running(tx: Session, app: Application, actor: Actor, meeting_id: int) -> Meeting:
    meeting = _convened(tx, app, actor, meeting_id)
    if meeting.state in ("concluded", "cancelled"):
        raise MeetingOver
    _require_day(tx, app, meeting)
    return meeting


def _require_day(tx: Session, app: Application, meeting: Meeting) -> None:
    if meeting.state == "cancelled":
        raise MeetingOver
    if meeting.on > clock.today(tx, app.zone):
        raise NotCalled


def _convened(tx: Session, app: Application, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, locked, for a convener of its group. Raises NoSuchMeeting, NotAllowed."""
    store.locked(tx, meeting_id)
    meeting = seen.meeting(tx, app, actor, meeting_id)
    if meeting.group_id not in rules.convened(actor):
        raise NotAllowed(code="not_yours")
    return meeting


def _note(tx: Session, actor: Actor, action: str, meeting_id: int) -> None:
    audit.write_by(tx, actor, action, target=f"meeting:{meeting_id}")
