"""One step of one instance: read, run, write; the same statements however old it is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from base import clock, jobs
from base.db import Session
from engine import store
from engine.errors import InstanceEnded, StepFailed, Suspended
from engine.host import Host
from engine.model import InstanceStatus, Outcome, TaskStatus
from engine.reasons import reason
from engine.runtime.addressing import Placing, Unplaced
from engine.runtime.asking import ask
from engine.runtime.surroundings import Prepared, Surroundings, prepare
from engine.spiff import SERVICE, Entry, Gone, Machine, Thrown, Waiting
from engine.store import Resting
from engine.tables import History, Incident, Task, Token, Wait

#: The job that carries a signal to the other instances.
SIGNAL_JOB = "signal"
_Marking = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Context:
    """One instance in one command."""

    tx: Session
    host: Host
    prepared: Prepared
    outside: Surroundings
    instance_id: UUID
    case_id: UUID
    by: str

    @classmethod
    def of(
        cls, tx: Session, host: Host, prepared: Prepared, instance_id: UUID, case_id: UUID, by: str
    ) -> "Context":
        outside = Surroundings(tx, host, prepared, case_id=case_id, instance_id=instance_id, by=by)
        return cls(tx, host, prepared, outside, instance_id, case_id, by)

    def sealed(self, machine: Machine) -> bytes:
        state = machine.encode()
        return self.host.seal(self.tx, self.case_id, state, place_of(self.instance_id))


@dataclass(frozen=True, slots=True)
class Stepped:
    """The outcome, and the messages that are still to be delivered."""

    outcome: Outcome
    messages: tuple[Thrown, ...] = ()


def place_of(instance_id: UUID) -> str:
    """Where a sealed state belongs."""
    return f"instance/{instance_id}"


def require_running(status: str) -> None:
    """Raises Suspended or InstanceEnded."""
    if status == InstanceStatus.SUSPENDED:
        raise Suspended
    if status != InstanceStatus.RUNNING:
        raise InstanceEnded


def require_unended(status: str) -> None:
    """Raises InstanceEnded."""
    if status not in (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED):
        raise InstanceEnded


def read(tx: Session, host: Host, resting: Resting, by: str) -> tuple[Context, Machine]:
    """An instance in memory."""
    prepared = prepare(tx, resting.release_id)
    context = Context.of(tx, host, prepared, resting.id, resting.case_id, by)
    state = host.unseal(tx, resting.case_id, resting.blob, place_of(resting.id))
    machine = Machine.decode(prepared.library, resting.process, state, context.outside)
    return context, machine


def step(
    tx: Session,
    host: Host,
    resting: Resting,
    by: str,
    run: Callable[[Machine], object],
    *,
    done: Mapping[str, Any] | None = None,
) -> Stepped:
    """Run one command on a locked instance and write what came of it.

    ``done`` are the last values of the steps that the command completes. Raises Suspended,
    InstanceEnded, and whatever ``run`` raises.
    """
    require_running(resting.status)
    return carry_on(*read(tx, host, resting, by), resting, run, done=done)


def carry_on(
    context: Context,
    machine: Machine,
    resting: Resting,
    run: Callable[[Machine], object],
    *,
    done: Mapping[str, Any] | None = None,
) -> Stepped:
    """`step` an instance that runs and is in memory already."""
    before = Rest.of(machine)
    with alone(context.tx, resting.id):
        run(machine)
    return _write(context, machine, resting, before, done or {})


@contextmanager
def alone(tx: Session, instance_id: UUID) -> Iterator[None]:
    """A service may not step the instance that is just asking for it: that would be lost."""
    busy: set[UUID] = tx.info.setdefault("engine.stepping", set())
    if instance_id in busy:
        raise StepFailed(str(instance_id), reason("steps_itself"))
    busy.add(instance_id)
    try:
        yield
    finally:
        busy.discard(instance_id)


@dataclass(frozen=True, slots=True)
class Rest:
    """What the rows of an instance say before a command."""

    marking: _Marking
    waiting: Mapping[UUID, Waiting]

    @classmethod
    def of(cls, machine: Machine) -> "Rest":
        return cls(machine.marking, {w.id: w for w in machine.waiting})


def write_new(context: Context, machine: Machine, process: str) -> Stepped:
    """Write an instance that has just been started."""
    now = clock.now(context.tx)
    row = {
        "id": context.instance_id,
        "release_id": context.prepared.release_id,
        "process": process,
        "case_id": context.case_id,
        "rev": 1,
        "started": now,
        **standing_of(machine, now),
    }
    store.add_instance(context.tx, row, context.sealed(machine))
    return write_rows(context, machine, process, Rest({}, {}), {}, troubled=False)


def _write(
    context: Context,
    machine: Machine,
    resting: Resting,
    before: Rest,
    done: Mapping[str, Any],
) -> Stepped:
    blob = context.sealed(machine)
    changes = {"rev": resting.rev + 1, **standing_of(machine, clock.now(context.tx))}
    store.save_instance(context.tx, resting.id, changes, blob)
    return write_rows(context, machine, resting.process, before, done, troubled=resting.troubled)


def standing_of(machine: Machine, now: Any) -> dict[str, Any]:
    """What the instance's row says of it."""
    status = InstanceStatus.ENDED if machine.ended else InstanceStatus.RUNNING
    return {
        "status": status.value,
        "marking": machine.standing.signature,
        "ended": now if machine.ended else None,
        "end_event": machine.end_event if machine.ended else None,
    }


