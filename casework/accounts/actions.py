"""Signing in and out, and what accounts hold. Actions with a transaction never commit."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from base import clock, crypto, keys
from base.db import Database, Session
from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.accounts import half, passwords, queries, rules, store
from casework.accounts.tables import Account, AccountSession, MembershipRow, SignInAttempt
from casework.audit import actions as audit
from casework.programmes import store as programmes

#: When somebody may wish to be told that something waits.
MAILS = ("daily", "weekly")


class NameTaken(Conflict):
    """Somebody else signs in with this name."""


class WrongPassword(Invalid):
    """The present password is wrong."""


class TooOften(Invalid):
    """That was wrong too often. Wait half a minute, then try again."""


class NoSuchWish(Invalid):
    """Choose one of the two."""


class NameMissing(Invalid):
    """Give a name."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; ``token`` goes into the cookie and nowhere else."""

    account_id: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is signed in; ``stale``: `seen` should be called, or the session ends."""

    actor: Actor
    stale: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Name or password is wrong, or it is too early to try again (``wait`` says how long)."""

    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The password was right, and the second factor is asked for."""

    token: str = field(repr=False)


def sign_in(
    database: Database,
    user_name: str,
    password: str,
    *,
    required: bool = False,
    elsewhere: AbstractSet[str] = frozenset(),
) -> SignedIn | HalfWay | Refused:
    """Begin a session, or say no without telling whether the name exists.

    Whoever has a second factor is asked for it; ``required``: whoever has none sets one up.
    Whoever works for an organisation that signs in ``elsewhere`` (codes) has no way in here.

    Opens transactions of its own: the password is checked between them, because checking is slow
    on purpose and must not hold the write lock, and a failure must be counted, not rolled back.
    """
    name = _normal(user_name)
    with database.reading() as tx:
        wait = wait_for(tx, name)
        account_id, password_hash = store.local_account(tx, name)
    if wait:
        return Refused(wait)
    if not passwords.matches(password, password_hash) or account_id is None:
        with database.transaction() as tx:
            count_failure(tx, name)
        return Refused()
    with database.transaction() as tx:
        if elsewhere and not elsewhere.isdisjoint(places(tx, account_id)):
            count_failure(tx, name)
            return Refused()
        if required or queries.has_factor(tx, account_id):
            forget_failures(tx, name)
            return HalfWay(half.begin(tx, account_id))
        return SignedIn(account_id, begin_session(tx, account_id, name))


def begin_session(
    tx: Session,
    account_id: int,
    user_name: str,
    *,
    provider: str = "",
    provider_session: str = "",
) -> str:
    """A new secret; earlier failures under this name are forgotten.

    ``provider`` says who they are (empty: they do, with a password), and may name its session.
    """
    now = clock.now(tx)
    forget_failures(tx, user_name)
    store.sweep_sessions(tx, now - rules.REMEMBER_ENDED)
    token = secrets.token_urlsafe(32)
    tx.add(
        AccountSession(
            token_digest=_digest(token),
            account_id=account_id,
            created=now,
            last_seen=now,
            ends=now + rules.LONGEST,
            provider=provider,
            provider_session=provider_session,
        )
    )
    audit.write(tx, actor=f"account:{account_id}", action="sign_in")
    return token


def sign_out(tx: Session, token: str) -> str:
    """The code of the provider they had signed in through; empty for a password."""
    session = store.session(tx, _digest(token))
    store.end_session(tx, _digest(token))
    return session.provider if session is not None else ""


def actor_for(tx: Session, token: str) -> Actor | None:
    """Who is signed in with this secret; None when nobody (any more). Only reads."""
    known = recognise(tx, token)
    return known.actor if known is not None else None


def recognise(tx: Session, token: str) -> Known | None:
    """`actor_for`, and whether the session must be noted as in use; two statements."""
    found = store.session_with_account(tx, _digest(token))
    if found is None:
        return None
    session, account = found
    if not account.active or not rules.alive(session.last_seen, session.ends, clock.now(tx)):
        return None
    stale = clock.now(tx) - session.last_seen >= rules.SEEN_EVERY
    return Known(actor_of(tx, account), stale)


def account_of_ended(tx: Session, token: str) -> int | None:
    """Whose session this was, so that what they typed can be given back to them alone.

    None for a secret nobody had lately, or whose session was ended on purpose.
    """
    session = store.session(tx, _digest(token))
    return session.account_id if session is not None else None


def actor_of(tx: Session, account: Account) -> Actor:
    """The account with what it holds today."""
    today = clock.today(tx, programmes.zone(tx))
    held = store.memberships(tx, account.id, today)
    audits = any(one.role == "auditor" for one in held)
    orders = queries.orders_of(tx, account.id, today) if audits else ()
    return Actor(account.id, account.name, account.language, held, orders=orders)


def actors(tx: Session, ids: Collection[int]) -> Mapping[int, Actor]:
    """`actor_of` of many; the same statements for few and for many, and one for each auditor."""
    today = clock.today(tx, programmes.zone(tx))
    people = store.accounts(tx, ids)
    found: dict[int, Actor] = {}
    for id, held in store.memberships_of(tx, people, today).items():
        audits = any(one.role == "auditor" for one in held)
        orders = queries.orders_of(tx, id, today) if audits else ()
        found[id] = Actor(id, people[id].name, people[id].language, held, orders=orders)
    return found


def seen(tx: Session, token: str) -> None:
    """Note that the session is in use."""
    if actor_for(tx, token) is not None:
        store.see_session(tx, _digest(token), clock.now(tx))


def set_language(tx: Session, actor: Actor, language: str) -> None:
    store.by_id(tx, actor.account_id).language = language


def set_password(tx: Session, account_id: int, password: str) -> None:
    """Ends every session of the account. Raises BadPassword."""
    keep_password(tx, account_id, passwords.hash_password(password))


def keep_password(tx: Session, account_id: int, password_hash: str) -> None:
    """`set_password` with one that was hashed before the transaction began."""
    store.by_id(tx, account_id).password_hash = password_hash
    store.end_sessions_of(tx, account_id)
    store.drop_codes(tx, account_id)


def change_password(database: Database, actor: Actor, now: str, new: str) -> str:
    """A new session's secret; all others of the account end.

    Raises WrongPassword, BadPassword, TooOften. Opens transactions of its own, as `sign_in` does.
    """
    require_password(database, actor, now)
    hashed = passwords.hash_password(new)
    with database.transaction() as tx:
        keep_password(tx, actor.account_id, hashed)
        audit.write_by(tx, actor, "account.password", target=actor.pseudonym)
        return begin_session(tx, actor.account_id, _proof(actor))


def require_password(database: Database, actor: Actor, typed: str) -> None:
    """Whoever is signed in proves anew that it is them. Raises WrongPassword, TooOften."""
    with database.reading() as tx:
        if wait_for(tx, _proof(actor)):
            raise TooOften
        before = store.by_id(tx, actor.account_id).password_hash
    if not passwords.matches(typed, before):
        with database.transaction() as tx:
            count_failure(tx, _proof(actor))
        raise WrongPassword


def end_other_sessions(tx: Session, actor: Actor, token: str) -> None:
    """Every browser but this one is signed out."""
    for one in store.sessions_of(tx, actor.account_id):
        if one.token_digest != _digest(token):
            store.end_session(tx, one.token_digest)
    audit.write_by(tx, actor, "account.end_sessions", target=actor.pseudonym)


def sessions(tx: Session, actor: Actor, token: str) -> list[tuple[bool, AccountSession]]:
    """Where the actor is signed in; True for the browser that holds this secret."""
    alive = [
        one
        for one in store.sessions_of(tx, actor.account_id)
        if rules.alive(one.last_seen, one.ends, clock.now(tx))
    ]
    return [(one.token_digest == _digest(token), one) for one in alive]


def signed_in_at(tx: Session, token: str) -> datetime | None:
    """When this session began; None for one that is over."""
    session = store.session(tx, _digest(token))
    return session.created if session is not None else None


def set_name(tx: Session, actor: Actor, name: str) -> None:
    """Raises NameMissing."""
    if not name:
        raise NameMissing
    store.by_id(tx, actor.account_id).name = name
    audit.write_by(tx, actor, "account.name", target=actor.pseudonym)


def mails_of(tx: Session, actor: Actor) -> str:
    """When the actor wishes to be told that something waits; empty without an address."""
    account = store.by_id(tx, actor.account_id)
    return account.mails if account.mail else ""


def set_mails(tx: Session, actor: Actor, wish: str) -> None:
    """When to be told that something waits: one of MAILS. Raises NoSuchWish."""
    if wish not in MAILS:
        raise NoSuchWish
    store.by_id(tx, actor.account_id).mails = wish
    audit.write_by(tx, actor, "account.mails", target=actor.pseudonym)


def may_ask(tx: Session, user_name: str) -> bool:
    """Whether it is time for another mail about a lost password; counts the question."""
    name = f"reset/{_normal(user_name)}"
    if wait_for(tx, name):
        return False
    count_failure(tx, name)
    return True


def add_account(
    tx: Session,
    user_name: str,
    name: str,
    *,
    language: str,
    password_hash: str | None = None,
    mail: str = "",
    phone: str = "",
) -> Account:
    """Raises NameTaken, also where somebody else takes the name at the same time."""
    user_name = _normal(user_name)
    if store.by_user_name(tx, user_name) is not None:
        raise NameTaken
    account = Account(
        user_name=user_name,
        name=name,
        password_hash=password_hash,
        language=language,
        created=clock.now(tx),
        mail=mail,
        phone=phone,
    )
    if not store.add(tx, account):
        raise NameTaken
    return account


def appoint(
    tx: Session,
    account_id: int,
    organisation_id: int,
    role: str,
    *,
    valid_from: date,
    unit_id: int | None = None,
    group_id: int | None = None,
    valid_until: date | None = None,
) -> MembershipRow:
    """Give an account a role at an organisation, both days included."""
    membership = MembershipRow(
        account_id=account_id,
        organisation_id=organisation_id,
        unit_id=unit_id,
        role=role,
        group_id=group_id,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    tx.add(membership)
    tx.flush()
    return membership


def close_account(tx: Session, account_id: int) -> None:
    """Nobody signs in with it any more; what it did stays."""
    store.by_id(tx, account_id).active = False
    store.end_sessions_of(tx, account_id)


def wait_for(tx: Session, user_name: str) -> timedelta | None:
    """How long nothing is heard under this name; None: at once."""
    attempt = store.attempt(tx, _index(tx, user_name))
    if attempt is None:
        return None
    now = clock.now(tx)
    everywhere = store.failures_since(tx, now - rules.FLOOD_SPAN)
    until = rules.wait_until(attempt.failures, attempt.last, everywhere=everywhere)
    return until - now if until > now else None


def count_failure(tx: Session, user_name: str) -> None:
    index, now = _index(tx, user_name), clock.now(tx)
    attempt = store.attempt(tx, index)
    if attempt is None:
        tx.add(SignInAttempt(name_index=index, failures=1, last=now))
    else:
        attempt.failures += 1
        attempt.last = now


def forget_failures(tx: Session, user_name: str) -> None:
    store.forget_attempts(tx, _index(tx, user_name), clock.now(tx) - rules.FORGET_AFTER)


def places(tx: Session, account_id: int) -> set[str]:
    """Codes of the organisations that the account works for today."""
    held = store.memberships(tx, account_id, clock.today(tx, programmes.zone(tx)))
    return {one.organisation_code for one in held}


def _proof(actor: Actor) -> str:
    return f"change/{actor.account_id}"


def _index(tx: Session, user_name: str) -> bytes:
    return crypto.blind_index(keys.of(tx).index_key, f"sign-in/{user_name}")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _normal(user_name: str) -> str:
    return user_name.strip().casefold()
