"""Make, end and recognise access tokens."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from base import clock
from base.db import Session
from base.errors import NotFound
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.programmes import store as programmes
from casework.tokens import rules, store
from casework.tokens.rules import Window
from casework.tokens.tables import AccessToken

#: Tells people and machines that look for secrets what was found.
PREFIX = "samplan_"


class NoSuchToken(NotFound):
    """You have no such token."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that acts for somebody; ``window``: how often it has asked of late."""

    token_id: int
    actor: Actor
    scopes: frozenset[str]
    window: Window


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; ``secret`` is shown this once and kept nowhere."""

    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner sees it; ``state`` is works, over or revoked."""

    id: int
    name: str
    scopes: tuple[str, ...]
    last_day: date
    last_used: date | None
    state: str


def make_token(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    last_day: date,
) -> Made:
    """Raises TokenNameless, NoScope, BadLastDay, TooManyTokens."""
    name = name.strip()
    today = clock.today(tx, app.zone)
    rules.require_right(name, scopes, last_day, today)
    if sum(_state(one, today) == "works" for one in _own(tx, actor)) >= rules.MOST:
        raise rules.TooManyTokens
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        account_id=actor.account_id,
        name=name,
        scopes=[scope for scope in rules.SCOPES if scope in scopes],
        token_digest=_digest(secret),
        created=clock.now(tx),
        last_day=last_day,
    )
    tx.add(token)
    tx.flush()
    detail: dict[str, audit.Detail] = {"scopes": list(token.scopes), "last_day": last_day}
    audit.write_by(tx, actor, "token.make", target=f"token:{token.id}", detail=detail)
    return Made(name, secret)


def tokens(tx: Session, app: Application, actor: Actor) -> tuple[TokenRow, ...]:
    """The actor's own, newest first."""
    today = clock.today(tx, app.zone)
    return tuple(
        TokenRow(
            one.id, one.name, tuple(one.scopes), one.last_day, one.last_used, _state(one, today)
        )
        for one in _own(tx, actor)
    )


def revoke_token(tx: Session, actor: Actor, token_id: int) -> None:
    """It works no more, from this moment; a second time changes nothing. Raises NoSuchToken."""
    token = store.of(tx, actor.account_id, token_id)
    if token is None:
        raise NoSuchToken
    if token.revoked is None:
        token.revoked = clock.now(tx)
        audit.write_by(tx, actor, "token.revoke", target=f"token:{token_id}")


def revoke_all(tx: Session, account_id: int) -> None:
    """No program acts for this account any more."""
    for token in store.of_account(tx, account_id):
        token.revoked = token.revoked or clock.now(tx)


def recognise(tx: Session, secret: str) -> Program | None:
    """For whom a program with this secret acts; None when for nobody (any more). Only reads.

    It ends with the account, and rests while the account holds no role.
    """
    found = store.with_account(tx, _digest(secret))
    if found is None:
        return None
    token, account = found
    today = clock.today(tx, programmes.zone(tx))
    if not account.active or _state(token, today) != "works":
        return None
    actor = replace(accounts.actor_of(tx, account), through=f"token:{token.id}")
    if not actor.memberships:
        return None
    return Program(token.id, actor, frozenset(token.scopes), _window(token, clock.now(tx)))


def used(tx: Session, app: Application, token_id: int) -> Window:
    """Count one more question, on every web server together, and note the day."""
    now, token = clock.now(tx), store.locked(tx, token_id)
    if token is None:
        raise NoSuchToken
    window = _window(token, now).next(now)
    token.window_since, token.window_asked = window.since, window.asked
    token.last_used = clock.today(tx, app.zone)
    return window


def _window(token: AccessToken, now: datetime) -> Window:
    return Window(token.window_since or now, token.window_asked)


def _own(tx: Session, actor: Actor) -> Collection[AccessToken]:
    return store.of_account(tx, actor.account_id)


def _state(token: AccessToken, today: date) -> str:
    if token.revoked is not None:
        return "revoked"
    return "works" if today <= token.last_day else "over"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
