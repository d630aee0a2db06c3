"""Tables of the key store."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from base.db import KeyTable, Moment


class CaseKeyRow(KeyTable):
    """A case's data key, wrapped with the installation's key; gone when the case is erased."""

    __tablename__ = "case_key"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(repr=False, comment="None once destroyed")
    created: Mapped[Moment]
    destroyed: Mapped[Moment | None] = mapped_column(default=None)
