"""Start an instance, complete a step."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from engine import releases, store
from engine.errors import NotWaiting, TaskTaken
from engine.host import Host
from engine.model import Outcome, TaskKind, TaskStatus
from engine.runtime import starting, stepping
from engine.runtime.delivery import deliver
from engine.runtime.visits import Visit, visit
from engine.store import Resting
from engine.tables import History, Task


def start(
    tx: Session,
    host: Host,
    *,
    pack_id: str,
    process: str,
    case_id: UUID,
    variables: Mapping[str, Any],
    by: str,
    element: str | None = None,
    brought: Mapping[str, Any] = MappingProxyType({}),
    release_id: int | None = None,
) -> Outcome:
    """Run a process for a case from the active release (or another one), which it then pins.

    ``case_ref`` is set. ``element`` is the start event where there are several, ``brought`` what
    came with it.
    Raises DiagramError, StepFailed.
    """
    if release_id is None:
        release_id = releases.active_id(tx, pack_id)
    stepped = starting.begin(
        tx,
        host,
        release_id=release_id,
        process=process,
        case_id=case_id,
        variables=variables,
        by=by,
        element=element,
        brought=brought,
    )
    return deliver(tx, host, stepped, case_id, by)


def complete(
    tx: Session, host: Host, task_id: UUID, *, answers: Mapping[str, Any], by: str
) -> Outcome:
    """A person has done a step; the answers are visible to its output mappings alone.

    Raises NoSuchTask, TaskTaken if it was done before, NotWaiting if it was withdrawn,
    Suspended, StepFailed.
    """
    return finish(visit(tx, host, task_id, by=by), answers)


def finish(visited: Visit, answers: Mapping[str, Any]) -> Outcome:
    """`complete` a step that this command has read and locked already; raises the same."""
    tx, task, resting, by = visited.tx, visited.task, visited.resting, visited.by
    require_open(task)
    stepping.require_running(resting.status)
    done = {"done_by": by, "done_at": clock.now(tx)}
    if task.kind == TaskKind.ESCALATION:
        return _answered(tx, task, resting, done)
    stepped = stepping.carry_on(
        *visited.read(), resting, lambda machine: machine.complete(task.id, answers), done=done
    )
    return deliver(tx, visited.host, stepped, resting.case_id, by)


def require_open(task: Task) -> None:
    """Raises TaskTaken or NotWaiting."""
    if task.status in (TaskStatus.DONE, TaskStatus.LEFT):
        raise TaskTaken(done_by=task.done_by, done_at=task.done_at)
    if task.status != TaskStatus.OPEN:
        raise NotWaiting


def _answered(tx: Session, task: Task, resting: Resting, done: Mapping[str, Any]) -> Outcome:
    """Nothing in the diagram waits for the answer to an escalation."""
    store.close_tasks(tx, [task.id], status=TaskStatus.DONE.value, **done)
    row = {
        "instance_id": resting.id,
        "case_id": resting.case_id,
        "process": task.process,
        "element_id": task.element_id,
        "event": "answered",
        "by": done["done_by"],
        "at": done["done_at"],
        "token_id": task.id,
        "detail": "",
    }
    store.insert_rows(tx, History, [row])
    return Outcome(resting.id)
