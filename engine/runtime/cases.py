"""Commands on all instances of a case: rest, go on, end, leave, find new people."""

from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotFound
from engine import store
from engine.errors import Unaddressed
from engine.host import Host
from engine.model import InstanceStatus, Outcome, TaskStatus, Wanted
from engine.runtime import stepping
from engine.runtime.addressing import scope_of
from engine.runtime.delivery import deliver
from engine.runtime.remote import ask_again
from engine.runtime.surroundings import prepare
from engine.tables import History, Task

_RUNNING = InstanceStatus.RUNNING.value
_SUSPENDED = InstanceStatus.SUSPENDED.value


def suspend(tx: Session, case_id: UUID, *, besides: UUID | None = None) -> int:
    """Let the running instances of a case rest; how many. Their timers fire on `resume`."""
    instances = store.case_instances(tx, case_id, [_RUNNING], besides)
    store.set_status(tx, instances, _SUSPENDED)
    return len(instances)


def resume(tx: Session, host: Host, case_id: UUID) -> int:
    """Let resting instances go on where they were; how many.

    What fell due meanwhile fires at the next sweep, each once; services that it waits for are
    asked anew. Steps are addressed anew.
    """
    instances = store.case_instances(tx, case_id, [_SUSPENDED])
    store.set_status(tx, instances, _RUNNING)
    ask_again(tx, instances)
    readdress(tx, host, case_id)
    return len(instances)


def cancel(
    tx: Session, host: Host, instance_id: UUID, reason: str, *, by: str = "engine"
) -> Outcome:
    """End an instance without an end event; ``reason`` is a code. Raises NotFound."""
    resting = store.lock_instance(tx, instance_id)
    if resting is None:
        raise NotFound
    stepping.require_unended(resting.status)
    withdrawn = _cancel(tx, [instance_id], resting.case_id, reason, by)
    host.ended(tx, resting.case_id, resting.process, None)
    return Outcome(instance_id, withdrawn=withdrawn, ended=True)


def cancel_case(
    tx: Session, case_id: UUID, *, besides: UUID | None = None, by: str, reason: str = ""
) -> tuple[UUID, ...]:
    """End all instances of a case but one; the steps that were withdrawn."""
    instances = store.case_instances(tx, case_id, [_RUNNING, _SUSPENDED], besides)
    return _cancel(tx, instances, case_id, reason, by)


def _cancel(
    tx: Session, instances: list[UUID], case_id: UUID, reason: str, by: str
) -> tuple[UUID, ...]:
    now = clock.now(tx)
    withdrawn = store.forget_instances(tx, instances)
    store.close_tasks(tx, withdrawn, status=TaskStatus.WITHDRAWN.value)
    store.set_status(tx, instances, InstanceStatus.CANCELLED.value, ended=now)
    rows = [
        {
            "instance_id": instance_id,
            "case_id": case_id,
            "process": "",
            "element_id": "",
            "event": "cancelled",
            "by": by,
            "at": now,
            "token_id": instance_id,
            "detail": reason,
        }
        for instance_id in instances
    ]
    store.insert_rows(tx, History, rows)
    return tuple(withdrawn)


def leave(tx: Session, host: Host, *, case_id: UUID, organisation: str, by: str) -> list[Outcome]:
    """An organisation leaves: its open items of multi-instance activities are completed.

    The output mappings see ``party_left = true``; nothing is cancelled, so that what waits for
    all items goes on.
    """
    outcomes = []
    done = {
        "status": TaskStatus.LEFT.value,
        "withdrawn_as": TaskStatus.LEFT.value,
        "done_by": by,
        "done_at": clock.now(tx),
    }
    for instance_id in store.case_instances(tx, case_id, [_RUNNING]):
        resting = store.lock_instance(tx, instance_id)
        if resting is None:
            continue
        stepped = stepping.step(
            tx,
            host,
            resting,
            by,
            lambda machine: machine.leave(organisation, {"party_left": True}),
            done=done,
        )
        outcomes.append(deliver(tx, host, stepped, case_id, by))
    return outcomes


def readdress(tx: Session, host: Host, case_id: UUID) -> tuple[UUID, ...]:
    """Find the people for all open steps of a case anew; the steps that changed hands.

    A step whose role resolves to nobody now stays where it is.
    """
    changed = []
    for task in store.open_tasks(tx, case_id):
        if _readdress(tx, host, task):
            changed.append(task.id)
    return tuple(changed)


def _readdress(tx: Session, host: Host, task: Task) -> bool:
    pack = prepare(tx, task.release_id).pack
    role = task.scope["role"]
    wanted = Wanted(
        case_id=task.case_id,
        pack_id=pack.id,
        role=role,
        scope=scope_of(pack, role),
        organisation=task.scope["organisation"],
        unit=task.scope["unit"],
    )
    try:
        address = host.address(tx, wanted)
    except Unaddressed:
        return False
    found = (address.role, address.organisation_id, address.unit_id, address.group_id)
    if found == (task.role, task.organisation_id, task.unit_id, task.group_id):
        return False
    store.set_task(
        tx,
        task.id,
        role=address.role,
        organisation_id=address.organisation_id,
        unit_id=address.unit_id,
        group_id=address.group_id,
        assignee_id=address.assignee_id,
    )
    return True
