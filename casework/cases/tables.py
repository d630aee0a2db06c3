"""Tables of cases and of their file. Words about the person are sealed with the case's key."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Ref, Table


class Case(Table):
    """One person's coordination; its id is the address, its number can be said on the phone.

    ``status``: open, consent_lapsed (resting), closed. What is about no person (a group's term, a
    report) has its steps and its key the same way, and is no case to anybody: see ``subject``.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_referrer", "referrer_organisation_id"),
        Index("ix_case_lead", "lead_organisation_id"),
        Index("ix_case_referrer_account", "referrer_account_id"),
        Index("ix_case_lead_account", "lead_account_id"),
    )

    id: Mapped[Ref]
    number: Mapped[str] = mapped_column(unique=True, comment="VMO-2027-014")
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_group.id"), index=True)
    procedure: Mapped[str]
    pack_id: Mapped[str]
    referrer_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    referrer_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    referrer_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened: Mapped[Moment]
    lead_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), default=None
    )
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    lead_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    status: Mapped[str] = mapped_column(default="open", index=True)
    milestone: Mapped[str | None] = mapped_column(default=None)
    priority: Mapped[str] = mapped_column(default="normal")
    written_only: Mapped[bool] = mapped_column(
        default=True, comment="its procedure takes no oral consent"
    )
    restricted: Mapped[bool] = mapped_column(default=False, comment="named people only")
    outcome: Mapped[str | None] = mapped_column(default=None, comment="closing path")
    closed: Mapped[Moment | None] = mapped_column(default=None)
    subject: Mapped[str] = mapped_column(
        default="person",
        server_default="person",
        comment="what it is about: person, group, report",
    )
    alias: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="sealed: what the person is called before consent"
    )


class CaseCounter(Table):
    """The last number given under a prefix in a year."""

    __tablename__ = "case_counter"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CaseAccess(Table):
    """Somebody who may work on a restricted case."""

    __tablename__ = "case_access"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    added_by: Mapped[str] = mapped_column(comment="account:ID, or what made somebody its lead")
    added_at: Mapped[Moment]


class ProtectionLift(Table):
    """A question whether identity is protected any longer; answered by a second person."""

    __tablename__ = "protection_lift"

    id: Mapped[Ref]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    reason: Mapped[bytes] = mapped_column(repr=False, comment="sealed: why it need not be")
    asked_by: Mapped[int] = mapped_column(comment="account")
    asked_at: Mapped[Moment]
    answered_by: Mapped[int | None] = mapped_column(default=None, comment="account")
    answered_at: Mapped[Moment | None] = mapped_column(default=None)
    agreed: Mapped[bool | None] = mapped_column(
        default=None, comment="None: not answered, or asked anew"
    )


class CaseEntry(Table):
    """Answers to one step, added to the file; struck when they belong to another person."""

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_case", "case_id", "created"),)

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    form: Mapped[str]
    author_account_id: Mapped[int | None] = mapped_column(comment="None: a guest's")
    author_organisation_id: Mapped[int]
    author_unit_id: Mapped[int | None]
    purpose: Mapped[str | None] = mapped_column(comment="consent.purpose of the step")
    release_id: Mapped[int | None] = mapped_column(comment="whose form words were shown")
    created: Mapped[Moment]
    struck: Mapped[Moment | None] = mapped_column(default=None)


class CaseEntryPart(Table):
    """The answers of an entry that belong to one kind of information; '' for those of none."""

    __tablename__ = "case_entry_part"
    __table_args__ = (UniqueConstraint("entry_id", "category"),)

    id: Mapped[Id] = mapped_column(init=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("case_entry.id"))
    category: Mapped[str]
    answers: Mapped[bytes] = mapped_column(repr=False, comment="sealed")


class EntryNote(Table):
    """Something added to an entry: a correction that stands beside it, or a comment."""

    __tablename__ = "entry_note"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("case_entry.id"))
    kind: Mapped[str] = mapped_column(comment="correction or comment")
    text: Mapped[bytes] = mapped_column(repr=False, comment="sealed: what is right, and why")
    author_account_id: Mapped[int]
    author_organisation_id: Mapped[int]
    author_unit_id: Mapped[int | None]
    created: Mapped[Moment]


class DraftAnswers(Table):
    """Answers somebody will go on with later; gone with the step."""

    __tablename__ = "draft_answers"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    answers: Mapped[bytes] = mapped_column(repr=False, comment="sealed")
    saved: Mapped[Moment]


class MilestoneLog(Table):
    """When a case reached a milestone."""

    __tablename__ = "milestone_log"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    milestone: Mapped[str]
    at: Mapped[Moment]
