"""The second factor on both databases: each proof is heard once."""

from datetime import timedelta

import pytest

from base import totp
from base.clock import Fixed
from base.db import Session
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import factors, half, passwords
from casework.accounts import store as account_store
from casework.accounts.actions import HalfWay, Refused, SignedIn
from casework.application import Application
from casework.passkeys import actions as passkeys
from casework.passkeys import entering
from casework.passkeys.rules import PasskeyRefused
from tests.arena import PASSWORD
from tests.device import Device

NEW = "another long password"
HERE = "http://localhost:8000"


@pytest.mark.both
def test_each_proof_is_heard_once(app: Application, clock: Fixed) -> None:
    first = accounts.sign_in(app.database, "per.holm", PASSWORD, required=True)
    assert isinstance(first, HalfWay)
    with app.database.reading() as tx:
        offered = factors.offer_to_half(tx, app, first.token)
    with app.database.transaction() as tx:
        shown = totp.code_at(offered.secret, clock.now())
        _, codes = factors.set_up_and_enter(tx, first.token, offered.sealed, shown)
    heard = []
    clock.move(timedelta(seconds=30))
    later = totp.code_at(offered.secret, clock.now())
    for typed in (shown, later, later, codes[0], codes[0]):
        asked = accounts.sign_in(app.database, "per.holm", PASSWORD)
        assert isinstance(asked, HalfWay)
        with app.database.transaction() as tx:
            heard.append(factors.enter(tx, asked.token, typed))

    assert [type(one) for one in heard] == [Refused, SignedIn, Refused, SignedIn, Refused]
    with app.database.transaction() as tx, pytest.raises(half.HalfOver):
        factors.enter(tx, first.token, codes[1])


@pytest.mark.both
def test_a_new_password_ends_half_sessions(app: Application) -> None:
    asked = accounts.sign_in(app.database, "per.holm", PASSWORD, required=True)
    assert isinstance(asked, HalfWay)
    hashed = passwords.hash_password(NEW)

    with app.database.transaction() as tx:
        row = half.found(tx, asked.token)
        accounts.keep_password(tx, row.account_id, hashed)

    with app.database.reading() as tx, pytest.raises(half.HalfOver):
        half.found(tx, asked.token)


def actor(tx: Session, user_name: str) -> Actor:
    account = account_store.by_user_name(tx, user_name)
    assert account is not None
    return accounts.actor_of(tx, account)


@pytest.mark.both
def test_what_a_passkey_was_asked_is_answered_once(app: Application) -> None:
    """Also of two answers with the same count, and of one device for two accounts."""
    app.settings = app.settings.model_copy(update={"public_url": HERE})
    device = Device(HERE, "localhost")
    with app.database.transaction() as tx:
        per, nils = (actor(tx, who) for who in ("per.holm", "nils.ek"))
        tokens = [accounts.begin_session(tx, one.account_id, "") for one in (per, nils)]
    for somebody, token in zip((per, nils), tokens, strict=True):
        with app.database.transaction() as tx:
            text = device.made(passkeys.ask_to_add(tx, app, somebody, token))
        if somebody is per:
            assert len(passkeys.add(app, somebody, token, name="Key", text=text)) == 10
        with pytest.raises(PasskeyRefused) as again:
            passkeys.add(app, somebody, token, name="Key", text=text)
        assert again.value.code == ("passkey_late" if somebody is per else "passkey_there")
    with app.database.transaction() as tx:
        device.handle = passkeys.handle_of(tx, per.account_id)
        asked = [entering.ask_anybody(tx, app) for _ in range(2)]
    signed = [device.but(count=4).shown(one.options) for one in asked]

    assert entering.sign_in(app, asked[0].secret, signed[0]).account_id == per.account_id
    for number, code in ((0, "passkey_late"), (1, "passkey_copied")):
        with pytest.raises(PasskeyRefused) as refused:
            entering.sign_in(app, asked[number].secret, signed[number])
        assert refused.value.code == code
