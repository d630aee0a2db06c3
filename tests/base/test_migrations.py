from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import base.jobs.tables
import casework.tables
import engine.tables
from base import migrations
from base.clock import Fixed
from base.db import Database, Table

#: Importing a module of tables registers them.
KNOWN = (base.jobs.tables, casework.tables, engine.tables)


@pytest.fixture
def fresh(tmp_path: Path, clock: Fixed):
    keys = Database(f"sqlite:///{tmp_path}/k.db", clock)
    database = Database(f"sqlite:///{tmp_path}/d.db", clock)
    yield database, keys
    database.close()
    keys.close()


def test_the_migrations_make_what_the_tables_say(fresh):
    database, keys = fresh

    migrations.upgrade(database, keys)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            difference
            for difference in compare_metadata(context, Table.metadata)
            if "comment" not in str(difference[0])
        ]
    assert differences == []


def test_upgrading_twice_changes_nothing(fresh):
    database, keys = fresh

    migrations.upgrade(database, keys)
    migrations.upgrade(database, keys)

    with database.reading() as tx:
        assert tx.info["now"] is not None
