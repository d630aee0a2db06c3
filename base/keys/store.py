"""All SQL of the key store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Database, Session
from base.keys.tables import AnchorMark, AuditAnchor, CaseKeyRow

_WRAPPED = select(CaseKeyRow.case_id, CaseKeyRow.wrapped).where(
    CaseKeyRow.case_id.in_(bindparam("case_ids", expanding=True)), CaseKeyRow.wrapped.is_not(None)
)


def wrapped_keys(database: Database, case_ids: Collection[UUID]) -> list[tuple[UUID, bytes]]:
    """The wrapped keys that have not been destroyed."""
    rows = database.ask(_WRAPPED, {"case_ids": list(case_ids)})
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def any_key(database: Database) -> list[tuple[UUID, bytes]]:
    """One wrapped key, or none if there is none."""
    asked = select(CaseKeyRow.case_id, CaseKeyRow.wrapped)
    rows = database.ask(asked.where(CaseKeyRow.wrapped.is_not(None)).limit(1), {})
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def forget_key(tx: Session, case_id: UUID, now: datetime) -> bool:
    """Overwrite the key; the row stays so that a restore cannot revive it. False without row."""
    forgotten = update(CaseKeyRow).values(wrapped=None, destroyed=now)
    done = tx.execute(forgotten.where(CaseKeyRow.case_id == case_id))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def forget_anchors(tx: Session) -> None:
    tx.execute(delete(AuditAnchor))


def destroyed(database: Database, after: UUID | None, limit: int) -> list[UUID]:
    """Cases whose keys have been destroyed, so many, in the order of their ids."""
    asked = select(CaseKeyRow.case_id).where(CaseKeyRow.destroyed.is_not(None))
    if after is not None:
        asked = asked.where(CaseKeyRow.case_id > after)
    rows = database.ask(asked.order_by(CaseKeyRow.case_id).limit(limit), {})
    return [case_id for (case_id,) in rows]


def anchors(database: Database, after: str, limit: int) -> list[tuple[str, int, bytes]]:
    """Chain, row and digest of so many anchors, in the order of their chains."""
    asked = (
        select(AuditAnchor.chain, AuditAnchor.seq, AuditAnchor.digest)
        .where(AuditAnchor.chain > after)
        .order_by(AuditAnchor.chain)
        .limit(limit)
    )
    return [(chain, seq, digest) for chain, seq, digest in database.ask(asked, {})]


def mark(database: Database) -> tuple[int, datetime] | None:
    """The newest audit row that is anchored, and when that was done."""
    rows = database.ask(select(AnchorMark.last, AnchorMark.at), {})
    return (rows[0][0], rows[0][1]) if rows else None


def put_anchors(
    tx: Session, heads: Sequence[tuple[str, int, bytes]], last: int, now: datetime
) -> None:
    """Note where these chains stand; an anchor never goes back."""
    insert: Any = (
        postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    if heads:
        put = insert(AuditAnchor)
        new = put.excluded
        put = put.on_conflict_do_update(
            index_elements=["chain"],
            set_={"seq": new.seq, "digest": new.digest, "at": new.at},
            where=new.seq > AuditAnchor.seq,
        )
        rows = [{"chain": chain, "seq": seq, "digest": at, "at": now} for chain, seq, at in heads]
        tx.connection().execute(put, rows)
    marked = insert(AnchorMark).values(id=1, last=last, at=now)
    tx.execute(marked.on_conflict_do_update(index_elements=["id"], set_={"last": last, "at": now}))
