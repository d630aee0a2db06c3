"""What failed without a person there to be told: kept, shown, tried again."""

from uuid import UUID

from base import clock
from base.db import Database, Session
from base.errors import NotFound
from engine import store
from engine.errors import NotWaiting
from engine.host import Host
from engine.model import InstanceStatus, Outcome
from engine.runtime import stepping
from engine.runtime import store as remote_store
from engine.runtime.addressing import Placing, Unplaced
from engine.runtime.events import fire_due, signal
from engine.runtime.remote import ask_for
from engine.tables import Incident, Task


def record_incident(
    database: Database,
    *,
    instance_id: UUID,
    case_id: UUID,
    element: str,
    why: str,
    kind: str = "timer",
    wait_id: int | None = None,
) -> int:
    """Keep a failure in a short transaction of its own; its wait is held until `retry`."""
    with database.transaction() as tx:
        return add_incident(
            tx,
            instance_id=instance_id,
            case_id=case_id,
            element=element,
            why=why,
            kind=kind,
            wait_id=wait_id,
        )


def add_incident(
    tx: Session,
    *,
    instance_id: UUID,
    case_id: UUID,
    element: str,
    why: str,
    kind: str,
    wait_id: int | None,
) -> int:
    """Keep a failure; its wait is held until `retry`. A wait has one open incident at most."""
    earlier = store.incident_of_wait(tx, wait_id) if wait_id is not None else None
    if earlier is not None:
        earlier.attempts += 1
        earlier.why, earlier.at = why, clock.now(tx)
        store.set_held(tx, earlier.wait_id or 0, held=True)
        return int(earlier.id)
    wait = store.get_wait(tx, wait_id) if wait_id is not None else None
    if wait is not None:
        store.set_held(tx, wait.id, held=True)
    row = Incident(
        instance_id=instance_id,
        case_id=case_id,
        process=wait.process if wait is not None else "",
        element_id=element or (wait.element_id if wait is not None else ""),
        kind=kind,
        why=why,
        at=clock.now(tx),
        token_id=wait.token_id if wait is not None else None,
        wait_id=wait_id,
    )
    return store.add_incident(tx, row)


def fail_request(tx: Session, token_id: UUID, why: str) -> int | None:
    """A remote service will not be asked again by itself; None if nobody waits for it."""
    wait = remote_store.wait_of(tx, token_id)
    if wait is None:
        return None
    return add_incident(
        tx,
        instance_id=wait.instance_id,
        case_id=wait.case_id,
        element=wait.element_id,
        why=why,
        kind="service",
        wait_id=wait.id,
    )


def retry(tx: Session, host: Host, incident_id: int, *, by: str = "engine") -> Outcome | None:
    """Try again what failed; the incident is solved if it works.

    The caller has locked the case. Raises StepFailed if it fails again, NotFound, NotWaiting if
    it was solved already.
    """
    row = store.get_incident(tx, incident_id)
    if row is None:
        raise NotFound
    if row.solved is not None:
        raise NotWaiting
    if row.kind == "unaddressed":
        return _address_again(tx, host, row, by)
    if row.wait_id is None:
        row.solved = clock.now(tx)
        return None
    store.set_held(tx, row.wait_id, held=False)
    outcome = _AGAIN[row.kind](tx, host, row, by)
    row.solved = clock.now(tx)
    return outcome


def _address_again(tx: Session, host: Host, row: Incident, by: str) -> Outcome:
    """The step is open in the diagram, but nobody sees it yet."""
    resting = store.lock_instance(tx, row.instance_id)
    if resting is None or resting.status != InstanceStatus.RUNNING or row.token_id is None:
        row.solved = clock.now(tx)
        return Outcome(row.instance_id)
    context, machine = stepping.read(tx, host, resting, by)
    placing = Placing(
        tx, host, context.prepared, context.outside, context.case_id, context.instance_id
    )
    placed = placing.step(machine.step(row.token_id))
    if isinstance(placed, Unplaced):
        row.attempts += 1
        row.why = placed.why
        return Outcome(row.instance_id, incident_id=row.id)
    store.insert_rows(tx, Task, [placed])
    row.solved = clock.now(tx)
    return Outcome(row.instance_id, opened=(row.token_id,))


def _fire_again(tx: Session, host: Host, row: Incident, by: str) -> Outcome | None:
    return fire_due(tx, host, row.wait_id or 0, by=by)


def _signal_again(tx: Session, host: Host, row: Incident, by: str) -> Outcome | None:
    wait = store.get_wait(tx, row.wait_id or 0)
    if wait is None:
        return None
    return signal(tx, host, wait.name, instance_id=wait.instance_id, by=by)


def _ask_again(tx: Session, _host: Host, row: Incident, _by: str) -> Outcome | None:
    """The service is tried as often again as its task says; failing, it is an incident anew."""
    wait = store.get_wait(tx, row.wait_id or 0)
    if wait is not None:
        ask_for(tx, wait)
    return None


_AGAIN = {"timer": _fire_again, "signal": _signal_again, "service": _ask_again}
