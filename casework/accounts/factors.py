"""The second factor: an authenticator app, and ten recovery codes for the day it is lost.

Passkeys are another one, in `casework.passkeys`; recovery codes are for both.

The caller commits. A wrong code is an answer and no error, so that it is counted.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from base import clock, crypto, keys, totp
from base.db import Database, Session
from base.errors import Invalid
from casework.access import Actor
from casework.accounts import actions, codes, half, queries, store
from casework.accounts.actions import Refused, SignedIn
from casework.accounts.tables import Account, HalfSession
from casework.application import Application
from casework.audit import actions as audit

_CODES = 10
#: No vowels and no digits, as in one-time codes; 52 bits.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 12
_BEING_SET_UP = timedelta(minutes=30)


class WrongCode(Invalid):
    """That is not the code the app shows now. Look whether the telephone's clock is right."""


class NotProven(Invalid):
    """The present code is wrong, or was used before. Wait for the next one."""


class SetUpOver(Invalid):
    """That took too long. Here is a new picture; scan it again."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """A secret that is about to be used: ``address`` is what the picture says.

    ``sealed`` holds it for the form, for this account and half an hour.
    """

    secret: str = field(repr=False)
    address: str = field(repr=False)
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when an account has an app (None: it has none), how many passkeys and codes left."""

    since: datetime | None
    passkeys: int
    codes_left: int


@dataclass(frozen=True, slots=True)
class Asked:
    """With what somebody may give the second proof, besides recovery codes."""

    app: bool
    passkeys: bool


def standing(tx: Session, account_id: int) -> Standing:
    factor = queries.factor(tx, account_id)
    passkeys = len(queries.passkeys(tx, account_id))
    left = queries.recovery_codes_left(tx, account_id)
    return Standing(factor.since if factor is not None else None, passkeys, left)


def offer(tx: Session, app: Application, account_id: int, sealed: str = "") -> SetUp:
    """A secret for this account, of which nothing is kept yet.

    The same once more after a wrong code (``sealed``, as the form had it), unless it is too old.
    """
    try:
        secret = _opened(tx, account_id, sealed)
    except SetUpOver:
        secret = totp.new_secret()
    return _shown(tx, app, account_id, secret)


def asked_of(tx: Session, token: str) -> Asked | None:
    """What the half session waits for; None: for a second factor to be set up. Raises HalfOver."""
    account_id = half.found(tx, token).account_id
    app, passkeys = queries.factor(tx, account_id), queries.passkeys(tx, account_id)
    return Asked(app=app is not None, passkeys=bool(passkeys)) if app or passkeys else None


def offer_to_half(tx: Session, app: Application, token: str, sealed: str = "") -> SetUp:
    """What somebody sets up who must have a second factor and has none. Raises HalfOver."""
    return offer(tx, app, without(tx, half.found(tx, token)), sealed)


def enter(tx: Session, token: str, typed: str) -> SignedIn | Refused:
    """The second half of signing in, by the app's code or a recovery code. Raises HalfOver."""
    row = half.locked(tx, token)
    refused = _prove(tx, row.account_id, typed)
    if refused is not None:
        if refused.wait is None:
            half.count_failure(tx, row)
        _note(tx, row.account_id, "refused.sign_in", code="second_factor")
        return refused
    return complete(tx, row)


def set_up_and_enter(
    tx: Session, token: str, sealed: str, code: str
) -> tuple[SignedIn, tuple[str, ...]]:
    """The first second factor of somebody who must have one, and their recovery codes.

    Raises HalfOver (also where there is one: it is replaced with itself alone), WrongCode,
    SetUpOver.
    """
    row = half.locked(tx, token)
    drawn = _keep(tx, without(tx, row), sealed, code)
    return complete(tx, row), drawn


def set_up(
    database: Database, actor: Actor, sealed: str, code: str, password: str
) -> tuple[str, ...]:
    """The first second factor of somebody who is signed in; their recovery codes.

    Opens transactions of its own, as the password is checked. Raises NotProven where there is one
    already, WrongPassword, TooOften, WrongCode, SetUpOver.
    """
    actions.require_password(database, actor, password)
    with database.transaction() as tx:
        if queries.factor(tx, actor.account_id) is not None:
            raise NotProven
        return _keep(tx, actor.account_id, sealed, code)


def replace(
    tx: Session, actor: Actor, token: str, *, sealed: str, code: str, present: str
) -> tuple[str, ...] | Refused:
    """Another app instead of the present one; every other session ends.

    Raises WrongCode, SetUpOver.
    """
    _require_right(tx, actor.account_id, sealed, code)
    refused = _prove(tx, actor.account_id, present)
    if refused is not None:
        _note(tx, actor.account_id, "refused.account.factor", code="second_factor")
        return refused
    actions.end_other_sessions(tx, actor, token)
    return _keep(tx, actor.account_id, sealed, code)


def new_codes(tx: Session, actor: Actor, present: str) -> tuple[str, ...] | Refused:
    """Ten other recovery codes; those there were are worth nothing."""
    refused = _prove(tx, actor.account_id, present)
    if refused is not None:
        _note(tx, actor.account_id, "refused.account.recovery", code="second_factor")
        return refused
    _note(tx, actor.account_id, "account.recovery")
    return draw_codes(tx, actor.account_id)


