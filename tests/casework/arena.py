"""The pack arena in use on a test database, with the fictional people of its directory."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr

from base.clock import Clock, Fixed
from base.db import Database, KeyTable, Session, Table
from base.keys import KeyRing
from base.settings import Settings
from casework import installing, start
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import passwords
from casework.accounts import store as account_store
from casework.application import Application
from casework.organisations import store as organisations

PROCESSES = Path(__file__).parents[2] / "processes"
MASTER_TEXT = "c2FtcGxhbi10ZXN0cy1tYXN0ZXIta2V5LTMyLWJ5dGU="
PASSWORD = "a long enough password"  # noqa: S105


@contextmanager
def arena_on(folder: Path, clock: Clock, *, sign_in: bool = False) -> Iterator[Application]:
    """An installation of its own in this folder; ``sign_in``: all have the test's password."""
    for name in _FILES:
        shutil.copy(_template(sign_in) / name, folder / name)
    application = _opened(folder, clock)
    yield application
    application.close()


_FILES = ("samplan.db", "keys.db")


@cache
def _template(sign_in: bool) -> Path:
    """Databases with the pack and its directory, made once a process and copied from then on."""
    folder = Path(tempfile.mkdtemp(prefix="samplan-arena-"))
    application = _opened(folder, Fixed(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    KeyTable.metadata.create_all(application.keys_database.engine)
    Table.metadata.create_all(application.database.engine)
    password_hash = passwords.hash_password(PASSWORD) if sign_in else None
    with application.database.transaction() as tx:
        installing.import_packs(tx, PROCESSES)
        installing.load_demonstration(
            tx, PROCESSES / "arena", valid_from=date(2026, 1, 1), password_hash=password_hash
        )
    application.close()
    return folder


def _opened(folder: Path, clock: Clock) -> Application:
    settings = Settings(
        database_url=f"sqlite:///{folder}/samplan.db",
        keys_url=f"sqlite:///{folder}/keys.db",
        master_key=SecretStr(MASTER_TEXT),
    )
    keys = Database(settings.keys_url, clock)
    info = {"keys": KeyRing(keys, settings.master)}
    database = Database(settings.database_url, clock, info=info, pool_size=5)
    return Application(database, keys, settings)


def actor(tx: Session, user_name: str) -> Actor:
    """Somebody of the directory."""
    account = account_store.by_user_name(tx, user_name)
    assert account is not None, user_name
    return accounts.actor_of(tx, account)


def a_started_case(app: Application, user_name: str = "sara.lindqvist") -> UUID:
    """Raised by this person for their local group, by the action of the page."""
    with app.database.transaction() as tx:
        who = actor(tx, user_name)
        group = next(m.group_id for m in who.memberships if m.group_id is not None)
        assert organisations.group_by_id(tx, group)
        case_id, _ = start.start_case(tx, app, who, group_id=group, key=uuid4().hex)
    return case_id


def a_colleague(app: Application, user_name: str, name: str) -> int:
    """Somebody new who holds what this person holds."""
    with app.database.transaction() as tx:
        model = actor(tx, user_name)
        account = accounts.add_account(tx, name.lower().replace(" ", "."), name, language="sv")
        for held in model.memberships:
            accounts.appoint(
                tx,
                account.id,
                held.organisation_id,
                held.role,
                valid_from=date(2026, 1, 1),
                unit_id=held.unit_id,
                group_id=held.group_id,
            )
        return account.id
