"""What reaches instances from outside: messages, signals and the clock."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from engine import store
from engine.host import Host
from engine.model import InstanceStatus, Outcome
from engine.runtime import stepping
from engine.runtime.delivery import deliver, send

CLOCK = "clock"


def message(
    tx: Session,
    host: Host,
    *,
    name: str,
    case_id: UUID,
    variables: Mapping[str, Any],
    by: str,
    key: str | None = None,
) -> Outcome | None:
    """Deliver to the one instance of the case that has waited longest; None if none waits.

    ``key`` is what the diagram's correlation key must give (the case, if it says nothing). What
    nobody waits for sets off the process of the active release that begins with it, within the
    case, if it runs; else it is kept in ``undelivered``.
    """
    stepped = send(
        tx,
        host,
        name=name,
        case_id=case_id,
        key=str(case_id) if key is None else key,
        variables=variables,
        by=by,
    )
    return deliver(tx, host, stepped, case_id, by) if stepped is not None else None


def signal_targets(
    tx: Session, name: str, *, besides: UUID | None = None
) -> list[tuple[UUID, UUID]]:
    """Case and instance of everything that waits for a signal: what to lock, one by one."""
    found = store.signal_listeners(tx, name)
    return [(case_id, instance_id) for case_id, instance_id in found if instance_id != besides]


def signal_wait(tx: Session, instance_id: UUID, name: str) -> int | None:
    """The wait of an instance for a signal; None if it does not wait for it (any more)."""
    return store.signal_wait(tx, instance_id, name)


def signal(
    tx: Session,
    host: Host,
    name: str,
    *,
    instance_id: UUID,
    variables: Mapping[str, Any] | None = None,
    by: str,
) -> Outcome | None:
    """Give a signal to one instance; None if it does not run (any more)."""
    resting = store.lock_instance(tx, instance_id)
    if resting is None or resting.status != InstanceStatus.RUNNING:
        return None
    stepped = stepping.step(
        tx, host, resting, by, lambda machine: machine.signal(name, variables or {})
    )
    return deliver(tx, host, stepped, resting.case_id, by)


def fire_due(tx: Session, host: Host, wait_id: int, *, by: str = CLOCK) -> Outcome | None:
    """Wake a token whose moment has come; None if it has gone, rests or is not due yet.

    The caller has locked the case. Raises StepFailed: record it with `record_incident`.
    """
    found = store.lock_wait(tx, wait_id)
    if found is None:
        return None
    wait, resting = found
    if resting.status != InstanceStatus.RUNNING or wait.due is None or wait.due > clock.now(tx):
        return None
    stepped = stepping.step(
        tx, host, resting, by, lambda machine: machine.catch(wait.token_id, {})
    )
    return deliver(tx, host, stepped, resting.case_id, by)
