"""All SQL of meetings."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from base.db import Session
from base.errors import NotFound
from casework.meetings.tables import AgendaItem, Meeting


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
