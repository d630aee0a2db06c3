"""Jobs with Procrastinate, done by its workers: what PostgreSQL offers.

Nothing else knows Procrastinate. Its tables come with our migrations.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    SyncPsycopgConnector,
)
from procrastinate.jobs import Job as Queued

from base import clock
from base.db import Database, Session
from base.jobs import store
from base.jobs.tables import Job
from base.jobs.work import Doer, Done, Errand, Payload, Staff, delay, log, watched

_AT_ONCE = 2
_POLL_SECONDS = 2.0
_PATIENCE_SECONDS = 2.0
#: Never opened: jobs are deferred on the connection of the transaction alone.
_DEFERRING = App(connector=SyncPsycopgConnector())

_Run = Callable[[JobContext, dict[str, Any], int], None]

# What a job is called with would stand in its lines; ours say all that is needed.
logging.getLogger("procrastinate").addHandler(logging.NullHandler())
logging.getLogger("procrastinate").propagate = False


class WorkersDied(Exception):
    """Every worker that began this job died before it was done."""


class _Failed(Exception):
    """A job has failed; ``last``: nobody tries it again."""

    def __init__(self, why: str, *, last: bool) -> None:
        super().__init__(why)
        self.last = last


class _BackOff(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Queued) -> RetryDecision | None:
        if isinstance(exception, _Failed) and exception.last:
            return None
        seconds = int(delay(job.attempts + 1).total_seconds())
        return RetryDecision(retry_in={"seconds": seconds})


def defer(tx: Session, kind: str, payload: Payload, due: datetime | None, attempts: int) -> None:
    """Commits and rolls back with the transaction."""
    # Procrastinate goes by the database's clock: a span means the same to both.
    wait = {"seconds": int((due - clock.now(tx)).total_seconds())} if due else None
    _DEFERRING.configure_task(
        kind, connection=store.driver_connection(tx), schedule_in=wait
    ).defer(payload=dict(payload), attempts=attempts)


def again(tx: Session, job: Job) -> None:
    defer(tx, job.kind, job.payload, None, job.most)
    store.remove(tx, job.id)


def work_off(database: Database, staff: Staff) -> Done:
    """Do what is due until nothing is left."""
    with database.reading() as tx:
        if not store.anything_due(tx):
            return Done(0, 0)
    work = _Work(database, staff)
    # A thread of its own: whoever asks may run a loop already.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work.drain()).result()
    return Done(work.succeeded, work.failed)


@contextmanager
def working(database: Database, staff: Staff) -> Iterator[None]:
    """Do jobs beside the block, as they come; at its end, what has begun is finished."""
    work = _Work(database, staff)
    thread = threading.Thread(target=work.run, name="jobs")
    thread.start()
    try:
        yield
    finally:
        work.stop()
        thread.join()


@dataclass
class _Work:
    """A worker of Procrastinate's on our functions."""

    database: Database
    staff: Staff
    succeeded: int = 0
    failed: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _main: "asyncio.Task[None] | None" = None

    def app(self) -> App:
        connector = PsycopgConnector(
            conninfo=self.database.conninfo, min_size=1, max_size=_AT_ONCE + 2
        )
        app = App(connector=connector)
        for kind, doer in self.staff.doers.items():
            known = app.task(name=kind, pass_context=True, retry=_BackOff())
            known(self._task(kind, doer))
        return app

    async def drain(self) -> None:
        app = self.app()
        async with app.open_async():
            await app.run_worker_async(
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                delete_jobs="always",
            )

    def run(self) -> None:
        """Until stopped; a database that is away is waited for."""
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    def stop(self) -> None:
        self._stopping.set()
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # The loop has ended by itself meanwhile.
                self._loop.call_soon_threadsafe(self._main.cancel)

    async def _serve(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        while not self._stopping.is_set():
            try:
                app = self.app()
                async with app.open_async():
                    await app.run_worker_async(
                        concurrency=_AT_ONCE,
                        fetch_job_polling_interval=_POLL_SECONDS,
                        install_signal_handlers=False,
                        delete_jobs="always",
                    )
            except Exception as error:  # The worker never stops for a database that is away.
                log.error("jobs rest", error=type(error).__name__)
            await asyncio.sleep(_PATIENCE_SECONDS)

    def _task(self, kind: str, doer: Doer | Errand) -> _Run:
        def run(context: JobContext, payload: dict[str, Any], attempts: int) -> None:
            tried = context.job.attempts
            try:
                with watched(kind, context.job.id):
                    _require_attempts(tried, attempts)
                    _do(self.database, doer, payload)
            except Exception as error:
                why, last = type(error).__name__, tried + 1 >= attempts
                self.failed += 1
                if last:
                    self._give_up(context.job, payload, attempts, why)
                raise _Failed(why, last=last) from None
            self.succeeded += 1

        return run

    def _give_up(self, job: Queued, payload: Payload, attempts: int, why: str) -> None:
        with self.database.transaction() as tx:
            now = clock.now(tx)
            row = {
                "kind": job.task_name,
                "payload": dict(payload),
                "due": now,
                "created": now,
                "attempts": attempts,
                "most": attempts,
                "last_error": why,
            }
            if store.keep(tx, job.id or 0, row):
                self.staff.tell(tx, job.task_name, payload, why)


def _require_attempts(tried: int, attempts: int) -> None:
    """Whoever began it that often has died over it each time. Raises WorkersDied."""
    if tried >= attempts:
        raise WorkersDied


def _do(database: Database, doer: Doer | Errand, payload: Payload) -> None:
    if isinstance(doer, Errand):
        doer.run(database, payload)
        return
    with database.transaction() as tx:
        doer(tx, payload)
