"""Table of guests."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class GuestAccess(Table):
    """Somebody is invited to one item of a meeting; of link and code only digests are kept."""

    __tablename__ = "guest_access"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), comment="None: a person whom consent names"
    )
    name: Mapped[bytes | None] = mapped_column(repr=False, comment="sealed: that person's name")
    link_digest: Mapped[bytes] = mapped_column(unique=True, repr=False)
    code_digest: Mapped[bytes] = mapped_column(repr=False)
    invited_by: Mapped[int] = mapped_column(comment="account")
    invited_at: Mapped[Moment]
    failures: Mapped[int] = mapped_column(default=0, comment="wrong codes")
    written: Mapped[int] = mapped_column(default=0, server_default="0", comment="contributions")
    session_digest: Mapped[bytes | None] = mapped_column(default=None, unique=True, repr=False)
    entered_at: Mapped[Moment | None] = mapped_column(default=None)
    ended_at: Mapped[Moment | None] = mapped_column(default=None)
