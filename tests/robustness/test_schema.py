"""The schema on PostgreSQL, and programs that start on an empty database at the same moment."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

import base.jobs.tables
import casework.tables
import engine.tables
from base import clock, migrations
from base.clock import Fixed
from base.db import Database, KeyTable, Table
from base.jobs.tables import Job
from tests.conftest import NOON

#: Importing these is what makes the tables known.
KNOWN = (base.jobs.tables, casework.tables, engine.tables)

ROOT = Path(__file__).parents[2]


@contextmanager
def opened(data_url: str, keys_url: str) -> Iterator[tuple[Database, Database]]:
    data, keys = Database(data_url, Fixed(NOON)), Database(keys_url, Fixed(NOON))
    try:
        yield data, keys
    finally:
        data.close()
        keys.close()


@pytest.fixture
def urls(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> tuple[str, str]:
    """Addresses of empty databases for cases and for keys."""
    if database_kind == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url, url
    return f"sqlite:///{tmp_path}/data.db", f"sqlite:///{tmp_path}/keys.db"


@pytest.mark.postgresql
def test_the_migrations_make_on_postgresql_what_the_tables_say(postgresql_url: str):
    with opened(postgresql_url, postgresql_url) as (data, keys):
        migrations.upgrade(data, keys)

        with data.engine.connect() as connection:
            options = {"compare_type": True, "include_name": _ours}
            context = MigrationContext.configure(connection, opts=options)
            differences = [
                difference
                for difference in compare_metadata(context, Table.metadata)
                if "comment" not in str(difference[0])
            ]
    assert differences == []


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Procrastinate's tables are held against its own release elsewhere."""
    foreign = name in KeyTable.metadata.tables or str(name).startswith("procrastinate_")
    return kind != "table" or not foreign


_STARTING = """
import sys
import base.keys.tables
from base import migrations
from base.clock import SystemClock
from base.db import Database
migrations.upgrade(*[Database(url, SystemClock()) for url in sys.argv[1:]])
"""


@pytest.mark.both("wide")
def test_programs_that_start_at_once_make_the_schema_once(urls: tuple[str, str]):
    command = [sys.executable, "-c", _STARTING, *urls]
    started = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]

    said = [program.communicate(timeout=60)[1] for program in started]

    assert [program.returncode for program in started] == [0, 0, 0], said
    with opened(*urls) as (data, keys):
        made = set(inspect(data.engine).get_table_names())
        assert set(Table.metadata.tables) <= made
        assert "case_key" in inspect(keys.engine).get_table_names()


@pytest.mark.both
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database):
    stockholm = timezone(timedelta(hours=2))
    due = datetime(2027, 6, 1, 0, 30, 15, 250_000, tzinfo=stockholm)
    with database.transaction() as tx:
        tx.add(Job(kind="mail", payload={}, due=due, created=clock.now(tx)))

    with database.reading() as tx:
        found = tx.scalars(select(Job)).one()

    assert found.due == due
    assert found.due.tzinfo is UTC
    assert found.created == NOON


@pytest.mark.postgresql
def test_json_is_kept_as_jsonb_and_moments_with_their_zone(postgresql_url: str):
    with opened(postgresql_url, postgresql_url) as (data, keys):
        migrations.upgrade(data, keys)

        question = text(
            "select column_name, data_type from information_schema.columns "
            "where table_name = 'job' and column_name in ('payload', 'due')"
        )
        with data.engine.connect() as connection:
            kinds = {row[0]: row[1] for row in connection.execute(question)}
    assert kinds == {"payload": "jsonb", "due": "timestamp with time zone"}


@pytest.mark.both
def test_an_object_comes_back_as_it_was(database: Database):
    payload = {"b": [1, None, True], "a": {"é": "\u2028 \U0001f600"}, "n": 1.5}
    with database.transaction() as tx:
        tx.add(Job(kind="mail", payload=payload, due=NOON, created=NOON))

    with database.reading() as tx:
        assert tx.scalars(select(Job)).one().payload == payload
