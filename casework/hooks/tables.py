"""Tables of webhooks and of what is delivered to them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Ref, Table


class Hook(Table):
    """An address of an organisation's own system, and of what it is told."""

    __tablename__ = "hook"

    id: Mapped[Ref]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    address: Mapped[str] = mapped_column(repr=False)
    events: Mapped[list[Any]]
    secret: Mapped[bytes] = mapped_column(repr=False, comment="signs; sealed")
    created: Mapped[Moment]
    former_secret: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="signs as well for a while; sealed"
    )
    former_until: Mapped[Moment | None] = mapped_column(default=None)
    last_taken: Mapped[Moment | None] = mapped_column(
        default=None, comment="when the system last took something"
    )


class HookDelivery(Table):
    """Something that one hook is to be told, once; forgotten a month after it was."""

    __tablename__ = "hook_delivery"

    id: Mapped[Ref]
    hook_id: Mapped[UUID] = mapped_column(ForeignKey("hook.id"), index=True)
    event: Mapped[str]
    at: Mapped[Moment] = mapped_column(index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), default=None, index=True)
    thing: Mapped[str] = mapped_column(default="", comment="id of a step, code of a milestone…")
    state: Mapped[str] = mapped_column(default="waiting", comment="waiting, taken or given_up")
    answered: Mapped[int | None] = mapped_column(default=None, comment="status of the last answer")
