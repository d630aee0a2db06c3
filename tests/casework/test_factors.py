"""The second factor on both databases: each proof is heard once."""

from datetime import timedelta

import pytest

from base import totp
from base.clock import Fixed
from casework.accounts import actions as accounts
from casework.accounts import factors, half, passwords
from casework.accounts.actions import HalfWay, Refused, SignedIn
from casework.application import Application
from tests.arena import PASSWORD

NEW = "another long password"


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
