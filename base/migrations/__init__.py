"""Bring a database to this version, or create it.

Alembic is loaded for that alone: a program that finds its database up to date starts without it.
"""

import re
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from base.db import Database, KeyTable, Session
from base.errors import SamplanError
from base.migrations.lock import take_turns

_VERSIONS = Path(__file__).parent / "versions"
_NAME = re.compile(r"(\d{4})_\w+\.py")


class NewerDatabase(SamplanError):
    """The database belongs to a later version of Samplan. Install that one."""


def upgrade(database: Database, keys_database: Database, *, to: str = "head") -> None:
    """Run what is missing on the case database; the key store's tables are made if absent.

    Raises NewerDatabase.
    """
    make_key_store(keys_database)
    upgrade_cases(database, to=to)


def make_key_store(keys_database: Database) -> None:
    with keys_database.writing.begin() as connection:
        take_turns(connection)
        KeyTable.metadata.create_all(connection)


def upgrade_cases(database: Database, *, to: str = "head") -> None:
    with database.engine.connect() as connection:
        stands = _stands_at(connection)
    if not knows(stands):
        raise NewerDatabase
    if stands != (newest() if to == "head" else to):
        import_module("base.migrations.running").upgrade(database.writing, to)


def stands_at(tx: Session) -> str:
    """The migration that a database stands at; empty for one without migrations."""
    return _stands_at(tx.connection())


def newest() -> str:
    """The migration that this version needs."""
    return max(_revisions())


def knows(revision: str) -> bool:
    """Whether this version can bring a database to that migration."""
    return not revision or revision in _revisions()


def _stands_at(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("select version_num from alembic_version")).scalar() or "")


def _revisions() -> set[str]:
    """Each file is named after its migration; they follow one another by number."""
    names = (_NAME.fullmatch(path.name) for path in _VERSIONS.iterdir())
    return {name[1] for name in names if name}
