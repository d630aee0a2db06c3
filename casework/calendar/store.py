"""All SQL of calendar feeds."""

from sqlalchemy import select

from base.db import Session
from casework.accounts.tables import Account
from casework.calendar.tables import CalendarFeed


def of_account(tx: Session, account_id: int) -> CalendarFeed | None:
    """Locked."""
    query = select(CalendarFeed).where(CalendarFeed.account_id == account_id)
    return tx.scalars(query.with_for_update()).one_or_none()


def with_account(tx: Session, digest: bytes) -> tuple[CalendarFeed, Account] | None:
    """The feed with this digest, and whose it is."""
    query = (
        select(CalendarFeed, Account)
        .join(Account, Account.id == CalendarFeed.account_id)
        .where(CalendarFeed.address_digest == digest)
    )
    row = tx.execute(query).first()
    return (row[0], row[1]) if row is not None else None


def shown(tx: Session, account_id: int) -> CalendarFeed | None:
    """To show it; takes no locks."""
    return tx.scalars(
        select(CalendarFeed).where(CalendarFeed.account_id == account_id)
    ).one_or_none()
