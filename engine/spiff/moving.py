"""Carries a planned move out: the same tokens in another version's specifications.

Rows keep ids, variables and what they wait for. History that the new version does not know hangs
on as nameless places where branches parted: joins compare variables there.
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.moving import Crossing, is_interruption
from engine.spiff import codec
from engine.spiff.build import name_of
from engine.spiff.events import Listener
from engine.spiff.gateways import Parallel
from engine.spiff.library import Library
from engine.spiff.nodes import Step, take_away
from engine.spiff.prune import prune
from engine.spiff.standing import RACE, gateway_of, waits_at_join
from engine.spiff.views import Outside
from engine.spiff.workflow import ROOT, Inner, ProcessSpec, Top

_ITEM = " [item]"


def move(top: Top, crossing: Crossing, library: Library, outside: Outside) -> Top:
    """The instance in the new version; the plan has said that this can be.

    Steps stay as they are, so does what is waited for; events that are new are waited for from
    now on. The old one is worthless afterwards.
    """
    process = top.spec.process
    armed, started = _to_arm(top, crossing), _to_start(top, crossing)
    heard = _to_hear(top, crossing)
    _take(top, crossing)
    prune(top)
    found = _renamed(top, crossing, library)
    after = codec.built(found, process, library, outside)
    after.log = top.log
    for workflow in after.all_workflows():
        for name in started[_place(workflow)]:
            workflow.spec.task_specs[name].listen(workflow)
    for task in _live(after):
        if task.id in armed:
            _arm(task, armed[task.id])
        if task.id in heard:
            task.task_spec.arm(task)
        if isinstance(task.task_spec, Step):
            _look_again(task, crossing)
    return after


def fire_full(top: Top) -> None:
    """Let parallel joins go on that wait for nothing more."""
    for workflow in top.all_workflows():
        joins = [task.task_spec for task in workflow.live.values() if waits_at_join(task)]
        for join in dict.fromkeys(joins):
            if isinstance(join, Parallel):
                join.fire_if_full(workflow)


def _live(top: Top) -> list[Task]:
    return [task for workflow in top.all_workflows() for task in workflow.live.values()]


# In the old version


def _to_arm(top: Top, crossing: Crossing) -> dict[Any, tuple[str, ...]]:
    """By token, the new ids of the events to wait for beside it."""
    found: dict[Any, tuple[str, ...]] = {}
    races: set[Any] = set()
    for task in _live(top):
        process, id = task.task_spec.process, task.task_spec.id
        race = task.internal_data.get(RACE)
        if race is not None:
            if race not in races and not _leaves_race(task, crossing):
                races.add(race)
                found[task.id] = crossing.raced_at(process, gateway_of(task))
        elif not {"host", "item"} & task.internal_data.keys() and not task.task_spec.aside:
            found[task.id] = crossing.armed_at(process, id)
    return {id: events for id, events in found.items() if events}


def _to_start(top: Top, crossing: Crossing) -> dict[Any, tuple[str, ...]]:
    """By scope, the new starts of event sub-processes; none where one has ended all else."""
    return {
        _place(workflow): ()
        if _is_interrupted(workflow, crossing)
        else _new_starts(workflow, crossing)
        for workflow in top.all_workflows()
    }


def _new_starts(workflow: Any, crossing: Crossing) -> tuple[str, ...]:
    process, _, scope = workflow.spec.name.partition("#")
    return crossing.started_at(process, scope)


def _is_interrupted(workflow: Any, crossing: Crossing) -> bool:
    process = crossing.before[workflow.spec.process]
    return any(is_interruption(process, task.task_spec.id) for task in workflow.live.values())


def _place(workflow: Any) -> Any:
    """What stays the same of a scope; None for the process itself."""
    return workflow.outer.id if isinstance(workflow, Inner) else None


def _to_hear(top: Top, crossing: Crossing) -> set[Any]:
    return {
        task.id
        for task in _live(top)
        if isinstance(task.task_spec, Listener)
        and crossing.hears_otherwise(task.task_spec.process, task.task_spec.id)
    }


def _take(top: Top, crossing: Crossing) -> None:
    """Wait no more for events that are gone."""
    for task in _live(top):
        if _leaves_host(task, crossing) or _leaves_race(task, crossing):
            take_away(task)


def _leaves_host(task: Task, crossing: Crossing) -> bool:
    spec = task.task_spec
    beside = "host" in task.internal_data or spec.aside
    return beside and not crossing.keeps_event(spec.process, spec.id)


def _leaves_race(task: Task, crossing: Crossing) -> bool:
    if RACE not in task.internal_data:
        return False
    spec = task.task_spec
    return not crossing.keeps_race(spec.process, gateway_of(task), spec.id)


# The rows


def _renamed(top: Top, crossing: Crossing, library: Library) -> list[Any]:
    """The rows of the instance with the names of the new version."""
    serial, end_event, completed, rows, inner = codec.rows_in(codec.encode(top))
    if end_event is not None:
        end_event = crossing.name(top.spec.process, end_event)
    inside = [[outer, *_frame(rest, crossing, library)] for outer, *rest in inner]
    return [serial, end_event, completed, _frame(rows, crossing, library), inside]


def _frame(found: list[Any], crossing: Crossing, library: Library) -> list[Any]:
    name, ended, rows = found
    process, _, scope = name.partition("#")
    new = name_of(process, crossing.name(process, scope) if scope else None)
    spec = library[new]
    return [new, ended, [_row(row, crossing, spec) for row in rows]]


def _row(row: list[Any], crossing: Crossing, spec: ProcessSpec) -> list[Any]:
    id, parent, state, name, live, internal, *changed = row
    old = name.removesuffix(_ITEM)
    new = crossing.name(spec.process, old) + name[len(old) :]
    if not live and new not in spec.task_specs:
        new = ROOT.id
    if live and internal and {"n", "via"} <= internal.keys():
        internal["via"] = crossing.way(spec.process, old, internal["via"])
    return [id, parent, state, new, live, internal, *changed]


# In the new version


def _arm(task: Task, events: tuple[str, ...]) -> None:
    specs = task.workflow.spec.task_specs
    if RACE in task.internal_data:
        for name in events:
            _join_race(task, specs[name])
        return
    _part(task)
    for name in events:
        specs[name].attach(task)


def _join_race(beside: Task, spec: Any) -> None:
    task = beside.workflow.add(beside.parent, spec)
    task.data = dict(beside.data)
    task.internal_data[RACE] = beside.internal_data[RACE]
    task.workflow.top_workflow.note("entered", task)
    spec.enter(task)


def _part(task: Task) -> None:
    """Mark what a token knows now, so that the events beside it bring only what they change."""
    workflow, parent = task.workflow, task.parent
    root = workflow.task_tree.task_spec
    place = parent._add_child(root, TaskState.COMPLETED)
    place.data = dict(task.data)
    parent._children.remove(task.id)
    place._children.append(task.id)
    task._parent = place.id


def _look_again(task: Task, crossing: Crossing) -> None:
    """Evaluate the inputs of an open step anew where they are drawn otherwise."""
    spec = task.task_spec
    old = crossing.source(spec.process, spec.id)
    if old is not None and old.inputs != spec.element.inputs:
        task.internal_data["in"] = spec.local(task)
