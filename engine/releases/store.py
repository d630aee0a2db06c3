"""All SQL of releases and drafts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from base import ready
from base.db import Session
from engine.tables import DraftRow, Imported, ReleaseFile, ReleaseRow

_NEWEST_ID = (
    select(ReleaseRow.id)
    .where(ReleaseRow.pack_id == bindparam("pack_id"))
    .order_by(ReleaseRow.number.desc())
    .limit(1)
)


def newest(tx: Session, pack_id: str, *, lock: bool = False) -> ReleaseRow | None:
    """The active release; ``lock`` lets one publish at a time."""
    wanted = (
        select(ReleaseRow)
        .where(ReleaseRow.pack_id == pack_id)
        .order_by(ReleaseRow.number.desc())
        .limit(1)
    )
    return tx.scalars(wanted.with_for_update() if lock else wanted).first()


def newest_id(tx: Session, pack_id: str) -> int | None:
    """`newest`, nothing but its id."""
    found = ready.rows(tx, _NEWEST_ID, {"pack_id": pack_id})
    return found[0][0] if found else None


def newest_ids(tx: Session) -> dict[str, int]:
    """`newest_id` of every pack."""
    newest = select(ReleaseRow.pack_id, func.max(ReleaseRow.number).label("number"))
    last = newest.group_by(ReleaseRow.pack_id).subquery()
    same = (ReleaseRow.pack_id == last.c.pack_id) & (ReleaseRow.number == last.c.number)
    rows = tx.execute(select(ReleaseRow.pack_id, ReleaseRow.id).join(last, same))
    return {row.pack_id: row.id for row in rows.all()}


def release(tx: Session, release_id: int) -> ReleaseRow | None:
    return tx.get(ReleaseRow, release_id)


def numbers(tx: Session, release_ids: Collection[int]) -> dict[int, int]:
    rows = select(ReleaseRow.id, ReleaseRow.number).where(ReleaseRow.id.in_(release_ids))
    return {row.id: row.number for row in tx.execute(rows)}


def releases(tx: Session, pack_id: str) -> Sequence[ReleaseRow]:
    """Newest first."""
    return tx.scalars(
        select(ReleaseRow).where(ReleaseRow.pack_id == pack_id).order_by(ReleaseRow.number.desc())
    ).all()


def pack_ids(tx: Session) -> Sequence[str]:
    return tx.scalars(select(ReleaseRow.pack_id).distinct().order_by(ReleaseRow.pack_id)).all()


def files(tx: Session, release_id: int) -> Sequence[ReleaseFile]:
    return tx.scalars(
        select(ReleaseFile).where(ReleaseFile.release_id == release_id).order_by(ReleaseFile.path)
    ).all()


def add(tx: Session, row: ReleaseRow | DraftRow) -> None:
    tx.add(row)
    tx.flush()


def add_files(tx: Session, rows: list[dict[str, Any]]) -> None:
    tx.execute(insert(ReleaseFile), rows)


def drafts(tx: Session, pack_id: str) -> Sequence[DraftRow]:
    return tx.scalars(
        select(DraftRow).where(DraftRow.pack_id == pack_id).order_by(DraftRow.path)
    ).all()


def lock_draft(tx: Session, pack_id: str, path: str) -> DraftRow | None:
    """Locks the row."""
    return tx.scalars(
        select(DraftRow)
        .where(DraftRow.pack_id == pack_id, DraftRow.path == path)
        .with_for_update()
    ).first()


def remove_drafts(tx: Session, pack_id: str, path: str | None = None) -> None:
    """One file's draft, or all of a pack."""
    gone = delete(DraftRow).where(DraftRow.pack_id == pack_id)
    tx.execute(gone if path is None else gone.where(DraftRow.path == path))


def imported_digest(tx: Session, pack_id: str) -> str | None:
    row = tx.get(Imported, pack_id)
    return row.digest if row is not None else None


def remember_import(tx: Session, pack_id: str, digest: str, now: datetime) -> None:
    row = tx.get(Imported, pack_id)
    if row is None:
        tx.add(Imported(pack_id=pack_id, digest=digest, at=now))
    elif row.digest != digest:
        row.digest, row.at = digest, now
    tx.flush()
