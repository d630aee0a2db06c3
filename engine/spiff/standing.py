"""Where the tokens of an instance stand, as plain values."""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.moving import Frame, Held
from engine.spiff.gateways import Join, Race
from engine.spiff.triggers import Trigger
from engine.spiff.workflow import Top

RACE = "race"


def standing(top: Top) -> Frame:
    """The same for instances whose tokens stand alike, whatever they know."""
    return _frame(top)


def _frame(workflow: Any) -> Frame:
    process, _, scope = workflow.spec.name.partition("#")
    tokens = [_held(task) for task in workflow.live.values() if "item" not in task.internal_data]
    return Frame(process, scope, tuple(sorted(tokens)))


def _held(task: Task) -> Held:
    state = task.internal_data
    return Held(
        element=task.task_spec.id,
        via=state["via"] if waits_at_join(task) else "",
        race=gateway_of(task) if RACE in state else "",
        host=_beside(task),
        items=tuple(sorted({_held(child) for child in task.children if _is_item(child)})),
        inside=_inside(task),
    )


def _beside(task: Task) -> str:
    """What a token waits beside: an activity, or the event sub-process that it would start.

    The record of what may be put right lies beside the activity that was done.
    """
    spec = task.task_spec
    if isinstance(spec, Trigger):
        return spec.starts
    if spec.aside or "host" in task.internal_data:
        return spec.element.attached_to or ""
    return ""


def waits_at_join(task: Task) -> bool:
    return isinstance(task.task_spec, Join) and task._state == TaskState.WAITING


def gateway_of(task: Task) -> str:
    """The event-based gateway that an event waits behind."""
    return next(str(spec.id) for spec in task.task_spec.inputs if isinstance(spec, Race))


def _is_item(task: Task) -> bool:
    return task.id in task.workflow.live and "item" in task.internal_data


def _inside(task: Task) -> tuple[Frame, ...]:
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    return (_frame(inner),) if inner is not None else ()
