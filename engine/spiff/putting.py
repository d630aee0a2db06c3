"""Puts a token elsewhere by hand, and changes what a process knows."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.task import Task

from engine.moving import Blocked, dead_ends
from engine.profile import label
from engine.spiff.calls import SubProcess
from engine.spiff.gateways import Join, end_race
from engine.spiff.library import Library
from engine.spiff.nodes import Node, Root, take_away
from engine.spiff.standing import standing
from engine.spiff.workflow import ORIGIN, Top

#: Of boundary events, and of what is put right: who waits for it and who does it.
_BESIDE = {"host", "undo", "undoes_for"}
_NO_PLACE = {"start_event", "boundary_event", "event_sub_process"}


def put(top: Top, task: Task, to: str, diagrams: Library) -> list[Blocked]:
    """Cancel a token with what runs for it and put it on another element; why not, if not.

    It keeps what it knows. After a refusal the instance is worthless.
    """
    spec = task.workflow.spec.task_specs.get(to)
    code = _refusal(task, spec)
    if code is not None or spec is None:
        return [_because(task, to, spec, code or "no_place")]
    met = {each.process for each in dead_ends(diagrams.diagrams, standing(top))}
    child = _leap(task, spec)
    found = [
        each
        for each in dead_ends(diagrams.diagrams, standing(top))
        if each.code != "meets_twice" or each.process not in met
    ]
    if not found:
        top.note("moved", child, task.task_spec.id)
        spec._update(child)
    return found


def _refusal(task: Task, spec: Node | None) -> str | None:
    """The code of what makes no sense."""
    if spec is None or isinstance(spec, Root) or spec.name != spec.id:
        return "not_here"
    if "item" in task.internal_data:
        return "item"
    if _BESIDE & task.internal_data.keys() or task.task_spec.aside:
        return "beside"
    element = spec.element
    if element.kind in _NO_PLACE or element.for_compensation or _behind_race(spec):
        return "no_place"
    if isinstance(spec, Join) and len(spec.incoming) > 1:
        return "join"
    return None


def _behind_race(spec: Node) -> bool:
    return any(before.element.kind == "event_based_gateway" for before in spec.inputs)


def _because(task: Task, to: str, spec: Node | None, code: str) -> Blocked:
    named = task.task_spec.element if code in ("item", "beside") else spec and spec.element
    facts = (("name", label(named) if named else to),)
    return Blocked(task.task_spec.process, to, code, facts)


def _leap(task: Task, spec: Node) -> Task:
    known = dict(task.task_spec.known_by(task))
    end_race(task)
    take_away(task)
    task.data = known
    task.internal_data = {k: v for k, v in task.internal_data.items() if k == ORIGIN}
    child: Task = task.workflow.add(task, spec)
    return child


def know(top: Top, changed: Mapping[str, Any]) -> None:
    """Set variables wherever a token of the process knows them, inside mere frames too."""
    for task in _knowing(top, top):
        task.data = {**task.data, **changed}


def _knowing(top: Top, workflow: Any) -> Iterator[Task]:
    for task in workflow.live.values():
        yield task
        inner = top.subprocesses.get(task.id)
        if (
            inner is not None
            and isinstance(task.task_spec, SubProcess)
            and task.task_spec.is_frame
        ):
            yield from _knowing(top, inner)
