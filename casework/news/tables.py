"""Tables of what is new: the notes, and who has read them."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class NewsRow(Table):
    """What a draft or a version changes for one role, in plain words; about nobody."""

    __tablename__ = "news"
    __table_args__ = (Index("ix_news_published", "pack_id", "at"),)

    id: Mapped[Id] = mapped_column(init=False)
    pack_id: Mapped[str]
    role: Mapped[str] = mapped_column(comment="of the pack")
    text: Mapped[str]
    number: Mapped[int | None] = mapped_column(default=None, comment="of the version; a draft's")
    at: Mapped[Moment | None] = mapped_column(default=None, comment="since when it is in use")


class NewsReader(Table):
    """Somebody who has read a note and does not want it on their first page any more."""

    __tablename__ = "news_reader"

    news_id: Mapped[int] = mapped_column(ForeignKey("news.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[Moment]
