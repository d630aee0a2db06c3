"""Table of alarms."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class CaseAlarm(Table):
    """Something in a case that whoever leads it, and their manager, must see.

    ``kind``: ``emergency`` (an administrator looks in, until ``ends``) or ``withdrawal_unheard``.
    """

    __tablename__ = "case_alarm"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str]
    at: Mapped[Moment]
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="which leads the case"
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), default=None, comment="the administrator"
    )
    reason: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="sealed: why the administrator looks in"
    )
    ends: Mapped[Moment | None] = mapped_column(default=None)
    seen_at: Mapped[Moment | None] = mapped_column(default=None)
    seen_by: Mapped[int | None] = mapped_column(default=None, comment="account")
