"""Tables of disposal: numbers, codes and days; nothing that a person said or is called."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Ref, Table


class RetentionOverride(Table):
    """A programme's own period for a class of the pack, by decision."""

    __tablename__ = "retention_override"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True, comment="the pack's class")
    after: Mapped[str] = mapped_column(comment="ISO period")
    reference: Mapped[str] = mapped_column(comment="of the decision")
    by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment]


class Hold(Table):
    """A reason to keep a case although its time has come; ``until`` None: until it is lifted."""

    __tablename__ = "hold"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    reason: Mapped[str] = mapped_column(comment="code")
    reference: Mapped[str] = mapped_column(comment="of the decision")
    by: Mapped[int] = mapped_column(comment="account")
    at: Mapped[Moment]
    until: Mapped[date | None] = mapped_column(comment="included")
    lifted_by: Mapped[int | None] = mapped_column(default=None)
    lifted_at: Mapped[Moment | None] = mapped_column(default=None)


class Disposal(Table):
    """A case on the list of those to be disposed of, or that has been; outlives the case."""

    __tablename__ = "disposal"

    case_id: Mapped[Ref]
    number: Mapped[str]
    code: Mapped[str] = mapped_column(comment="class")
    closed: Mapped[Moment]
    organisation_id: Mapped[int] = mapped_column(index=True, comment="which led the case")
    proposed_by: Mapped[int]
    proposed_at: Mapped[Moment]
    approved_by: Mapped[int | None] = mapped_column(default=None)
    approved_at: Mapped[Moment | None] = mapped_column(default=None)
    begun_at: Mapped[Moment | None] = mapped_column(
        default=None, comment="from here on nothing holds it back"
    )
    erased_at: Mapped[Moment | None] = mapped_column(default=None, index=True)
