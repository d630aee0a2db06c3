"""Table of calendar feeds."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class CalendarFeed(Table):
    """An account's feed; found by the digest of its address, which is not kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    address_digest: Mapped[bytes] = mapped_column(unique=True, repr=False)
    created: Mapped[Moment]
    last_fetched: Mapped[date | None] = mapped_column(default=None)
