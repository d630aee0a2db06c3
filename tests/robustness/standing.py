"""How a case stands, to be compared; and the way back to how it stood.

The trace has no way back, so that it is compared from where it ended when two commands began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, func, insert, select

from base.db import Session, Table
from casework.audit.tables import Audit
from casework.cases.tables import Case
from casework.consent.tables import Consent, ConsentParty
from engine import store
from engine.runtime import stepping
from engine.tables import Command, History, Incident, Instance, Task, Token, Undelivered, Wait
from tests.robustness.commands import World

Standing = Mapping[str, Any]


def trace_end(tx: Session, world: World) -> int:
    """The number of the last row in the trace of the case."""
    last = select(func.max(Audit.seq)).where(Audit.chain == str(world.case_id))
    return tx.scalar(last) or 0


def standing(tx: Session, world: World, *, since: int) -> Standing:
    """The case and all its instances; what is drawn by chance is left out.

    ``since``: the trace is told from the row after this one.
    """
    tx.flush()
    case_id, rows_of = world.case_id, tx.connection().execute
    names = dict(zip(world.instances, ("first", "second"), strict=True))
    of_case = Instance.case_id == case_id
    instances = rows_of(
        select(
            Instance.id,
            Instance.process,
            Instance.status,
            Instance.end_event,
            Instance.rev,
            Instance.release_id,
        )
        .where(of_case)
        .order_by(Instance.started)
    ).all()
    ids = [row.id for row in instances]
    tables: dict[str, tuple[Any, Sequence[Any]]] = {
        "tokens": (Token, (Token.process, Token.element_id, Token.count)),
        "history": (History, (History.element_id, History.event, History.by, History.detail)),
        "tasks": (
            Task,
            (Task.element_id, Task.organisation_id, Task.status, Task.assignee_id, Task.done_by),
        ),
        "waits": (Wait, (Wait.element_id, Wait.kind, Wait.name, Wait.held)),
        "incidents": (Incident, (Incident.element_id, Incident.kind, Incident.solved)),
    }
    found: dict[str, Any] = {}
    for name, (table, columns) in tables.items():
        asked = select(table.instance_id, *columns).where(table.instance_id.in_(ids))
        rows = rows_of(asked.order_by(table.id) if table is History else asked).all()
        named = [(names.get(row[0], "started"), *row[1:]) for row in rows]
        # Of two steps that open at once, either may be written first; what happens may not.
        found[name] = _in_order(named) if table is History else sorted(named, key=repr)
    inside = {names.get(row.id, "started"): _inside(tx, world, row) for row in instances}
    return {**found, "inside": inside, **_of_case(tx, case_id, since)}


def _in_order(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, *row in rows:
        found.setdefault(name, []).append(tuple(row))
    return found


def _inside(tx: Session, world: World, instance: Any) -> tuple[Any, ...]:
    """What the row says, and what the sealed state knows if it was stepped and has not ended."""
    row = (instance.process, *instance[2:])
    if instance.rev == 1 or instance.status not in ("running", "suspended"):
        return row
    resting = store.lock_instance(tx, instance.id)
    assert resting is not None
    _, machine = stepping.read(tx, world.host, resting, "test")
    return (
        *row,
        {name: value for name, value in machine.variables.items() if name != "case_ref"},
        sorted((step.process, step.element.id) for step in machine.open),
        sorted((wait.process, wait.element) for wait in machine.waiting),
        dict(machine.marking),
    )


def _of_case(tx: Session, case_id: UUID, since: int) -> dict[str, Any]:
    rows_of = tx.connection().execute
    asked = {
        "case": select(Case.status, Case.milestone).where(Case.id == case_id),
        "consents": select(Consent.status).where(Consent.case_id == case_id),
        "parties": select(
            ConsentParty.organisation_id, ConsentParty.dropped_at.is_(None)
        ).order_by(ConsentParty.organisation_id),
        "undelivered": select(Undelivered.name).where(Undelivered.case_id == case_id),
        "answered": select(Command.command).order_by(Command.command),
        "trace": select(Audit.actor, Audit.action)
        .where(Audit.chain == str(case_id), Audit.seq > since)
        .order_by(Audit.seq),
    }
    return {name: [tuple(row) for row in rows_of(question)] for name, question in asked.items()}


_MORE = {"case", "command", "job", "case_entry_part"}
#: What the database lets nobody change or take away.
_GROWING = {"access_log", "access_listed"}
_CHANGING = [
    table
    for table in Table.metadata.sorted_tables
    if table.name not in _GROWING
    and (table.name in _MORE or {"case_id", "instance_id", "consent_id"} & set(table.c.keys()))
]


@dataclass(frozen=True, slots=True)
class Kept:
    """All rows that commands may change, of a database that holds one case."""

    rows: Mapping[SqlTable, list[dict[str, Any]]]

    @classmethod
    def of(cls, tx: Session) -> "Kept":
        found = {table: tx.execute(select(table)).mappings() for table in _CHANGING}
        return cls({table: [dict(row) for row in rows] for table, rows in found.items()})

    def restore(self, tx: Session) -> None:
        write = tx.connection().execute
        for table in reversed(_CHANGING):
            write(delete(table))
        for table, rows in self.rows.items():
            if rows:
                write(insert(table), rows)
