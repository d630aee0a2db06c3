"""All SQL of the key store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Select, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Database, Session, core
from base.keys.tables import AnchorMark, AuditAnchor, CaseKeyRow, LoneKey, RootSecret

_KEPT = select(CaseKeyRow.case_id, CaseKeyRow.wrapped).where(CaseKeyRow.wrapped.is_not(None))
_WRAPPED = _KEPT.where(CaseKeyRow.case_id.in_(bindparam("case_ids", expanding=True)))
#: What every step asks; a list would be written into the statement each time.
_WRAPPED_OF_ONE = _KEPT.where(CaseKeyRow.case_id == bindparam("case_id"))
_keys = core(CaseKeyRow)
_REPLACE = (
    update(_keys)
    .where(_keys.c.case_id == bindparam("of"), _keys.c.wrapped == bindparam("old"))
    .values(wrapped=bindparam("new", type_=LargeBinary))
)


def wrapped_keys(database: Database, case_ids: Collection[UUID]) -> list[tuple[UUID, bytes]]:
    """The wrapped keys that have not been destroyed."""
    if len(case_ids) == 1:
        [case_id] = case_ids
        rows = database.ask_ready(_WRAPPED_OF_ONE, {"case_id": case_id})
    else:
        rows = database.ask(_WRAPPED, {"case_ids": list(case_ids)})
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def any_key(database: Database) -> list[tuple[UUID, bytes]]:
    """One wrapped key, or none if there is none."""
    asked = select(CaseKeyRow.case_id, CaseKeyRow.wrapped)
    rows = database.ask(asked.where(CaseKeyRow.wrapped.is_not(None)).limit(1), {})
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def root(database: Database) -> bytes | None:
    """The wrapped secret that outlives master keys."""
    rows = database.ask(select(RootSecret.wrapped), {})
    return rows[0][0] if rows else None


def keep_root(tx: Session, wrapped: bytes) -> None:
    """Whoever comes second changes nothing."""
    kept = _inserting(tx)(RootSecret).values(id=1, wrapped=wrapped)
    tx.execute(kept.on_conflict_do_nothing(index_elements=["id"]))


def replace_root(tx: Session, old: bytes, new: bytes) -> None:
    """Unless another has replaced it meanwhile."""
    tx.execute(update(RootSecret).where(RootSecret.wrapped == old).values(wrapped=new))


def some_keys(database: Database, after: UUID | None, limit: int) -> list[tuple[UUID, bytes]]:
    """So many wrapped keys that were not destroyed, in the order of their cases' ids."""
    asked = select(CaseKeyRow.case_id, CaseKeyRow.wrapped).where(CaseKeyRow.wrapped.is_not(None))
    if after is not None:
        asked = asked.where(CaseKeyRow.case_id > after)
    return [(row[0], row[1]) for row in _first(database, asked, limit) if row[1] is not None]


def replace_keys(tx: Session, changed: Sequence[tuple[UUID, bytes, bytes]]) -> None:
    """Case, wrapped before, wrapped now; one that has changed or gone meanwhile stays as it is."""
    if changed:
        rows = [{"of": case_id, "old": old, "new": new} for case_id, old, new in changed]
        tx.connection().execute(_REPLACE, rows)


def made_before(
    database: Database, moment: datetime, after: UUID | None, limit: int
) -> list[UUID]:
    """Cases of keys that were made before and not destroyed, in the order of their ids."""
    asked = select(CaseKeyRow.case_id).where(
        CaseKeyRow.wrapped.is_not(None), CaseKeyRow.created < moment
    )
    if after is not None:
        asked = asked.where(CaseKeyRow.case_id > after)
    return [row[0] for row in _first(database, asked, limit)]


def note_lone(tx: Session, case_ids: Collection[UUID], now: datetime) -> None:
    """That these keys have no case; since when, if they had none before."""
    noted = _inserting(tx)(LoneKey).on_conflict_do_nothing(index_elements=["case_id"])
    rows = [{"case_id": case_id, "since": now} for case_id in case_ids]
    tx.connection().execute(noted, rows)


def note_found(tx: Session, case_ids: Collection[UUID]) -> None:
    tx.execute(delete(LoneKey).where(LoneKey.case_id.in_(case_ids)))


def lone_before(tx: Session, case_ids: Collection[UUID], moment: datetime) -> list[UUID]:
    """Those among these that have been without a case since before."""
    asked = select(LoneKey.case_id).where(LoneKey.case_id.in_(case_ids), LoneKey.since < moment)
    return list(tx.scalars(asked))


def drop(tx: Session, case_ids: Collection[UUID]) -> None:
    tx.execute(delete(CaseKeyRow).where(CaseKeyRow.case_id.in_(case_ids)))
    note_found(tx, case_ids)


def _first(database: Database, asked: Select[*tuple[Any, ...]], limit: int) -> list[Any]:
    return database.ask(asked.order_by(CaseKeyRow.case_id).limit(limit), {})


def _inserting(tx: Session) -> Any:
    return postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert


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
    insert = _inserting(tx)
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
