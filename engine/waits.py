"""The sweep over due timers: found by index, each fired in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from base.db import Database, Session
from base.errors import SamplanError
from engine import runtime, store
from engine.errors import StepFailed
from engine.host import Host
from engine.model import DueWait

_log = structlog.get_logger()
#: Locks a case's row; False if somebody else is working on the case.
LockCase = Callable[[Session, UUID], bool]


@dataclass(frozen=True, slots=True)
class Swept:
    """How a round over due timers went."""

    fired: int = 0
    failed: int = 0
    busy: int = 0


def due_waits(tx: Session, now: datetime, limit: int = 100) -> list[DueWait]:
    """Timers that are due in instances that run, longest due first; takes no locks."""
    return store.due_waits(tx, now, limit)


def sweep(database: Database, host: Host, lock_case: LockCase, *, limit: int = 100) -> Swept:
    """Fire what is due. One that fails becomes an incident and stops nobody else."""
    with database.reading() as tx:
        due = due_waits(tx, tx.info["now"], limit)
    fired = failed = busy = 0
    for wait in due:
        answer = _fire(database, host, lock_case, wait)
        fired, failed, busy = (
            fired + (answer is True),
            failed + (answer is False),
            busy + (answer is None),
        )
    return Swept(fired, failed, busy)


def _fire(database: Database, host: Host, lock_case: LockCase, wait: DueWait) -> bool | None:
    """True if it fired or had gone, False if it failed, None if the case is busy."""
    try:
        with database.transaction() as tx:
            if not lock_case(tx, wait.case_id):
                return None
            runtime.fire_due(tx, host, wait.wait_id)
    except SamplanError as error:
        _log.warning("timer failed", wait=wait.wait_id, error=type(error).__name__)
        element = error.element if isinstance(error, StepFailed) else ""
        runtime.record_incident(
            database,
            instance_id=wait.instance_id,
            case_id=wait.case_id,
            element=element,
            why=str(error),
            wait_id=wait.wait_id,
        )
        return False
    return True
