"""The first account is made on the command line, and no other."""

from pathlib import Path

import pytest

from casework.accounts import actions as accounts
from casework.accounts import codes
from casework.accounts import store as account_store
from casework.application import Application
from cli.accounts import first
from tests.arena import settings_in

NEW = "a long enough password"


def test_the_first_account_is_made_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path)

    assert first(settings, "finnveden", "karin.holt", "Karin Holt") == 0
    address, code = capfd.readouterr().out.split()
    assert first(settings, "finnveden", "another", "Another") == 1

    assert address == "http://127.0.0.1:8000/code"
    app = Application.open(settings)
    assert codes.redeem(app.database, code, NEW) == "karin.holt"
    with app.database.reading() as tx:
        karin = account_store.by_user_name(tx, "karin.holt")
        assert karin is not None
        assert accounts.actor_of(tx, karin).roles == {"federation"}
        assert account_store.by_user_name(tx, "another") is None
    app.close()
