"""One-time codes: an invitation, or a new password for somebody who has lost theirs.

A code has 24 letters, which nobody guesses; the database keeps a digest of it and a nonce, from
which the mail's sender makes it again with a key that lies elsewhere.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from base import clock, keys
from base.db import Database, Session
from base.errors import Invalid
from casework.accounts import actions, passwords, store
from casework.accounts.tables import Account, OneTimeCode
from casework.audit import actions as audit

INVITATION, RESET = "invitation", "reset"
LASTS = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
#: No vowels and no digits: a code spells no word, and looks like no number of a person.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 24


class CodeOver(Invalid):
    """This code has been used, is too old, or was never given. Ask for a new one."""


def issue(tx: Session, account_id: int, kind: str) -> OneTimeCode:
    """A new code; earlier ones of the account are worth nothing any more."""
    store.drop_codes(tx, account_id)
    nonce = secrets.token_bytes(16)
    code = OneTimeCode(
        digest=_digest(_made(tx, nonce)),
        account_id=account_id,
        kind=kind,
        nonce=nonce,
        ends=clock.now(tx) + LASTS[kind],
    )
    tx.add(code)
    tx.flush()
    return code


def in_letters(tx: Session, code: OneTimeCode) -> str:
    """In groups of four, to be read from paper."""
    plain = _made(tx, code.nonce)
    return "-".join(plain[at : at + 4] for at in range(0, _LENGTH, 4))


def whose(tx: Session, typed: str) -> tuple[Account, str]:
    """The account that a code opens, and what kind it is. Raises CodeOver."""
    code = store.code(tx, _digest(_plain(typed)))
    if code is None or code.ends <= clock.now(tx):
        raise CodeOver
    account = store.by_id(tx, code.account_id)
    if not account.active:
        raise CodeOver
    return account, code.kind


def redeem(database: Database, typed: str, password: str) -> str:
    """Set the password that the code is for; its user name. The code is worth nothing then.

    Raises CodeOver, BadPassword. Opens transactions of its own: hashing takes long on purpose.
    """
    with database.reading() as tx:
        whose(tx, typed)
    hashed = passwords.hash_password(password)
    with database.transaction() as tx:
        account, kind = whose(tx, typed)
        if not store.use_code(tx, _digest(_plain(typed))):
            raise CodeOver
        actions.keep_password(tx, account.id, hashed)
        audit.write(tx, actor=f"account:{account.id}", action=f"account.{kind}")
        return account.user_name


def digest_of(typed: str) -> bytes:
    """What the database knows of a code that somebody typed."""
    return _digest(_plain(typed))


def use(tx: Session, digest: bytes) -> Account:
    """The account that the code opens; it is worth nothing then. Raises CodeOver."""
    code = store.code(tx, digest)
    if code is None or code.ends <= clock.now(tx) or not store.use_code(tx, digest):
        raise CodeOver
    account = store.by_id(tx, code.account_id)
    if not account.active:
        raise CodeOver
    return account


def for_mail(tx: Session, digest: str) -> str | None:
    """The code whose digest this is, as letters; None once it was used."""
    code = store.code(tx, bytes.fromhex(digest))
    return in_letters(tx, code) if code is not None else None


def _made(tx: Session, nonce: bytes) -> str:
    """The letters that follow from a nonce."""
    number = int.from_bytes(hmac.digest(keys.of(tx).code_key, nonce, "sha256"), "big")
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in _LETTERS)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
