"""All SQL of background work."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Session
from base.jobs.tables import Chore, Job

#: A worker gives a sign of life every ten seconds.
_RESCUE = """
with lost as (
    select job.id
    from procrastinate_jobs job
    left join procrastinate_workers worker on worker.id = job.worker_id
    where job.status = 'doing'
        and (worker.id is null or worker.last_heartbeat < now() - interval '30 seconds')
    for update of job skip locked
)
select procrastinate_retry_job_v2(id, now(), null, null, null) from lost
"""
_QUEUED = """
select count(*), min(coalesce(job.scheduled_at, event.at))
from procrastinate_jobs job
left join procrastinate_events event on event.job_id = job.id and event.type = 'deferred'
where job.status = 'todo'
"""


def next_due(tx: Session, now: datetime) -> Job | None:
    """The longest-due job nobody else is working on; None when all is quiet.

    SKIP LOCKED lets several workers run side by side without doing one job twice.
    """
    due = (
        select(Job)
        .where(Job.due <= now, Job.attempts < Job.most)
        .order_by(Job.due, Job.id)
        .limit(1)
    )
    return tx.scalars(due.with_for_update(skip_locked=True)).first()


def job(tx: Session, job_id: int) -> Job | None:
    """Locks the row."""
    return tx.get(Job, job_id, with_for_update=True)


def remove(tx: Session, job_id: int) -> None:
    tx.execute(delete(Job).where(Job.id == job_id))


def given_up(tx: Session) -> Sequence[Job]:
    """Jobs that nobody tries any more, oldest first."""
    return tx.scalars(select(Job).where(Job.attempts >= Job.most).order_by(Job.id)).all()


def keep(tx: Session, job_id: int, row: dict[str, Any]) -> bool:
    """Keep a job of Procrastinate's that was given up; False if it is kept already."""
    kept = postgresql.insert(Job).values(id=job_id, **row).on_conflict_do_nothing()
    return tx.execute(kept.returning(Job.id)).first() is not None


def anything_due(tx: Session) -> bool:
    """Whether Procrastinate has something to do now."""
    question = text(
        "select exists (select from procrastinate_jobs where status = 'todo' "
        "and (scheduled_at is null or scheduled_at <= now()))"
    )
    return bool(tx.scalar(question))


def rescue(tx: Session) -> int:
    """Put back what workers were doing that have died; how many jobs."""
    return len(tx.execute(text(_RESCUE)).all())


def count_given_up(tx: Session) -> int:
    return tx.scalar(select(func.count()).where(Job.attempts >= Job.most)) or 0


def waiting(tx: Session) -> tuple[int, datetime | None]:
    """Jobs to be done, in our own table: how many, and since when the first is due."""
    row = tx.execute(select(func.count(), func.min(Job.due)).where(Job.attempts < Job.most)).one()
    return row[0], row[1]


def queued(tx: Session) -> tuple[int, datetime | None]:
    """The same of Procrastinate's; a job without a moment is due since it was asked for."""
    row = tx.execute(text(_QUEUED)).one()
    return row[0], row[1]


def chore_due(tx: Session, name: str, day: date) -> bool:
    done = tx.scalar(select(Chore.day).where(Chore.name == name))
    return done is None or done < day


def take_chore(tx: Session, name: str, day: date) -> bool:
    """True once per chore and day; whoever asks meanwhile waits until the first has committed."""
    make = postgresql.insert if on_postgresql(tx) else sqlite.insert
    taken = make(Chore).values(name=name, day=day)
    first = taken.on_conflict_do_nothing(index_elements=["name"]).returning(Chore.name)
    if tx.execute(first).first() is not None:
        return True
    changed = tx.execute(update(Chore).where(Chore.name == name, Chore.day < day).values(day=day))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def on_postgresql(tx: Session) -> bool:
    return tx.get_bind().dialect.name == "postgresql"


def driver_connection(tx: Session) -> Any:
    """The connection underneath the transaction, as the database's driver knows it."""
    connection: Connection = tx.connection()
    return connection.connection.driver_connection
