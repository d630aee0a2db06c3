"""Databases to test on: a real SQLite file, and a real PostgreSQL for tests that ask for it.

A test marked ``both`` runs once on each; every other test runs on SQLite.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from base import migrations
from base.clock import Clock, Fixed
from base.db import Database, KeyTable, Table
from base.keys import KeyRing
from tests import postgresql

MASTER = base64.b64decode("c2FtcGxhbi10ZXN0cy1tYXN0ZXIta2V5LTMyLWJ5dGU=")
NOON = datetime(2027, 2, 1, 11, tzinfo=UTC)
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker("both") is not None
    if marked and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", KINDS, indirect=True)


@dataclass(frozen=True, slots=True)
class Templates:
    """A PostgreSQL server and two databases on it to copy: cases and keys, both empty."""

    server: postgresql.Server
    data: str
    keys: str

    @contextmanager
    def copied(self) -> Iterator[tuple[str, str]]:
        """Addresses of a fresh pair: cases, keys."""
        data, keys = self.server.create(self.data), self.server.create(self.keys)
        yield self.server.url(data), self.server.url(keys)
        self.server.drop(data)
        self.server.drop(keys)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_templates(postgresql_server: postgresql.Server) -> Templates:
    """The schema as the migrations make it."""
    data, keys = postgresql_server.create(), postgresql_server.create()
    clock = Fixed(NOON)
    opened = [Database(postgresql_server.url(name), clock) for name in (data, keys)]
    migrations.upgrade(*opened)
    for database in opened:
        database.close()
    return Templates(postgresql_server, data, keys)


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> Iterator[str]:
    """The address of an empty database, without tables."""
    name = postgresql_server.create()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture
def clock() -> Fixed:
    """Monday 1 February 2027, noon in Stockholm, until a test moves it."""
    return Fixed(NOON)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """What the test runs on: sqlite, or postgresql where it is marked ``both``."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path, clock: Fixed
) -> Iterator[Database]:
    """An empty database of its own, with a key store beside it."""
    if database_kind == "postgresql":
        templates: Templates = request.getfixturevalue("postgresql_templates")
        with templates.copied() as (data, keys), _opened(data, keys, clock) as database:
            yield database
        return
    data, keys = f"sqlite:///{tmp_path}/samplan.db", f"sqlite:///{tmp_path}/keys.db"
    with _opened(data, keys, clock) as database:
        yield database


@contextmanager
def _opened(data_url: str, keys_url: str, clock: Clock) -> Iterator[Database]:
    keys = Database(keys_url, clock)
    database = Database(data_url, clock, info={"keys": KeyRing(keys, MASTER)})
    if keys_url.startswith("sqlite"):
        KeyTable.metadata.create_all(keys.engine)
        Table.metadata.create_all(database.engine)
    yield database
    database.close()
    keys.close()
