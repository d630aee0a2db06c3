from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import base.jobs.tables
import casework.tables
import engine.tables
from base import migrations
from base.clock import Fixed
from base.db import Database, Table
from casework.organisations import store

#: Importing a module of tables registers them.
KNOWN = (base.jobs.tables, casework.tables, engine.tables)

_TWO_IN_A_SEAT = """
INSERT INTO account (id, user_name, name, language, created, mail, phone, active) VALUES
 (1, 'sara', 'Sara', 'sv', '2026-01-01', '', '', true),
 (2, 'maria', 'Maria', 'sv', '2026-01-01', '', '', true);
INSERT INTO organisation (id, code, title, kind, phone, mail, address) VALUES
 (1, 'fk', 'FK', 'agency', '', '', '');
INSERT INTO local_group
 (id, code, title, number_prefix, programme_id, convening_method, notice_days, agenda_disclosure)
 VALUES (1, 'varnamo', 'Värnamo', 'VMO', 1, '', 14, 'in_system');
INSERT INTO seat (id, group_id, organisation_id, valid_from, account_id, deputy_account_id) VALUES
 (1, 1, 1, '2026-01-01', 1, 2), (2, 1, 1, '2026-01-01', NULL, NULL)
"""


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


def test_files_are_named_after_their_migrations_in_order():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    ordered = [script.revision for script in scripts.walk_revisions()]

    assert ordered == sorted(ordered, reverse=True)
    assert migrations.newest() == scripts.get_current_head() == ordered[0]
    assert all(migrations.knows(revision) for revision in ordered)
    assert not migrations.knows("9999")


def test_upgrading_twice_changes_nothing(fresh):
    database, keys = fresh

    migrations.upgrade(database, keys)
    migrations.upgrade(database, keys)

    with database.reading() as tx:
        assert tx.info["now"] is not None


def test_whoever_sat_in_a_seat_still_sits_there(fresh):
    database, keys = fresh
    migrations.upgrade(database, keys, to="0006")
    with database.transaction() as tx:
        for statement in _TWO_IN_A_SEAT.split(";"):
            tx.execute(text(statement))

    migrations.upgrade(database, keys)

    with database.reading() as tx:
        held = store.all_seats(tx, date(2027, 2, 1))
    assert [(seat.account_id, seat.deputy_account_id) for seat in held] == [(1, 2), (None, None)]
    assert [seat.acknowledged for seat in held] == [True, False]
