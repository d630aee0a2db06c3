"""All SQL of checking up on an installation."""

from datetime import datetime

from sqlalchemy import func, inspect, select, text

from base.db import Session
from casework.audit.tables import Audit


def version(tx: Session) -> tuple[str, tuple[int, ...]]:
    """Which database it is, and its version."""
    connection = tx.connection()
    if connection.dialect.name == "sqlite":
        said = str(connection.execute(text("select sqlite_version()")).scalar_one())
        return "SQLite", tuple(int(part) for part in said.split("."))
    number = int(connection.execute(text("show server_version_num")).scalar_one())
    return "PostgreSQL", (number // 10_000, number % 10_000)


def newest_trace(tx: Session) -> datetime | None:
    """When the latest thing happened, as the trace says."""
    return tx.scalar(select(func.max(Audit.at)))


def clock(tx: Session) -> datetime | None:
    """The time of the database's machine; None where it is this one."""
    if tx.get_bind().dialect.name == "sqlite":
        return None
    found: datetime = tx.connection().execute(text("select clock_timestamp()")).scalar_one()
    return found


def worker_seen(tx: Session) -> datetime | None:
    """The latest sign of life of a worker on PostgreSQL."""
    if "procrastinate_workers" not in inspect(tx.connection()).get_table_names():
        return None
    asked = text("select max(last_heartbeat) from procrastinate_workers")
    seen: datetime | None = tx.connection().execute(asked).scalar_one()
    return seen
