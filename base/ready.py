"""Statements kept ready for the driver: what a step writes is compiled once, then only filled in.

SQLAlchemy finds a compiled statement by a key that it makes anew each time, which takes longer
than SQLite takes to run one. Use it where the same few statements run in every command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler

from base.db import Session

_Write = Insert | Update | Delete
_MOST = 256
_HELD = "connection"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement's text, and what makes its parameters of a row."""

    text: str
    #: In the order of the driver's marks; by name where it is None.
    order: tuple[str, ...] | None
    #: Parameters that the statement itself holds.
    fixed: Mapping[str, Any]
    #: What the driver needs in place of a value, for the columns where that differs.
    turned: Mapping[str, Callable[[Any], Any]]

    def filled(self, row: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **row}
        for name, turn in self.turned.items():
            given[name] = turn(given[name])
        return given if self.order is None else tuple(given[name] for name in self.order)


def write(tx: Session, statement: _Write, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many rows it changed, as the driver counts them; every row has the same names.

    ``statement`` must be one that lasts as long as the program: it is kept. Raises ValueError
    where a name is missing or unknown.
    """
    connection = _connection(tx)
    ready = _ready(statement, connection.dialect, tuple(rows[0]))
    filled = [ready.filled(row) for row in rows]
    return connection.exec_driver_sql(
        ready.text, filled if len(filled) > 1 else filled[0]
    ).rowcount


def _connection(tx: Session) -> Connection:
    """That of the transaction, looked up once; a session has no second one."""
    connection: Connection | None = tx.info.get(_HELD)
    if connection is None:
        connection = tx.info[_HELD] = tx.connection()
    return connection


@lru_cache(_MOST)
def _ready(statement: _Write, dialect: Dialect, names: tuple[str, ...]) -> _Ready:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    needed = {name for name, bind in compiled.binds.items() if bind.required}
    if needed - set(names) or set(names) - set(compiled.binds):
        raise ValueError(f"{sorted(names)} given to a statement that takes {sorted(needed)}")
    turned = {}
    for name, bind in compiled.binds.items():
        turn = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            turned[name] = turn
    order = compiled.positiontup if compiled.positional else None
    return _Ready(
        text=str(compiled),
        order=None if order is None else tuple(order),
        fixed={name: value for name, value in compiled.params.items() if name not in names},
        turned=turned,
    )
