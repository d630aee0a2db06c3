"""All SQL of checking up on an installation."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, inspect, select, text

from base.db import Session
from casework.accounts.tables import AccountSession
from casework.audit.tables import Audit
from casework.notifications.tables import Mail
from engine.tables import Incident, Instance, Wait


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


def incidents(tx: Session) -> Mapping[str, int]:
    """Unsolved ones by kind; kinds without any are left out."""
    asked = select(Incident.kind, func.count()).where(Incident.solved.is_(None))
    return {row[0]: row[1] for row in tx.execute(asked.group_by(Incident.kind))}


def late_timers(tx: Session, now: datetime) -> tuple[int, datetime | None]:
    """Timers of running instances that should have fired: how many, and the longest-due."""
    asked = (
        select(func.count(), func.min(Wait.due))
        .join(Instance, Instance.id == Wait.instance_id)
        .where(Wait.due <= now, Wait.held.is_(False), Instance.status == "running")
    )
    count, oldest = tx.execute(asked).one()
    return count, oldest


def mails(tx: Session) -> tuple[int, int]:
    """How many wait to leave, and how many never will."""
    waiting = select(func.count()).where(Mail.sent.is_(None), Mail.refused.is_(None))
    refused = select(func.count()).where(Mail.refused.is_not(None))
    asked = select(waiting.scalar_subquery(), refused.scalar_subquery())
    first, second = tx.execute(asked).one()
    return first, second


def sessions(tx: Session, now: datetime) -> int:
    return tx.scalar(select(func.count()).where(AccountSession.ends > now)) or 0


def size(tx: Session) -> int:
    """Bytes of a database on PostgreSQL."""
    asked = text("select pg_database_size(current_database())")
    return int(tx.connection().execute(asked).scalar_one())
