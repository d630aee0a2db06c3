"""Open a step again that was done by mistake, as long as nothing has come of it but one step."""

from uuid import UUID

from base.db import Session
from base.errors import Conflict
from engine import releases, store
from engine.errors import NoSuchTask
from engine.host import Host
from engine.model import TaskStatus
from engine.moving import MoveBlocked
from engine.runtime.moving import move_token
from engine.tables import Task

#: What a token passes between two steps without anything having been done in the world.
_HARMLESS = frozenset({"exclusive_gateway", "business_rule_task", "script_task"})
_STEPS = frozenset({"user_task", "manual_task"})


class CannotTakeBack(Conflict):
    """The case has gone on from this step, so that it cannot be taken back: correct it instead."""


def led_to(tx: Session, task: Task) -> Task:
    """The one open step that a done step led to, and nothing else since. Raises CannotTakeBack.

    Whatever else happened in the instance meanwhile counts as going on.
    """
    since = store.history_since(tx, task.instance_id, task.id)
    process = releases.load(tx, task.release_id).diagrams.get(task.process)
    if task.status != TaskStatus.DONE or process is None or not since:
        raise CannotTakeBack
    *passed, last = since
    kinds = {id: element.kind for id, element in process.elements.items()}
    through = all(
        row.event == "passed" and kinds.get(row.element_id) in _HARMLESS for row in passed
    )
    reached = last.event == "entered" and kinds.get(last.element_id) in _STEPS
    found = store.task(tx, last.token_id)
    if not (through and reached and last.process == task.process) or found is None:
        raise CannotTakeBack
    if found.status != TaskStatus.OPEN or found.release_id != task.release_id:
        raise CannotTakeBack
    return found


def take_back(tx: Session, host: Host, task_id: UUID, *, by: str) -> UUID:
    """Open the step again as a new one, whose id this is; the step it led to is withdrawn.

    The caller has locked the case. Raises NoSuchTask, CannotTakeBack, Suspended.
    """
    task = store.task(tx, task_id)
    if task is None:
        raise NoSuchTask
    following = led_to(tx, task)
    try:
        move_token(tx, host, task.instance_id, following.id, task.element_id, by=by)
    except MoveBlocked as error:
        raise CannotTakeBack from error
    store.mark_taken_back(tx, task_id)
    opened = store.newest_task(tx, task.instance_id, task.process, task.element_id)
    if opened is None:
        raise CannotTakeBack
    return opened
