"""All SQL of the key store."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from base.db import Database, Session
from base.keys.tables import CaseKeyRow

_WRAPPED = select(CaseKeyRow.case_id, CaseKeyRow.wrapped).where(
    CaseKeyRow.case_id.in_(bindparam("case_ids", expanding=True)), CaseKeyRow.wrapped.is_not(None)
)


def wrapped_keys(database: Database, case_ids: Collection[UUID]) -> list[tuple[UUID, bytes]]:
    """The wrapped keys that have not been destroyed."""
    rows = database.ask(_WRAPPED, {"case_ids": list(case_ids)})
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def forget_key(tx: Session, case_id: UUID, now: datetime) -> None:
    """Overwrite the key; the row stays so that a restore cannot revive it."""
    tx.execute(
        update(CaseKeyRow).where(CaseKeyRow.case_id == case_id).values(wrapped=None, destroyed=now)
    )