def forget(tx: Session, account_id: int) -> tuple[Account, str]:
    """Somebody begins anew: the one-time code with which they choose a password, and whose it is.

    Every session ends; password, app, passkeys and recovery codes are worth nothing.
    """
    account = store.by_id(tx, account_id)
    account.password_hash = None
    store.end_sessions_of(tx, account_id)
    queries.drop_factors(tx, account_id)
    return account, codes.in_letters(tx, codes.issue(tx, account_id, codes.INVITATION))


def _prove(tx: Session, account_id: int, typed: str) -> Refused | None:
    """None for the app's present code or a recovery code; either is heard once."""
    name = f"second/{account_id}"
    wait = actions.wait_for(tx, name)
    if wait:
        return Refused(wait)
    if _heard(tx, account_id, typed):
        actions.forget_failures(tx, name)
        return None
    actions.count_failure(tx, name)
    return Refused()


def _heard(tx: Session, account_id: int, typed: str) -> bool:
    digits = "".join(typed.split())
    if digits.isdecimal():
        factor = queries.factor(tx, account_id)
        if factor is None:
            return False
        secret = crypto.unseal(keys.of(tx).factor_key, factor.secret, _place(account_id)).decode()
        step = totp.step_of(secret, digits, clock.unmoved(tx))
        return step is not None and queries.use_step(tx, account_id, step)
    if not queries.use_recovery_code(tx, _digest(tx, account_id, typed)):
        return False
    _note(tx, account_id, "account.recovered")
    return True


def without(tx: Session, row: HalfSession) -> int:
    """Whose half session it is. Raises HalfOver where there is a second factor already."""
    if queries.has_factor(tx, row.account_id):
        raise half.HalfOver
    return row.account_id


def complete(tx: Session, row: HalfSession) -> SignedIn:
    """The second proof was right. Raises HalfOver for an account that was closed meanwhile."""
    half.end(tx, row)
    account = store.by_id(tx, row.account_id)
    if not account.active:
        raise half.HalfOver
    token = actions.begin_session(
        tx,
        account.id,
        account.user_name,
        provider=row.provider,
        provider_session=row.provider_session,
    )
    return SignedIn(account.id, token)


def _keep(tx: Session, account_id: int, sealed: str, code: str) -> tuple[str, ...]:
    """Raises WrongCode, SetUpOver."""
    step = _require_right(tx, account_id, sealed, code)
    secret = _opened(tx, account_id, sealed)
    kept = crypto.seal(keys.of(tx).factor_key, secret.encode(), _place(account_id))
    queries.put_factor(tx, account_id, kept, since=clock.now(tx), step=step)
    _note(tx, account_id, "account.factor")
    return draw_codes(tx, account_id)


def _require_right(tx: Session, account_id: int, sealed: str, code: str) -> int:
    secret = _opened(tx, account_id, sealed)
    step = totp.step_of(secret, "".join(code.split()), clock.unmoved(tx))
    if step is None:
        raise WrongCode
    return step


def draw_codes(tx: Session, account_id: int) -> tuple[str, ...]:
    """Ten recovery codes instead of those there were."""
    queries.drop_recovery_codes(tx, account_id)
    drawn = tuple(_code() for _ in range(_CODES))
    queries.add_recovery_codes(tx, account_id, [_digest(tx, account_id, one) for one in drawn])
    return drawn


def _code() -> str:
    plain = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(plain[at : at + 4] for at in range(0, _LENGTH, 4))


def _digest(tx: Session, account_id: int, typed: str) -> bytes:
    """Of an account's own code: somebody else's opens nothing."""
    plain = "".join(letter for letter in typed.upper() if letter in _LETTERS)
    return crypto.blind_index(keys.of(tx).index_key, f"recovery/{account_id}/{plain}")


def _shown(tx: Session, app: Application, account_id: int, secret: str) -> SetUp:
    account = store.by_id(tx, account_id)
    plain = json.dumps([secret, clock.now(tx).timestamp()]).encode()
    sealed = crypto.seal(keys.of(tx).factor_key, plain, _coming(account_id)).hex()
    issuer = app.programme_title or "Samplan"
    address = totp.address(secret, account=account.user_name, issuer=issuer)
    return SetUp(secret, address, sealed)


def _opened(tx: Session, account_id: int, sealed: str) -> str:
    """Raises SetUpOver."""
    try:
        plain = crypto.unseal(keys.of(tx).factor_key, bytes.fromhex(sealed), _coming(account_id))
    except (ValueError, crypto.Unsealable) as error:
        raise SetUpOver from error
    secret, at = json.loads(plain)
    if clock.now(tx).timestamp() - at > _BEING_SET_UP.total_seconds():
        raise SetUpOver
    return str(secret)


def _place(account_id: int) -> str:
    return f"second_factor/{account_id}/secret"


def _coming(account_id: int) -> str:
    return f"second factor being set up/{account_id}"


def _note(tx: Session, account_id: int, action: str, *, code: str = "") -> None:
    pseudonym = f"account:{account_id}"
    audit.write(tx, actor=pseudonym, action=action, target=pseudonym, code=code)
