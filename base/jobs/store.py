"""All SQL of background work."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from base.db import Session
from base.jobs.tables import Job

_GIVE_UP_AFTER = 8


def next_due(tx: Session, now: datetime) -> Job | None:
    """The longest-due job nobody else is working on; None when all is quiet.

    SKIP LOCKED lets several workers run side by side without doing one job twice.
    """
    due = (
        select(Job)
        .where(Job.due <= now, Job.attempts < _GIVE_UP_AFTER)
        .order_by(Job.due, Job.id)
        .limit(1)
    )
    return tx.scalars(due.with_for_update(skip_locked=True)).first()


def remove(tx: Session, job_id: int) -> None:
    tx.execute(delete(Job).where(Job.id == job_id))


def put_off(tx: Session, job_id: int, now: datetime, error: str, first: timedelta) -> None:
    """Try again later, each time after twice as long."""
    job = tx.get(Job, job_id, with_for_update=True)
    if job is not None:
        job.due = now + first * 2**job.attempts
        job.attempts += 1
        job.last_error = error
