"""Signing in with a passkey: instead of a code, or instead of password and code.

Transactions are opened here, so that what was refused is counted and its challenge used up.
"""

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import structlog

from base import clock, passkeys
from base.db import Session
from base.passkeys import Unfit
from casework.accounts import actions as accounts
from casework.accounts import factors, half, queries
from casework.accounts import store as account_store
from casework.accounts.actions import SignedIn, TooOften
from casework.accounts.tables import Account, HalfSession, Passkey
from casework.application import Application
from casework.audit import actions as audit
from casework.passkeys import asking, rules
from casework.passkeys.actions import handle_of
from casework.passkeys.asking import Answer
from casework.passkeys.rules import PasskeyRefused

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser is asked, and the secret it keeps until it answers."""

    options: dict[str, Any] = field(repr=False)
    secret: str = field(repr=False)


def ask_anybody(tx: Session, app: Application) -> Begun:
    """Any passkey that the browser has for this place: nobody is named. Raises PasskeyRefused."""
    place = _place(app)
    secret = secrets.token_urlsafe(32)
    drawn = asking.challenge(tx, secret, asking.SIGN_IN)
    return Begun(passkeys.to_show(place, challenge=drawn, verified=True), secret)


def ask_half(tx: Session, app: Application, token: str) -> dict[str, Any]:
    """One of those of whoever gave the right password. Raises HalfOver, PasskeyRefused."""
    account_id = half.found(tx, token).account_id
    there = [one.credential_id for one in queries.passkeys(tx, account_id)]
    if not there:
        raise PasskeyRefused
    drawn = asking.challenge(tx, token, asking.SECOND)
    return passkeys.to_show(_place(app), challenge=drawn, there=there, verified=False)


def sign_in(
    app: Application, secret: str, text: str, *, elsewhere: AbstractSet[str] = frozenset()
) -> SignedIn:
    """Begin a session; the device has asked for a PIN, a finger or a face.

    A passkey stands for the password: whoever has none here, or works for an organisation that
    signs in ``elsewhere`` (codes), has no way in with it. Raises PasskeyRefused, TooOften.
    """
    with app.database.transaction() as tx:
        try:
            answer = asking.answered(tx, app, secret, asking.SIGN_IN, text)
            name = f"passkey/{answer.claim.credential_id.hex()}"
            _require_no_wait(tx, name)
            return _signed_in(tx, answer, name, elsewhere)
        except PasskeyRefused as error:
            _log.info("passkey refused", code=error.code)
            refused = error
    raise refused


def enter(app: Application, token: str, text: str) -> SignedIn:
    """The second half of signing in. Raises HalfOver, PasskeyRefused, TooOften."""
    with app.database.transaction() as tx:
        row = half.locked(tx, token)
        name = f"second/{row.account_id}"
        _require_no_wait(tx, name)
        try:
            answer = asking.answered(tx, app, token, asking.SECOND, text)
            key = _own(tx, answer, row)
            _hear(tx, key, answer, verified=False)
            accounts.forget_failures(tx, name)
            return factors.complete(tx, row)
        except PasskeyRefused as error:
            _log.info("passkey refused", code=error.code)
            accounts.count_failure(tx, name)
            half.count_failure(tx, row)
            _write_down(tx, row.account_id, error)
            refused = error
    raise refused


def _signed_in(tx: Session, answer: Answer, name: str, elsewhere: AbstractSet[str]) -> SignedIn:
    key = queries.locked_passkey(tx, answer.claim.credential_id)
    try:
        account = _account(tx, key, answer, elsewhere)
    except PasskeyRefused as error:
        accounts.count_failure(tx, name)
        if key is not None:
            _write_down(tx, key.account_id, error)
        raise
    accounts.forget_failures(tx, name)
    return SignedIn(account.id, accounts.begin_session(tx, account.id, account.user_name))


def _account(
    tx: Session, key: Passkey | None, answer: Answer, elsewhere: AbstractSet[str]
) -> Account:
    """Whom the passkey lets in. Raises PasskeyRefused."""
    if key is None:
        raise PasskeyRefused(code="passkey_unknown")
    if answer.claim.handle != handle_of(tx, key.account_id):
        raise PasskeyRefused(code="passkey_foreign")
    _hear(tx, key, answer, verified=True)
    account = account_store.by_id(tx, key.account_id)
    signs_in_elsewhere = not elsewhere.isdisjoint(accounts.places(tx, account.id))
    if not account.active or account.password_hash is None or signs_in_elsewhere:
        raise PasskeyRefused(code="passkey_closed")
    return account


def _own(tx: Session, answer: Answer, row: HalfSession) -> Passkey:
    """Of whoever gave the password. Raises PasskeyRefused."""
    key = queries.locked_passkey(tx, answer.claim.credential_id)
    if key is None:
        raise PasskeyRefused(code="passkey_unknown")
    mine = answer.claim.handle in {None, handle_of(tx, row.account_id)}
    if key.account_id != row.account_id or not mine:
        raise PasskeyRefused(code="passkey_foreign")
    return key


def _hear(tx: Session, key: Passkey, answer: Answer, *, verified: bool) -> None:
    """The passkey has signed, now for the last time so. Raises PasskeyRefused."""
    try:
        shown = passkeys.shown(answer.text, answer.place, answer.claim.challenge, key.public_key)
    except Unfit as error:
        raise PasskeyRefused from error
    if verified and not shown.verified:
        raise rules.PasskeyUnverified
    rules.require_onward(key.sign_count, shown.sign_count)
    key.sign_count, key.last_used = shown.sign_count, clock.now(tx)


def _require_no_wait(tx: Session, name: str) -> None:
    if accounts.wait_for(tx, name):
        raise TooOften


def _write_down(tx: Session, account_id: int, error: PasskeyRefused) -> None:
    pseudonym = f"account:{account_id}"
    audit.write(tx, actor=pseudonym, action="refused.sign_in", target=pseudonym, code=error.code)


def _place(app: Application) -> passkeys.Place:
    """Raises PasskeyRefused where browsers know no passkeys."""
    place = asking.place(app)
    if place is None:
        raise PasskeyRefused
    return place
