"""Tables are made anew on SQLite, which cannot change them, while others refer to their rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text


@contextmanager
def loosened(connection: Connection) -> Iterator[None]:
    """References are not followed in this block, for a table that goes would take others' rows.

    Enter it before anything is asked: SQLite changes this outside a transaction alone.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        if connection.in_transaction():
            connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON").close()


def require_whole(connection: Connection) -> None:
    """Raises ValueError if a row refers to one that is not there; names the tables alone."""
    if connection.dialect.name == "sqlite":
        broken = {row[0] for row in connection.execute(text("pragma foreign_key_check"))}
        if broken:
            raise ValueError(f"rows without what they refer to: {', '.join(sorted(broken))}")