def write_rows(
    context: Context,
    machine: Machine,
    process: str,
    before: Rest,
    done: Mapping[str, Any],
    *,
    troubled: bool,
) -> Stepped:
    """Write what differs from before, and tell whoever must know."""
    tx = context.tx
    opened, unplaced = _place(context, machine)
    store.insert_rows(tx, Task, opened)
    withdrawn = _close(tx, machine.gone, done)
    _write_tokens(context, before.marking, machine.marking)
    _write_waits(context, before.waiting, {w.id: w for w in machine.waiting})
    _write_history(context, machine.log)
    if troubled:
        closed = [gone.id for gone in machine.gone]
        passed = [id for id in before.waiting if id not in {w.id for w in machine.waiting}]
        store.solve_incidents(tx, [*closed, *passed], clock.now(tx))
    for nowhere in unplaced:
        incident(context, nowhere.element_id, nowhere.why, "unaddressed", nowhere)
    if machine.stuck is not None:
        incident(context, machine.stuck, "nothing can move it on from here", "stuck")
    if opened:
        steps = {row["id"]: row["organisation_id"] for row in opened}
        context.host.opened(tx, context.case_id, steps)
    _tell(context, machine, process)
    outcome = Outcome(
        instance_id=context.instance_id,
        opened=tuple(row["id"] for row in opened),
        withdrawn=withdrawn,
        ended=machine.ended,
        end_event=machine.end_event if machine.ended else None,
    )
    messages = tuple(thrown for thrown in machine.thrown if thrown.kind == "message")
    return Stepped(outcome, messages)


def _place(context: Context, machine: Machine) -> tuple[list[dict[str, Any]], list[Unplaced]]:
    placing = Placing(
        context.tx,
        context.host,
        context.prepared,
        context.outside,
        context.case_id,
        context.instance_id,
    )
    found = [placing.step(step) for step in machine.opened]
    found += [placing.escalation(escalation) for escalation in machine.escalations]
    rows = [row for row in found if not isinstance(row, Unplaced)]
    return rows, [row for row in found if isinstance(row, Unplaced)]


def _close(tx: Session, gone: list[Gone], done: Mapping[str, Any]) -> tuple[UUID, ...]:
    finished = [step.id for step in gone if step.done]
    withdrawn = [step.id for step in gone if not step.done]
    last = done.get("status", TaskStatus.DONE.value)
    store.close_tasks(tx, finished, **{**done, "status": last})
    store.close_tasks(tx, withdrawn, status=done.get("withdrawn_as", TaskStatus.WITHDRAWN.value))
    return tuple(withdrawn)


def _write_tokens(context: Context, before: _Marking, after: _Marking) -> None:
    changed = [place for place in before if before[place] != after.get(place)]
    store.remove_tokens(context.tx, context.instance_id, changed)
    rows = [
        {
            "instance_id": context.instance_id,
            "process": process,
            "element_id": element,
            "count": count,
            "since": clock.now(context.tx),
        }
        for (process, element), count in after.items()
        if before.get((process, element)) != count
    ]
    store.insert_rows(context.tx, Token, rows)


def _write_waits(
    context: Context, before: Mapping[UUID, Waiting], after: Mapping[UUID, Waiting]
) -> None:
    store.remove_waits(context.tx, [id for id in before if id not in after])
    for id, waiting in after.items():
        if id in before and waiting != before[id]:
            store.set_wait(context.tx, id, **_as_row(waiting))
    rows: list[dict[str, Any]] = [
        {
            "instance_id": context.instance_id,
            "case_id": context.case_id,
            "token_id": waiting.id,
            "held": False,
            **_as_row(waiting),
        }
        for id, waiting in after.items()
        if id not in before
    ]
    store.insert_rows(context.tx, Wait, rows)
    for row in rows:
        if row["kind"] == SERVICE:
            process = context.prepared.pack.diagrams[str(row["process"])]
            ask(context.tx, row["token_id"], process.elements[row["element_id"]])


def _as_row(waiting: Waiting) -> dict[str, Any]:
    return {
        "process": waiting.process,
        "element_id": waiting.element,
        "kind": waiting.kind,
        "name": waiting.name,
        "key": waiting.key,
        "due": waiting.due,
    }


def _write_history(context: Context, log: list[Entry]) -> None:
    now = clock.now(context.tx)
    rows = [
        {
            "instance_id": context.instance_id,
            "case_id": context.case_id,
            "process": entry.process,
            "element_id": entry.element.id,
            "event": entry.event,
            "by": context.by,
            "at": now,
            "token_id": entry.token,
            "detail": entry.detail,
        }
        for entry in log
    ]
    store.insert_rows(context.tx, History, rows)


def _tell(context: Context, machine: Machine, process: str) -> None:
    """Milestones, signals to other instances, and the end."""
    tx, host = context.tx, context.host
    reached = [
        entry.element.properties["milestone"]
        for entry in machine.log
        if entry.event in ("entered", "passed") and entry.element.properties.get("milestone")
    ]
    for milestone in dict.fromkeys(reached):
        host.reached(tx, context.case_id, milestone)
    for thrown in machine.thrown:
        if thrown.kind == "signal":
            payload = {"name": thrown.name, "from": str(context.instance_id)}
            jobs.defer(tx, SIGNAL_JOB, payload)
    if machine.ended:
        host.ended(tx, context.case_id, process, machine.end_event)


def incident(
    context: Context, element_id: str, why: str, kind: str, at: Unplaced | None = None
) -> int:
    """Keep what failed."""
    row = Incident(
        instance_id=context.instance_id,
        case_id=context.case_id,
        process=at.process if at is not None else "",
        element_id=element_id,
        kind=kind,
        why=why,
        at=clock.now(context.tx),
        token_id=at.token_id if at is not None else None,
    )
    return store.add_incident(context.tx, row)
