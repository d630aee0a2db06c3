"""Tables of meetings."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Meeting(Table):
    """A date on which a local group meets."""

    __tablename__ = "meeting"

    id: Mapped[Id] = mapped_column(init=False)
    group_id: Mapped[int] = mapped_column(ForeignKey("local_group.id"), index=True)
    on: Mapped[date] = mapped_column("on_date", index=True)
    time: Mapped[str] = mapped_column(comment="hh:mm in the programme's time zone")
    place: Mapped[str]
    planned_by: Mapped[int]
    state: Mapped[str] = mapped_column(
        default="planned", comment="planned, in_session, concluded or cancelled"
    )
    minutes: Mapped[str] = mapped_column(
        default="", server_default="", comment="of the general part; case numbers, no persons"
    )
    cancelled_because: Mapped[str] = mapped_column(default="", server_default="")


class Attendance(Table):
    """A seat's organisation at a meeting: there or not, and what it did afterwards."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "seat_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    documented: Mapped[date | None] = mapped_column(
        default=None, comment="when it had documented in its own system"
    )
    passed_on: Mapped[date | None] = mapped_column(
        default=None, comment="when it had passed on what was learned"
    )


class KnowledgeNote(Table):
    """What a meeting learned, for everybody; without personal data."""

    __tablename__ = "knowledge_note"

    id: Mapped[Id] = mapped_column(init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str]
    noted_by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment] = mapped_column(index=True)


class AgendaItem(Table):
    """Something a meeting takes up: a case by number, or a general question without persons."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "case_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    number: Mapped[int]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    title: Mapped[str | None] = mapped_column(comment="general items only; no personal data")
    placed_by: Mapped[int]
    placed_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(
        default="placed", comment="placed, in_session, concluded or postponed"
    )
