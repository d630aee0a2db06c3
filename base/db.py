"""Tables' base classes and the one way to a transaction.

SQLite runs in WAL mode with full synchronisation; a writing transaction takes the write lock at
once (BEGIN IMMEDIATE), so that two people saving wait for each other instead of failing halfway.
PostgreSQL runs the same code; readers get a repeatable-read snapshot on both.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Protocol
from uuid import UUID

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    TypeDecorator,
    create_engine,
    event,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column

from base import ready

__all__ = [
    "AWAY",
    "Clock",
    "Code",
    "Database",
    "Id",
    "Json",
    "KeyTable",
    "Moment",
    "Ref",
    "Session",
    "Table",
    "UtcDateTime",
    "core",
    "sqlite_file",
]

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
#: What is raised while the database is away or its disk is full: nothing here is at fault.
AWAY: tuple[type[Exception], ...] = (InterfaceError, NoConnection, OperationalError)
WRITE = "samplan_write"
_ALONE = "samplan_alone"
_BUSY_TIMEOUT_MS = 15_000
#: A server that is silent, or unplugged in the middle of an answer, is away after so long
#: (seconds, milliseconds); an address may say otherwise.
_PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 15_000}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, also on databases that forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        # SQLite compares text: one zone only, or order is wrong.
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Id = Annotated[
    int,
    mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
]
Ref = Annotated[UUID, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(index=True)]


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of all mapped classes; predictable constraint names let migrations name them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class KeyTable(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of the tables of the key store, which no data backup contains."""

    metadata = MetaData(naming_convention=_NAMES)


def core(mapped: type[Table] | type[KeyTable]) -> SqlTable:
    """The table behind a mapped class: a statement on it costs a tenth of one on the class."""
    table = mapped.__table__
    assert isinstance(table, SqlTable)  # noqa: S101
    return table


class _ClockOffset(Table):
    """How far the clock has been pushed; one row, only in demonstrations."""

    __tablename__ = "clock_offset"

    id: Mapped[Id]
    seconds: Mapped[float]


class Clock(Protocol):
    """Something that tells the present moment."""

    def now(self) -> datetime: ...


class Database:
    """One database: an engine, and transactions that know their moment.

    ``info`` is handed to every session (`Session.info`): the key ring, for one.
    ``writing`` is the engine whose transactions take SQLite's write lock at once.
    ``movable`` lets the clock be pushed by an offset kept in the database.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        info: Mapping[str, Any] | None = None,
        movable: bool = False,
        pool_size: int = 10,
    ) -> None:
        self.clock = clock
        self.info: dict[str, Any] = dict(info or {})
        self.movable = movable
        #: Transactions saved here since this was opened.
        self.commits = 0
        self._counting = Lock()
        self.engine = _engine(url, pool_size)
        self.writing = self.engine.execution_options(**{WRITE: True})
        if self.engine.dialect.name == "sqlite":
            self._reading = self.engine
            self._asking = self.engine.execution_options(**{_ALONE: True})
        else:
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._asking = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: commits at the end, rolls back on any exception."""
        with self._session(self.writing) as session, session.begin():
            session.info["now"] = self._moment(session)
            yield session
        with self._counting:
            self.commits += 1

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot to read from, without the write lock; what is written is lost."""
        with self._session(self._reading) as session:
            session.info["now"] = self._moment(session)
            yield session
            # What was read stays usable afterwards; a rollback would expire it.
            session.expunge_all()
            session.rollback()

    def ask(self, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> list[Any]:
        """The rows of one question, which is a snapshot of its own; cheaper than `reading`."""
        with self._asking.connect() as connection:
            return list(connection.execute(statement, given))

    def ask_ready(
        self, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any]
    ) -> Sequence[Any]:
        """`ask` with a statement that is kept ready."""
        with self._asking.connect() as connection:
            return ready.rows_of(connection, statement, given)

    def push_clock(self, by: timedelta) -> None:
        """Move the time every process on this database sees; demonstrations and tests only."""
        if not self.movable:
            raise ValueError("the clock of this database does not move")
        with self._session(self.writing) as session, session.begin():
            seconds = self._offset(session) + by.total_seconds()
            if not session.execute(update(_ClockOffset).values(seconds=seconds)).rowcount:  # type: ignore[attr-defined]
                session.execute(insert(_ClockOffset).values(id=1, seconds=seconds))

    def now(self) -> datetime:
        """The present moment as a transaction begun now would see it."""
        with self.reading() as session:
            moment: datetime = session.info["now"]
            return moment

    def answers(self) -> bool:
        """Whether the database can be asked."""
        try:
            with self.engine.connect() as connection:
                connection.execute(select(1))
        except SQLAlchemyError:
            return False
        return True

    def room(self) -> int | None:
        """Bytes that are free on the disk of SQLite's file; None where that is not ours to see."""
        file = sqlite_file(self.engine.url)
        try:
            return None if file is None else shutil.disk_usage(file.parent).free
        except OSError:
            return None

    def hurry(self) -> None:
        """Wait for no disk from now on: a power cut may lose everything. For demonstrations."""
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _hurry_sqlite)
            self.engine.dispose()

    def scrub(self, tables: Iterable[str]) -> None:
        """Have the files forget rows that were deleted from these tables.

        SQLite overwrites them itself; what is left stands in its log, which is emptied. On
        PostgreSQL dead rows are removed; its log keeps them until it is reused.
        """
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            if self.on_postgresql:
                raw.autocommit = True
                for table in tables:
                    raw.execute(f'vacuum "{table}"').close()
                raw.autocommit = False
            else:
                raw.execute("pragma wal_checkpoint(truncate)").close()

    @property
    def on_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @property
    def conninfo(self) -> str:
        """The address as PostgreSQL's own library reads it, with the password."""
        address = self.engine.url.set(drivername="postgresql")
        return address.render_as_string(hide_password=False)

    def close(self) -> None:
        self.engine.dispose()

    def _session(self, engine: Engine) -> Session:
        info = {**self.info, "clock": self.clock}
        return Session(engine, expire_on_commit=False, info=info)

    def _moment(self, session: Session) -> datetime:
        moment = self.clock.now()
        return moment + timedelta(seconds=self._offset(session)) if self.movable else moment

    def _offset(self, session: Session) -> float:
        return session.scalar(select(_ClockOffset.seconds)) or 0.0


def sqlite_file(url: str | URL) -> Path | None:
    """The file behind an address; None for another kind of database."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database)


def _engine(url: str, pool_size: int) -> Engine:
    """Its errors say no values, which may be somebody's: they end in logs."""
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,
            # A server that was started anew has forgotten the connections that wait here.
            pool_pre_ping=True,
            connect_args={n: v for n, v in _PATIENCE.items() if n not in make_url(url).query},
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Compiling a statement takes ten times as long as the longest of ours runs, and beginning
    # a second process for it, which on a busy machine waits for its turn, three times.
    connection.autocommit = True
    connection.execute("SET jit = off").close()
    connection.execute("SET max_parallel_workers_per_gather = 0").close()
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _hurry_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("synchronous=OFF", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_ALONE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE) else "BEGIN")
