"""Look at everything an installation needs, and go on where something is missing."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

from base import jobs, migrations
from base.clock import Clock
from base.db import Database, sqlite_file
from base.errors import SamplanError
from base.keys import KeyRing
from base.settings import Settings, settings_file
from casework.backups import actions as backups
from casework.backups.rules import CASES, KEYS
from casework.checkup import outside, rules, store
from casework.checkup.rules import Line

#: Touched by a worker on SQLite at each of its rounds.
SIGN_OF_LIFE = "worker.alive"
_FROM_THE_SAFE = "Put it back from the safe, or see docs/howto/back-up.md."
_REMEDIES = {"token of measures": "See docs/howto/monitor.md."}


def look(settings: Settings, clock: Clock) -> list[Line]:
    """Changes nothing; asks the mail server and the public address from here."""
    return [
        rules.address(settings.public_url, demo=settings.demo),
        *_secrets(settings),
        *_rights(settings),
        *_disks(settings),
        *_databases(settings, clock),
        rules.backup_age(
            "backup of cases", backups.newest_or_none(CASES, settings.backups), clock.now()
        ),
        rules.backup_age(
            "backup of keys", backups.newest_or_none(KEYS, settings.key_backups), clock.now()
        ),
        outside.mail(settings.smtp_host, settings.smtp_port),
        outside.proxy(settings.public_url),
    ]


def _secrets(settings: Settings) -> Iterator[Line]:
    for name, ask in (
        ("master key", lambda: settings.master),
        ("second master key", lambda: settings.other_master),
        ("key of backups", lambda: settings.backup_secrets),
        ("folders of backups", settings.require_backups_apart),
        ("token of measures", lambda: settings.measures_secret),
    ):
        try:
            found = ask()
        except SamplanError as error:
            yield Line(name, "wrong", str(error), _REMEDIES.get(name, _FROM_THE_SAFE))
        else:
            yield Line(name, "ok", "none is set" if found is None else "there")


def _rights(settings: Settings) -> Iterator[Line]:
    named = {
        "settings file": settings_file(),
        "file of the master key": settings.master_key_file,
        "file of the second master key": settings.other_master_key_file,
        "file of the key of backups": settings.backup_key_file,
        "file of the former key of backups": settings.other_backup_key_file,
        "file of the monitor's token": settings.measures_token_file,
        "file of the cases": sqlite_file(settings.database_url),
        "file of the keys": sqlite_file(settings.keys_url),
        "folder of backups of cases": settings.backups,
        "folder of backups of keys": settings.key_backups,
    }
    for name, path in named.items():
        if path is not None and path.exists():
            yield rules.rights(name, path.stat().st_mode)


def _disks(settings: Settings) -> Iterator[Line]:
    places = {"disk": settings.var, "disk of backups": settings.backups}
    file = sqlite_file(settings.database_url)
    if file is not None:
        places["disk of the cases"] = file.parent
    for name, path in places.items():
        there = next((each for each in (path, *path.absolute().parents) if each.exists()), path)
        yield rules.disk(name, shutil.disk_usage(there).free)


def _databases(settings: Settings, clock: Clock) -> Iterator[Line]:
    remedy = "Is it running, and is its address right?"
    for name, url in (("database", settings.database_url), ("key store", settings.keys_url)):
        file = sqlite_file(url)
        database = Database(url, clock)
        try:
            if (file is not None and not file.exists()) or not database.answers():
                yield Line(name, "wrong", "does not answer", remedy)
            else:
                yield Line(name, "ok", "answers")
                yield from _inside(name, database, settings, clock)
        finally:
            database.close()


def _inside(name: str, database: Database, settings: Settings, clock: Clock) -> Iterator[Line]:
    if name == "key store":
        yield from _keys(database, settings)
        return
    with database.reading() as tx:
        yield rules.version(*store.version(tx))
        at, newest = migrations.stands_at(tx), migrations.newest()
        if at != newest:
            said = f"is at {at or 'nothing'}, this version needs {newest}"
            yield Line("schema", "wrong", said, "Run samplan migrate.")
            return
        yield Line("schema", "ok", at)
        yield rules.clock(store.newest_trace(tx), store.clock(tx), clock.now())
        yield rules.given_up(len(jobs.given_up(tx)))
        seen = store.worker_seen(tx) if database.on_postgresql else _sign_of_life(settings)
        yield rules.worker(seen, clock.now())


def _sign_of_life(settings: Settings) -> datetime | None:
    try:
        return datetime.fromtimestamp((settings.var / SIGN_OF_LIFE).stat().st_mtime, UTC)
    except OSError:
        return None


def _keys(database: Database, settings: Settings) -> Iterator[Line]:
    """Whether the master key opens what is kept, and whether all follows it."""
    name = "master key and key store"
    try:
        ring = KeyRing(database, settings.master, settings.other_master)
        ring.try_one()
        left = ring.not_rewrapped() if settings.other_master else None
    except SamplanError:
        remedy = "Put the right master key back from the safe; nothing can be read with this one."
        yield Line(name, "wrong", "do not fit", remedy)
        return
    yield Line(name, "ok", "fit")
    if left is not None:
        yield rules.second_key(left)
