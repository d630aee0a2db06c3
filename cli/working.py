"""Run the worker."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import structlog

from base import measures
from base.db import AWAY
from base.reports import report, reported
from base.settings import Settings
from base.traces import note_work, traced
from casework import worker
from casework.checkup import measuring
from casework.checkup.actions import SIGN_OF_LIFE
from casework.trials import scenarios
from cli.waiting import opened

_log = structlog.get_logger()
_ROUND_SECONDS = 2.0


def work(settings: Settings) -> None:
    """Rounds of due timers and jobs until told to stop; what has begun is finished."""
    # An event would wait for ever for its own lock if it were told twice in one moment.
    told_to_stop = SimpleQueue[None]()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.put(None))
    application = opened(settings)
    alive = settings.var / SIGN_OF_LIFE
    offered = measuring.offer(application, measuring.WORKER)
    told = traced(settings, "worker")
    rounds = worker.rounds(application, scenarios.staff(application))
    with offered, told, reported(settings), rounds as one_round:
        while told_to_stop.empty():
            _touch(alive)
            if not _round(one_round):
                _wait(told_to_stop)
    application.close()


def _wait(told_to_stop: SimpleQueue[None]) -> None:
    """For the next round, or until told to stop."""
    with suppress(Empty):
        told_to_stop.put(told_to_stop.get(timeout=_ROUND_SECONDS))


def _touch(path: Path) -> None:
    """Tell `samplan doctor` that this worker lives; a full disk does not stop it."""
    with suppress(OSError):
        path.touch()


def _round(one_round: Callable[[], int]) -> int:
    """What was done; nothing while the database is away: the worker waits for it."""
    begun = time.monotonic()
    try:
        done = one_round()
    except Exception as error:  # The worker never stops for one round.
        _log.error("round failed", error=type(error).__name__)
        measures.count_round(failed=True)
        note_work("round", time.monotonic() - begun, failed=True)
        if not isinstance(error, AWAY):
            report(error, "round")
        return 0
    measures.count_round(failed=False)
    if done:
        note_work("round", time.monotonic() - begun, failed=False)
    return done
