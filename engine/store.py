"""All SQL of the engine's running part."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from base import ready
from base.db import Session, Table
from engine import queries
from engine.errors import StepFailed
from engine.model import DueWait, InstanceStatus, TaskStatus
from engine.reasons import reason
from engine.tables import (
    Command,
    History,
    Incident,
    Instance,
    InstanceState,
    ReleaseRow,
    Task,
    Token,
    Undelivered,
    Wait,
)

Row = Mapping[str, Any]
_RUNNING = InstanceStatus.RUNNING.value


@dataclass(frozen=True, slots=True)
class Resting:
    """An instance as it rests, locked."""

    id: UUID
    release_id: int
    process: str
    case_id: UUID
    status: str
    rev: int
    blob: bytes
    #: Whether something in it failed and nobody has solved that yet.
    troubled: bool


def lock_instance(tx: Session, instance_id: UUID) -> Resting | None:
    """The instance and its state; locks the instance's row."""
    found = ready.rows(tx, queries.LOCK_INSTANCE, {queries.OF: instance_id})
    return Resting(*found[0]) if found else None


def read_instance(tx: Session, instance_id: UUID) -> Resting | None:
    """The instance and its state; takes no locks."""
    found = ready.rows(tx, queries.READ_INSTANCE, {queries.OF: instance_id})
    return Resting(*found[0]) if found else None


def lock_task(tx: Session, task_id: UUID) -> tuple[Task, Resting] | None:
    """A step and the instance it belongs to; locks the instance's row."""
    found = tx.execute(queries.LOCK_TASK, {queries.OF: task_id}).first()
    return (found[0], Resting(*found[1:])) if found else None


def read_task(tx: Session, task_id: UUID) -> tuple[Task, Resting] | None:
    """A step and the instance it belongs to; takes no locks."""
    found = tx.execute(queries.READ_TASK, {queries.OF: task_id}).first()
    return (found[0], Resting(*found[1:])) if found else None


def lock_wait(tx: Session, wait_id: int) -> tuple[Wait, Resting] | None:
    """A wait and the instance it belongs to; locks the instance's row."""
    found = tx.execute(queries.LOCK_WAIT, {queries.OF: wait_id}).first()
    return (found[0], Resting(*found[1:])) if found else None


def get_wait(tx: Session, wait_id: int) -> Wait | None:
    return tx.get(Wait, wait_id)


def get_task(tx: Session, task_id: UUID) -> Task | None:
    return tx.get(Task, task_id)


def open_tasks(tx: Session, case_id: UUID) -> Sequence[Task]:
    """The open steps of a case, oldest first."""
    return tx.scalars(
        select(Task)
        .where(Task.case_id == case_id, Task.status == TaskStatus.OPEN.value)
        .order_by(Task.created, Task.id)
    ).all()


def insert_rows(tx: Session, table: type[Table], rows: Sequence[Row]) -> None:
    """One statement however many; nothing for none."""
    if rows:
        ready.write(tx, queries.insert_into(table), rows)


def add_instance(tx: Session, row: Row, blob: bytes) -> None:
    insert_rows(tx, Instance, [row])
    insert_rows(tx, InstanceState, [{"instance_id": row["id"], "blob": blob}])


def save_instance(tx: Session, instance_id: UUID, changes: Row, blob: bytes) -> None:
    """Raises StepFailed if it is not at the revision before this one: nothing is saved then."""
    of = {queries.OF: instance_id, "before": changes["rev"] - 1}
    if not ready.write(tx, queries.SAVE_INSTANCE, [{**of, **changes}]):
        raise StepFailed(str(instance_id), reason("overtaken"))
    ready.write(tx, queries.SAVE_STATE, [{queries.OF: instance_id, "blob": blob}])
    _tell(tx, Instance, instance_id, changes)
    _tell(tx, InstanceState, instance_id, {"blob": blob})


