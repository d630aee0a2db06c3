"""Table of breaches: what happened and when, nothing about the people concerned but how many."""

from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Breach(Table):
    """Data was lost, changed or seen by somebody who should not have; told within 72 hours."""

    __tablename__ = "breach"

    id: Mapped[Id] = mapped_column(init=False)
    known: Mapped[Moment] = mapped_column(comment="when it became known: the clock begins")
    what: Mapped[str] = mapped_column(comment="what happened; nobody is pointed at")
    people: Mapped[int] = mapped_column(comment="how many are concerned, about")
    by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment]
    reported: Mapped[Moment | None] = mapped_column(default=None, comment="to the authority")
    reference: Mapped[str] = mapped_column(default="", comment="of the report, or why none")
    closed: Mapped[Moment | None] = mapped_column(default=None)
