"""Keeps the state flat: what no live token and no later join can ask for is cut away.

Without this an instance grows with every step, and stock SpiffWorkflow calls it completed once
its tree is a thousand levels deep.
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.workflow import ORIGIN


def prune(top: Any) -> None:
    """Cut the trees of an instance down to its live tokens and the places where they parted."""
    for workflow in top.all_workflows():
        _prune(workflow)


def _prune(workflow: Any) -> None:
    root = workflow.task_tree
    for task in reversed(_from_root(workflow)):
        if task is root or task.id in workflow.live or task is workflow.result:
            continue
        if not task._children:
            _remove(workflow, task)
        elif _is_passage(workflow, task):
            _bypass(workflow, task)


def _is_passage(workflow: Any, task: Task) -> bool:
    """Whether nothing can ask for it but its only child.

    Of origins on one way the nearest to the token counts.
    """
    if len(task._children) != 1 or not task._state & TaskState.FINISHED_MASK:
        return False
    child = workflow.tasks[task._children[0]]
    return ORIGIN not in task.internal_data or ORIGIN in child.internal_data


def _from_root(workflow: Any) -> list[Task]:
    """Every task after its parent."""
    tasks = workflow.tasks
    found = [workflow.task_tree]
    for task in found:
        found.extend(tasks[child] for child in task._children)
    return found


def _remove(workflow: Any, task: Task) -> None:
    workflow.tasks[task._parent]._children.remove(task.id)
    del workflow.tasks[task.id]


def _bypass(workflow: Any, task: Task) -> None:
    """Hang the only child where its parent hung; what the parent knew no longer matters."""
    parent = workflow.tasks[task._parent]
    child = workflow.tasks[task._children[0]]
    parent._children[parent._children.index(task.id)] = child.id
    child._parent = parent.id
    del workflow.tasks[task.id]
