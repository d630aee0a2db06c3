"""Databases and a browser to test on: a real SQLite file, a real PostgreSQL, a real Chromium.

A test marked ``both`` runs once on each; every other test runs on SQLite. With
``SAMPLAN_TEST_DATABASE=postgresql`` all run on PostgreSQL, but those that are marked ``sqlite``.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from base import migrations
from base.clock import Fixed
from base.db import WRITE, Database
from base.settings import Settings
from tests import arena, postgresql
from tools import needs

NOON = datetime(2027, 2, 1, 11, tzinfo=UTC)
#: What a test runs on that says nothing about it.
USUAL = os.environ.get("SAMPLAN_TEST_DATABASE", "sqlite")
_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
_NOW_AND_THEN = pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.wide])
KINDS = ("sqlite", _POSTGRESQL) if USUAL == "sqlite" else (_POSTGRESQL,)
#: Dear ones are on PostgreSQL with `make wide`.
WIDE_KINDS = ("sqlite", _NOW_AND_THEN) if USUAL == "sqlite" else (_POSTGRESQL,)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a page's fixture on one worker; leave out what is SQLite's alone."""
    for item in items:
        if shares_with_its_module(item) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        if USUAL != "sqlite":
            for mark in item.iter_markers("sqlite"):
                item.add_marker(pytest.mark.skip(reason=f"SQLite alone: {mark.args[0]}"))


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and is not searched for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@event.listens_for(Engine, "before_execute")
def _who_reads_locks_nothing(connection: Connection, asked: Any, *_: object) -> None:
    """PostgreSQL refuses it, and SQLite knows no locks of rows: it must be seen on both."""
    locks = getattr(asked, "_for_update_arg", None) is not None
    assert not locks or connection.get_execution_options().get(WRITE), f"locks rows: {asked}"


def shares_with_its_module(item: pytest.Item) -> bool:
    """Whether two workers would both make what the tests of a page share."""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    return any(one.scope == "module" for found in fixtures for one in found)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker("both")
    if marked is not None and "database_kind" in metafunc.fixturenames:
        kinds = WIDE_KINDS if "wide" in marked.args else KINDS
        metafunc.parametrize("database_kind", kinds, indirect=True)


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


@pytest.fixture(scope="session")
def furnished_templates(postgresql_templates: Templates) -> Templates:
    """Two databases with a furnished arena."""
    server = postgresql_templates.server
    data = server.create(postgresql_templates.data)
    keys = server.create(postgresql_templates.keys)
    arena.furnish(arena.settings_for(server.url(data), server.url(keys)))
    return Templates(server, data, keys)


@pytest.fixture(scope="session")
def empty_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with SQLite files that hold the schema and nothing else."""
    shared = arena.shared_folder(tmp_path_factory.getbasetemp())
    return arena.made_once(shared, "empty", arena.make_empty)


@pytest.fixture(scope="session")
def furnished_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SQLite files of a furnished arena."""
    shared = arena.shared_folder(tmp_path_factory.getbasetemp())
    return arena.made_once(
        shared, "furnished", lambda folder: arena.furnish(arena.settings_in(folder))
    )


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
    """What the test runs on: sqlite or postgresql."""
    return str(getattr(request, "param", USUAL))


@pytest.fixture
def database(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path, clock: Fixed
) -> Iterator[Database]:
    """An empty database of its own, with a key store beside it."""
    with ExitStack() as stack:
        if database_kind == "postgresql":
            templates: Templates = request.getfixturevalue("postgresql_templates")
            settings = arena.settings_for(*stack.enter_context(templates.copied()))
        else:
            arena.copy(request.getfixturevalue("empty_files"), tmp_path)
            settings = arena.settings_in(tmp_path)
        app = arena.opened(settings, clock, pool_size=10)
        stack.callback(app.close)
        yield app.database


@contextmanager
def a_copy(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Settings]:
    """The settings of a furnished arena of one's own."""
    if kind == "postgresql":
        templates: Templates = request.getfixturevalue("furnished_templates")
        with templates.copied() as (data, keys):
            yield arena.settings_for(data, keys, var=folder)
        return
    arena.copy(request.getfixturevalue("furnished_files"), folder)
    yield arena.settings_in(folder)


@pytest.fixture(scope="module")
def shared_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """The settings of a furnished arena for all tests of a module."""
    with a_copy(request, USUAL, tmp_path_factory.mktemp("shared")) as settings:
        yield settings


@pytest.fixture
def arena_settings(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[Settings]:
    """The settings of a furnished arena of the test's own."""
    with a_copy(request, database_kind, tmp_path) as settings:
        yield settings


@pytest.fixture(scope="session")
def base_url() -> str:
    """None: each test names its own server (and the plugin's own fixture warns on pytest 9)."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one that Playwright installed."""
    path = needs.find_browser()
    found = {"executable_path": path} if path else {}
    return {**browser_type_launch_args, "args": ["--no-sandbox"], **found}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A laptop's window."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}}
