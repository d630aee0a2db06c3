"""Bring a database to this version, or create it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, inspect, text

from base.db import Database, KeyTable, Session
from base.migrations.lock import take_turns

_HERE = Path(__file__).parent


def upgrade(database: Database, keys_database: Database, *, to: str = "head") -> None:
    """Run what is missing on the case database; the key store's tables are made if absent."""
    make_key_store(keys_database)
    upgrade_cases(database, to=to)


def make_key_store(keys_database: Database) -> None:
    with keys_database.writing.begin() as connection:
        take_turns(connection)
        KeyTable.metadata.create_all(connection)


def upgrade_cases(database: Database, *, to: str = "head") -> None:
    command.upgrade(config_for(database.writing), to)


def stands_at(tx: Session) -> str:
    """The migration that a database stands at; empty for one without migrations."""
    connection = tx.connection()
    if "alembic_version" not in inspect(connection).get_table_names():
        return ""
    return str(connection.execute(text("select version_num from alembic_version")).scalar_one())


def newest() -> str:
    """The migration that this version needs."""
    return str(ScriptDirectory(str(_HERE)).get_current_head())


def knows(revision: str) -> bool:
    """Whether this version can bring a database to that migration."""
    try:
        return bool(ScriptDirectory(str(_HERE)).get_revision(revision or "base"))
    except CommandError:
        return False


def config_for(engine: Engine) -> Config:
    """Alembic's settings for this engine."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["engine"] = engine
    return config
