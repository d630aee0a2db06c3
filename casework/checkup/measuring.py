"""How the installation stands, in numbers, for a monitor that asks every minute."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from base import clock, jobs, measures
from base.db import AWAY, Session, sqlite_file
from base.measures import Measure
from base.settings import Settings
from casework.application import Application
from casework.backups import actions as backups
from casework.backups.rules import CASES, KEYS
from casework.checkup import store

#: The worker's measures lie at the port after the web server's.
WEB, WORKER = 0, 1


def offer(app: Application, place: int) -> AbstractContextManager[int]:
    """Measures at the port of the settings beside the block; nothing where none is set.

    Raises BadSettings where others could read them without a token.
    """
    settings = app.settings
    if settings.measures_port is None:
        return nullcontext(0)
    port = settings.measures_port + place if settings.measures_port else 0
    secret = settings.measures_secret
    return measures.offered(settings.measures_host, port, secret, lambda: standing(app))


def standing(app: Application) -> list[Measure]:
    """Counts, ages in seconds and sizes in bytes; what cannot be known now is left out."""
    found = [
        Measure("commits", "Transactions that were saved.", app.database.commits, grows=True),
        *_room(app),
        *_backups(app.settings, app.database.clock.now()),
    ]
    try:
        with app.database.reading() as tx:
            found += _inside(tx, app.settings)
    except AWAY:
        return [*found, Measure("database_up", _UP, 0)]
    return [*found, Measure("database_up", _UP, 1)]


_UP = "Whether the database answers."


def _room(app: Application) -> Iterator[Measure]:
    room = app.database.room()
    if room is not None:
        yield Measure("disk_free_bytes", "Room on the disk of the cases.", room)


def _inside(tx: Session, settings: Settings) -> Iterator[Measure]:
    now = clock.now(tx)
    pile = jobs.pile(tx)
    yield Measure("jobs_waiting", "Jobs that are to be done.", pile.waiting)
    yield Measure("jobs_failed", "Jobs that nobody tries any more.", pile.given_up)
    yield Measure("jobs_oldest_seconds", "How late the longest-due job is.", pile.late)
    for kind, count in store.incidents(tx).items():
        yield Measure("incidents", "Incidents that somebody must look at.", count, of=kind)
    late, oldest = store.late_timers(tx, now)
    yield Measure("timers_late", "Timers that are due and have not fired.", late)
    yield Measure("timers_late_seconds", "How late the longest-due is.", _age(oldest, now))
    waiting, refused = store.mails(tx)
    yield Measure("mails_waiting", "Mails that have not left.", waiting)
    yield Measure("mails_refused", "Mails that pointed at a person and never leave.", refused)
    yield Measure("sessions", "Browsers that are signed in.", store.sessions(tx, now))
    size = "Size of the database of the cases."
    yield Measure("database_bytes", size, _size(tx, sqlite_file(settings.database_url)))


def _size(tx: Session, file: Path | None) -> int:
    """With the log beside SQLite's file."""
    if file is None:
        return store.size(tx)
    beside = (file, file.with_name(f"{file.name}-wal"))
    return sum(each.stat().st_size for each in beside if each.exists())


def _backups(settings: Settings, now: datetime) -> Iterator[Measure]:
    for name, folder in ((CASES, settings.backups), (KEYS, settings.key_backups)):
        made = backups.newest_or_none(name, folder)
        if made is not None:
            said = "How long ago the newest backup was made."
            yield Measure("backup_age_seconds", said, _age(made, now), of=name)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()
