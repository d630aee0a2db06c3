"""Events: what a token waits for, what it throws, and who catches that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import StepFailed
from engine.reasons import reason
from engine.spiff.expressions import Expression
from engine.spiff.gateways import end_race
from engine.spiff.nodes import Activity, Node, take_away
from engine.spiff.timers import Rhythm, after, moment_of, rhythm_of
from engine.spiff.views import Escalation, Outside, Thrown, Waiting
from engine.spiff.workflow import ORIGIN, Inner, ProcessSpec

_LISTENED_FOR = frozenset({"timer", "message", "signal"})


@dataclass(frozen=True, slots=True)
class Definition:
    """What an event waits for or throws, compiled."""

    kind: str
    name: Expression | None = None
    code: str | None = None
    correlation: Expression | None = None
    timer: str | None = None
    when: Expression | None = None


class Listener(Node):
    """Something that waits; ``internal_data["wait"]`` says for what."""

    definition: Definition

    def arm(self, task: Task) -> None:
        """Fix what the token waits for: names, keys and moments are evaluated now."""
        wait: dict[str, Any] = {"kind": self.definition.kind}
        if self.definition.kind == "timer":
            wait |= self._clock(task)
        else:
            wait |= self._ear(task)
        task.internal_data["wait"] = wait
        task._set_state(TaskState.WAITING)

    def _clock(self, task: Task) -> dict[str, Any]:
        outside = task.workflow.top_workflow.outside
        when = self.definition.when
        if when is None:
            raise StepFailed(self.id, reason("no_time"))
        value = when.value(task.data, outside)
        if self.definition.timer == "cycle":
            rhythm = rhythm_of(value, outside.now, outside.calendar, self.id)
            return {
                "due": rhythm.due,
                "every": rhythm.every,
                "left": rhythm.left,
                "first": rhythm.first,
                "turn": rhythm.turn,
            }
        return {"due": moment_of(value, outside.now, outside.calendar, self.id)}

    def _ear(self, task: Task) -> dict[str, Any]:
        outside = task.workflow.top_workflow.outside
        definition = self.definition
        name = definition.name.value(task.data, outside) if definition.name else None
        if definition.kind in _LISTENED_FOR and not isinstance(name, str):
            raise StepFailed(self.id, reason("nameless_wait", kind=definition.kind))
        found: dict[str, Any] = {"name": name or "", "code": definition.code}
        if definition.kind == "message" and definition.correlation is not None:
            key = definition.correlation.value(task.data, outside)
            if key is None:
                raise StepFailed(self.id, reason("no_key", text=_text(definition)))
            found["key"] = str(key)
        return found

    def waiting(self, task: Task) -> Waiting | None:
        """What the world must know of it; None for what only the diagram itself can throw."""
        wait = task.internal_data["wait"]
        if wait["kind"] not in _LISTENED_FOR:
            return None
        return Waiting(
            id=task.id,
            process=self.process,
            element=self.id,
            kind=wait["kind"],
            name=wait.get("name", ""),
            key=wait.get("key"),
            due=wait.get("due"),
        )

    def fire(self, task: Task, brought: Mapping[str, Any]) -> None:
        """What it waited for has come."""
        end_race(task)
        self.wake(task, brought, task.data)

    def wake(self, task: Task, brought: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Go on."""
        del task.internal_data["wait"]
        self.heard(task, brought, data)
        task._ready()

    def rearm(self, task: Task, wait: Mapping[str, Any]) -> None:
        """Wait for what another token of this event waited for."""
        task.internal_data["wait"] = dict(wait)
        task._set_state(TaskState.WAITING)


class Catch(Listener):
    """An intermediate event that waits."""

    def enter(self, task: Task) -> bool:
        self.arm(task)
        return False


class Receive(Listener, Activity):
    """A receive task."""

    def begin(self, task: Task) -> bool:
        self.arm(task)
        return False


class Boundary(Listener):
    """An event attached to an activity; ``internal_data["host"]`` is that activity's token."""

    interrupting: bool = True

    def attach(self, host: Task) -> None:
        """Wait beside the activity, as a sibling: it goes when the activity ends."""
        self.arm(self._beside(host))

    def _beside(self, host: Task) -> Task:
        task: Task = host.workflow.add(host.parent, self)
        task.data = dict(host.data)
        task.internal_data["host"] = host.id
        return task

    def fire(self, task: Task, brought: Mapping[str, Any]) -> None:
        top = task.workflow.top_workflow
        host = task.workflow.tasks[task.internal_data.pop("host")]
        known = host.task_spec.known_by(host)
        if self.interrupting:
            take_away(host)
        else:
            if known is not host.data:
                task.internal_data[ORIGIN] = dict(known)
            self._again(host, task.internal_data["wait"])
        top.note("entered", task)
        self.wake(task, brought, known)

    def _again(self, host: Task, wait: Mapping[str, Any]) -> None:
        following = next_of(wait, host.workflow.top_workflow.outside)
        if following is not None:
            self.rearm(self._beside(host), following)


