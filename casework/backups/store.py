"""All SQL of backups."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from base.db import Session
from casework.cases.tables import Case


def case_ids(tx: Session, most: int) -> Iterator[Sequence[UUID]]:
    """Every case there is, so many at a time."""
    asked = select(Case.id).order_by(Case.id).execution_options(yield_per=most)
    yield from tx.scalars(asked).partitions()
