"""Many instances moved one after the other, each in a transaction of its own.

A batch says which; a worker's rounds take them until none is left. What breaks off goes on at the
next round, and one that cannot be moved stops nobody else.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from base import clock
from base.db import Database, Session
from base.errors import NotFound
from engine import runtime
from engine.errors import InstanceEnded, NotMoved
from engine.host import Host
from engine.moving import Blocked, MoveBlocked, Renames
from engine.runtime.moving import store
from engine.tables import MoveBatch
from engine.waits import LockCase

__all__ = [
    "Batch",
    "Item",
    "batches",
    "begin",
    "get",
    "items",
    "kept_back",
    "purge",
    "resume",
    "revert",
    "stop",
    "sweep",
]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a batch is; ``status`` is running, stopped or done."""

    id: int
    process: str
    from_release_id: int
    to_release_id: int
    reverts: bool
    status: str
    by: str
    created: datetime
    todo: int
    done: int
    blocked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one instance: todo, done, blocked or failed, and why."""

    instance_id: UUID
    case_id: UUID
    status: str
    reasons: tuple[Blocked, ...]
    at: datetime | None


def begin(
    tx: Session,
    *,
    process: str,
    from_release_id: int,
    to_release_id: int,
    instances: Sequence[UUID] | None = None,
    renames: Renames | None = None,
    by: str,
) -> int:
    """Have instances of a process moved, all that run or those named; the batch's id."""
    wanted = None if instances is None else set(instances)
    rows = [
        _item(instance_id, case_id)
        for _, instance_id, case_id, _ in store.standing(tx, from_release_id, process)
        if wanted is None or instance_id in wanted
    ]
    batch = MoveBatch(
        process=process,
        from_release_id=from_release_id,
        to_release_id=to_release_id,
        renames=[[owner, old, new] for (owner, old), new in (renames or {}).items()],
        reverts=False,
        status="running",
        by=by,
        created=clock.now(tx),
    )
    return store.add_batch(tx, batch, rows)


def revert(tx: Session, batch_id: int, *, by: str) -> int:
    """Have the moves of a batch taken back, as far as cases have not gone on; the new batch's id.

    Raises NotFound.
    """
    batch = _get(tx, batch_id)
    if batch.status == "running":
        batch.status = "stopped"
    rows = [_item(item.instance_id, item.case_id) for item in store.items(tx, batch_id, "done")]
    back = MoveBatch(
        process=batch.process,
        from_release_id=batch.to_release_id,
        to_release_id=batch.from_release_id,
        renames=[],
        reverts=True,
        status="running",
        by=by,
        created=clock.now(tx),
    )
    return store.add_batch(tx, back, rows)


def stop(tx: Session, batch_id: int) -> None:
    """Move no more of it; what has been moved stays. Raises NotFound."""
    batch = _get(tx, batch_id)
    if batch.status == "running":
        batch.status = "stopped"


def resume(tx: Session, batch_id: int) -> None:
    """Go on with what is left, and try again what was blocked or failed. Raises NotFound."""
    batch = _get(tx, batch_id)
    store.try_again(tx, batch_id)
    batch.status = "running"


def get(tx: Session, batch_id: int) -> Batch:
    """Raises NotFound."""
    row = store.get_batch(tx, batch_id)
    if row is None:
        raise NotFound
    return _batch(row, store.counts(tx, [batch_id])[batch_id])


def batches(
    tx: Session, processes: Collection[str] | None = None, limit: int | None = None
) -> list[Batch]:
    """Newest first."""
    rows = store.batches(tx, processes, limit)
    counts = store.counts(tx, [row.id for row in rows])
    return [_batch(row, counts[row.id]) for row in rows]


def kept_back(tx: Session, batch_ids: Collection[int]) -> Mapping[int, Mapping[Blocked, int]]:
    """What kept instances back in each of these batches, and how many."""
    found: dict[int, Counter[Blocked]] = {batch_id: Counter() for batch_id in batch_ids}
    for batch_id, reasons in store.kept_back(tx, batch_ids):
        found[batch_id].update(_blocked(reason) for reason in reasons)
    return found


def items(tx: Session, batch_id: int, status: str | None = None) -> list[Item]:
    """What became of each instance."""
    return [
        Item(
            row.instance_id,
            row.case_id,
            row.status,
            tuple(_blocked(each) for each in row.reasons),
            row.at,
        )
        for row in store.items(tx, batch_id, status)
    ]


def purge(tx: Session) -> int:
    """Forget what instances were that have gone on since they were moved; how many."""
    return store.forget_stepped(tx)


