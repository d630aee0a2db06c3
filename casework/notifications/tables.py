"""Tables of notifications."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Mail(Table):
    """A mail to a member of staff or an organisation; one a day at most. Nothing of cases.

    Once it was sent or refused its words go; ``digest`` shows which mail it was.
    """

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
    refused: Mapped[str | None] = mapped_column(
        default=None, comment="kinds of what points at a person in it; it is never sent"
    )
    bounced: Mapped[str | None] = mapped_column(
        default=None, comment="code with which the mail server would not take the address"
    )
    digest: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="of address and words, under a key; once they are gone"
    )


class Reminder(Table):
    """An organisation has been reminded of a step in a case; shown there, mailed with the next."""

    __tablename__ = "reminder"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str]
    at: Mapped[Moment]


class Notice(Table):
    """A change of the directory that others must hear of; nothing about the people served."""

    __tablename__ = "notice"

    id: Mapped[Id] = mapped_column(init=False)
    kind: Mapped[str] = mapped_column(comment="appointed, left, declined or vacant")
    at: Mapped[Moment]
    on: Mapped[date] = mapped_column(comment="the day from which it holds")
    group_id: Mapped[int] = mapped_column(ForeignKey("local_group.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), default=None, comment="whom it is about"
    )
    deputy: Mapped[bool] = mapped_column(default=False)


class NoticeReader(Table):
    """Somebody who must hear of it; ``read`` None: has not said so yet."""

    __tablename__ = "notice_reader"
    __table_args__ = (Index("ix_notice_reader_unread", "account_id", "read"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    read: Mapped[Moment | None] = mapped_column(default=None)
