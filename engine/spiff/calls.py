"""Activities with an inside: embedded sub-processes, called processes, services."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import ErrorThrown, StepFailed
from engine.model import ALWAYS_PASSED
from engine.reasons import reason
from engine.spiff.events import raise_error
from engine.spiff.nodes import Activity
from engine.spiff.values import clean
from engine.spiff.views import SERVICE, Waiting
from engine.spiff.workflow import Inner, ProcessSpec

#: Called processes inside each other.
DEEPEST = 8


class Outer(Activity):
    """An activity that runs a workflow of its own."""

    def __init__(self, spec: ProcessSpec, name: str, element: Element, inside: str) -> None:
        super().__init__(spec, name, element)
        self.inside = inside

    def begin(self, task: Task) -> bool:
        top = task.workflow.top_workflow
        inner = Inner(self.called(task), task)
        top.subprocesses[task.id] = inner
        task._set_state(TaskState.STARTED)
        start_root(inner, self.passed_in(task), inner.spec.starts[0])
        return False

    def called(self, task: Task) -> ProcessSpec:
        spec: ProcessSpec = task.workflow.top_workflow.subprocess_specs[self.inside]
        return spec

    def passed_in(self, task: Task) -> dict[str, Any]:
        """The variables that the inside starts with: what is named, and what every call passes."""
        always = {name: task.data[name] for name in ALWAYS_PASSED if name in task.data}
        return {**always, **self.local(task)}

    def returned(self, task: Task, data: Mapping[str, Any]) -> None:
        """The inside has ended with these variables."""
        self.take(task, data, task.data)
        task._ready()


class Call(Outer):
    """A call activity: another process, which knows only what is passed to it."""

    def called(self, task: Task) -> ProcessSpec:
        depth = 0
        workflow = task.workflow
        while isinstance(workflow, Inner):
            depth += isinstance(workflow.outer.task_spec, Call)
            workflow = workflow.parent_workflow
        if depth >= DEEPEST:
            raise StepFailed(self.id, reason("too_deep", most=DEEPEST))
        return super().called(task)


class SubProcess(Outer):
    """An embedded sub-process.

    With mappings it knows and returns what they name. Without any it is only a frame: it shares
    the variables around it.
    """

    @property
    def is_frame(self) -> bool:
        return not self.inputs_mapped and not self.outputs_mapped

    def passed_in(self, task: Task) -> dict[str, Any]:
        return dict(task.data) if self.is_frame else super().passed_in(task)

    def returned(self, task: Task, data: Mapping[str, Any]) -> None:
        if self.is_frame:
            task.data = dict(data)
            task._ready()
        else:
            super().returned(task, data)

    def known_by(self, task: Task) -> Mapping[str, Any]:
        """What it would return if it ended now; an interruption goes on with that."""
        inner = task.workflow.top_workflow.subprocesses.get(task.id)
        if inner is None:
            data: Mapping[str, Any] = task.data
            return data
        inside: dict[str, Any] = inner.known()
        if self.is_frame:
            return inside
        outside = task.workflow.top_workflow.outside
        found = dict(task.data)
        for passed in self.outputs_mapped:
            value = passed.source.value({**found, **inside}, outside)
            if value is not None:
                found[passed.target] = value
        return found


class Service(Activity):
    """A service task: carried out at once, or asked for and answered later.

    While it waits, ``internal_data["in"]`` is what it asked with.
    """

    service: str = ""

    def _run(self, my_task: Task) -> bool | None:
        """None leaves the token here until the answer comes."""
        self.act(my_task)
        return None if "wait" in my_task.internal_data else True

    def act(self, task: Task) -> None:
        inputs = self.local(task)
        outside = task.workflow.top_workflow.outside
        try:
            found = outside.call(self.element, self.service, inputs, task.data)
        except ErrorThrown as error:
            raise_error(task, error.code)
            return
        if found is None:
            task.internal_data["in"] = inputs
            task.internal_data["wait"] = {"kind": SERVICE, "name": self.service}
        else:
            self._took(task, inputs, clean(found))

    def _took(self, task: Task, inputs: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        self.take(task, {**inputs, **result, "result": result}, task.data)

    def waiting(self, task: Task) -> Waiting:
        """What the world must know of it."""
        return Waiting(
            id=task.id, process=self.process, element=self.id, kind=SERVICE, name=self.service
        )

    def asked(self, task: Task) -> Mapping[str, Any]:
        """What it asked with."""
        inputs: Mapping[str, Any] = task.internal_data["in"]
        return inputs

    def fire(self, task: Task, brought: Mapping[str, Any]) -> None:
        """The answer has come."""
        del task.internal_data["wait"]
        self._took(task, task.internal_data.pop("in"), brought)
        task.complete()

    def fail(self, task: Task, code: str) -> None:
        """The answer is an error. Raises StepFailed if nothing catches it."""
        raise_error(task, code)


def start_root(
    workflow: Any,
    variables: Mapping[str, Any],
    start: str,
    brought: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Give a new workflow its variables and put a token on a start event.

    ``brought`` is what came with the event.
    """
    root = workflow.task_tree
    workflow.live[root.id] = root
    workflow.spec.task_specs[start].heard(root, brought, variables)
    for name in workflow.spec.triggers:
        workflow.spec.task_specs[name].listen(workflow)
    root.internal_data["to"] = start
    root.run()
