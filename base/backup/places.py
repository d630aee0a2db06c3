"""Where rows are put back: an empty database that takes the place of another at the end."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from base import db
from base.backup import store
from base.db import Database
from base.errors import SamplanError


class NotEmpty(SamplanError):
    """There is something in the database already; with --replace it is lost."""


class InUse(SamplanError):
    """Another program has the database open: stop web servers and workers first."""


@contextmanager
def emptied(url: str, clock: db.Clock, *, replace: bool) -> Iterator[Database]:
    """An empty database, without a schema, to be filled in the block.

    SQLite: a file of its own, which takes the place of the old one in one step when the block has
    ended well. PostgreSQL: the database itself, emptied first; if the block fails, begin again.
    Raises NotEmpty unless it may be replaced, InUse.
    """
    path = db.sqlite_file(url)
    if path is None:
        with _emptied_postgresql(url, clock, replace=replace) as database:
            yield database
        return
    _require_free(path, url, clock, replace=replace)
    half = path.with_name(f"{path.name}.restoring")
    _forget(half)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    database = Database(f"sqlite:///{half}", clock)
    with ExitStack() as undo:
        undo.callback(_forget, half)
        with closing(database):
            yield database
        undo.pop_all()
    _take_place(half, path)


@contextmanager
def _emptied_postgresql(url: str, clock: db.Clock, *, replace: bool) -> Iterator[Database]:
    database = Database(url, clock)
    try:
        with database.transaction() as tx:
            if store.in_use(tx):
                raise InUse
            if not replace and not store.is_empty(tx):
                raise NotEmpty
            store.clear(tx)
        yield database
    finally:
        database.close()


def _require_free(path: Path, url: str, clock: db.Clock, *, replace: bool) -> None:
    if not path.exists():
        return
    database = Database(url, clock)
    try:
        with database.reading() as tx:
            empty = store.is_empty(tx)
    finally:
        database.close()
    if not empty and not replace:
        raise NotEmpty
    _take_alone(path)


def _take_alone(path: Path) -> None:
    """Leaving the log behind needs a database that nobody else has open, and empties the log."""
    connection = sqlite3.connect(path, timeout=1)
    try:
        connection.execute("pragma journal_mode=delete")
    except sqlite3.OperationalError as error:
        raise InUse from error
    finally:
        connection.close()


def _take_place(half: Path, path: Path) -> None:
    # A log that is left would be taken for the new file's.
    connection = sqlite3.connect(half)
    connection.execute("pragma journal_mode=delete")
    connection.close()
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
