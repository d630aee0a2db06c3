"""Background work, asked for in the same transaction as what it follows from.

A job is a kind and ids: never a person's data. It is done at least once; whoever does it must
bear a second time. The worker takes due jobs one by one, each in a transaction of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from base import clock
from base.db import Database, Session
from base.jobs import store
from base.jobs.tables import Job

Doer = Callable[[Session, Mapping[str, Any]], None]

_log = structlog.get_logger()
_FIRST_DELAY = timedelta(seconds=10)
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Done:
    """How one round over due jobs went."""

    succeeded: int
    failed: int


def defer(
    tx: Session, kind: str, payload: Mapping[str, Any], *, due: datetime | None = None
) -> None:
    """Have this done once the transaction has committed, not before ``due``."""
    now = clock.now(tx)
    tx.add(Job(kind=kind, payload=dict(payload), due=due or now, created=now))


def work_off(database: Database, doers: Mapping[str, Doer], *, limit: int = 100) -> Done:
    """Do due jobs until none is left or ``limit`` is reached; a failing one is put off."""
    succeeded = failed = 0
    while succeeded + failed < limit:
        outcome = _work_one(database, doers)
        if outcome is None:
            break
        succeeded, failed = succeeded + outcome, failed + (not outcome)
    return Done(succeeded, failed)


def _work_one(database: Database, doers: Mapping[str, Doer]) -> bool | None:
    """True when one was done, False when one failed, None when nothing is due."""
    job_id = None
    try:
        with database.transaction() as tx:
            job = store.next_due(tx, clock.now(tx))
            if job is None:
                return None
            job_id = job.id
            doers[job.kind](tx, job.payload)
            store.remove(tx, job.id)
    except Exception as error:  # The worker never stops for one job.
        _log.warning("job failed", job=job_id, error=type(error).__name__)
        if job_id is None:
            raise
        with database.transaction() as tx:
            store.put_off(tx, job_id, clock.now(tx), type(error).__name__, _FIRST_DELAY)
        return False
    return True
