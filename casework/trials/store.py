"""All SQL of trials."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select

from base.db import Session
from casework.releases.tables import TrialRow


def trials(tx: Session, account_id: int, pack_id: str) -> Sequence[TrialRow]:
    """Those of one owner, the latest changed first."""
    return tx.scalars(
        select(TrialRow)
        .where(TrialRow.account_id == account_id, TrialRow.pack_id == pack_id)
        .order_by(TrialRow.changed.desc(), TrialRow.id.desc())
    ).all()


def trial(tx: Session, account_id: int, trial_id: int) -> TrialRow | None:
    """One of the owner's own; None for anybody else's."""
    row = tx.get(TrialRow, trial_id)
    return row if row is not None and row.account_id == account_id else None


def lock_trial(tx: Session, account_id: int, trial_id: int) -> TrialRow | None:
    """As `trial`; locks the row."""
    row = tx.get(TrialRow, trial_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.account_id == account_id else None


def count(tx: Session, account_id: int) -> int:
    found = select(func.count()).where(TrialRow.account_id == account_id)
    return tx.scalar(found.select_from(TrialRow)) or 0


def add(tx: Session, row: TrialRow) -> int:
    tx.add(row)
    tx.flush()
    return row.id


def change(row: TrialRow, course: str, now: datetime, ends: date) -> None:
    row.course, row.changed, row.ends, row.rev = course, now, ends, row.rev + 1


def remove(tx: Session, trial_id: int) -> None:
    tx.execute(delete(TrialRow).where(TrialRow.id == trial_id))
