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
