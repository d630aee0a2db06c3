"""Copies of a database that are whole, sealed, and say so themselves when read.

A copy is one file: a head in the clear, then sealed chunks of compressed rows, table by table,
then how many rows each table had. Reading it to its end proves that nothing was cut or changed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.backup import files, rows, store
from base.backup.files import BackupRefused, Head
from base.db import Database, Session

__all__ = [
    "BackupRefused",
    "Batch",
    "Head",
    "Incomplete",
    "Orders",
    "Unsound",
    "copy_rows",
    "is_empty",
    "load",
    "read",
    "read_head",
]

#: By which columns the rows of a table are copied, where it matters to whoever reads them.
Orders = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table; one without rows begins each table."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]


class Unsound(BackupRefused):
    """The database itself is damaged; it was not copied."""


class Incomplete(BackupRefused):
    """The copy does not hold as many rows as it says."""


def copy_rows(
    tx: Session, path: Path, key: bytes, head: Head, orders: Orders | None = None
) -> Mapping[str, int]:
    """Write all rows that this snapshot sees to a new file, readable by this account alone.

    How many rows of each table. Raises Unsound where the database finds a fault in itself.
    """
    wrong = store.faults(tx)
    if wrong:
        raise Unsound(f"The database itself is damaged and was not copied: {wrong}")
    with files.writing(path, key, head) as sink, rows.packing(sink) as put:
        counts = {}
        for table in store.tables(tx):
            names = [column.name for column in table.columns]
            put(["table", table.name, names])
            counts[table.name] = 0
            for some in store.rows(tx, table, (orders or {}).get(table.name, ())):
                put(["rows", some])
                counts[table.name] += len(some)
            if counts[table.name] != store.count(tx, table):
                raise Incomplete
        put(["end", counts])
    return counts


def read_head(path: Path) -> Head:
    """What a file says of itself; only `read` proves it."""
    with files.opened(path) as (head, _):
        return head


def read(path: Path, keys: Collection[bytes]) -> Iterator[Batch]:
    """Every table and its rows; sealed with one of the keys.

    Raises BackupRefused for another key, for a file that was changed, cut or is none of ours;
    only at its end is it known that there is no more.
    """
    name, columns = "", tuple[str, ...]()
    counts: dict[str, int] = {}
    ended = False
    with files.reading(path, keys) as source:
        for what, *said in rows.unpacked(source):
            if what == "table":
                name, columns = said[0], tuple(said[1])
                counts[name] = 0
                yield Batch(name, columns, [])
            elif what == "rows":
                counts[name] += len(said[0])
                yield Batch(name, columns, said[0])
            else:
                ended = said[0] == counts
    if not ended:
        raise Incomplete


def is_empty(tx: Session) -> bool:
    """Whether no table has a row."""
    return store.is_empty(tx)


def load(
    database: Database,
    batches: Iterator[Batch],
    *,
    made_on: str = "",
    leave_out: Collection[str] = (),
) -> None:
    """Put rows into an empty database of the schema they had, in one transaction.

    ``made_on``: the kind of database they come from, if it matters what waited to be done there.
    """
    with database.transaction() as tx, store.filling(tx):
        known = {table.name: table for table in store.tables(tx)}
        for batch in batches:
            if batch.table in leave_out:
                continue
            target = known.get(batch.table)
            if target is None and batch.rows:
                raise Incomplete(f"There is no table {batch.table} to put rows into.")
            if target is not None and batch.rows:
                store.put(tx, target, batch.columns, batch.rows)
        if made_on == "sqlite" and database.on_postgresql:
            store.take_over_jobs(tx)
