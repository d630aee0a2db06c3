"""Tables of plans; what a plan says is sealed with the case's key."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Plan(Table):
    """One version of a case's plan; immutable once adopted."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(comment="draft, adopted, not_adopted or superseded")
    content: Mapped[bytes] = mapped_column(repr=False, comment="sealed: own voice, goals, texts")
    follow_up_on: Mapped[date | None]
    overall_responsible_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int]
    adopted_at: Mapped[Moment | None] = mapped_column(default=None)
    digest: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="SHA-256 of the content as adopted"
    )


class Measure(Table):
    """A measure of a plan: whose it is and how it goes; its words lie in the plan's content."""

    __tablename__ = "measure"

    id: Mapped[Id] = mapped_column(init=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    number: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(
        default="waiting",
        comment="waiting, confirmed, change, refused, under_way, done, partly, not_done, "
        "not_possible",
    )
    reason: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="sealed: why it is not possible"
    )
    reported_at: Mapped[Moment | None] = mapped_column(default=None)
    reported_by: Mapped[int | None] = mapped_column(default=None)
