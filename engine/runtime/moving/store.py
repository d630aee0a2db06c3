"""All SQL of moving instances to another release."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from base.db import Session
from engine.model import InstanceStatus, TaskStatus
from engine.store import Row
from engine.tables import Instance, InstanceState, MoveBatch, Moved, MoveItem, Task

#: Ids in one statement, well below what SQLite takes.
_AT_ONCE = 500
ALIVE = (InstanceStatus.RUNNING.value, InstanceStatus.SUSPENDED.value)


def standing(tx: Session, release_id: int, process: str) -> Sequence[tuple[str, UUID, UUID, str]]:
    """Marking, id, case and status of each instance that has not ended; takes no locks."""
    found = tx.execute(
        select(Instance.marking, Instance.id, Instance.case_id, Instance.status)
        .where(
            Instance.release_id == release_id,
            Instance.process == process,
            Instance.status.in_(ALIVE),
        )
        .order_by(Instance.started, Instance.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


def states(tx: Session, instance_ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
    """The sealed state of each; takes no locks. One statement for every so many."""
    found: dict[UUID, bytes] = {}
    for first in range(0, len(instance_ids), _AT_ONCE):
        wanted = instance_ids[first : first + _AT_ONCE]
        rows = tx.execute(
            select(InstanceState.instance_id, InstanceState.blob).where(
                InstanceState.instance_id.in_(wanted)
            )
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def place_tasks(tx: Session, task_ids: Collection[UUID], values: Row) -> None:
    """What open steps take over from their element; one statement."""
    tx.execute(
        update(Task)
        .where(Task.id.in_(task_ids), Task.status == TaskStatus.OPEN.value)
        .values(**values)
    )


def keep_moved(tx: Session, row: Row) -> None:
    """What an instance was before its last move."""
    forget_moved(tx, row["instance_id"])
    tx.execute(insert(Moved), [dict(row)])


def get_moved(tx: Session, instance_id: UUID) -> Moved | None:
    return tx.get(Moved, instance_id, populate_existing=True)


def forget_moved(tx: Session, instance_id: UUID) -> None:
    tx.execute(delete(Moved).where(Moved.instance_id == instance_id))


def forget_stepped(tx: Session) -> int:
    """Earlier states of instances that have stepped since: they are of no use; how many."""
    later = select(Instance.id).where(
        Instance.id == Moved.instance_id,
        (Instance.rev != Moved.rev) | Instance.status.not_in(ALIVE),
    )
    gone = tx.execute(
        delete(Moved).where(later.exists()).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


# Batches


def add_batch(tx: Session, batch: MoveBatch, items: Sequence[Row]) -> int:
    tx.add(batch)
    tx.flush()
    if items:
        tx.execute(insert(MoveItem), [{**item, "batch_id": batch.id} for item in items])
    return int(batch.id)


def get_batch(tx: Session, batch_id: int, *, lock: bool = False) -> MoveBatch | None:
    return tx.get(MoveBatch, batch_id, with_for_update=lock, populate_existing=True)


def batches(
    tx: Session, processes: Collection[str] | None = None, limit: int | None = None
) -> Sequence[MoveBatch]:
    """Newest first."""
    wanted = select(MoveBatch).order_by(MoveBatch.id.desc()).limit(limit)
    if processes is not None:
        wanted = wanted.where(MoveBatch.process.in_(processes))
    return tx.scalars(wanted).all()


def running_batches(tx: Session) -> Sequence[MoveBatch]:
    """Oldest first."""
    return tx.scalars(
        select(MoveBatch).where(MoveBatch.status == "running").order_by(MoveBatch.id)
    ).all()


def todo(tx: Session, batch_id: int, limit: int) -> list[tuple[UUID, UUID]]:
    """Case and instance of what is still to be done, in the order of locks; takes none."""
    found = tx.execute(
        select(MoveItem.case_id, MoveItem.instance_id)
        .where(MoveItem.batch_id == batch_id, MoveItem.status == "todo")
        .order_by(MoveItem.case_id, MoveItem.instance_id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in found]


def is_todo(tx: Session, batch_id: int, instance_id: UUID) -> bool:
    """Whether nobody has done it meanwhile, nor stopped the batch."""
    found = tx.scalar(
        select(func.count())
        .select_from(MoveItem)
        .join(MoveBatch, MoveBatch.id == MoveItem.batch_id)
        .where(
            MoveItem.batch_id == batch_id,
            MoveItem.instance_id == instance_id,
            MoveItem.status == "todo",
            MoveBatch.status == "running",
        )
    )
    return bool(found)


def set_item(tx: Session, batch_id: int, instance_id: UUID, **values: Any) -> None:
    tx.execute(
        update(MoveItem)
        .where(MoveItem.batch_id == batch_id, MoveItem.instance_id == instance_id)
        .values(**values)
    )


def try_again(tx: Session, batch_id: int) -> None:
    """What was blocked or failed is to be done once more."""
    tx.execute(
        update(MoveItem)
        .where(MoveItem.batch_id == batch_id, MoveItem.status.in_(("blocked", "failed")))
        .values(status="todo", reasons=[])
    )


def counts(tx: Session, batch_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """How many items by status, of each of these batches."""
    found: dict[int, dict[str, int]] = {batch_id: {} for batch_id in batch_ids}
    rows = tx.execute(
        select(MoveItem.batch_id, MoveItem.status, func.count())
        .where(MoveItem.batch_id.in_(batch_ids))
        .group_by(MoveItem.batch_id, MoveItem.status)
    )
    for batch_id, status, count in rows:
        found[batch_id][status] = count
    return found


def kept_back(tx: Session, batch_ids: Collection[int]) -> list[tuple[int, Sequence[Any]]]:
    """Batch and reasons of each item that was blocked or failed."""
    rows = tx.execute(
        select(MoveItem.batch_id, MoveItem.reasons).where(
            MoveItem.batch_id.in_(batch_ids), MoveItem.status.in_(("blocked", "failed"))
        )
    )
    return [(row[0], row[1]) for row in rows]


def items(tx: Session, batch_id: int, status: str | None = None) -> Sequence[MoveItem]:
    """What became of each instance, in the order in which they are taken."""
    wanted = select(MoveItem).where(MoveItem.batch_id == batch_id)
    if status is not None:
        wanted = wanted.where(MoveItem.status == status)
    return tx.scalars(wanted.order_by(MoveItem.case_id, MoveItem.instance_id)).all()
