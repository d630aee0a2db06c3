"""All SQL of attached files."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from base.db import Session
from casework.attachments.tables import Attachment, AttachmentContent


def of_case(tx: Session, case_id: UUID) -> Sequence[Attachment]:
    """In the order they came, struck ones left out; their content is not read."""
    asked = select(Attachment).where(Attachment.case_id == case_id, Attachment.struck.is_(None))
    return tx.scalars(asked.order_by(Attachment.created, Attachment.id)).all()


def of_step(tx: Session, case_id: UUID, task_id: UUID) -> Sequence[Attachment]:
    """What was attached to one step, as `of_case`."""
    asked = select(Attachment).where(
        Attachment.case_id == case_id, Attachment.task_id == task_id, Attachment.struck.is_(None)
    )
    return tx.scalars(asked.order_by(Attachment.created, Attachment.id)).all()


def count(tx: Session, case_id: UUID) -> int:
    """Struck ones too: they still lie there."""
    asked = select(func.count()).select_from(Attachment).where(Attachment.case_id == case_id)
    return tx.scalar(asked) or 0


def of_case_by_id(tx: Session, case_id: UUID, attachment_id: UUID) -> Attachment | None:
    """None if there is no such file in this case, or it is struck."""
    return tx.scalars(
        select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.case_id == case_id,
            Attachment.struck.is_(None),
        )
    ).one_or_none()


def add(tx: Session, attachment: Attachment, content: bytes) -> None:
    tx.add(attachment)
    tx.flush()
    tx.add(AttachmentContent(attachment_id=attachment.id, content=content))
    tx.flush()


def content(tx: Session, attachment_id: UUID) -> bytes:
    """Sealed."""
    return tx.scalars(
        select(AttachmentContent.content).where(AttachmentContent.attachment_id == attachment_id)
    ).one()


def strike(tx: Session, attachment_id: UUID, now: datetime) -> None:
    tx.execute(update(Attachment).where(Attachment.id == attachment_id).values(struck=now))