def _tell(tx: Session, mapped: type[Any], id: object, values: Row) -> None:
    """Statements on tables do not reach what the session holds already."""
    held = tx.identity_map.get(identity_key(mapped, id))
    if held is not None:
        for name, value in values.items():
            set_committed_value(held, name, value)


def close_tasks(tx: Session, task_ids: Collection[UUID], **values: Any) -> None:
    """Give open steps their last status; one statement, none for none."""
    if task_ids:
        ready.write(tx, queries.SET_OPEN_TASK, [{queries.OF: id, **values} for id in task_ids])
    for id in task_ids:
        _tell(tx, Task, id, values)


def task(tx: Session, task_id: UUID) -> Task | None:
    """As it is now, whatever the session knew of it."""
    return tx.get(Task, task_id, populate_existing=True)


def newest_task(tx: Session, instance_id: UUID, process: str, element_id: str) -> UUID | None:
    """The id of the open step at this element."""
    return tx.scalars(
        select(Task.id)
        .where(
            Task.instance_id == instance_id,
            Task.process == process,
            Task.element_id == element_id,
            Task.status == TaskStatus.OPEN.value,
        )
        .order_by(Task.created.desc())
        .limit(1)
    ).first()


def mark_taken_back(tx: Session, task_id: UUID) -> None:
    """A done step that does not count any more."""
    tx.execute(
        update(Task)
        .where(Task.id == task_id, Task.status == TaskStatus.DONE.value)
        .values(status=TaskStatus.TAKEN_BACK.value)
    )


def history_since(tx: Session, instance_id: UUID, token_id: UUID) -> Sequence[History]:
    """What happened in an instance after this token had left its step, in order."""
    left = select(func.max(History.id)).where(
        History.instance_id == instance_id,
        History.token_id == token_id,
        History.event == "left",
    )
    return tx.scalars(
        select(History)
        .where(History.instance_id == instance_id, History.id > left.scalar_subquery())
        .order_by(History.id)
    ).all()


