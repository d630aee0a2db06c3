"""Tables of notifications."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Mail(Table):
    """A mail to a member of staff or an organisation; one a day at most. Nothing of cases."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("account_id", "day"),
        UniqueConstraint("organisation_id", "day"),
    )

    id: Mapped[Id] = mapped_column(init=False)
    day: Mapped[date]
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    written: Mapped[Moment]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), default=None
    )
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
