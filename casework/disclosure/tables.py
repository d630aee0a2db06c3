"""Tables of what was asked for and given out; sealed where words could tell of somebody."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class PersonsRequest(Table):
    """A person asks for what is held of them (``access``), or to have it put right.

    ``left_out``: entries that tell of somebody else and are not given out.
    """

    __tablename__ = "persons_request"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(comment="access or rectification")
    asked: Mapped[date]
    due: Mapped[date]
    identity: Mapped[str] = mapped_column(comment="how it was made sure who asks: code")
    by: Mapped[int] = mapped_column(comment="account that registered it")
    at: Mapped[Moment]
    left_out: Mapped[list[Any]] = mapped_column(default_factory=list, comment="ids of entries")
    released_by: Mapped[int | None] = mapped_column(default=None)
    released_at: Mapped[Moment | None] = mapped_column(default=None)
    closed_by: Mapped[int | None] = mapped_column(default=None)
    closed_at: Mapped[Moment | None] = mapped_column(default=None)


class Disclosure(Table):
    """Something of a case was told outside Samplan: what kinds, to whom, by which right."""

    __tablename__ = "disclosure"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    channel: Mapped[str] = mapped_column(comment="letter, phone, meeting or portal")
    kinds: Mapped[list[Any]] = mapped_column(comment="codes of kinds of information")
    recipient: Mapped[bytes] = mapped_column(repr=False, comment="sealed")
    ground: Mapped[str] = mapped_column(comment="consent or law")
    consent_id: Mapped[UUID | None]
    law: Mapped[str] = mapped_column(comment="the rule, where the ground is law")
    by: Mapped[int] = mapped_column(comment="account")
    organisation_id: Mapped[int | None]
    at: Mapped[Moment]
