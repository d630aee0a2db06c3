"""Table of persons. Every field that says who somebody is, is sealed."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Table


class PersonRow(Table):
    """Who a case is about; one row per case, so that erasing the case erases it."""

    __tablename__ = "person"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    id_kind: Mapped[str] = mapped_column(comment="personnummer, samordningsnummer, none")
    number_index: Mapped[bytes | None] = mapped_column(
        index=True, repr=False, comment="blind index of the identity number"
    )
    sealed: Mapped[bytes] = mapped_column(
        repr=False, comment="names, number, phone, address, preferred contact"
    )
    recorded_by: Mapped[int] = mapped_column(comment="account")
    recorded_at: Mapped[Moment]
