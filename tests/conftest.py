"""Databases to test on: a real SQLite file, and a real PostgreSQL for tests that ask for it."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from base.clock import Fixed
from base.db import Database, KeyTable, Table
from base.keys import KeyRing

MASTER = base64.b64decode("c2FtcGxhbi10ZXN0cy1tYXN0ZXIta2V5LTMyLWJ5dGU=")
NOON = datetime(2027, 2, 1, 11, tzinfo=UTC)


@pytest.fixture
def clock() -> Fixed:
    """Monday 1 February 2027, noon in Stockholm, until a test moves it."""
    return Fixed(NOON)


@pytest.fixture
def database(tmp_path: Path, clock: Fixed) -> Iterator[Database]:
    """An empty database in files of its own, with a key store beside it."""
    keys = Database(f"sqlite:///{tmp_path}/keys.db", clock)
    KeyTable.metadata.create_all(keys.engine)
    database = Database(
        f"sqlite:///{tmp_path}/samplan.db", clock, info={"keys": KeyRing(keys, MASTER)}
    )
    Table.metadata.create_all(database.engine)
    yield database
    database.close()
    keys.close()
