"""All SQL of guests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from base.db import Session
from casework.guests.tables import GuestAccess


def of_item(tx: Session, item_id: int) -> Sequence[GuestAccess]:
    """In the order of invitation."""
    asked = select(GuestAccess).where(GuestAccess.item_id == item_id).order_by(GuestAccess.id)
    return tx.scalars(asked).all()


def with_link(tx: Session, digest: bytes) -> GuestAccess | None:
    return tx.scalars(select(GuestAccess).where(GuestAccess.link_digest == digest)).first()


def with_session(tx: Session, digest: bytes) -> GuestAccess | None:
    return tx.scalars(select(GuestAccess).where(GuestAccess.session_digest == digest)).first()


def locked(tx: Session, guest_id: int) -> GuestAccess | None:
    """Locked until the transaction ends; the caller has locked the case."""
    return tx.get(GuestAccess, guest_id, with_for_update=True, populate_existing=True)


def end_of_case(tx: Session, case_id: UUID, now: datetime) -> None:
    """Every invitation of a case ends."""
    ending = update(GuestAccess).where(
        GuestAccess.case_id == case_id, GuestAccess.ended_at.is_(None)
    )
    tx.execute(ending.values(ended_at=now))
