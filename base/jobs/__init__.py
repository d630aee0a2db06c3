"""Background work, asked for in the same transaction as what it follows from.

A job is a kind and ids: never a person's data. It is done at least once; whoever does it must
bear a second time. On SQLite a table keeps the jobs and `work_off` does them; on PostgreSQL they
are Procrastinate's, deferred on the connection of the transaction and done by its workers.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from base import clock
from base.db import Database, Session
from base.errors import NotFound
from base.jobs import queue, store, table
from base.jobs.work import MAX_ATTEMPTS, Doer, Done, Errand, GivenUp, Payload, Staff

__all__ = [
    "MAX_ATTEMPTS",
    "Doer",
    "Done",
    "Errand",
    "Failed",
    "GivenUp",
    "Payload",
    "Pile",
    "Staff",
    "again",
    "chore_due",
    "defer",
    "given_up",
    "pile",
    "rescue",
    "take_chore",
    "work_off",
    "working",
]


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that was tried as often as it may be; ``why`` is the type of the last error."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """Jobs that wait and that were given up; ``late``: seconds the first has been due."""

    waiting: int
    given_up: int
    late: float


def defer(
    tx: Session,
    kind: str,
    payload: Payload,
    *,
    due: datetime | None = None,
    attempts: int = MAX_ATTEMPTS,
) -> None:
    """Have this done once the transaction has committed, not before ``due``.

    A job that fails is tried again after a while, ``attempts`` times in all.
    """
    keeper = queue if store.on_postgresql(tx) else table
    keeper.defer(tx, kind, payload, due, attempts)


def work_off(database: Database, staff: Staff | Mapping[str, Doer | Errand]) -> Done:
    """Do everything that is due; a failing job is put off."""
    if not isinstance(staff, Staff):
        staff = Staff(staff)
    if database.on_postgresql:
        return queue.work_off(database, staff)
    return table.work_off(database, staff)


@contextmanager
def working(database: Database, staff: Staff) -> Iterator[None]:
    """On PostgreSQL: do jobs beside the block, as they come; at its end, finish what has begun.

    On SQLite nothing happens by itself: call `work_off`.
    """
    with queue.working(database, staff) if database.on_postgresql else nullcontext():
        yield


def rescue(database: Database) -> int:
    """Put back the jobs of workers that have died; how many. On SQLite a lease does that."""
    if not database.on_postgresql:
        return 0
    with database.transaction() as tx:
        return store.rescue(tx)


def given_up(tx: Session) -> Sequence[Failed]:
    """Jobs that nobody tries any more, oldest first."""
    return [
        Failed(job.id, job.kind, job.payload, job.attempts, job.last_error or "", job.due)
        for job in store.given_up(tx)
    ]


def pile(tx: Session) -> Pile:
    """How much lies there; the same few statements however much it is."""
    count, due = store.queued(tx) if store.on_postgresql(tx) else store.waiting(tx)
    late = (clock.now(tx) - due).total_seconds() if due else 0.0
    return Pile(count, store.count_given_up(tx), max(late, 0.0))


def again(tx: Session, job_id: int) -> None:
    """Try a job again that was given up. Raises NotFound."""
    job = store.job(tx, job_id)
    if job is None or job.attempts < job.most:
        raise NotFound
    (queue if store.on_postgresql(tx) else table).again(tx, job)


def chore_due(tx: Session, name: str, day: date) -> bool:
    """Whether nobody has taken the chore on that day; takes no locks."""
    return store.chore_due(tx, name, day)


def take_chore(tx: Session, name: str, day: date) -> bool:
    """True for the first who asks on that day: do it in this transaction, or it stays undone.

    Whoever asks meanwhile waits until the first has committed or failed.
    """
    return store.take_chore(tx, name, day)
