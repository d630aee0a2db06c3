"""Tables of programmes."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Table


class Programme(Table):
    """An agreement between organisations; its state says whether new cases may come.

    ``state``: open, closing_only (no new cases), archived (read only).
    """

    __tablename__ = "programme"

    id: Mapped[Id] = mapped_column(init=False)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    pack_id: Mapped[str] = mapped_column(comment="the pack whose diagrams it follows")
    carrier_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), default=None
    )
    state: Mapped[str] = mapped_column(default="open")
    time_zone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    languages: Mapped[list[Any]] = mapped_column(default_factory=lambda: ["sv"])
    starts: Mapped[date | None] = mapped_column(default=None)
    ends: Mapped[date | None] = mapped_column(default=None)
    support_name: Mapped[str] = mapped_column(default="")
    support_phone: Mapped[str] = mapped_column(default="")
    support_mail: Mapped[str] = mapped_column(default="")


class Participation(Table):
    """An organisation takes part in a programme."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("programme_id", "organisation_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
