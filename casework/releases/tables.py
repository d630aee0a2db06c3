"""Tables of what process owners propose; releases and drafts themselves are the engine's."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Table


class ProposalRow(Table):
    """A pack's draft that somebody asks a second person to approve; gone when it changes."""

    __tablename__ = "proposal"

    pack_id: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(comment="whose page it was proposed on")
    reference: Mapped[str] = mapped_column(comment="of the decision")
    by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]
    digest: Mapped[str] = mapped_column(comment="of the pack as it would be")
    reason: Mapped[str] = mapped_column(default="", server_default="", comment="for the minutes")
    begins: Mapped[date | None] = mapped_column(default=None, comment="first day in use")
    agreed_by_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), default=None, comment="the second person, until that day"
    )
