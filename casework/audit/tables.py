"""Tables of the trace: pseudonyms, ids and codes only. Rows are added, never changed."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table

_REFUSED = text("code <> ''")


class Audit(Table):
    """Something done or refused; each row holds the digest of the one before it in its chain.

    ``chain`` is the case's id as text, or ``system`` for what belongs to no case.
    """

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index(
            "ix_audit_refused",
            "organisation_id",
            "at",
            sqlite_where=_REFUSED,
            postgresql_where=_REFUSED,
        ),
    )

    id: Mapped[Id] = mapped_column(init=False)
    chain: Mapped[str]
    seq: Mapped[int] = mapped_column(comment="1, 2, 3 … within the chain")
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(comment="account:ID, clock or system")
    organisation_id: Mapped[int | None]
    action: Mapped[str]
    target: Mapped[str] = mapped_column(comment="kind:id of what it was done to")
    code: Mapped[str] = mapped_column(comment="the gate's code of a refusal, else empty")
    detail: Mapped[dict[str, Any]] = mapped_column(comment="ids, codes, dates")
    previous: Mapped[bytes] = mapped_column(repr=False)
    digest: Mapped[bytes] = mapped_column(repr=False)


class AuditHead(Table):
    """Where a chain ends, signed with a key that is not in this database."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(repr=False)
    signature: Mapped[bytes] = mapped_column(repr=False)


class AccessLog(Table):
    """Somebody has read something of a case; what it said is not kept."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_case", "case_id", "day"),
        Index("ix_access_log_organisation", "organisation_id", "day"),
    )

    id: Mapped[Id] = mapped_column(init=False)
    at: Mapped[Moment]
    day: Mapped[date] = mapped_column(comment="in the programme's time zone")
    account_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int | None]
    role: Mapped[str]
    case_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(comment="of the step or meeting, else empty")
    kind: Mapped[str] = mapped_column(comment="case, identity, entry, list …")


class AccessListed(Table):
    """A line of a case stood in a list that somebody saw on a day; once, however often."""

    __tablename__ = "access_listed"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None]


class LogHorizon(Table):
    """Until which day it may be forgotten who looked; the database refuses to forget more."""

    __tablename__ = "log_horizon"

    id: Mapped[Id]
    until: Mapped[date] = mapped_column(comment="included")