def set_task(tx: Session, task_id: UUID, **values: Any) -> bool:
    """Change an open step; False if it is not open."""
    changed = tx.execute(
        update(Task)
        .where(Task.id == task_id, Task.status == TaskStatus.OPEN.value)
        .values(**values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def hand_over(
    tx: Session, task_ids: Collection[UUID], from_account: int, to_account: int | None
) -> list[UUID]:
    """Ids of those that were open and the first account's; one statement."""
    changed = tx.execute(
        update(Task)
        .where(
            Task.id.in_(task_ids),
            Task.status == TaskStatus.OPEN.value,
            Task.assignee_id == from_account,
        )
        .values(assignee_id=to_account)
        .returning(Task.id)
    )
    return sorted(changed.scalars())


def remove_tokens(tx: Session, instance_id: UUID, places: Collection[tuple[str, str]]) -> None:
    if places:
        gone = [{queries.OF: instance_id, "process": p, "element_id": e} for p, e in places]
        ready.write(tx, queries.REMOVE_TOKEN, gone)


def remove_waits(tx: Session, token_ids: Collection[UUID]) -> None:
    if token_ids:
        ready.write(tx, queries.REMOVE_WAIT, [{queries.OF: id} for id in token_ids])


def set_wait(tx: Session, token_id: UUID, **values: Any) -> None:
    tx.execute(update(Wait).where(Wait.token_id == token_id).values(**values))


def due_waits(tx: Session, now: datetime, limit: int) -> list[DueWait]:
    """Timers that are due in instances that run, longest due first; takes no locks."""
    asked = {"now": now, "most": limit}
    found = tx.connection().execute(queries.DUE_WAITS, asked)
    return [DueWait(*row) for row in found.all()]


def first_listener(tx: Session, name: str, key: str, case_id: UUID) -> tuple[int, UUID] | None:
    """The wait of a running instance that has listened longest for this message."""
    asked = {"name": name, "key": key, "case_id": case_id}
    found = tx.execute(queries.FIRST_LISTENER, asked).first()
    return (found[0], found[1]) if found else None


def running_pack(tx: Session, case_id: UUID) -> str | None:
    """The pack that the case's oldest running instance belongs to."""
    return tx.scalar(
        select(ReleaseRow.pack_id)
        .join(Instance, Instance.release_id == ReleaseRow.id)
        .where(Instance.case_id == case_id, Instance.status == _RUNNING)
        .order_by(Instance.started, Instance.id)
        .limit(1)
    )


def heard_in_case(tx: Session, case_id: UUID) -> Sequence[Wait]:
    """The messages that a case's running instances wait for."""
    return tx.scalars(
        select(Wait)
        .join(Instance, Instance.id == Wait.instance_id)
        .where(Wait.case_id == case_id, Wait.kind == "message", Instance.status == _RUNNING)
        .order_by(Wait.name, Wait.id)
    ).all()


def timers_of(tx: Session, case_id: UUID) -> Sequence[Wait]:
    """What a case's running instances wait for by the clock, soonest first."""
    return tx.scalars(
        select(Wait)
        .join(Instance, Instance.id == Wait.instance_id)
        .where(Wait.case_id == case_id, Wait.due.is_not(None), Instance.status == _RUNNING)
        .order_by(Wait.due, Wait.id)
    ).all()


def signal_listeners(tx: Session, name: str) -> list[tuple[UUID, UUID]]:
    """Case and instance of everything that waits for a signal."""
    found = tx.execute(
        select(Wait.case_id, Wait.instance_id)
        .where(Wait.kind == "signal", Wait.name == name)
        .distinct()
        .order_by(Wait.case_id, Wait.instance_id)
    )
    return [(row[0], row[1]) for row in found]


def signal_wait(tx: Session, instance_id: UUID, name: str) -> int | None:
    """The oldest wait of an instance for a signal."""
    return tx.scalar(
        select(func.min(Wait.id)).where(
            Wait.instance_id == instance_id, Wait.kind == "signal", Wait.name == name
        )
    )


def set_held(tx: Session, wait_id: int, held: bool) -> None:
    tx.execute(update(Wait).where(Wait.id == wait_id).values(held=held))


def case_instances(
    tx: Session, case_id: UUID, statuses: Collection[str], besides: UUID | None = None
) -> list[UUID]:
    """Instances of a case in lock order; locks their rows."""
    wanted = (
        select(Instance.id)
        .where(Instance.case_id == case_id, Instance.status.in_(statuses))
        .order_by(Instance.id)
        .with_for_update()
    )
    return [found for found in tx.scalars(wanted) if found != besides]


def set_status(tx: Session, instance_ids: Collection[UUID], status: str, **more: Any) -> None:
    if instance_ids:
        tx.execute(
            update(Instance).where(Instance.id.in_(instance_ids)).values(status=status, **more)
        )


def forget_instances(tx: Session, instance_ids: Collection[UUID]) -> list[UUID]:
    """Remove what instances wait for and where they stand; their open steps."""
    if not instance_ids:
        return []
    tx.execute(delete(Wait).where(Wait.instance_id.in_(instance_ids)))
    tx.execute(delete(Token).where(Token.instance_id.in_(instance_ids)))
    return list(
        tx.scalars(
            select(Task.id).where(
                Task.instance_id.in_(instance_ids), Task.status == TaskStatus.OPEN.value
            )
        )
    )


def get_instance(tx: Session, instance_id: UUID) -> Instance | None:
    return tx.get(Instance, instance_id)


def instances_of(tx: Session, case_id: UUID) -> Sequence[Instance]:
    """All instances of a case, oldest first."""
    return tx.scalars(
        select(Instance).where(Instance.case_id == case_id).order_by(Instance.started, Instance.id)
    ).all()


def first_instance(tx: Session, case_id: UUID) -> Instance | None:
    """The one in which something happened first."""
    return tx.scalars(
        select(Instance)
        .join(History, History.instance_id == Instance.id)
        .where(Instance.case_id == case_id)
        .order_by(History.id)
        .limit(1)
    ).first()


def history_of(tx: Session, instance_id: UUID) -> Sequence[History]:
    """What happened, in order."""
    return tx.scalars(
        select(History).where(History.instance_id == instance_id).order_by(History.id)
    ).all()


def whole_history(tx: Session) -> Sequence[History]:
    """What happened to everybody, in order: for databases on which one scenario is played."""
    return tx.scalars(select(History).order_by(History.id)).all()


def tokens_of(tx: Session, instance_ids: Collection[UUID]) -> Sequence[Token]:
    return tx.scalars(select(Token).where(Token.instance_id.in_(instance_ids))).all()


def add_incident(tx: Session, incident: Incident) -> int:
    tx.add(incident)
    tx.flush()
    return int(incident.id)


def get_incident(tx: Session, incident_id: int) -> Incident | None:
    """Locks the row."""
    return tx.get(Incident, incident_id, with_for_update=True)


def open_incidents(tx: Session, *, case_id: UUID | None = None) -> Sequence[Incident]:
    """What is unsolved, oldest first."""
    wanted = select(Incident).where(Incident.solved.is_(None)).order_by(Incident.id)
    if case_id is not None:
        wanted = wanted.where(Incident.case_id == case_id)
    return tx.scalars(wanted).all()


def incident_of_wait(tx: Session, wait_id: int) -> Incident | None:
    return tx.scalars(
        select(Incident).where(Incident.wait_id == wait_id, Incident.solved.is_(None))
    ).first()


def solve_incidents(tx: Session, token_ids: Collection[UUID], now: datetime) -> None:
    """Their tokens are gone; nobody needs to look any more."""
    if token_ids:
        tx.execute(
            update(Incident)
            .where(Incident.token_id.in_(token_ids), Incident.solved.is_(None))
            .values(solved=now)
        )


def keep_undelivered(tx: Session, row: Row) -> None:
    tx.execute(insert(Undelivered), [dict(row)])


def undelivered_of(tx: Session, case_id: UUID) -> Sequence[Undelivered]:
    """Messages that nobody in this case waited for, newest first."""
    return tx.scalars(
        select(Undelivered).where(Undelivered.case_id == case_id).order_by(Undelivered.id.desc())
    ).all()


def enter_command(tx: Session, row: Row) -> Command | None:
    """Insert a command; the earlier one instead if there is one.

    A second sender waits here until the first has committed.
    """
    entered = queries.enter_command(tx.get_bind().dialect.name)
    if ready.rows(tx, entered, row):
        return None
    same = {name: row[name] for name in queries.SAME}
    return tx.scalars(queries.EARLIER_COMMAND, same).one()


def answer_command(tx: Session, row: Row, result: Mapping[str, Any]) -> None:
    same = {f"same_{name}": row[name] for name in queries.SAME}
    ready.write(tx, queries.ANSWER_COMMAND, [{**same, "result": dict(result)}])


def purge_commands(tx: Session, before: datetime) -> int:
    """Forget answers that nobody will ask for again; how many there were."""
    gone = tx.execute(delete(Command).where(Command.at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def cases_hearing(tx: Session, name: str, case_ids: Collection[UUID]) -> set[UUID]:
    """Which of these cases have a running instance that waits for this message."""
    found = tx.scalars(
        select(Wait.case_id)
        .join(Instance, Instance.id == Wait.instance_id)
        .where(
            Wait.kind == "message",
            Wait.name == name,
            Wait.case_id.in_(case_ids),
            Instance.status == _RUNNING,
        )
    )
    return set(found)


def next_due(tx: Session, after: datetime) -> datetime | None:
    """The earliest moment after this one for which a running instance waits."""
    return tx.scalar(
        select(func.min(Wait.due))
        .join(Instance, Instance.id == Wait.instance_id)
        .where(Wait.due > after, Wait.held.is_(False), Instance.status == _RUNNING)
    )
