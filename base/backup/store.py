"""All SQL of copying and filling databases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    CHAR,
    JSON,
    Column,
    MetaData,
    Table,
    Text,
    Uuid,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from base import db
from base.db import KeyTable, Session

_BATCH = 500
_SCHEMA = "alembic_version"
_QUEUE = "procrastinate_"
#: Of Procrastinate's tables only what is still to be done; who was doing it is gone.
_JOBS = "procrastinate_jobs"
_LEFT_OUT = frozenset({"worker_id"})
_TAKE_OVER = """
insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at, attempts)
select 'default', kind, jsonb_build_object('payload', payload, 'attempts', most), due, attempts
from job where attempts < most order by id
"""
_OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class _JsonText(TypeDecorator[str]):
    """JSON as the text it is kept as: nothing, and JSON's own null, stay two things."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(column, Text)

    def bind_expression(self, bindparam: BindParameter[Any]) -> ColumnElement[Any]:
        return cast(bindparam, JSONB)


def tables(tx: Session) -> list[Table]:
    """Every table as it is in this database, but those that only the database needs."""
    found = inspect(tx.connection())
    names = sorted(name for name in found.get_table_names() if _is_copied(name))
    return [_table(tx, name, found.get_columns(name)) for name in names]


def _is_copied(name: str) -> bool:
    return name == _JOBS or not (name == _SCHEMA or name.startswith((_QUEUE, "sqlite_")))


def _table(tx: Session, name: str, columns: Sequence[ReflectedColumn]) -> Table:
    """With our own types where the column is one we know, so that values are the same anywhere."""
    metadata = db.Table.metadata.tables.get(name)
    if metadata is None:
        metadata = KeyTable.metadata.tables.get(name)
    ours = dict(metadata.columns) if metadata is not None else {}
    on_sqlite = tx.get_bind().dialect.name == "sqlite"
    made = [
        Column(each["name"], _type(each["type"], ours.get(each["name"]), on_sqlite=on_sqlite))
        for each in columns
        if name != _JOBS or each["name"] not in _LEFT_OUT
    ]
    return Table(name, MetaData(), *made)


def _type(found: TypeEngine[Any], ours: Any, *, on_sqlite: bool) -> TypeEngine[Any]:
    kind = found if ours is None else ours.type
    if isinstance(kind, JSON) or isinstance(found, JSON):
        return Text() if on_sqlite else _JsonText()
    if ours is None and isinstance(found, CHAR) and found.length == 32:
        # How SQLite keeps an id; the column is of an earlier schema.
        return Uuid()
    return kind


def rows(tx: Session, table: Table, order: Sequence[str]) -> Iterator[list[list[Any]]]:
    """A few at a time, whatever the table's size."""
    asked = select(table).order_by(*(table.c[name] for name in order))
    found = tx.connection().execute(asked, execution_options={"yield_per": _BATCH})
    for some in found.partitions():
        yield [list(row) for row in some]


def count(tx: Session, table: Table) -> int:
    return tx.connection().execute(select(func.count()).select_from(table)).scalar_one()


def faults(tx: Session) -> str:
    """What SQLite finds wrong with its own file; PostgreSQL refuses to read what is damaged."""
    if tx.get_bind().dialect.name != "sqlite":
        return ""
    try:
        said = [row[0] for row in tx.connection().exec_driver_sql("pragma integrity_check(3)")]
    except DatabaseError as error:
        return str(error.orig)
    return "" if said == ["ok"] else "; ".join(said)


def is_empty(tx: Session) -> bool:
    """Whether no table has a row."""
    return all(
        tx.connection().execute(select(table).limit(1)).first() is None for table in tables(tx)
    )


@contextmanager
def filling(tx: Session) -> Iterator[None]:
    """Rows may come in any order: what they refer to is looked for at the end."""
    postgresql = tx.get_bind().dialect.name == "postgresql"
    if not postgresql:
        tx.connection().exec_driver_sql("pragma defer_foreign_keys=on")
        yield
        return
    keys = list(_foreign_keys(tx))
    for table, name in keys:
        tx.execute(_alter(table, name, "deferrable initially deferred"))
    yield
    tx.execute(text("set constraints all immediate"))
    for table, name in keys:
        tx.execute(_alter(table, name, "not deferrable"))
    for each in tables(tx):
        _count_on(tx, each)


def _foreign_keys(tx: Session) -> Iterator[tuple[str, str]]:
    found = inspect(tx.connection())
    for table in found.get_table_names():
        if _is_copied(table):
            yield from ((table, str(key["name"])) for key in found.get_foreign_keys(table))


def _alter(table: str, name: str, how: str) -> Any:
    return text(f'alter table "{table}" alter constraint "{name}" {how}')


def _count_on(tx: Session, table: Table) -> None:
    """The next row gets the number after the largest."""
    for column in table.columns:
        asked = text("select pg_get_serial_sequence(:table, :column)")
        sequence = tx.scalar(asked, {"table": f'"{table.name}"', "column": column.name})
        if sequence is not None:
            largest = tx.scalar(select(func.max(column)))
            if largest is not None:
                tx.execute(select(func.setval(sequence, largest)))


def put(tx: Session, table: Table, columns: Sequence[str], some: Sequence[Sequence[Any]]) -> None:
    """A column that only another kind of database has is left out."""
    filled = [
        {name: value for name, value in zip(columns, row, strict=True) if name in table.c}
        for row in some
    ]
    tx.connection().execute(insert(table), filled)


def take_over_jobs(tx: Session) -> None:
    """Jobs that were to be done on SQLite go to PostgreSQL's queue."""
    tx.execute(text(_TAKE_OVER))
    tx.execute(text("delete from job where attempts < most"))


def in_use(tx: Session) -> bool:
    """Whether another program has this PostgreSQL database open."""
    return bool(tx.scalar(text(_OTHERS)))


def clear(tx: Session) -> None:
    """Take everything out of a PostgreSQL database, tables and functions too."""
    tx.execute(text("drop schema public cascade"))
    tx.execute(text("create schema public"))
