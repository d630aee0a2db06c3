"""The first account is made on the command line, and no other."""

from pathlib import Path

import pytest

from base.settings import Settings
from casework.accounts import actions as accounts
from casework.accounts import codes
from casework.accounts import store as account_store
from casework.application import Application
from casework.programmes import store as programmes
from cli.accounts import begin_anew, first
from tests.arena import settings_in

NEW = "a long enough password"


def test_the_first_account_is_made_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path)

    assert first(settings, "finnveden", "karin.holt", "Karin Holt", "de") == 0
    address, code = capfd.readouterr().out.split()
    assert first(settings, "finnveden", "another", "Another", "de") == 1

    assert address == "http://127.0.0.1:8000/code"
    app = Application.open(settings)
    assert codes.redeem(app.database, code, NEW) == "karin.holt"
    with app.database.reading() as tx:
        karin = account_store.by_user_name(tx, "karin.holt")
        assert karin is not None
        assert karin.language == "de"
        assert app.zone == programmes.zone(tx), "one day for all, also before a programme is there"
        assert accounts.actor_of(tx, karin).roles == {"federation"}
        assert account_store.by_user_name(tx, "another") is None
    require_a_way_back(settings, app, capfd)
    app.close()


def require_a_way_back(
    settings: Settings, app: Application, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody manages the first account: the command line lets its owner begin anew."""
    signed_in = accounts.sign_in(app.database, "karin.holt", NEW)
    assert isinstance(signed_in, accounts.SignedIn)

    capfd.readouterr()
    assert begin_anew(settings, "nobody") == 1
    assert capfd.readouterr().out == "There is no such account.\n"
    assert begin_anew(settings, "Karin.Holt") == 0

    _, code = capfd.readouterr().out.split()
    with app.database.reading() as tx:
        assert accounts.actor_for(tx, signed_in.token) is None
    assert accounts.sign_in(app.database, "karin.holt", NEW) == accounts.Refused()
    assert codes.redeem(app.database, code, NEW) == "karin.holt"
