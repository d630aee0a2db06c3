"""A step as one command sees it: read once, whatever the command asks of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from base.db import Session
from engine import store
from engine.errors import NoSuchTask
from engine.host import Host
from engine.model import InstanceStatus, TaskKind, TaskStatus
from engine.runtime import stepping
from engine.runtime.stepping import Context
from engine.spiff import Machine
from engine.store import Resting
from engine.tables import Task


class Visit:
    """A step's row, its instance at rest, and, once it is asked for, the instance in memory.

    ``by`` does the step, if somebody does. Good until the instance is stepped.
    """

    def __init__(self, tx: Session, host: Host, task: Task, resting: Resting, by: str) -> None:
        self.tx = tx
        self.host = host
        self.task = task
        self.resting = resting
        self.by = by
        self._read: tuple[Context, Machine] | None = None

    @property
    def live(self) -> bool:
        """Whether the step is open and its diagram runs."""
        running = self.resting.status == InstanceStatus.RUNNING
        return running and self.task.status == TaskStatus.OPEN

    @property
    def variables(self) -> Mapping[str, Any]:
        """What an open step's expressions and form may read. Raises NoSuchTask."""
        _, machine = self.read()
        if self.task.kind == TaskKind.ESCALATION:
            return machine.variables
        return machine.step(self.task.id).variables

    def read(self) -> tuple[Context, Machine]:
        """The instance in memory; the same one each time."""
        if self._read is None:
            self._read = stepping.read(self.tx, self.host, self.resting, self.by)
        return self._read


def look(tx: Session, host: Host, task_id: UUID) -> Visit:
    """Takes no locks. Raises NoSuchTask."""
    found = store.read_task(tx, task_id)
    if found is None:
        raise NoSuchTask
    return Visit(tx, host, *found, by="")


def visit(tx: Session, host: Host, task_id: UUID, *, by: str) -> Visit:
    """Locks the instance's row: `finish` may follow. Raises NoSuchTask."""
    found = store.lock_task(tx, task_id)
    if found is None:
        raise NoSuchTask
    return Visit(tx, host, *found, by=by)
