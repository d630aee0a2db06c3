"""All SQL of access tokens."""

from collections.abc import Sequence

from sqlalchemy import select

from base.db import Session
from casework.accounts.tables import Account
from casework.tokens.tables import AccessToken


def with_account(tx: Session, digest: bytes) -> tuple[AccessToken, Account] | None:
    """The token with this digest, revoked or not, and whose it is."""
    query = (
        select(AccessToken, Account)
        .join(Account, Account.id == AccessToken.account_id)
        .where(AccessToken.token_digest == digest)
    )
    row = tx.execute(query).first()
    return (row[0], row[1]) if row is not None else None


def of_account(tx: Session, account_id: int) -> Sequence[AccessToken]:
    """Newest first."""
    query = select(AccessToken).where(AccessToken.account_id == account_id)
    return tx.scalars(query.order_by(AccessToken.id.desc())).all()


def of(tx: Session, account_id: int, token_id: int) -> AccessToken | None:
    """One of this account's tokens, locked."""
    query = select(AccessToken).where(
        AccessToken.id == token_id, AccessToken.account_id == account_id
    )
    return tx.scalars(query.with_for_update()).one_or_none()


def locked(tx: Session, token_id: int) -> AccessToken | None:
    """Until the transaction ends: no question is left uncounted."""
    return tx.get(AccessToken, token_id, with_for_update=True, populate_existing=True)
