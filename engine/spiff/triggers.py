"""Event sub-processes: what waits beside everything in its scope, and what runs once it comes."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from engine.diagram import Element
from engine.spiff.calls import SubProcess
from engine.spiff.events import Listener, next_of
from engine.spiff.nodes import take_away
from engine.spiff.workflow import ORIGIN, ProcessSpec


class Trigger(Listener):
    """The start event of an event sub-process, as the scope around it sees it.

    Its token waits from the moment its scope begins, and keeps nothing alive.
    """

    aside = True

    def __init__(
        self, spec: ProcessSpec, name: str, element: Element, *, starts: str, interrupting: bool
    ) -> None:
        super().__init__(spec, name, element)
        #: The event sub-process that it starts.
        self.starts = starts
        self.interrupting = interrupting

    def listen(self, workflow: Any) -> None:
        """Begin to wait in a scope that has just begun."""
        self.arm(self._waiter(workflow))

    def fire(self, task: Task, brought: Mapping[str, Any]) -> None:
        workflow = task.workflow
        known = workflow.known()
        wait = task.internal_data["wait"]
        if self.interrupting:
            self._interrupt(workflow)
        else:
            take_away(task)
            self._again(workflow, wait)
        spec = self._wf_spec.task_specs[self.starts]
        begun = workflow.add(workflow.task_tree, spec)
        if not self.interrupting:
            begun.internal_data[ORIGIN] = known
        self.heard(begun, brought, known)
        workflow.top_workflow.note("entered", begun)
        spec.begin(begun)

    def _waiter(self, workflow: Any) -> Task:
        task: Task = workflow.add(workflow.task_tree, self)
        task.data = dict(workflow.task_tree.data)
        return task

    def _interrupt(self, workflow: Any) -> None:
        for token in list(workflow.live.values()):
            if not token.task_spec.lasting:
                take_away(token)
        # What ended before is part of what the event sub-process knows.
        workflow.result = None

    def _again(self, workflow: Any, wait: Mapping[str, Any]) -> None:
        following = next_of(wait, workflow.top_workflow.outside)
        if following is not None:
            self.rearm(self._waiter(workflow), following)


class Aside(SubProcess):
    """An event sub-process that has been started."""

    shares_end = True
