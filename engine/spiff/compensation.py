"""Compensation: what was done is put right, in the reverse order, with what was known then."""

from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.spiff.events import End, Throw
from engine.spiff.merge import set_since
from engine.spiff.nodes import Node, take_away
from engine.spiff.workflow import ORIGIN, Inner, ProcessSpec


class Undo(Node):
    """A compensation event on the border of an activity.

    Its tokens are records: one for each time that the activity was done, with the variables as
    they were then.
    """

    aside = True
    lasting = True

    def __init__(self, spec: ProcessSpec, name: str, element: Element, handler: str) -> None:
        super().__init__(spec, name, element)
        self.handler = handler
        #: What its records stand for.
        self.starts = element.attached_to or ""

    def attach(self, host: Task) -> None:
        """Only what has been done can be put right."""

    def host_done(self, host: Task) -> None:
        workflow = host.workflow
        record = workflow.add(workflow.task_tree, self)
        record.data = dict(host.data)
        record.internal_data["done"] = workflow.top_workflow.next_serial()
        record._set_state(TaskState.WAITING)

    def put_right(self, record: Task, thrower: Task) -> None:
        """Run the handler once for this record."""
        workflow, known = record.workflow, record.data
        take_away(record)
        spec = self._wf_spec.task_specs[self.handler]
        task = workflow.add(workflow.task_tree, spec)
        task.data = dict(known)
        task.internal_data[ORIGIN] = known
        task.internal_data["undoes_for"] = thrower.id
        workflow.top_workflow.note("entered", task)
        if spec.enter(task):
            task._ready()


class Compensate(Throw):
    """An intermediate event that has everything in its scope put right, or one activity."""

    #: The compensation event of the one activity; None for all.
    only: str | None = None

    def begin(self, task: Task) -> bool:
        records = sorted(self._records(task), key=lambda record: int(record.internal_data["done"]))
        if not records:
            return True
        task.internal_data["undo"] = [record.id for record in records]
        task._set_state(TaskState.STARTED)
        self._next(task)
        return False

    def undone(self, task: Task, handler: Task) -> None:
        """One is put right; what its handler set is known from here on."""
        task.data = {**task.data, **set_since(handler.internal_data[ORIGIN], handler.data)}
        self._next(task)

    def _next(self, task: Task) -> None:
        left = [self._record(task, id) for id in task.internal_data["undo"]]
        records = [record for record in left if record is not None]
        if records:
            task.internal_data["undo"] = [record.id for record in records[:-1]]
            records[-1].task_spec.put_right(records[-1], task)
        else:
            del task.internal_data["undo"]
            task._ready()

    def _record(self, task: Task, id: UUID) -> Task | None:
        found: Task | None
        for workflow in _scopes(task):
            if (found := workflow.live.get(id)) is not None:
                return found
        return None

    def _records(self, task: Task) -> list[Task]:
        return [
            token
            for workflow in _scopes(task)
            for token in workflow.live.values()
            if isinstance(token.task_spec, Undo) and self.only in (None, token.task_spec.id)
        ]


class CompensateEnd(Compensate, End):
    """An end event that has things put right first."""


def _scopes(task: Task) -> list[Any]:
    """Where a token stands, and what lies around the event sub-processes around it."""
    workflow = task.workflow
    found = [workflow]
    while isinstance(workflow, Inner) and workflow.outer.task_spec.shares_end:
        workflow = workflow.outer.workflow
        found.append(workflow)
    return found
