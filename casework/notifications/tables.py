"""Tables of notifications."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Mail(Table):
    """A mail to a member of staff; at most one per person and day. No personal data of cases."""

    __tablename__ = "mail"
    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date]
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    written: Mapped[Moment]
    sent: Mapped[Moment | None] = mapped_column(default=None)


class Reminder(Table):
    """An organisation has been reminded of a step in a case; shown there, mailed with the next."""

    __tablename__ = "reminder"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str]
    at: Mapped[Moment]
