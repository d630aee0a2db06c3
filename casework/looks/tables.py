"""Tables about looking: what organisations decided, and why somebody looked without a step."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Table


class LookReason(Table):
    """Why somebody looked at a case on a day without a step or meeting of theirs there."""

    __tablename__ = "look_reason"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(comment="code from a fixed list")
    at: Mapped[Moment]


class NamesStaff(Table):
    """An organisation that lets the person know by name who of its staff has looked."""

    __tablename__ = "names_staff"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment]


class LogReview(Table):
    """A month of an organisation's log that somebody has gone through."""

    __tablename__ = "log_review"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True, comment="its first day")
    note: Mapped[str] = mapped_column(comment="what came of it; no personal data of clients")
    by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment]