def next_of(wait: Mapping[str, Any], outside: Outside) -> Mapping[str, Any] | None:
    """What to wait for once it has come; None after a single moment or the last of a cycle."""
    if wait["kind"] != "timer":
        return wait
    if "every" not in wait or wait["left"] == 0:
        return None
    # What began to wait before rhythms knew their beginning goes on from where it is.
    first, turn = wait.get("first", wait["due"]), wait.get("turn", 0)
    rhythm = Rhythm(wait["due"], wait["every"], wait["left"], first, turn)
    following = after(rhythm, outside.now, outside.calendar)
    if following is None:
        return None
    changed = {"due": following.due, "left": following.left}
    return {**wait, **changed, "first": first, "turn": following.turn}


class Throw(Activity):
    """A send task, an intermediate event that throws, or an end event."""

    def __init__(self, spec: ProcessSpec, name: str, element: Element) -> None:
        super().__init__(spec, name, element)
        self.definitions: tuple[Definition, ...] = ()

    def act(self, task: Task) -> None:
        for definition in self.definitions:
            _THROWN[definition.kind](self, task, definition)

    def _send(self, task: Task, definition: Definition) -> None:
        top = task.workflow.top_workflow
        name = definition.name.value(task.data, top.outside) if definition.name else None
        if not isinstance(name, str) or not name:
            raise StepFailed(self.id, reason("nameless_throw", kind=definition.kind))
        kind = "signal" if definition.kind == "signal" else "message"
        top.thrown.append(Thrown(kind, name, self.id, self.local(task)))  # type: ignore[arg-type]
        if kind == "signal":
            spread(top, name, self.local(task))

    def _error(self, task: Task, definition: Definition) -> None:
        raise_error(task, definition.code)

    def _escalate(self, task: Task, definition: Definition) -> None:
        caught = _catcher(task, "escalation", definition.code)
        if caught is not None:
            caught.task_spec.fire(caught, self.local(task))
            return
        variables = {**task.data, **self.local(task)}
        escalation = Escalation(self.process, self.element, definition.code, variables)
        task.workflow.top_workflow.escalations.append(escalation)

    def _terminate(self, task: Task, definition: Definition) -> None:
        """End this process alone: whoever called it goes on."""
        for token in list(task.workflow.live.values()):
            if token is not task:
                take_away(token)


_THROWN = {
    "message": Throw._send,
    "signal": Throw._send,
    "error": Throw._error,
    "escalation": Throw._escalate,
    "terminate": Throw._terminate,
}


class End(Throw):
    """An end event."""

    def act(self, task: Task) -> None:
        super().act(task)
        workflow = task.workflow
        while isinstance(workflow, Inner) and workflow.outer.task_spec.shares_end:
            workflow = workflow.outer.workflow
        if not isinstance(workflow, Inner) and task.id in task.workflow.live:
            workflow.end_event = self.id
        workflow.top_workflow.note("ended", task)


def spread(top: Any, name: str, brought: Mapping[str, Any]) -> int:
    """Give a signal to every token that waits for it; how many there were."""
    tokens = [
        token
        for workflow in top.all_workflows()
        for token in workflow.live.values()
        if _waits(token, "signal") and token.internal_data["wait"]["name"] == name
    ]
    for token in tokens:
        if token.id in token.workflow.live and not token.workflow.dropped:
            token.task_spec.fire(token, brought)
    return len(tokens)


def raise_error(task: Task, code: str | None) -> None:
    """Wake the nearest event that catches this error. Raises StepFailed if there is none."""
    caught = _catcher(task, "error", code)
    if caught is None:
        raise StepFailed(task.task_spec.id, reason("uncaught", name=code or ""))
    caught.task_spec.fire(caught, {"error_code": code})


def _catcher(task: Task, kind: str, code: str | None) -> Task | None:
    """From the inside out: on the border of an activity, then beside everything in a scope."""
    at: Task | None = task
    while at is not None:
        found = _nearest(_on_border(at), kind, code)
        if found is None and "item" not in at.internal_data:
            found = _nearest(_in_scope(at), kind, code)
        if found is not None:
            return found
        at = _around(at)
    return None


def _around(task: Task) -> Task | None:
    """The activity that this token runs inside of."""
    if "item" in task.internal_data:
        parent: Task = task.parent
        return parent
    return task.workflow.outer if isinstance(task.workflow, Inner) else None


def _nearest(tokens: Iterator[Task], kind: str, code: str | None) -> Task | None:
    """Who names the code goes before who catches any."""
    found = [
        t for t in tokens if _waits(t, kind) and t.internal_data["wait"]["code"] in (None, code)
    ]
    return min(found, key=lambda t: t.internal_data["wait"]["code"] is None, default=None)


def _on_border(host: Task) -> Iterator[Task]:
    return (t for t in host.workflow.live.values() if t.internal_data.get("host") == host.id)


def _in_scope(task: Task) -> Iterator[Task]:
    """What starts event sub-processes around a token, besides the one that it comes from."""
    for token in task.workflow.live.values():
        wait = token.internal_data.get("wait") if token.task_spec.aside else None
        if wait is not None and token.task_spec.starts != task.task_spec.id:
            yield token


def _text(definition: Definition) -> str:
    return definition.correlation.text if definition.correlation is not None else ""


def _waits(token: Task, kind: str) -> bool:
    wait = token.internal_data.get("wait")
    return wait is not None and wait["kind"] == kind


def due_of(task: Task) -> datetime | None:
    """When a timer is due; None if the token waits for something else."""
    wait = task.internal_data.get("wait")
    return wait.get("due") if wait else None
