"""All SQL of what waits for somebody because of the directory."""

from datetime import date

from sqlalchemy import func, or_, select

from base.db import Session
from casework.notifications.tables import NoticeReader
from casework.organisations.tables import Representative


def waiting(tx: Session, account_id: int, on: date) -> tuple[int, int]:
    """Assignments to acknowledge, and changes not read; one statement."""
    assigned = (
        select(func.count())
        .select_from(Representative)
        .where(
            Representative.account_id == account_id,
            Representative.acknowledged.is_(None),
            or_(
                Representative.valid_until.is_(None),
                (Representative.valid_until >= on)
                & (Representative.valid_until >= Representative.valid_from),
            ),
        )
        .scalar_subquery()
    )
    unread = (
        select(func.count())
        .select_from(NoticeReader)
        .where(NoticeReader.account_id == account_id, NoticeReader.read.is_(None))
        .scalar_subquery()
    )
    row = tx.execute(select(assigned, unread)).one()
    return row[0], row[1]
