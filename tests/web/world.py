"""A whole site on a small database: the arena's pack, its fictional people, real commands."""

import base64
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

import casework.tables  # noqa: F401 - the schema is made from every table
from base.clock import Fixed
from base.db import Database, KeyTable, Table
from base.keys import KeyRing
from base.settings import Settings
from casework import installing, scenarios
from casework.accounts.passwords import hash_password
from casework.application import Application
from casework.cases import store as case_store
from web.app import create_app

ARENA = Path(__file__).parents[2] / "processes" / "arena"
PASSWORD = "a long enough password"  # noqa: S105
BEGIN = datetime(2027, 2, 1, 8, tzinfo=UTC)
_MASTER = b"32 bytes for the site's testing."


@dataclass
class Site:
    """The site, its clock, and ways to have something happen on it."""

    application: Application
    clock: Fixed
    app: FastAPI

    @property
    def database(self) -> Database:
        return self.application.database

    def client(self, user_name: str | None = None) -> TestClient:
        """A browser, signed in if a name is given; it does not follow redirects."""
        client = TestClient(self.app, base_url="http://testserver", follow_redirects=False)
        client.headers["accept-language"] = "en"
        client.cookies.set("language", "en")
        if user_name:
            answer = client.post(
                "/sign-in", data={"user_name": user_name, "password": PASSWORD, "next": "/tasks"}
            )
            assert answer.status_code == 303, answer.text
            client.post("/language", data={"language": "en"})
        return client

    def case_as_in(self, scenario: str, *, steps: int = 0) -> UUID:
        """A case to which the first steps of one of the pack's scenarios have happened.

        The clock moves on to the scenario's day, never back.
        """
        told = tomllib.loads((ARENA / "scenarios" / f"{scenario}.toml").read_text())
        begins = datetime.combine(told["given"]["on"], time(9), UTC)
        self.clock.set(max(begins, self.clock.now()))
        play = scenarios._Play(self.application, self.clock, told)
        play.begin(told["given"])
        for step in told["step"][:steps]:
            play.step(step)
        assert play.case_id is not None
        return play.case_id

    def pass_time(self, by: timedelta) -> None:
        self.clock.move(by)

    def number_of(self, case_id: UUID) -> str:
        with self.database.reading() as tx:
            return case_store.by_id(tx, case_id).number

    def close(self) -> None:
        self.application.close()


def a_site(folder: Path) -> Site:
    """Everybody of the pack's directory can sign in with `PASSWORD`."""
    clock = Fixed(BEGIN)
    settings = Settings(
        database_url=f"sqlite:///{folder}/samplan.db",
        keys_url=f"sqlite:///{folder}/keys.db",
        master_key=base64.b64encode(_MASTER).decode(),
        demo=True,
        var=folder,
    )
    keys = Database(settings.keys_url, clock)
    KeyTable.metadata.create_all(keys.engine)
    ring = KeyRing(keys, settings.master)
    database = Database(settings.database_url, clock, info={"keys": ring}, movable=True)
    Table.metadata.create_all(database.engine)
    with database.transaction() as tx:
        installing.import_packs(tx, ARENA.parent)
        installing.load_demonstration(
            tx, ARENA, valid_from=date(2026, 1, 1), password_hash=hash_password(PASSWORD)
        )
    application = Application.on(database, keys, settings)
    return Site(application, clock, create_app(application, settings))
