"""Who has a step: claim, give back, hand over; what its expressions may read."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from base.db import Session
from engine import store
from engine.errors import NoSuchTask, TaskTaken
from engine.host import Host
from engine.runtime.commands import require_open
from engine.runtime.visits import look
from engine.tables import Task


def claim(tx: Session, task_id: UUID, *, account_id: int) -> None:
    """Take a step for oneself. Raises TaskTaken if somebody else has it, NoSuchTask."""
    task = _open(tx, task_id)
    if task.assignee_id not in (None, account_id):
        raise TaskTaken
    store.set_task(tx, task_id, assignee_id=account_id)


def release(tx: Session, task_id: UUID) -> None:
    """Give a step back to everybody it is for."""
    _open(tx, task_id)
    store.set_task(tx, task_id, assignee_id=None)


def assign(
    tx: Session,
    task_id: UUID,
    *,
    account_id: int | None,
    organisation_id: int | None = None,
    unit_id: int | None = None,
) -> None:
    """Hand a step to somebody, or to another organisation and unit."""
    _open(tx, task_id)
    changes: dict[str, Any] = {"assignee_id": account_id}
    if organisation_id is not None:
        changes |= {"organisation_id": organisation_id, "unit_id": unit_id}
    store.set_task(tx, task_id, **changes)


def hand_over(
    tx: Session, task_ids: Collection[UUID], *, from_account: int, to_account: int | None
) -> list[UUID]:
    """Steps of somebody who leaves go to somebody else, or to everybody they are for (None).

    Those that are still open and theirs; the caller has locked their cases.
    """
    return store.hand_over(tx, task_ids, from_account, to_account)


def step_variables(tx: Session, host: Host, task_id: UUID) -> Mapping[str, Any]:
    """The variables that an open step's expressions and form may read; takes no locks.

    Raises NoSuchTask.
    """
    return look(tx, host, task_id).variables


def _open(tx: Session, task_id: UUID) -> Task:
    found = store.lock_task(tx, task_id)
    if found is None:
        raise NoSuchTask
    require_open(found[0])
    return found[0]
