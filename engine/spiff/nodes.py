"""What every element does when a token enters and leaves it; the plain elements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import StepFailed
from engine.reasons import reason
from engine.spiff.expressions import Expression
from engine.spiff.values import clean
from engine.spiff.views import Gone, OpenStep
from engine.spiff.workflow import ROOT, ProcessSpec


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow out of an element."""

    flow: str
    target: str
    condition: Expression | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """An input or output mapping."""

    source: Expression
    target: str


class Node(BpmnSpecMixin):  # type: ignore[misc]
    """An element of a diagram.

    Tokens are SpiffWorkflow tasks; a task's children are made when it is left, never predicted,
    so that the tree holds what has happened and nothing else.
    """

    #: Whether its tokens only listen: they stand nowhere and keep nothing alive.
    aside = False
    #: Whether its tokens stay when an event sub-process interrupts everything else.
    lasting = False
    #: Whether ends inside of it are ends of the process around it.
    shares_end = False

    def __init__(
        self, spec: ProcessSpec, name: str, element: Element, *, manual: bool = False
    ) -> None:
        super().__init__(spec, name, manual=manual)
        self.element = element
        self.bpmn_id = element.id
        self.process = spec.process
        self.ways: tuple[Way, ...] = ()
        self.inputs_mapped: tuple[Passed, ...] = ()
        self.outputs_mapped: tuple[Passed, ...] = ()

    @property
    def id(self) -> str:
        """The element's id, for messages."""
        return self.element.id

    # What elements differ in

    def enter(self, task: Task) -> bool:
        """A token has come; True if the element can run at once."""
        return True

    def act(self, task: Task) -> None:
        """What the element is for."""

    def choose(self, task: Task) -> list[Way]:
        """The ways on which tokens leave: every one whose condition holds, else the default."""
        chosen = [way for way in self.ways if not way.is_default and self.open_to(way, task)]
        if chosen or not self.ways:
            return chosen
        return self.default(task)

    def known_by(self, task: Task) -> Mapping[str, Any]:
        """The variables of a live token."""
        found: Mapping[str, Any] = task.data
        return found

    def host_done(self, host: Task) -> None:
        """The activity that it lies on is left."""

    def cancelled(self, task: Task) -> None:
        """The token is taken away."""

    # How SpiffWorkflow calls them

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is predicted."""

    def _update_hook(self, my_task: Task) -> bool:
        my_task.data = {**my_task.parent.data, **my_task.internal_data.get("item", {})}
        my_task.workflow.top_workflow.note("entered", my_task)
        return self.enter(my_task)

    def _on_ready(self, my_task: Task) -> None:
        if not self.manual:
            my_task.workflow.top_workflow.ready.append(my_task)

    def _run(self, my_task: Task) -> bool | None:
        self.act(my_task)
        return True

    def _on_complete(self, my_task: Task) -> None:
        workflow = my_task.workflow
        if workflow.dropped or my_task.id not in workflow.live:
            # What it did has interrupted the token itself.
            my_task._set_state(TaskState.CANCELLED)
            return
        workflow.top_workflow.note("left", my_task)
        if "item" in my_task.internal_data:
            parent = my_task.parent
            del workflow.live[my_task.id]
            parent.task_spec.item_done(parent, my_task)
        elif "undoes_for" in my_task.internal_data:
            thrower = workflow.top_workflow.token(my_task.internal_data["undoes_for"])
            del workflow.live[my_task.id]
            thrower.task_spec.undone(thrower, my_task)
        else:
            self.leave(my_task)
        if workflow.idle and not workflow.dropped and not workflow.completed:
            for listener in list(workflow.live.values()):
                take_away(listener)
            workflow.top_workflow.finished(workflow)

    # What they share

    def leave(self, task: Task) -> None:
        """Move the token on, or end it where no way leads on."""
        ways = self.choose(task)
        del task.workflow.live[task.id]
        for way in ways:
            self.follow(task, way)
        if not ways:
            task.workflow.end_token(task)

    def follow(self, task: Task, way: Way) -> None:
        spec = self._wf_spec.task_specs[way.target]
        child = task.workflow.add(task, spec)
        child.internal_data["via"] = way.flow
        spec._update(child)

    def open_to(self, way: Way, task: Task) -> bool:
        outside = task.workflow.top_workflow.outside
        return way.condition is None or way.condition.holds(task.data, outside)

    def default(self, task: Task) -> list[Way]:
        for way in self.ways:
            if way.is_default:
                return [way]
        conditions = "; ".join(way.condition.text for way in self.ways if way.condition)
        raise StepFailed(self.id, reason("no_way", text=conditions))

    def local(self, task: Task) -> dict[str, Any]:
        """What the input mappings name, evaluated now."""
        outside = task.workflow.top_workflow.outside
        found: dict[str, Any] = {}
        for passed in self.inputs_mapped:
            put(found, passed.target, passed.source.value({**task.data, **found}, outside))
        return found

    def take(self, task: Task, brought: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Set the task's variables: ``data`` and what the output mappings make of ``brought``."""
        outside = task.workflow.top_workflow.outside
        after = dict(data)
        for passed in self.outputs_mapped:
            put(after, passed.target, passed.source.value({**after, **brought}, outside))
        task.data = after

    def heard(self, task: Task, brought: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Set variables; without output mappings, everything that came becomes variables."""
        if self.outputs_mapped:
            self.take(task, brought, data)
        else:
            task.data = {**data, **clean(brought)}


def put(variables: dict[str, Any], target: str, value: Any) -> None:
    """Set a variable, or a key inside one (``a.b``); contexts are replaced, never changed."""
    name, dot, rest = target.partition(".")
    if not dot:
        variables[name] = value
        return
    inner = variables.get(name)
    copied = dict(inner) if isinstance(inner, Mapping) else {}
    put(copied, rest, value)
    variables[name] = copied


class Root(Node):
    """Where the tree of a workflow begins; ``internal_data["to"]`` names the start event."""

    def __init__(self, spec: ProcessSpec) -> None:
        super().__init__(spec, ROOT.id, ROOT)

    def _on_ready(self, my_task: Task) -> None:
        """Started by whoever made the workflow, once it has its variables."""

    def choose(self, task: Task) -> list[Way]:
        return [Way("", task.internal_data.pop("to"), None, False)]


class Activity(Node):
    """An element that boundary events can be attached to."""

    def __init__(
        self, spec: ProcessSpec, name: str, element: Element, *, manual: bool = False
    ) -> None:
        super().__init__(spec, name, element, manual=manual)
        self.boundaries: tuple[str, ...] = ()

    def enter(self, task: Task) -> bool:
        for name in self.boundaries:
            self._wf_spec.task_specs[name].attach(task)
        return self.begin(task)

    def begin(self, task: Task) -> bool:
        """Start the activity itself; True if it can run at once."""
        return True

    def leave(self, task: Task) -> None:
        detach(task)
        for name in self.boundaries:
            self._wf_spec.task_specs[name].host_done(task)
        super().leave(task)

    def cancelled(self, task: Task) -> None:
        detach(task)


def detach(host: Task) -> None:
    """Take the boundary events of an activity away."""
    for token in [
        t for t in host.workflow.live.values() if t.internal_data.get("host") == host.id
    ]:
        take_away(token)


def take_away(task: Task) -> None:
    """Cancel a live token and everything that runs for it, so that no orphan stays."""
    workflow = task.workflow
    if workflow.live.pop(task.id, None) is None:
        return
    top = workflow.top_workflow
    task._set_state(TaskState.CANCELLED)
    task.task_spec.cancelled(task)
    inner = top.subprocesses.pop(task.id, None)
    if inner is not None:
        drop(inner)
    for child in task.children:
        take_away(child)
    if "host" not in task.internal_data and not task.task_spec.aside:
        top.note("withdrawn", task)


def drop(inner: Any) -> None:
    """Cancel the whole inside of an activity."""
    inner.dropped = True
    for token in list(inner.live.values()):
        take_away(token)


class Plain(Node):
    """Start events, tasks without meaning and links: the token passes."""


class Untyped(Activity):
    """A task without type: the token passes."""


class Step(Activity):
    """A user or manual task: waits for a person."""

    def __init__(self, spec: ProcessSpec, name: str, element: Element) -> None:
        super().__init__(spec, name, element, manual=True)

    def begin(self, task: Task) -> bool:
        task.internal_data["in"] = self.local(task)
        task.workflow.top_workflow.opened[task.id] = self.view(task)
        return True

    def view(self, task: Task) -> OpenStep:
        variables = {**task.data, **task.internal_data["in"]}
        return OpenStep(task.id, self.process, self.element, variables)

    def done(self, task: Task, answers: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        """A person has done it; the answers are visible to the output mappings alone.

        ``variables`` are set as they are.
        """
        after = {**task.data, **variables}
        self.take(task, {**task.internal_data["in"], **variables, **answers}, after)
        self.closed(task, done=True)

    def cancelled(self, task: Task) -> None:
        super().cancelled(task)
        self.closed(task, done=False)

    def closed(self, task: Task, *, done: bool) -> None:
        top = task.workflow.top_workflow
        if top.opened.pop(task.id, None) is None or done:
            top.gone.append(Gone(task.id, done))


class Script(Activity):
    """A script task: one FEEL expression into one variable."""

    expression: Expression | None = None
    result: str | None = None

    def act(self, task: Task) -> None:
        outside = task.workflow.top_workflow.outside
        context = {**task.data, **self.local(task)}
        value = self.expression.value(context, outside) if self.expression else None
        data = dict(task.data)
        if self.result:
            put(data, self.result, value)
        self.take(task, {"result": value}, data)


class Decide(Activity):
    """A business rule task: asks a decision table."""

    decision: str = ""
    result: str | None = None

    def act(self, task: Task) -> None:
        outside = task.workflow.top_workflow.outside
        value = outside.decide(self.decision, {**task.data, **self.local(task)})
        data = dict(task.data)
        if self.result:
            put(data, self.result, value)
        self.take(task, {"result": value}, data)
