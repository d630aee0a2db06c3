"""Table of access tokens."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class AccessToken(Table):
    """A program acts for an account; found by the digest of its secret, which is not kept."""

    __tablename__ = "access_token"

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(comment="what the owner calls the program")
    scopes: Mapped[list[Any]] = mapped_column(comment="what it may do at most")
    token_digest: Mapped[bytes] = mapped_column(unique=True, repr=False)
    created: Mapped[Moment]
    last_day: Mapped[date] = mapped_column(comment="included")
    window_since: Mapped[Moment | None] = mapped_column(
        default=None, comment="when the minute began in which it asked last"
    )
    window_asked: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="how often it asked in that minute"
    )
    last_used: Mapped[date | None] = mapped_column(default=None)
    revoked: Mapped[Moment | None] = mapped_column(default=None)
