"""All SQL of trials."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, delete, func, select

from base.db import Session
from casework.cases.tables import Case
from casework.releases.tables import TrialRow
from engine.tables import History, Task

#: Of the cases that are followed; more than they ever have.
_MOST_LINES = 100_000


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


def latest_cases(tx: Session, pack_id: str, limit: int) -> Sequence[UUID]:
    """Those that were raised last, running or closed; never one of protected identity."""
    return tx.scalars(
        select(Case.id)
        .where(Case.pack_id == pack_id, Case.restricted.is_(False))
        .order_by(Case.opened.desc(), Case.id)
        .limit(limit)
    ).all()


def history_of(
    tx: Session, case_ids: Collection[UUID]
) -> Sequence[Row[UUID, UUID, str, str, str]]:
    """Case, run, process, element and event of what happened in them, in order."""
    return tx.execute(
        select(
            History.case_id,
            History.instance_id,
            History.process,
            History.element_id,
            History.event,
        )
        .where(History.case_id.in_(case_ids))
        .order_by(History.id)
        .limit(_MOST_LINES)
    ).all()


def steps_of(
    tx: Session, case_ids: Collection[UUID]
) -> Sequence[Row[str, str, datetime, datetime | None, datetime | None]]:
    """Process, element and moments of the steps of people in them."""
    return tx.execute(
        select(Task.process, Task.element_id, Task.created, Task.due, Task.done_at)
        .where(Task.case_id.in_(case_ids), Task.status.in_(("open", "done")))
        .order_by(Task.created, Task.id)
        .limit(_MOST_LINES)
    ).all()
