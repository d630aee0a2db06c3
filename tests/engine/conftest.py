"""An office: a database, a host and a case."""

from uuid import UUID

import pytest

from base.db import Database
from tests.engine.hosting import Office, SmallHost

CASE = UUID("00000000-0000-4000-8000-0000000000c1")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, SmallHost(), CASE)
