"""All SQL of the key store."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from base.db import Session
from base.keys.tables import CaseKeyRow


def wrapped_keys(tx: Session, case_ids: Collection[UUID]) -> list[tuple[UUID, bytes]]:
    """The wrapped keys that have not been destroyed."""
    rows = tx.execute(
        select(CaseKeyRow.case_id, CaseKeyRow.wrapped).where(
            CaseKeyRow.case_id.in_(case_ids), CaseKeyRow.wrapped.is_not(None)
        )
    )
    return [(case_id, wrapped) for case_id, wrapped in rows if wrapped is not None]


def forget_key(tx: Session, case_id: UUID, now: datetime) -> None:
    """Overwrite the key; the row stays so that a restore cannot revive it."""
    tx.execute(
        update(CaseKeyRow).where(CaseKeyRow.case_id == case_id).values(wrapped=None, destroyed=now)
    )
