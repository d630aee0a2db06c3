"""Jobs in a table of our own, done by whoever asks: what SQLite needs."""

import time
from datetime import datetime, timedelta

from base import clock
from base.db import Database, Session
from base.jobs import store
from base.jobs.tables import Job
from base.jobs.work import Done, Errand, Payload, Staff, delay, watched

#: An errand that nobody has come back from after so long is tried again.
_LEASE = timedelta(minutes=5)
_MOST_AT_ONCE = 1_000
#: A mail server that lets everybody wait must not hold up what comes between, the timers.
_LONGEST_SECONDS = 20.0


def defer(tx: Session, kind: str, payload: Payload, due: datetime | None, attempts: int) -> None:
    now = clock.now(tx)
    tx.add(Job(kind=kind, payload=dict(payload), due=due or now, created=now, most=attempts))


def work_off(database: Database, staff: Staff, *, longest: float = _LONGEST_SECONDS) -> Done:
    """Do due jobs until none is left or these seconds have gone; a failing one is put off."""
    succeeded = failed = 0
    until = time.monotonic() + longest
    while succeeded + failed < _MOST_AT_ONCE and time.monotonic() < until:
        outcome = _work_one(database, staff)
        if outcome is None:
            break
        succeeded, failed = succeeded + outcome, failed + (not outcome)
    return Done(succeeded, failed)


def again(tx: Session, job: Job) -> None:
    job.attempts, job.due = 0, clock.now(tx)


def _work_one(database: Database, staff: Staff) -> bool | None:
    """True when one was done, False when one failed, None when nothing is due."""
    job_id, errand = None, False
    try:
        with database.transaction() as tx:
            job = store.next_due(tx, clock.now(tx))
            if job is None:
                return None
            job_id, kind, payload = job.id, job.kind, job.payload
            doer = staff.doers[kind]
            if isinstance(doer, Errand):
                errand = True
                job.attempts, job.due = job.attempts + 1, clock.now(tx) + _LEASE
            else:
                with watched(kind, job_id):
                    doer(tx, payload)
                store.remove(tx, job.id)
        if isinstance(doer, Errand):
            with watched(kind, job_id):
                doer.run(database, payload)
            with database.transaction() as tx:
                store.remove(tx, job_id)
    except Exception as error:  # The worker never stops for one job.
        if job_id is None:
            raise
        _put_off(database, staff, job_id, type(error).__name__, counted=errand)
        return False
    return True


def _put_off(database: Database, staff: Staff, job_id: int, why: str, *, counted: bool) -> None:
    """Try again later, each time after longer, until it has been tried often enough."""
    with database.transaction() as tx:
        job = store.job(tx, job_id)
        if job is None:
            return
        job.attempts += not counted
        job.due = clock.now(tx) + delay(job.attempts)
        job.last_error = why
        if job.attempts >= job.most:
            staff.tell(tx, job.kind, job.payload, why)