def sweep(database: Database, host: Host, lock_case: LockCase, *, limit: int = 100) -> int:
    """Move what is next in the batches that run; how many were dealt with.

    Cases that somebody else works on come in a later round.
    """
    with database.reading() as tx:
        running = [(row.id, _order(row)) for row in store.running_batches(tx)]
    dealt = 0
    for batch_id, order in running:
        dealt += _work(database, host, lock_case, batch_id, order, limit - dealt)
        if dealt >= limit:
            break
    return dealt


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be done with each instance of a batch."""

    release_id: int
    renames: Renames
    reverts: bool
    by: str


def _order(row: MoveBatch) -> _Order:
    renames = {(owner, old): new for owner, old, new in row.renames}
    return _Order(row.to_release_id, renames, row.reverts, row.by)


def _work(
    database: Database,
    host: Host,
    lock_case: LockCase,
    batch_id: int,
    order: _Order,
    limit: int,
) -> int:
    with database.reading() as tx:
        todo = store.todo(tx, batch_id, limit)
    dealt = sum(
        _deal(database, host, lock_case, batch_id, order, case_id, instance_id)
        for case_id, instance_id in todo
    )
    if len(todo) < limit:
        with database.transaction() as tx:
            _finish(tx, batch_id)
    return dealt


def _deal(
    database: Database,
    host: Host,
    lock_case: LockCase,
    batch_id: int,
    order: _Order,
    case_id: UUID,
    instance_id: UUID,
) -> bool:
    """Move one; False if its case is busy, or it was dealt with meanwhile."""
    try:
        with database.transaction() as tx:
            if not lock_case(tx, case_id) or not store.is_todo(tx, batch_id, instance_id):
                return False
            _carry_out(tx, host, order, instance_id)
            store.set_item(tx, batch_id, instance_id, status="done", at=clock.now(tx))
    except MoveBlocked as error:
        _note(database, batch_id, instance_id, "blocked", error.blocked)
    except (NotMoved, InstanceEnded) as error:
        code = "ended" if isinstance(error, InstanceEnded) else "gone_on"
        _note(database, batch_id, instance_id, "blocked", (Blocked("", "", code),))
    except Exception as error:  # One that fails never stops the others.
        _log.warning("move failed", batch=batch_id, error=type(error).__name__)
        facts = (("error", type(error).__name__),)
        why = Blocked("", str(getattr(error, "element", "")), "failed", facts)
        _note(database, batch_id, instance_id, "failed", (why,))
    return True


def _carry_out(tx: Session, host: Host, order: _Order, instance_id: UUID) -> None:
    if order.reverts:
        runtime.revert_migration(tx, host, instance_id, by=order.by)
        return
    runtime.migrate(
        tx,
        host,
        instance_id,
        release_id=order.release_id,
        renames=order.renames,
        by=order.by,
    )


def _note(
    database: Database,
    batch_id: int,
    instance_id: UUID,
    status: str,
    reasons: Sequence[Blocked],
) -> None:
    told = [[r.process, r.element, r.code, [list(fact) for fact in r.facts]] for r in reasons]
    with database.transaction() as tx:
        store.set_item(tx, batch_id, instance_id, status=status, reasons=told, at=clock.now(tx))


def _finish(tx: Session, batch_id: int) -> None:
    """A batch is done when nothing is left of it."""
    row = store.get_batch(tx, batch_id, lock=True)
    if row is not None and row.status == "running" and not store.todo(tx, batch_id, 1):
        row.status = "done"


def _get(tx: Session, batch_id: int) -> MoveBatch:
    row = store.get_batch(tx, batch_id, lock=True)
    if row is None:
        raise NotFound
    return row


def _item(instance_id: UUID, case_id: UUID) -> Mapping[str, Any]:
    return {"instance_id": instance_id, "case_id": case_id, "status": "todo", "reasons": []}


def _batch(row: MoveBatch, counts: Mapping[str, int]) -> Batch:
    return Batch(
        id=row.id,
        process=row.process,
        from_release_id=row.from_release_id,
        to_release_id=row.to_release_id,
        reverts=row.reverts,
        status=row.status,
        by=row.by,
        created=row.created,
        todo=counts.get("todo", 0),
        done=counts.get("done", 0),
        blocked=counts.get("blocked", 0),
        failed=counts.get("failed", 0),
    )


def _blocked(told: Sequence[Any]) -> Blocked:
    process, element, code, facts = told
    return Blocked(process, element, code, tuple((name, text) for name, text in facts))
