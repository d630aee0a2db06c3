"""One running instance in memory: commands in, plain values out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import DiagramError, NoSuchTask, NotWaiting
from engine.moving import Blocked, Crossing, Frame
from engine.reasons import reason
from engine.spiff import codec
from engine.spiff.calls import Service, start_root
from engine.spiff.events import Listener, spread
from engine.spiff.gateways import Inclusive
from engine.spiff.library import Library
from engine.spiff.many import Many
from engine.spiff.moving import fire_full, move
from engine.spiff.nodes import Plain, Step, drop, take_away
from engine.spiff.prune import prune
from engine.spiff.putting import know, put
from engine.spiff.standing import standing
from engine.spiff.values import clean
from engine.spiff.views import Entry, Escalation, Gone, OpenStep, Outside, Thrown, Waiting
from engine.spiff.workflow import Inner, Top

#: Tokens by (process, element).
Marking = Counter[tuple[str, str]]


class Machine:
    """Steps one instance. Every method runs until nobody but the world can go on.

    What a failing method leaves behind is worthless: throw the machine away.
    """

    def __init__(self, top: Top) -> None:
        self._top = top

    @classmethod
    def start(
        cls,
        library: Library,
        process: str,
        variables: Mapping[str, Any],
        outside: Outside,
        *,
        element: str | None = None,
        brought: Mapping[str, Any] = MappingProxyType({}),
    ) -> "Machine":
        """A new instance; ``element`` names the start event, where there are several.

        ``brought`` is what came with a start event: its output mappings choose, without any all
        of it becomes variables.
        """
        spec = library[process]
        machine = cls(Top(spec, library, outside))
        first = element or _start_of(spec)
        if first not in spec.starts:
            raise DiagramError(reason("other_start", place=spec.name, start=first))
        start_root(machine._top, clean(variables), first, clean(brought))
        machine._run()
        return machine

    @classmethod
    def decode(cls, library: Library, process: str, state: bytes, outside: Outside) -> "Machine":
        """The instance as it rested."""
        return cls(codec.decode(state, process, library, outside))

    def encode(self) -> bytes:
        """The state at rest, pruned."""
        prune(self._top)
        return codec.encode(self._top)

    # Commands

    def complete(
        self,
        step_id: UUID,
        answers: Mapping[str, Any],
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        """A person has done a step. Raises NoSuchTask if it is not open.

        Only the step's output mappings see the answers; ``variables`` are set as they are, for
        trying a diagram out.
        """
        task = self._step(step_id)
        task.task_spec.done(task, clean(answers), clean(variables or {}))
        task.run()
        self._run()

    def catch(self, token_id: UUID, brought: Mapping[str, Any]) -> None:
        """What a token waits for has come. Raises NotWaiting if it no longer waits."""
        task = self._find(token_id)
        if task is None or "wait" not in task.internal_data:
            raise NotWaiting
        task.task_spec.fire(task, clean(brought))
        self._run()

    def fail(self, token_id: UUID, code: str) -> None:
        """A service answers with an error. Raises NotWaiting, StepFailed if nothing catches it."""
        self._service(token_id).task_spec.fail(self._service(token_id), code)
        self._run()

    def signal(self, name: str, brought: Mapping[str, Any]) -> int:
        """Give a signal to all tokens that wait for it; how many there were."""
        count = spread(self._top, name, clean(brought))
        self._run()
        return count

    def leave(self, organisation: str, brought: Mapping[str, Any]) -> int:
        """Complete the items of multi-instance activities that this organisation has open."""
        items = list(self._items_of(organisation))
        for item in items:
            if item.id in item.workflow.live:
                self._finish_item(item, clean(brought))
        self._run()
        return len(items)

    def move(
        self, crossing: Crossing, library: Library, outside: Outside, *, go_on: bool
    ) -> "Machine":
        """This instance in another version; ``go_on``: joins that have become full may fire.

        What it is moved to has been planned (`engine.moving.plan`).
        """
        moved = Machine(move(self._top, crossing, library, outside))
        if go_on:
            fire_full(moved._top)
            moved._run()
        return moved

    def cancel(self) -> None:
        """End without an end event."""
        drop(self._top)
        self._top.completed = True

    def put(self, token_id: UUID, to: str, library: Library) -> list[Blocked]:
        """Put a token on another element of its scope; why that cannot be, if it cannot.

        Raises NotWaiting if there is no such token.
        """
        task = self._find(token_id)
        if task is None:
            raise NotWaiting
        refused = put(self._top, task, to, library)
        if not refused:
            self._run()
        return refused

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Change variables of the process wherever a token of it knows them."""
        know(self._top, clean(variables))

    # What is there

    @property
    def ended(self) -> bool:
        return bool(self._top.completed)

    @property
    def stuck(self) -> str | None:
        """The element of a token that nothing can ever move; None if all is well."""
        if self.ended or self.open:
            return None
        if self.waiting:
            return None
        tokens = [
            task
            for task in self._live()
            if "wait" not in task.internal_data and not task.task_spec.aside
        ]
        return str(tokens[-1].task_spec.id) if tokens else None

    @property
    def end_event(self) -> str | None:
        return self._top.end_event

    @property
    def variables(self) -> dict[str, Any]:
        """What the process knows, all tokens together."""
        ended_at = self._top.result or self._top.task_tree
        return dict(ended_at.data) if self.ended else self._top.known()

    @property
    def open(self) -> list[OpenStep]:
        """All steps that wait for a person."""
        return [
            task.task_spec.view(task)
            for task in self._live()
            if isinstance(task.task_spec, Step) and task._state == TaskState.READY
        ]

    @property
    def opened(self) -> list[OpenStep]:
        """Those of them that this command opened."""
        return list(self._top.opened.values())

    @property
    def gone(self) -> list[Gone]:
        return self._top.gone

    @property
    def waiting(self) -> list[Waiting]:
        """What tokens wait for from outside."""
        found = (
            task.task_spec.waiting(task)
            for task in self._live()
            if isinstance(task.task_spec, Listener | Service) and "wait" in task.internal_data
        )
        return [waiting for waiting in found if waiting is not None]

    @property
    def marking(self) -> Marking:
        """How many tokens stand where; what only waits beside others stands nowhere."""
        return Counter(
            (task.task_spec.process, task.task_spec.id)
            for task in self._live()
            if not {"host", "item"} & task.internal_data.keys() and not task.task_spec.aside
        )

    @property
    def standing(self) -> Frame:
        """Where tokens stand, inside what, and what they wait for."""
        return standing(self._top)

    @property
    def log(self) -> list[Entry]:
        return self._top.log

    @property
    def thrown(self) -> list[Thrown]:
        return self._top.thrown

    @property
    def escalations(self) -> list[Escalation]:
        return self._top.escalations

    @property
    def size(self) -> int:
        """Tasks in memory; flat over the life of an instance once pruned."""
        return sum(len(workflow.tasks) for workflow in self._top.all_workflows())

    def step(self, step_id: UUID) -> OpenStep:
        """One open step. Raises NoSuchTask."""
        task = self._step(step_id)
        view: OpenStep = task.task_spec.view(task)
        return view

    def asked(self, token_id: UUID) -> Mapping[str, Any]:
        """What a waiting service task asks with. Raises NotWaiting."""
        task = self._service(token_id)
        inputs: Mapping[str, Any] = task.task_spec.asked(task)
        return inputs

    # Inside

    def _run(self) -> None:
        top = self._top
        while True:
            while top.ready:
                task = top.ready.popleft()
                if task._state == TaskState.READY and not task.workflow.dropped:
                    top.spend(task.task_spec.element)
                    task.run()
            if not self._release():
                return

    def _release(self) -> bool:
        """Let one inclusive join go on that waits for nobody any more."""
        for workflow in self._top.all_workflows():
            joins = {
                task.task_spec.name: task.task_spec
                for task in workflow.live.values()
                if isinstance(task.task_spec, Inclusive) and task._state == TaskState.WAITING
            }
            if any(join.release(workflow) for join in joins.values()):
                return True
        return False

    def _live(self) -> Iterator[Task]:
        for workflow in self._top.all_workflows():
            yield from workflow.live.values()

    def _find(self, token_id: UUID) -> Task | None:
        for workflow in self._top.all_workflows():
            task = workflow.live.get(token_id)
            if task is not None:
                return task
        return None

    def _step(self, step_id: UUID) -> Task:
        task = self._find(step_id)
        if task is None or not isinstance(task.task_spec, Step) or task._state != TaskState.READY:
            raise NoSuchTask
        return task

    def _service(self, token_id: UUID) -> Task:
        task = self._find(token_id)
        if (
            task is None
            or not isinstance(task.task_spec, Service)
            or "wait" not in task.internal_data
        ):
            raise NotWaiting
        return task

    def _items_of(self, organisation: str) -> Iterator[Task]:
        for task in self._live():
            if "item" in task.internal_data and isinstance(task.parent.task_spec, Many):
                inner = self._top.subprocesses.get(task.id)
                known = inner.task_tree.data if inner is not None else task.data
                local = task.internal_data.get("in", {})
                if local.get("organisation", known.get("organisation")) == organisation:
                    yield task

    def _finish_item(self, task: Task, brought: Mapping[str, Any]) -> None:
        inner: Inner | None = self._top.subprocesses.pop(task.id, None)
        if inner is not None:
            data = {**inner.known(), **brought}
            drop(inner)
            task.task_spec.returned(task, data)
        elif isinstance(task.task_spec, Step):
            task.task_spec.done(task, brought, {})
            task.run()
        elif isinstance(task.task_spec, Service) and "wait" in task.internal_data:
            task.task_spec.fire(task, brought)
        else:
            take_away(task)


def _start_of(spec: Any) -> str:
    """The plain start event, or the only one."""
    plain = [
        name
        for name in spec.starts
        if isinstance(spec.task_specs[name], Plain) and not spec.task_specs[name].element.events
    ]
    found = plain or list(spec.starts)
    if len(found) != 1:
        raise DiagramError(reason("which_start", place=spec.name))
    return str(found[0])
