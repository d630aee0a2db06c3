"""All SQL of meetings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import distinct, func, select

from base.db import Session
from base.errors import NotFound
from casework.meetings.tables import AgendaItem, Attendance, KnowledgeNote, Meeting


class NoSuchMeeting(NotFound):
    """There is no such meeting."""


def meeting(tx: Session, meeting_id: int) -> Meeting:
    """Raises NoSuchMeeting."""
    found = tx.get(Meeting, meeting_id)
    if found is None:
        raise NoSuchMeeting
    return found


def locked(tx: Session, meeting_id: int) -> Meeting:
    """The meeting, locked until the transaction ends. Raises NoSuchMeeting."""
    found = tx.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchMeeting
    return found


def coming(tx: Session, group_id: int, today: date) -> Sequence[Meeting]:
    """Planned ones of a group, soonest first."""
    return tx.scalars(
        select(Meeting)
        .where(Meeting.group_id == group_id, Meeting.on >= today, Meeting.state == "planned")
        .order_by(Meeting.on, Meeting.id)
    ).all()


def of_groups(tx: Session, group_ids: Collection[int], since: date) -> Sequence[Meeting]:
    """All since that day, soonest first."""
    return tx.scalars(
        select(Meeting)
        .where(Meeting.group_id.in_(group_ids), Meeting.on >= since)
        .order_by(Meeting.on, Meeting.id)
    ).all()


def roll(tx: Session, meeting_ids: Collection[int]) -> Sequence[Attendance]:
    """Who was there, of several meetings; one statement."""
    asked = select(Attendance).where(Attendance.meeting_id.in_(meeting_ids))
    return tx.scalars(asked.order_by(Attendance.id)).all()


def call_roll(tx: Session, meeting_id: int, present: Mapping[int, int]) -> None:
    """From now on these seats (with their organisations) are there, and no others."""
    known = {row.seat_id: row for row in roll(tx, [meeting_id])}
    for seat_id, row in known.items():
        if seat_id not in present:
            tx.delete(row)
    for seat_id, organisation_id in present.items():
        if seat_id not in known:
            tx.add(
                Attendance(meeting_id=meeting_id, seat_id=seat_id, organisation_id=organisation_id)
            )
    tx.flush()


def notes(tx: Session, meeting_id: int) -> Sequence[KnowledgeNote]:
    """What a meeting learned, in the order it was noted."""
    asked = select(KnowledgeNote).where(KnowledgeNote.meeting_id == meeting_id)
    return tx.scalars(asked.order_by(KnowledgeNote.at, KnowledgeNote.id)).all()


def learned(tx: Session, limit: int) -> Sequence[tuple[str, datetime, int]]:
    """The latest notes of all groups: text, when, and the group; one statement."""
    asked = (
        select(KnowledgeNote.text, KnowledgeNote.at, Meeting.group_id)
        .join(Meeting, Meeting.id == KnowledgeNote.meeting_id)
        .order_by(KnowledgeNote.at.desc(), KnowledgeNote.id.desc())
        .limit(limit)
    )
    return [(text, at, group_id) for text, at, group_id in tx.execute(asked)]


def in_term(
    tx: Session, group_ids: Collection[int], first: date, last: date
) -> list[tuple[int, str, date, int]]:
    """Meetings of groups in a term: group, state, day, organisations there; one statement."""
    there = func.count(distinct(Attendance.organisation_id))
    asked = (
        select(Meeting.group_id, Meeting.state, Meeting.on, there)
        .outerjoin(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Meeting.group_id.in_(group_ids), Meeting.on.between(first, last))
        .group_by(Meeting.id, Meeting.group_id, Meeting.state, Meeting.on)
        .order_by(Meeting.on)
    )
    return [(group, state, on, count) for group, state, on, count in tx.execute(asked)]


def items(tx: Session, meeting_id: int) -> Sequence[AgendaItem]:
    """In the order of the agenda."""
    return tx.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.number, AgendaItem.id)
    ).all()


def counts(tx: Session, meeting_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Individual and general items of each meeting; one statement."""
    rows = tx.execute(
        select(
            AgendaItem.meeting_id,
            func.count(AgendaItem.case_id),
            func.count(AgendaItem.title),
        )
        .where(AgendaItem.meeting_id.in_(meeting_ids))
        .group_by(AgendaItem.meeting_id)
    )
    return {meeting_id: (individual, general) for meeting_id, individual, general in rows}


def item(tx: Session, meeting_id: int, item_id: int) -> AgendaItem:
    """Raises NoSuchMeeting for an item of another meeting."""
    found = tx.get(AgendaItem, item_id)
    if found is None or found.meeting_id != meeting_id:
        raise NoSuchMeeting
    return found


def open_item_of(tx: Session, case_id: UUID) -> AgendaItem | None:
    """Where the case stands on an agenda that has not been concluded."""
    return tx.scalars(
        select(AgendaItem)
        .where(AgendaItem.case_id == case_id, AgendaItem.state.in_(("placed", "in_session")))
        .order_by(AgendaItem.id.desc())
    ).first()


def next_number(tx: Session, meeting_id: int) -> int:
    last = tx.scalar(
        select(func.max(AgendaItem.number)).where(AgendaItem.meeting_id == meeting_id)
    )
    return (last or 0) + 1
