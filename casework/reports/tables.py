"""Tables of reports. No personal data: every text was looked through before it was kept."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Report(Table):
    """Something reported: a deviation, a dilemma, an experience, a need or a proposal.

    ``status``: filed, acknowledged, then solved (by a manager), answered, lifted or noted.
    """

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_status_filed", "status", "filed"),)

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("case.id"), unique=True, comment="what its steps hang on; no person's case"
    )
    number: Mapped[str] = mapped_column(unique=True, comment="GGVV-R-2027-001")
    kind: Mapped[str] = mapped_column(comment="a code of the pack: deviation, dilemma …")
    type: Mapped[str] = mapped_column(comment="a code of the form")
    area: Mapped[str] = mapped_column(comment="a code of the form")
    happened: Mapped[str]
    consequence: Mapped[str]
    proposal: Mapped[str]
    organisations: Mapped[list[Any]] = mapped_column(comment="codes of organisations concerned")
    reporter_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="None: it arose by itself in a diagram"
    )
    reporter_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    filed: Mapped[Moment]
    anonymous: Mapped[bool] = mapped_column(default=False, comment="only the federation sees who")
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("local_group.id"), default=None, index=True
    )
    process: Mapped[str | None] = mapped_column(default=None, comment="the diagram concerned")
    element: Mapped[str | None] = mapped_column(default=None, comment="its step concerned")
    solved_locally: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default="filed")
    acknowledged: Mapped[Moment | None] = mapped_column(default=None)
    closed: Mapped[Moment | None] = mapped_column(default=None)
    agreed: Mapped[str] = mapped_column(default="", comment="with the responsible manager")
    pattern: Mapped[str] = mapped_column(default="", comment="what the working group found")
    feedback: Mapped[str] = mapped_column(default="", comment="to the reporter")
    lesson: Mapped[str] = mapped_column(default="", comment="published for everybody")
    reference: Mapped[str] = mapped_column(default="", comment="in an outside register")


class ReportAnswer(Table):
    """What one organisation answers to a report."""

    __tablename__ = "report_answer"
    __table_args__ = (UniqueConstraint("report_id", "organisation_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    at: Mapped[Moment]
