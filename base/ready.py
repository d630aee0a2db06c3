"""Statements kept ready for the driver: what a step needs is compiled once, then only filled in.

SQLAlchemy finds a compiled statement by a key that it makes anew each time, which takes longer
than SQLite takes to run one. Use it where the same few statements run in every command. Each
must last as long as the program, as it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

_Asked = Select[*tuple[Any, ...]] | Insert
_Write = Insert | Update | Delete
_Turn = Callable[[Any], Any]
#: Some are made for each person who works.
_MOST = 2_048
_HELD = "connection"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement's text, what makes its parameters of a row, and values of what it answers."""

    text: str
    #: In the order of the driver's marks; by name where it is None.
    order: tuple[str, ...] | None
    #: Parameters that the statement itself holds.
    fixed: Mapping[str, Any]
    #: What the driver needs in place of a value, for the columns where that differs.
    turned: Mapping[str, _Turn]
    #: What turns the driver's values of one row back, if any differs.
    back: tuple[_Turn, ...] | None

    def filled(self, row: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **row}
        for name, turn in self.turned.items():
            given[name] = turn(given[name])
        return given if self.order is None else tuple(given[name] for name in self.order)


def write(tx: Session, statement: _Write, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many rows it changed, as the driver counts them; every row has the same names.

    Raises ValueError where a name is missing or unknown.
    """
    connection = _connection(tx)
    ready = _ready(statement, connection.dialect, tuple(rows[0]))
    filled = [ready.filled(row) for row in rows]
    return connection.exec_driver_sql(
        ready.text, filled if len(filled) > 1 else filled[0]
    ).rowcount


def rows(tx: Session, statement: _Asked, given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """What it answers: values of columns, never mapped objects.

    It sees what the session holds, which is written first. Raises ValueError like `write`, and
    for a list that is given, on whose length the text would depend.
    """
    tx.flush()
    return rows_of(_connection(tx), statement, given)


def rows_of(
    connection: Connection, statement: _Asked, given: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    """`rows` on a connection without a session."""
    ready = _ready(statement, connection.dialect, tuple(given))
    found = connection.exec_driver_sql(ready.text, ready.filled(given)).all()
    turns = ready.back
    if turns is None:
        return found
    return [tuple(turn(value) for turn, value in zip(turns, row, strict=True)) for row in found]


def _connection(tx: Session) -> Connection:
    """That of the transaction, looked up once for each: the look-up sets savepoints."""
    present = tx.get_nested_transaction() or tx.get_transaction()
    held: tuple[object, Connection] | None = tx.info.get(_HELD)
    if held is None or held[0] is not present or present is None:
        connection = tx.connection()
        held = (tx.get_nested_transaction() or tx.get_transaction(), connection)
        tx.info[_HELD] = held
    return held[1]


@lru_cache(_MOST)
def _ready(statement: _Asked | _Write, dialect: Dialect, names: tuple[str, ...]) -> _Ready:
    written = None if isinstance(statement, Select) else list(names)
    compiled = statement.compile(dialect=dialect, column_keys=written)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    if any(bind.required and bind.expanding for bind in compiled.binds.values()):
        raise ValueError("a statement whose text depends on how long a list is")
    needed = {name for name, bind in compiled.binds.items() if bind.required}
    if needed - set(names) or set(names) - set(compiled.binds):
        raise ValueError(f"{sorted(names)} given to a statement that takes {sorted(needed)}")
    turned = {}
    for name, bind in compiled.binds.items():
        turn = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            turned[name] = turn
    # Lists that the statement itself holds are written out.
    whole = compiled.construct_expanded_state(dict.fromkeys(names))
    lists = {name: turn for name, turn in whole.processors.items() if turn is not None}
    return _Ready(
        text=whole.statement,
        order=None if whole.positiontup is None else tuple(whole.positiontup),
        fixed={name: value for name, value in whole.parameters.items() if name not in names},
        turned={**{name: turned[name] for name in turned if name in whole.parameters}, **lists},
        back=_back(statement, dialect),
    )


def _back(statement: _Asked | _Write, dialect: Dialect) -> tuple[_Turn, ...] | None:
    columns = statement.exported_columns
    found = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    if not any(found):
        return None
    return tuple(turn or _as_it_is for turn in found)


def _as_it_is(value: Any) -> Any:
    return value
