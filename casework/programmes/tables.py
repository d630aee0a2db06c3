"""Tables of programmes."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Table


class Programme(Table):
    """An agreement between organisations; its days say whether new cases may come."""

    __tablename__ = "programme"

    id: Mapped[Id] = mapped_column(init=False)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    pack_id: Mapped[str] = mapped_column(comment="the pack whose diagrams it follows")
    carrier_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), default=None
    )
    closing_from: Mapped[date | None] = mapped_column(
        default=None, comment="first day without new cases"
    )
    read_only_from: Mapped[date | None] = mapped_column(
        default=None, comment="first day on which nothing changes"
    )
    archived_from: Mapped[date | None] = mapped_column(
        default=None, comment="first day on which auditors alone read"
    )
    decision: Mapped[str] = mapped_column(default="", comment="reference of what ends it")
    purposes: Mapped[str] = mapped_column(default="", comment="what it is for, in words")
    time_zone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    languages: Mapped[list[Any]] = mapped_column(default_factory=lambda: ["sv"])
    starts: Mapped[date | None] = mapped_column(default=None)
    ends: Mapped[date | None] = mapped_column(default=None)
    support_name: Mapped[str] = mapped_column(default="")
    support_phone: Mapped[str] = mapped_column(default="")
    support_mail: Mapped[str] = mapped_column(default="")


class Participation(Table):
    """An organisation takes part in a programme, or carries it with others."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("programme_id", "organisation_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    carries: Mapped[bool] = mapped_column(default=False)
    works: Mapped[bool] = mapped_column(default=True, comment="whether it works on cases")
