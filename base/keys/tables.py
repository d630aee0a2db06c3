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


class LoneKey(KeyTable):
    """A key that was seen without its case; gone when the case is there again."""

    __tablename__ = "lone_key"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[Moment]


class RootSecret(KeyTable):
    """What everything that outlives a master key follows from, wrapped as cases' keys; one row."""

    __tablename__ = "root_secret"

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(repr=False)


class AuditAnchor(KeyTable):
    """Where a chain of the audit was seen to stand: a later copy must still hold that row."""

    __tablename__ = "audit_anchor"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(repr=False)
    at: Mapped[Moment]


class AnchorMark(KeyTable):
    """How far the audit has been anchored, and when; one row."""

    __tablename__ = "anchor_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(comment="id of the newest audit row then")
    at: Mapped[Moment]
