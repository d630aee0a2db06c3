"""SQL of half sessions, second factors of every kind, recovery codes and orders to audit."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from base.db import Session
from casework.access import Order
from casework.accounts.tables import (
    AccountSession,
    AuditOrder,
    HalfSession,
    Passkey,
    PasskeyChallenge,
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


def has_factor(tx: Session, account_id: int) -> bool:
    """An app or a passkey: recovery codes alone are none."""
    app = exists().where(SecondFactor.account_id == account_id)
    passkey = exists().where(Passkey.account_id == account_id)
    return bool(tx.scalar(select(or_(app, passkey))))


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


def drop_factors(tx: Session, account_id: int) -> None:
    """App, passkeys and recovery codes of the account are worth nothing any more."""
    drop_recovery_codes(tx, account_id)
    tx.execute(delete(Passkey).where(Passkey.account_id == account_id))
    tx.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


def passkeys(tx: Session, account_id: int) -> list[Passkey]:
    """In the order they were added."""
    asked = select(Passkey).where(Passkey.account_id == account_id)
    return list(tx.scalars(asked.order_by(Passkey.id)))


def passkey(tx: Session, account_id: int, passkey_id: int) -> Passkey | None:
    """One of the account's own."""
    mine = (Passkey.id == passkey_id, Passkey.account_id == account_id)
    return tx.scalars(select(Passkey).where(*mine)).first()


def locked_passkey(tx: Session, credential_id: bytes) -> Passkey | None:
    """Locked until the transaction ends: of two answers with one count, one is heard."""
    asked = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    return tx.scalars(asked.execution_options(populate_existing=True)).first()


def add_passkey(tx: Session, added: Passkey) -> bool:
    """False if some account has it already."""
    try:
        with tx.begin_nested():
            tx.add(added)
    except IntegrityError:
        return False
    return True


def drop_passkey(tx: Session, passkey_id: int) -> None:
    tx.execute(delete(Passkey).where(Passkey.id == passkey_id))


def add_challenge(tx: Session, challenge: PasskeyChallenge, *, now: datetime) -> None:
    """Those that are over are forgotten."""
    tx.execute(delete(PasskeyChallenge).where(PasskeyChallenge.ends <= now))
    tx.add(challenge)


def use_challenge(
    tx: Session, digest: bytes, *, holder_digest: bytes, purpose: str, now: datetime
) -> bool:
    """False if this holder was not asked it for this, or has answered, or it is too late."""
    used = delete(PasskeyChallenge).where(
        PasskeyChallenge.digest == digest,
        PasskeyChallenge.holder_digest == holder_digest,
        PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.ends > now,
    )
    return tx.execute(used.returning(PasskeyChallenge.digest)).first() is not None


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
