"""The least that durable storage costs: the very rows of a command, sent by the bare driver.

What a command writes is recorded once; the same statements are then run for other cases, with
their ids in place of the first one's, in one transaction and with nothing around it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event

from base.db import Database

_WRITES = ("INSERT", "UPDATE", "DELETE")
_ENTRY = "INSERT INTO case_entry ("
_PART = "INSERT INTO case_entry_part"
_PRAGMAS = (
    "busy_timeout=15000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)


@dataclass(frozen=True, slots=True)
class Write:
    """A statement as the driver gets it; ``many``: with several sets of parameters."""

    statement: str
    parameters: Any
    many: bool

    @property
    def rows(self) -> int:
        return len(self.parameters) if self.many else 1


Script = Sequence[Write]


@contextmanager
def recorded(database: Database) -> Iterator[list[Write]]:
    """Everything written meanwhile."""
    found: list[Write] = []

    def note(_c: object, _cu: object, text: str, given: Any, _x: object, many: bool) -> None:
        if text.startswith(_WRITES):
            found.append(Write(text, given, many))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def for_others(script: Script, ids: Mapping[UUID, UUID]) -> list[Write]:
    """The same rows under other ids."""
    texts = [(str(old), str(new)) for old, new in ids.items()]
    texts += [(old.hex, new.hex) for old, new in ids.items()]

    def value(given: Any) -> Any:
        if isinstance(given, memoryview):
            return bytes(given)
        if isinstance(given, UUID):
            return ids.get(given, given)
        if isinstance(given, str) and len(given) >= len(texts[-1][0]):
            for old, new in texts:
                given = given.replace(old, new)
        return given

    def values(given: Any) -> Any:
        if isinstance(given, Mapping):
            return {name: value(one) for name, one in given.items()}
        return tuple(value(one) for one in given)

    return [
        Write(
            write.statement,
            [values(one) for one in write.parameters] if write.many else values(write.parameters),
            write.many,
        )
        for write in script
    ]


class Raw:
    """One connection of the bare driver, as durable as ours."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite"):
            self._begin: bytes | str = "BEGIN IMMEDIATE"
            self._connection: Any = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
            )
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            self._begin = "BEGIN"
            self._connection = psycopg.connect(
                url.replace("postgresql+psycopg", "postgresql"), autocommit=True
            )

    def run(self, script: Script) -> None:
        """All of it in one durable transaction."""
        with self.transaction() as cursor:
            self.write(cursor, script)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A cursor in one durable transaction."""
        cursor = self._connection.cursor()
        cursor.execute(self._begin)
        yield cursor
        cursor.execute("COMMIT")

    @staticmethod
    def write(cursor: Any, script: Script) -> None:
        entry = None
        for write in script:
            given = write.parameters
            if write.statement.startswith(_PART):
                given = [_with_entry(one, entry) for one in given]
            if write.many:
                cursor.executemany(write.statement, given)
            else:
                cursor.execute(write.statement, given)
            if write.statement.startswith(_ENTRY):
                returned = "RETURNING" in write.statement
                entry = cursor.fetchone()[0] if returned else cursor.lastrowid

    def close(self) -> None:
        self._connection.close()


def _with_entry(given: Any, entry: int | None) -> Any:
    """Parts of an entry name its number, which the database has just given."""
    return {**given, "entry_id": entry} if isinstance(given, dict) else (entry, *given[1:])
