"""One's own passkeys. The caller commits, but of `add`, which uses up what was asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from base import clock, crypto, keys, passkeys
from base.db import Session
from base.errors import NotFound
from base.passkeys import Person, Unfit
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import factors, queries
from casework.accounts import store as account_store
from casework.accounts.tables import Passkey
from casework.application import Application
from casework.audit import actions as audit
from casework.notifications import actions as notifications
from casework.passkeys import asking, rules
from casework.passkeys.asking import Answer
from casework.passkeys.rules import PasskeyRefused, Use
from casework.provider import known

_log = structlog.get_logger()


class NoSuchPasskey(NotFound):
    """You have no such passkey."""


@dataclass(frozen=True, slots=True)
class Line:
    """A passkey as its owner sees it."""

    id: int
    name: str
    added: datetime
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class Own:
    """``useful``: one opens something; ``whole``: it stands for password and code.

    ``possible``: browsers know passkeys at this address; ``recent``: they may be changed now.
    ``codes_left`` open the account when a device is lost.
    """

    lines: tuple[Line, ...]
    useful: bool
    whole: bool
    possible: bool
    recent: bool
    full: bool
    codes_left: int


def own(tx: Session, app: Application, actor: Actor, token: str) -> Own:
    """The actor's, in the order they were added; ``token`` of the session."""
    lines = tuple(
        Line(one.id, one.name, one.added, one.last_used)
        for one in queries.passkeys(tx, actor.account_id)
    )
    use = use_of(tx, app, actor.account_id)
    return Own(
        lines=lines,
        useful=use is not Use.NOTHING,
        whole=use is Use.WHOLE,
        possible=asking.place(app) is not None,
        recent=rules.is_recent(accounts.signed_in_at(tx, token), clock.now(tx)),
        full=len(lines) >= rules.MOST,
        codes_left=queries.recovery_codes_left(tx, actor.account_id),
    )


def use_of(tx: Session, app: Application, account_id: int) -> Use:
    """What a passkey opens to this account, by whom its organisations trust."""
    places = accounts.places(tx, account_id)
    theirs = [one for one in known.providers(app.settings) if one.organisation in places]
    return rules.use(
        password=account_store.by_id(tx, account_id).password_hash is not None,
        elsewhere=any(not one.passwords for one in theirs),
        asked_here=any(one.second_factor for one in theirs),
    )


def ask_to_add(tx: Session, app: Application, actor: Actor, token: str) -> dict[str, Any]:
    """What the browser is asked.

    Raises PasskeyUseless, NotRecent, TooManyPasskeys, PasskeyRefused.
    """
    there = _require_may_add(tx, app, actor, token)
    challenge = asking.challenge(tx, token, asking.ADD)
    return to_make(tx, app, actor.account_id, challenge=challenge, there=there)


def to_make(
    tx: Session, app: Application, account_id: int, *, challenge: bytes, there: list[Passkey]
) -> dict[str, Any]:
    """What a browser is asked for this account, of which devices hold those that are ``there``.

    Raises PasskeyRefused where browsers know no passkeys.
    """
    place = asking.place(app)
    if place is None:
        raise PasskeyRefused
    account = account_store.by_id(tx, account_id)
    return passkeys.to_make(
        place,
        Person(handle_of(tx, account.id), account.user_name, account.name),
        title=app.programme_title or "Samplan",
        challenge=challenge,
        there=[one.credential_id for one in there],
    )


def add(app: Application, actor: Actor, token: str, *, name: str, text: str) -> tuple[str, ...]:
    """The browser has answered; ten recovery codes where there were none. A mail tells of it.

    Opens a transaction of its own. Raises PasskeyUseless, NotRecent, TooManyPasskeys,
    PasskeyNameless, PasskeyRefused.
    """
    with app.database.transaction() as tx:
        _require_may_add(tx, app, actor, token)
        name = rules.require_name(name)
        try:
            answer = asking.answered(tx, app, token, asking.ADD, text)
            return keep(tx, app, actor, name, answer)
        except PasskeyRefused as error:
            note_refused(tx, actor.pseudonym, error)
            refused = error
    raise refused


