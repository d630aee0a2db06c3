"""What stays of a case that was erased: a row for counts, which leads to nobody."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Ref, Table


class ErasedCase(Table):
    """A case that is no more, as counts over years need it; its id is drawn at random."""

    __tablename__ = "erased_case"

    id: Mapped[Ref]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_group.id"))
    procedure: Mapped[str]
    opened: Mapped[int] = mapped_column(comment="year")
    closed: Mapped[int | None] = mapped_column(comment="year")
    outcome: Mapped[str | None]
