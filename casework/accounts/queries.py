"""SQL of half sessions, second factors, recovery codes and orders to audit."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from base.db import Session
from casework.access import Order
from casework.accounts.tables import (
    AccountSession,
    AuditOrder,
    HalfSession,
    RecoveryCode,
    SecondFactor,
)


def half_session(tx: Session, token_digest: bytes) -> HalfSession | None:
    return tx.get(HalfSession, token_digest)


def locked_half_session(tx: Session, token_digest: bytes) -> HalfSession | None:
    return tx.get(HalfSession, token_digest, with_for_update=True, populate_existing=True)


def end_half_session(tx: Session, token_digest: bytes) -> None:
    tx.execute(delete(HalfSession).where(HalfSession.token_digest == token_digest))


def sweep_half_sessions(tx: Session, before: datetime) -> None:
    """Forget those that were over before then."""
    tx.execute(delete(HalfSession).where(HalfSession.ends <= before))


def factor(tx: Session, account_id: int) -> SecondFactor | None:
    return tx.get(SecondFactor, account_id, populate_existing=True)


def use_step(tx: Session, account_id: int, step: int) -> bool:
    """False if a code of this step or a later one has been heard: somebody was faster."""
    used = (
        update(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.account_id)
    )
    return tx.execute(used).first() is not None


def use_recovery_code(tx: Session, digest: bytes) -> bool:
    """False if there is no such code (any more)."""
    used = delete(RecoveryCode).where(RecoveryCode.digest == digest)
    return tx.execute(used.returning(RecoveryCode.account_id)).first() is not None


def recovery_codes_left(tx: Session, account_id: int) -> int:
    counted = select(func.count()).where(RecoveryCode.account_id == account_id)
    return tx.scalar(counted) or 0


def add_recovery_codes(tx: Session, account_id: int, digests: Sequence[bytes]) -> None:
    tx.add_all(RecoveryCode(digest=digest, account_id=account_id) for digest in digests)


def drop_recovery_codes(tx: Session, account_id: int) -> None:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def put_factor(tx: Session, account_id: int, secret: bytes, *, since: datetime, step: int) -> None:
    """Instead of the one there may be."""
    tx.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    tx.add(SecondFactor(account_id=account_id, secret=secret, since=since, last_step=step))


def drop_factor(tx: Session, account_id: int) -> None:
    """The app and all recovery codes of the account are worth nothing any more."""
    drop_recovery_codes(tx, account_id)
    tx.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


def orders_of(tx: Session, account_id: int, on: date) -> tuple[Order, ...]:
    """By which orders the account reads what is in cases on that day."""
    asked = select(
        AuditOrder.id, AuditOrder.organisation_id, AuditOrder.valid_from, AuditOrder.valid_until
    ).where(
        AuditOrder.account_id == account_id,
        AuditOrder.ended.is_(None),
        AuditOrder.valid_from <= on,
        AuditOrder.valid_until >= on,
    )
    return tuple(Order(*row) for row in tx.execute(asked.order_by(AuditOrder.id)))


def orders(
    tx: Session, *, organisation_ids: Collection[int] | None = None, limit: int
) -> list[AuditOrder]:
    """For these organisations' cases (None: all), the latest written down first."""
    asked = select(AuditOrder).order_by(AuditOrder.id.desc()).limit(limit)
    if organisation_ids is not None:
        asked = asked.where(AuditOrder.organisation_id.in_(organisation_ids))
    return list(tx.scalars(asked))


def order(tx: Session, order_id: int) -> AuditOrder | None:
    """Locked until the transaction ends."""
    return tx.get(AuditOrder, order_id, with_for_update=True, populate_existing=True)


def end_sessions_through(
    tx: Session, provider: str, *, account_id: int | None, provider_session: str
) -> int:
    """End those begun through a provider, half ones too; how many.

    Of this account (None: of anybody) and of that session of the provider's (empty: of any).
    """
    ended = 0
    for table in (AccountSession, HalfSession):
        ending = delete(table).where(table.provider == provider)
        if account_id is not None:
            ending = ending.where(table.account_id == account_id)
        if provider_session:
            ending = ending.where(table.provider_session == provider_session)
        ended += len(tx.execute(ending.returning(table.token_digest)).all())
    return ended
