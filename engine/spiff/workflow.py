"""One running process and those it has called, as SpiffWorkflow workflows with our bookkeeping.

Stock workflows look at the whole tree after every step and ask the clock; these know their live
tokens and the tokens that may run, so that a step costs the same however old the instance is.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import DiagramError, Runaway
from engine.reasons import reason
from engine.spiff.merge import Side, changes, merge
from engine.spiff.views import Entry, Escalation, Event, Gone, OpenStep, Outside, Thrown

#: What every tree begins with; drawn nowhere.
ROOT = Element(id="Root", kind="root")
#: In ``internal_data``: the variables that a token shares with a branch that went its own way
#: (None: all that it had at that point); what it changed since is what it contributes.
ORIGIN = "origin"
#: Steps that one command may run without anybody being asked.
STEP_BUDGET = 5000


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The specification of one process or sub-process; shared by all instances, never changed."""

    def __init__(self, name: str, process: str) -> None:
        # BpmnProcessSpec would add an end join that waits for everybody; live tokens tell us.
        WorkflowSpec.__init__(self, name=name)
        self.process = process
        self.data_objects: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.starts: tuple[str, ...] = ()
        #: What starts the event sub-processes directly inside.
        self.triggers: tuple[str, ...] = ()


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python engine, which must never run."""

    def evaluate(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise DiagramError(reason("other_language"))

    execute = call_service = evaluate


class _Tokens:
    """The live tokens of one workflow."""

    live: dict[UUID, Task]
    #: Where the token stands that ended first; others that end are merged into it.
    result: Task | None
    #: Cancelled together with the activity that it was the inside of.
    dropped: bool

    def begin(self) -> None:
        self.live = {}
        self.result = None
        self.dropped = False

    def add(self, parent: Task, spec: Any, state: int = TaskState.FUTURE) -> Task:
        task = parent._add_child(spec, state)
        self.live[task.id] = task
        return task

    def end_token(self, task: Task) -> None:
        """A token has reached an end; what it knows is merged with what ended before."""
        if self.result is None:
            self.result = task
            return
        conflicts = unite([self.result, task], self.result)
        if conflicts:
            task.workflow.top_workflow.note("merged", task, ", ".join(conflicts))

    @property
    def idle(self) -> bool:
        """Whether no token is left but those that only listen."""
        return all(task.task_spec.aside for task in self.live.values())

    def known(self) -> dict[str, Any]:
        """What all tokens together know now."""
        leaves = [
            task
            for task in self.live.values()
            if "item" not in task.internal_data and not task.task_spec.aside
        ]
        if self.result is not None:
            leaves.insert(0, self.result)
        return combined(leaves or [self.task_tree]).data  # type: ignore[attr-defined]

    def _task_completed_notify(self, task: Task) -> None:
        """Stock workflows update everything that waits here."""

    def is_completed(self) -> bool:
        return bool(self.completed)  # type: ignore[attr-defined]


class Top(_Tokens, BpmnWorkflow):  # type: ignore[misc]
    """The process that an instance was started with."""

    def __init__(
        self,
        spec: ProcessSpec,
        subprocess_specs: Mapping[str, ProcessSpec],
        outside: Outside,
        *,
        deserializing: bool = False,
    ) -> None:
        self.begin()
        self.outside = outside
        self.ready: deque[Task] = deque()
        self.serial = 0
        self.steps = 0
        self.log: list[Entry] = []
        self.opened: dict[UUID, OpenStep] = {}
        self.gone: list[Gone] = []
        self.thrown: list[Thrown] = []
        self.escalations: list[Escalation] = []
        self.end_event: str | None = None
        super().__init__(spec, {}, script_engine=NoScripts(), deserializing=deserializing)
        self.subprocess_specs = subprocess_specs

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def note(self, event: Event, task: Task, detail: str = "") -> None:
        spec = task.task_spec
        if spec.element is ROOT:
            return
        entry = Entry(event, spec.process, spec.element, task.id, detail)
        last = self.log[-1] if self.log else None
        if event == "left" and last and last.token == task.id and last.event == "entered":
            self.log[-1] = Entry("passed", last.process, last.element, last.token)
        else:
            self.log.append(entry)

    def spend(self, element: Element) -> None:
        """Count a step. Raises Runaway when there were too many."""
        self.steps += 1
        if self.steps > STEP_BUDGET:
            raise Runaway(element.id, reason("too_long", most=STEP_BUDGET))

    def all_workflows(self) -> "list[Top | Inner]":
        """This one and everything it has called, outermost first."""
        return [self, *self.subprocesses.values()]

    def token(self, id: UUID) -> Task:
        """A live token, wherever it is."""
        return next(w.live[id] for w in self.all_workflows() if id in w.live)

    def finished(self, workflow: "Top | Inner") -> None:
        """The last token of a workflow is gone."""
        workflow.completed = True
        if isinstance(workflow, Inner):
            data = (workflow.result or workflow.task_tree).data
            outer = workflow.outer
            del self.subprocesses[outer.id]
            outer.task_spec.returned(outer, data)


class Inner(_Tokens, BpmnSubWorkflow):  # type: ignore[misc]
    """The inside of a sub-process or a called process; ``outer`` is the token it runs for."""

    def __init__(self, spec: ProcessSpec, outer: Task, *, deserializing: bool = False) -> None:
        self.begin()
        self.outer = outer
        super().__init__(spec, outer.id, outer.workflow.top_workflow, deserializing=deserializing)

    @property
    def parent_workflow(self) -> Any:
        return self.outer.workflow

    def _calculate_depth(self) -> int:
        return int(self.outer.workflow.depth) + 1


def unite(tokens: Sequence[Task], heir: Task) -> list[str]:
    """Let one token know what all of them know; the variables that they set differently.

    What the heir knows counts from their common ancestor on. Where other tokens branched off on
    the way there, they must not bring again what they had in common with these.
    """
    ancestor = common_ancestor(tokens)
    together = combined(tokens)
    tasks = heir.workflow.tasks
    for token in tokens:
        _mark_shared(token, ancestor)
    heir.data = together.data
    heir.internal_data.pop(ORIGIN, None)
    if together.origin is not None:
        heir.internal_data[ORIGIN] = together.origin
    tasks[heir._parent]._children.remove(heir.id)
    ancestor._children.append(heir.id)
    heir._parent = ancestor.id
    return together.conflicts


def _mark_shared(token: Task, ancestor: Task) -> None:
    """Mark where others branched off from what this token has just brought to the others."""
    step = token
    while step is not ancestor and ORIGIN not in step.internal_data:
        if step is not token and len(step._children) > 1:
            step.internal_data[ORIGIN] = None
        step = token.workflow.tasks[step._parent]


@dataclass(frozen=True, slots=True)
class Combined:
    """What tokens know together, and the variables that they set differently.

    ``origin`` is what they brought their changes to; None: what their common ancestor knew.
    """

    data: dict[str, Any]
    conflicts: list[str]
    origin: dict[str, Any] | None


def combined(tokens: Sequence[Task]) -> Combined:
    """What tokens know together; given in the order in which they arrived.

    The last one wins a conflict, but who shares its beginning with another branch comes after
    that one has brought it.
    """
    start = common_ancestor(tokens)
    sides = [_side(token, start) for token in tokens]
    whole = [side for side in sides if side[0] is start.data]
    parts = [side for side in sides if side[0] is not start.data]
    ground = start.data if whole else parts[0][0]
    data, conflicts = merge(ground, [*whole, *parts])
    origin = _origin(ground, whole, parts)
    return Combined(data, conflicts, None if whole and origin == ground else origin)


def _origin(
    ground: Mapping[str, Any], whole: Sequence[Side], parts: Sequence[Side]
) -> dict[str, Any]:
    """What the changes of all sides were made to, so that nothing is brought twice later."""
    brought = {name for before, now in whole for name in changes(before, now)}
    origin = dict(ground)
    for before, now in reversed(parts):
        for name in changes(before, now):
            if name in brought:
                continue
            origin.pop(name, None)
            if name in before:
                origin[name] = before[name]
    return origin


def _side(token: Task, start: Task) -> Side:
    """What a token started from and what it knows."""
    now: Mapping[str, Any] = token.task_spec.known_by(token)
    step = token
    while step is not start:
        if ORIGIN in step.internal_data:
            origin = step.internal_data[ORIGIN]
            return (step.data if origin is None else origin), now
        step = token.workflow.tasks[step._parent]
    return start.data, now


def common_ancestor(tasks: Iterable[Task]) -> Task:
    """The last token that all of these come from (itself, if there is only one)."""
    paths = [_path(task) for task in tasks]
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if any(task is not level[0] for task in level):
            break
        common = level[0]
    return common


def _path(task: Task) -> list[Task]:
    path = []
    tasks = task.workflow.tasks
    step: Task | None = task
    while step is not None:
        path.append(step)
        step = tasks.get(step._parent)
    path.reverse()
    return path
