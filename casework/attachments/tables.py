"""Tables of attached files; name and content are sealed with the case's key."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Ref, Table


class Attachment(Table):
    """A file that somebody attached to a case, or to a step of it."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case", "case_id", "created"),)

    id: Mapped[Ref]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    task_id: Mapped[UUID | None]
    name: Mapped[bytes] = mapped_column(repr=False, comment="sealed: what the file is called")
    media_type: Mapped[str] = mapped_column(comment="as found in the content")
    size: Mapped[int] = mapped_column(comment="bytes before sealing")
    category: Mapped[str] = mapped_column(comment="kind of information; own: stays with us")
    purpose: Mapped[str | None] = mapped_column(comment="of the consent it is shared under")
    author_account_id: Mapped[int]
    author_organisation_id: Mapped[int]
    author_unit_id: Mapped[int | None]
    created: Mapped[Moment]
    struck: Mapped[Moment | None] = mapped_column(default=None)


class AttachmentContent(Table):
    """The sealed bytes, apart so that lists do not read them."""

    __tablename__ = "attachment_content"

    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(repr=False, comment="sealed")