def note_refused(tx: Session, pseudonym: str, error: PasskeyRefused) -> None:
    """In the log and in the trace, that a passkey was not added."""
    _log.info("passkey refused", code=error.code)
    action = "refused.account.passkey"
    audit.write(tx, actor=pseudonym, action=action, target=pseudonym, code=error.code)


def keep(
    tx: Session, app: Application, actor: Actor, name: str, answer: Answer
) -> tuple[str, ...]:
    """What a browser answered becomes a passkey; codes as `add` gives. Raises PasskeyRefused."""
    try:
        made = passkeys.made(answer.text, answer.place, answer.claim.challenge)
    except Unfit as error:
        raise PasskeyRefused from error
    added = Passkey(
        account_id=actor.account_id,
        name=name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        added=clock.now(tx),
    )
    if not queries.add_passkey(tx, added):
        raise rules.PasskeyThere
    _write_down(tx, actor, "account.passkey", added.id)
    account = account_store.by_id(tx, actor.account_id)
    notifications.mail_passkey(tx, app, account, added=True)
    if queries.recovery_codes_left(tx, actor.account_id):
        return ()
    return factors.draw_codes(tx, actor.account_id)


def name_passkey(tx: Session, actor: Actor, passkey_id: int, name: str) -> None:
    """Raises NoSuchPasskey, PasskeyNameless."""
    key = _own(tx, actor, passkey_id)
    key.name = rules.require_name(name)
    _write_down(tx, actor, "account.passkey.name", passkey_id)


def remove(tx: Session, app: Application, actor: Actor, token: str, passkey_id: int) -> None:
    """It opens nothing any more, and every other session ends; a mail tells of it.

    With the last second factor the recovery codes go as well. Raises NoSuchPasskey, NotRecent.
    """
    key = _own(tx, actor, passkey_id)
    _require_recent(tx, token)
    queries.drop_passkey(tx, key.id)
    if not queries.has_factor(tx, actor.account_id):
        queries.drop_recovery_codes(tx, actor.account_id)
    accounts.end_other_sessions(tx, actor, token)
    _write_down(tx, actor, "account.passkey.remove", passkey_id)
    account = account_store.by_id(tx, actor.account_id)
    notifications.mail_passkey(tx, app, account, added=False)


def new_codes(tx: Session, actor: Actor, token: str) -> tuple[str, ...]:
    """Ten recovery codes for somebody who has used up theirs.

    Raises NoSuchPasskey without any, NotRecent, CodesLeft.
    """
    if not queries.passkeys(tx, actor.account_id):
        raise NoSuchPasskey
    _require_recent(tx, token)
    if queries.recovery_codes_left(tx, actor.account_id):
        raise rules.CodesLeft
    audit.write_by(tx, actor, "account.recovery", target=actor.pseudonym)
    return factors.draw_codes(tx, actor.account_id)


def handle_of(tx: Session, account_id: int) -> bytes:
    """What devices know the account by: it follows from its number, and leads nowhere."""
    return crypto.blind_index(keys.of(tx).index_key, f"passkey/{account_id}")


def _require_may_add(tx: Session, app: Application, actor: Actor, token: str) -> list[Passkey]:
    """Those that there are. Raises PasskeyUseless, NotRecent, TooManyPasskeys."""
    if use_of(tx, app, actor.account_id) is Use.NOTHING:
        raise rules.PasskeyUseless
    _require_recent(tx, token)
    there = queries.passkeys(tx, actor.account_id)
    if len(there) >= rules.MOST:
        raise rules.TooManyPasskeys
    return there


def _require_recent(tx: Session, token: str) -> None:
    if not rules.is_recent(accounts.signed_in_at(tx, token), clock.now(tx)):
        raise rules.NotRecent


def _own(tx: Session, actor: Actor, passkey_id: int) -> Passkey:
    key = queries.passkey(tx, actor.account_id, passkey_id)
    if key is None:
        raise NoSuchPasskey
    return key


def _write_down(tx: Session, actor: Actor, action: str, passkey_id: int) -> None:
    audit.write_by(tx, actor, action, target=f"passkey:{passkey_id}")
