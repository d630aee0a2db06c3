"""Bring a database to this version, or create it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from base.db import Database, KeyTable
from base.migrations.lock import take_turns

_HERE = Path(__file__).parent


def upgrade(database: Database, keys_database: Database, *, to: str = "head") -> None:
    """Run what is missing on the case database; the key store has one table, made if absent."""
    with keys_database.writing.begin() as connection:
        take_turns(connection)
        KeyTable.metadata.create_all(connection)
    command.upgrade(config_for(database.writing), to)


def config_for(engine: Engine) -> Config:
    """Alembic's settings for this engine."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["engine"] = engine
    return config
