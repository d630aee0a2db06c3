"""All SQL of persons."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from base.db import Session
from casework.people.tables import PersonRow


def of_case(tx: Session, case_id: UUID) -> PersonRow | None:
    """None before *Record who it is*."""
    return tx.get(PersonRow, case_id)


def of_cases(tx: Session, case_ids: Collection[UUID]) -> Mapping[UUID, PersonRow]:
    """Of those cases where somebody is recorded; one statement however many."""
    found = tx.scalars(select(PersonRow).where(PersonRow.case_id.in_(case_ids)))
    return {row.case_id: row for row in found}


def cases_with(tx: Session, number_index: bytes) -> list[UUID]:
    """Cases of the person with this identity number, in a stable order."""
    asked = select(PersonRow.case_id).where(PersonRow.number_index == number_index)
    return list(tx.scalars(asked.order_by(PersonRow.recorded_at, PersonRow.case_id)))


def put(tx: Session, row: PersonRow) -> None:
    """Add, or replace what was recorded for this case."""
    tx.merge(row)
    tx.flush()
