"""All SQL of erasing: the rows of a case are found by walking the schema, never by a list."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Delete, bindparam, delete, select
from sqlalchemy import Table as SqlTable

from base.db import Session, Table, core
from casework.cases.tables import Case
from casework.erasure.rules import KEPT
from casework.erasure.tables import ErasedCase

_OF = "of_case"


def found_by() -> Mapping[str, ColumnElement[bool]]:
    """For each table that is emptied, which of its rows belong to a case."""
    cases = core(Case)
    found: dict[str, ColumnElement[bool]] = {cases.name: cases.c.id == bindparam(_OF)}
    for table in Table.metadata.sorted_tables:
        if table.name in KEPT or table.name in found:
            continue
        condition = _condition(table, found)
        if condition is not None:
            found[table.name] = condition
    return found


def _condition(
    table: SqlTable, found: Mapping[str, ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    """By its own ``case_id``, else by a row it hangs on."""
    if "case_id" in table.c:
        return table.c.case_id == bindparam(_OF)
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name in found:
            return key.parent.in_(select(key.column).where(found[parent.name]))
    return None


@cache
def _deletes() -> tuple[Delete, ...]:
    """What hangs on another row goes before it."""
    found = found_by()
    tables = reversed(Table.metadata.sorted_tables)
    return tuple(delete(table).where(found[table.name]) for table in tables if table.name in found)


def remove(tx: Session, case_id: UUID) -> int:
    """Delete every row of a case, wherever it lies; how many."""
    tx.flush()
    tx.expunge_all()
    return sum(tx.connection().execute(each, {_OF: case_id}).rowcount for each in _deletes())


def count(tx: Session, case: Case, zone: str, now: datetime) -> None:
    """Leave a row for counts; its id is random, so that it cannot be told whose it was."""
    closed = case.closed or now
    tx.add(
        ErasedCase(
            id=uuid4(),
            programme_id=case.programme_id,
            group_id=case.group_id,
            procedure=case.procedure,
            opened=case.opened.astimezone(ZoneInfo(zone)).year,
            closed=closed.astimezone(ZoneInfo(zone)).year,
            outcome=case.outcome,
        )
    )


def emptied() -> tuple[str, ...]:
    """Names of the tables that hold rows of cases."""
    return tuple(found_by())


def present(tx: Session, case_ids: list[UUID]) -> list[UUID]:
    """Which of these cases have rows."""
    return list(tx.scalars(select(Case.id).where(Case.id.in_(case_ids))))
