"""What a job is and how it is done, whoever keeps it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from base.db import AWAY, Database, Session
from base.errors import SamplanError
from base.reports import report
from base.traces import note_work

Payload = Mapping[str, Any]
#: Done inside one transaction, which also ends the job where the job lies in our own table.
Doer = Callable[[Session, Payload], None]
#: Told in a transaction of its own that nobody will try any more, and why (a type of error).
GivenUp = Callable[[Session, Payload, str], None]

MAX_ATTEMPTS = 8
_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=12)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Errand:
    """A job that talks to the world outside: it opens transactions of its own.

    None of them may be open while it waits for an answer, or everybody would wait with it.
    """

    run: Callable[[Database, Payload], None]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does which kind of job, and who is told when one is given up."""

    doers: Mapping[str, Doer | Errand]
    given_up: Mapping[str, GivenUp] = field(default_factory=dict)

    def tell(self, tx: Session, kind: str, payload: Payload, why: str) -> None:
        """A job of this kind will not be tried any more."""
        if kind in self.given_up:
            self.given_up[kind](tx, payload, why)


@dataclass(frozen=True, slots=True)
class Done:
    """How one round over due jobs went."""

    succeeded: int
    failed: int


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failures: quickly at first, then for most of a day."""
    factor = int(4 ** (attempts - 1))
    return min(_FIRST_DELAY * factor, _LONGEST_DELAY)


@contextmanager
def watched(kind: str, job: int | None) -> Iterator[None]:
    """Tell of a job that is done beside the block, and of why it failed if it does.

    A server outside that is away is no fault of ours.
    """
    begun, failed = time.monotonic(), True
    try:
        yield
        failed = False
    except Exception as error:
        log.warning("job failed", job=job, kind=kind, error=type(error).__name__)
        if not isinstance(error, (OSError, SamplanError, *AWAY)):
            report(error, f"job {kind}")
        raise
    finally:
        note_work(f"job {kind}", time.monotonic() - begun, failed=failed)
