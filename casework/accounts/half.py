"""Half of a sign-in: the first proof was given, the second is asked for.

A half session lives in a cookie and a table of its own: nothing that asks who is signed in knows
of it.
"""

import hashlib
import secrets

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.accounts import queries, rules
from casework.accounts.tables import HalfSession


class HalfOver(Invalid):
    """That took too long, or the code was wrong too often. Sign in anew."""


def begin(tx: Session, account_id: int, *, provider: str = "", provider_session: str = "") -> str:
    """A new secret; ``provider`` gave the first proof (empty: a password did)."""
    now = clock.now(tx)
    queries.sweep_half_sessions(tx, now)
    token = secrets.token_urlsafe(32)
    tx.add(
        HalfSession(
            token_digest=_digest(token),
            account_id=account_id,
            ends=now + rules.HALF,
            provider=provider,
            provider_session=provider_session,
        )
    )
    return token


def found(tx: Session, token: str) -> HalfSession:
    """Raises HalfOver."""
    return _alive(tx, queries.half_session(tx, _digest(token)))


def locked(tx: Session, token: str) -> HalfSession:
    """`found`, until the transaction ends: no try is left uncounted. Raises HalfOver."""
    return _alive(tx, queries.locked_half_session(tx, _digest(token)))


def _alive(tx: Session, row: HalfSession | None) -> HalfSession:
    if row is None or row.ends <= clock.now(tx):
        raise HalfOver
    return row


def end(tx: Session, row: HalfSession) -> None:
    queries.end_half_session(tx, row.token_digest)


def count_failure(tx: Session, row: HalfSession) -> None:
    """The fifth wrong code ends it: whoever goes on guessing needs the password each time."""
    row.failures += 1
    if row.failures >= rules.MOST_CODES:
        end(tx, row)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
