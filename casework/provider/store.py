"""All SQL of sign-in through a provider."""

from datetime import datetime

from sqlalchemy import delete, select

from base.db import Session
from casework.provider.tables import ProviderLink, ProviderLogOut, ProviderRequest


def take_request(tx: Session, browser_digest: bytes, provider: str) -> ProviderRequest | None:
    """It is gone then, so that no answer is heard twice; None if somebody was faster."""
    mine = (
        ProviderRequest.browser_digest == browser_digest,
        ProviderRequest.provider == provider,
    )
    found = tx.scalars(select(ProviderRequest).where(*mine).with_for_update()).first()
    if found is not None:
        tx.expunge(found)
        tx.execute(delete(ProviderRequest).where(*mine))
    return found


def sweep_requests(tx: Session, before: datetime) -> None:
    """Forget those that were over before then."""
    tx.execute(delete(ProviderRequest).where(ProviderRequest.ends <= before))


def linked(tx: Session, issuer: str, subject: str) -> int | None:
    """The account that this is, if any."""
    found = tx.get(ProviderLink, (issuer, subject))
    return found.account_id if found is not None else None


def link(tx: Session, issuer: str, subject: str, account_id: int, *, since: datetime) -> None:
    """Instead of whom the account was to this provider before."""
    tx.execute(
        delete(ProviderLink).where(
            ProviderLink.issuer == issuer, ProviderLink.account_id == account_id
        )
    )
    tx.add(ProviderLink(issuer=issuer, subject=subject, account_id=account_id, since=since))
    tx.flush()


def heard(tx: Session, issuer: str, token_id: str, *, now: datetime, ends: datetime) -> bool:
    """Whether this token was heard before; from now on it was. Forgets old ones."""
    tx.execute(delete(ProviderLogOut).where(ProviderLogOut.ends <= now))
    if tx.get(ProviderLogOut, (issuer, token_id)) is not None:
        return True
    tx.add(ProviderLogOut(issuer=issuer, token_id=token_id, ends=ends))
    tx.flush()
    return False
