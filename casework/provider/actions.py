"""Send a browser to a provider, and believe what it brings back as little as possible.

Accounts are known by issuer and subject alone, linked by the one-time code of an invitation; names
and mail addresses of the provider mean nothing. Transactions are opened here, because between them
the provider is asked, which must not hold the write lock.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from base import clock
from base.db import Session
from base.errors import NotAllowed
from base.outgoing import Unreachable
from casework.accounts import actions as accounts
from casework.accounts import codes, half, queries
from casework.accounts import store as account_store
from casework.accounts.actions import HalfWay, SignedIn
from casework.accounts.tables import Account
from casework.application import Application
from casework.audit import actions as audit
from casework.provider import exchange, rules, store
from casework.provider.known import Provider
from casework.provider.rules import AnswerRefused, Asked
from casework.provider.tables import ProviderRequest

_LASTS = timedelta(minutes=10)


class NotTheirs(NotAllowed):
    """This account does not work for the organisation that signs in this way."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that it keeps meanwhile."""

    address: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Back:
    """The browser has come back and is somebody's, or half so."""

    result: SignedIn | HalfWay
    next_path: str


def begin(app: Application, provider: Provider, *, next_path: str = "/", typed: str = "") -> Begun:
    """``typed``: a one-time code; whoever comes back is its account from then on.

    Raises Unreachable, AnswerRefused, CodeOver, NotTheirs.
    """
    digest = None
    if typed:
        with app.database.reading() as tx:
            account, _ = codes.whose(tx, typed)
            _require_theirs(tx, app, account, provider)
            digest = codes.digest_of(typed)
    there = exchange.places(provider)
    secret, state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(4))
    with app.database.transaction() as tx:
        now = clock.now(tx)
        store.sweep_requests(tx, now)
        tx.add(
            ProviderRequest(
                browser_digest=_digest(secret),
                provider=provider.code,
                state=state,
                nonce=nonce,
                verifier=verifier,
                code=digest,
                next_path=next_path,
                ends=now + _LASTS,
            )
        )
    address = exchange.address(
        provider,
        there,
        back=_back(app, provider),
        state=state,
        nonce=nonce,
        verifier=verifier,
    )
    return Begun(address, secret)


def finish(app: Application, provider: Provider, secret: str, answer: Mapping[str, str]) -> Back:
    """Sign in whom the provider names. Raises AnswerRefused, Unreachable, CodeOver, NotTheirs."""
    with app.database.transaction() as tx:
        request, now = store.take_request(tx, _digest(secret), provider.code), clock.unmoved(tx)
        over = request is None or request.ends <= clock.now(tx)
    if request is None or over:
        raise AnswerRefused(code="not_asked")
    asked = Asked(provider.issuer, provider.client_id, request.state, request.nonce)
    there = exchange.places(provider)
    code = rules.code_of(answer, asked, there)
    text = exchange.token(
        provider, there, code=code, verifier=request.verifier, back=_back(app, provider)
    )
    claims = exchange.claims(there, text)
    subject, session = rules.subject_of(claims, asked, now), rules.session_of(claims)
    with app.database.transaction() as tx:
        account = _account(tx, provider, subject, request.code)
        _require_theirs(tx, app, account, provider)
        return Back(_enter(tx, app, account, provider, session), request.next_path)


def log_out(app: Application, provider: Provider, text: str) -> int:
    """End the sessions that a provider's token names; how many. Raises AnswerRefused, Unreachable.

    A token is heard once. Whoever signed in with a password stays signed in.
    """
    if not 0 < len(text) <= rules.MOST_TOKEN:
        raise AnswerRefused(code="no_token")
    claims = exchange.claims(exchange.places(provider), text)
    with app.database.transaction() as tx:
        now = clock.unmoved(tx)
        asked = rules.log_out_of(claims, provider.issuer, provider.client_id, now)
        ends = now + rules.REMEMBERED
        if store.heard(tx, provider.issuer, asked.token_id, now=now, ends=ends):
            raise AnswerRefused(code="heard")
        account_id = None
        if asked.subject:
            account_id = store.linked(tx, provider.issuer, asked.subject)
            if account_id is None:
                return 0
        ended = queries.end_sessions_through(
            tx, provider.code, account_id=account_id, provider_session=asked.session
        )
        audit.write(
            tx,
            actor="system",
            action="sign_out",
            target=f"account:{account_id}" if account_id is not None else "",
            detail={"provider": provider.code, "sessions": ended},
        )
        return ended


def end_address(app: Application, provider: Provider) -> str:
    """Where the provider ends its own session; empty where it says nothing, or is away."""
    try:
        there = exchange.places(provider)
    except (Unreachable, AnswerRefused):
        return ""
    return exchange.end_address(provider, there, back=f"{app.settings.public_url}/sign-in")


def _account(tx: Session, provider: Provider, subject: str, code: bytes | None) -> Account:
    """Raises AnswerRefused for somebody who is not linked, CodeOver."""
    account_id = store.linked(tx, provider.issuer, subject)
    if code is None:
        if account_id is None:
            raise AnswerRefused(code="not_linked")
        account = account_store.by_id(tx, account_id)
        if not account.active:
            raise AnswerRefused(code="not_linked")
        return account
    account = codes.use(tx, code)
    if account_id not in {None, account.id}:
        raise AnswerRefused(code="linked_elsewhere")
    store.link(tx, provider.issuer, subject, account.id, since=clock.now(tx))
    pseudonym = f"account:{account.id}"
    audit.write(
        tx,
        actor=pseudonym,
        action="account.link",
        target=pseudonym,
        detail={"provider": provider.code},
    )
    return account


def _enter(
    tx: Session, app: Application, account: Account, provider: Provider, session: str
) -> SignedIn | HalfWay:
    asks = provider.second_factor and (
        app.settings.requires_second_factor or queries.has_factor(tx, account.id)
    )
    if asks:
        token = half.begin(tx, account.id, provider=provider.code, provider_session=session)
        return HalfWay(token)
    token = accounts.begin_session(
        tx, account.id, account.user_name, provider=provider.code, provider_session=session
    )
    return SignedIn(account.id, token)


def _require_theirs(tx: Session, app: Application, account: Account, provider: Provider) -> None:
    held = account_store.memberships(tx, account.id, clock.today(tx, app.zone))
    if provider.organisation not in {one.organisation_code for one in held}:
        raise NotTheirs


def _back(app: Application, provider: Provider) -> str:
    return f"{app.settings.public_url}/sign-in/with/{provider.code}/back"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
