"""Cases that were begun on the first schema go on at the newest.

``begun/`` holds an installation as the first migration and the code beside it left it: the arena
with two running cases, one with a timer, one with a consent that shares. For PostgreSQL its
rows are put into the same first schema there.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zstandard
from sqlalchemy import (
    Connection,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)

from base import migrations
from base.clock import Fixed
from base.db import Database
from base.settings import Settings
from casework import worker
from casework.application import Application
from tests.arena import FILES, settings_for, settings_in
from tests.robustness.arena import Arena

BEGUN = Path(__file__).parent / "begun"
LATE = UUID("a0cc7551-0fbb-4944-8dbd-a5b0f115c159")
SHARED = UUID("762472bc-8b1e-4f24-bb47-0620e8fe6eab")
LATER = datetime(2027, 3, 1, 10, tzinfo=UTC)
KINDS = (
    pytest.param("sqlite", marks=pytest.mark.sqlite("an installation begins on it")),
    pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.soak]),
)
#: What SQLite keeps, as PostgreSQL takes it.
READ: Mapping[type, Callable[[Any], Any]] = {
    UUID: UUID,
    bool: bool,
    object: json.loads,
    date: date.fromisoformat,
    datetime: lambda kept: datetime.fromisoformat(kept).replace(tzinfo=UTC),
}


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder with the installation."""
    for name in FILES:
        packed = (BEGUN / f"{name}.zst").read_bytes()
        (tmp_path / name).write_bytes(zstandard.decompress(packed))
    return tmp_path


@pytest.fixture
def installation(
    request: pytest.FixtureRequest, begun: Path, database_kind: str
) -> Iterator[Settings]:
    """The same on either database; nobody has opened it yet."""
    if database_kind == "sqlite":
        yield settings_in(begun)
        return
    url: str = request.getfixturevalue("postgresql_url")
    settings = settings_for(url, f"sqlite:///{begun / FILES[1]}", var=begun)
    data, keys = (Database(each, Fixed(LATER)) for each in (url, settings.keys_url))
    migrations.upgrade(data, keys, to="0001")
    with data.writing.begin() as connection:
        take_over(connection, begun / FILES[0])
    for database in (data, keys):
        database.close()
    yield settings


def take_over(connection: Connection, file: Path) -> None:
    """Every row, with its id; whoever comes next gets the id after the last."""
    connection.execute(text("set session_replication_role = replica"))
    there, begun = MetaData(), create_engine(f"sqlite:///{file}")
    there.reflect(connection)
    with begun.connect() as kept:
        for each in there.tables.values():
            if each.name == "alembic_version":
                continue
            everything = select(text("*")).select_from(table(each.name))
            for row in kept.execute(everything).mappings():
                connection.execute(insert(each).values(as_taken(each, row)))
            if "id" in each.c and each.c.id.type.python_type is int:
                _count_on(connection, each)
    connection.execute(text("set session_replication_role = origin"))
    begun.dispose()


def as_taken(there: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {name: there.c[name].type.python_type for name in row}
    return {
        name: READ.get(kind, kind)(row[name])
        for name, kind in kinds.items()
        if row[name] is not None
    }


def _count_on(connection: Connection, there: Table) -> None:
    sequence = func.pg_get_serial_sequence(f'"{there.name}"', "id")
    last = select(func.max(there.c.id)).scalar_subquery()
    connection.execute(select(func.setval(sequence, last)))


def rows(settings: Settings) -> dict[str, int]:
    """How many each table holds."""
    database = Database(settings.database_url, Fixed(LATER))
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        counts = (select(func.count()).select_from(table(name)) for name in names)
        found = dict(zip(names, map(connection.scalar, counts), strict=True))
    database.close()
    return {name: count or 0 for name, count in found.items()}


@pytest.mark.parametrize("database_kind", KINDS, indirect=True)
def test_no_row_is_lost_and_cases_go_on_where_they_were(installation: Settings):
    before, clock = rows(installation), Fixed(LATER)
    app = Application.open(installation, clock)
    arena, after = Arena(app, clock), rows(installation)

    lost = {name: count - after[name] for name, count in before.items() if name in after}
    assert {name: count for name, count in lost.items() if count > 0} == {}
    assert before["case"] == after["case"] == 2
    assert arena.open_steps(LATE) == ["talk_with_person@varnamo"]
    assert arena.open_steps(SHARED) == ["referral_to_party@vc_vaster"]

    worker.run_round(app)
    late = arena.open_steps(LATE)
    arena.complete(LATE, "talk_with_person", {"wants_coordination": "no"})
    arena.complete(LATE, "note_refusal")
    arena.complete(SHARED, "referral_to_party")

    assert late == ["see_to_first_contact@varnamo", "talk_with_person@varnamo"]
    assert arena.open_steps(LATE) == []
    assert arena.open_steps(SHARED) == ["confirm_case_lead@psykiatri"]
    arena.require_whole(LATE, SHARED)
    app.close()


@pytest.mark.sqlite("PostgreSQL refuses such a row at once")
def test_an_upgrade_that_finds_a_broken_reference_changes_nothing(begun: Path):
    connection = sqlite3.connect(begun / FILES[0])
    connection.execute("delete from local_group")
    connection.commit()
    connection.close()
    clock = Fixed(LATER)
    data, keys = (Database(f"sqlite:///{begun / name}", clock) for name in FILES)

    with pytest.raises(ValueError, match="rows without what they refer to: "):
        migrations.upgrade(data, keys, to="0002")

    with data.reading() as tx:
        assert migrations.stands_at(tx) == "0001"
    for database in (data, keys):
        database.close()
