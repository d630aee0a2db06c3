"""Make backups while people work, prove them, put them back.

The cases are copied first and the keys after: a key is committed before its case, so that every
case in the one copy has its key in the other, unless it has been erased meanwhile.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from base import backup, migrations
from base.backup import Batch, Head, places
from base.clock import Clock
from base.db import Database
from base.errors import SamplanError
from base.keys import KeyRing
from base.settings import Settings
from casework.application import Application
from casework.audit import actions as audit
from casework.audit import store as trace
from casework.backups import rules, store
from casework.erasure import actions as erasure

#: Whoever was signed in when the backup was made is not signed in again by it, nor does a code
#: that has been used since open anything.
_NOT_BACK = frozenset({"account_session", "one_time_code"})
_BATCH = 500


class TraceBroken(backup.BackupRefused):
    """The trace in this backup is not whole."""


class OtherStore(backup.BackupRefused):
    """This is a backup of the other store: cases and keys have been mixed up."""


class NewerSchema(backup.BackupRefused):
    """This backup was made by a newer version of Samplan."""


class OtherDatabase(SamplanError):
    """A backup made on PostgreSQL cannot be put back on SQLite."""


class KeysNeeded(SamplanError):
    """There is no key store yet: put its backup back together with that of the cases."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that has been written and read again to its end."""

    path: Path
    head: Head
    counts: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now; ``unreadable``: cases without a key, ``erased``: erased once more."""

    cases: int
    unreadable: int
    erased: int


def back_up(app: Application) -> tuple[Made, Made]:
    """The cases, then the keys, each proved; copies that have become too old are removed.

    Raises BadSettings, BackupRefused.
    """
    settings = app.settings
    settings.require_backups_apart()
    cases = _write(app.database, rules.CASES, settings.backups, settings)
    keys = _write(app.keys_database, rules.KEYS, settings.key_backups, settings)
    now = app.database.clock.now()
    _thin(rules.CASES, settings.backups, now, timedelta(days=settings.backup_days))
    _thin(rules.KEYS, settings.key_backups, now, rules.KEYS_AT_MOST)
    return cases, keys


def examine(path: Path, settings: Settings) -> Made:
    """Read a backup to its end and walk the trace in it. Raises BackupRefused."""
    head = backup.read_head(path)
    walked = rules.Trace(_chain_keys(settings))
    counts: dict[str, int] = {}
    for batch in backup.read(path, settings.backup_secrets):
        counts[batch.table] = counts.get(batch.table, 0) + len(batch.rows)
        walked.take(batch)
    broken = walked.broken()
    if broken:
        raise TraceBroken(f"The trace is not whole in {len(broken)} chains of {path.name}.")
    return Made(path, head, counts)


def newest(store_name: str, folder: Path) -> datetime | None:
    """When the newest backup in this folder was made."""
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    return max((made for each in names if (made := rules.made_at(store_name, each))), default=None)


def newest_or_none(store_name: str, folder: Path) -> datetime | None:
    """As `newest`; None too where the folder cannot be read from here."""
    try:
        return newest(store_name, folder)
    except OSError:
        return None


def restore(
    settings: Settings, clock: Clock, *, cases: Path, keys: Path | None, replace: bool
) -> Restored:
    """Put the cases back and, where named, the keys; what was erased since stays erased.

    Everything is read to its end before anything is touched. Raises BackupRefused, NotEmpty,
    InUse, KeysNeeded, OtherDatabase.
    """
    proved = [_proved(cases, rules.CASES, settings)]
    if keys is not None:
        proved.append(_proved(keys, rules.KEYS, settings))
    _require_fits(proved[0].head, settings)
    if keys is not None:
        _put_keys(keys, settings, clock, replace=replace)
    elif proved[0].counts.get("case") and not _has_keys(settings, clock):
        raise KeysNeeded
    _put_cases(cases, proved[0].head, settings, clock, replace=replace)
    return _settle(proved[0].head, settings, clock)


def _write(database: Database, name: str, folder: Path, settings: Settings) -> Made:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = database.clock.now()
    path = folder / rules.name(name, made)
    half = path.with_name(f"{path.name}.part")
    half.unlink(missing_ok=True)
    with database.reading() as tx:
        head = Head(
            id=uuid4().hex,
            store=name,
            made=made.astimezone(UTC).isoformat(),
            schema=migrations.stands_at(tx),
            database="postgresql" if database.on_postgresql else "sqlite",
        )
        counts = backup.copy_rows(tx, half, settings.backup_secret, head, rules.ORDERS)
    proved = examine(half, settings)
    if proved.counts != counts:
        raise backup.Incomplete
    half.rename(path)
    return Made(path, head, counts)


def _chain_keys(settings: Settings) -> tuple[bytes, ...]:
    masters = (settings.master, settings.other_master)
    return tuple(KeyRing.chain_key_of(each) for each in masters if each is not None)


def _thin(name: str, folder: Path, now: datetime, keep: timedelta) -> None:
    names = [each.name for each in folder.iterdir()]
    for each in rules.outdated(name, names, now, keep):
        (folder / each).unlink(missing_ok=True)


def _proved(path: Path, name: str, settings: Settings) -> Made:
    found = examine(path, settings)
    if found.head.store != name:
        raise OtherStore
    return found


def _require_fits(head: Head, settings: Settings) -> None:
    if not migrations.knows(head.schema):
        raise NewerSchema
    if head.database == "postgresql" and settings.database_url.startswith("sqlite"):
        raise OtherDatabase


@contextmanager
def _key_store(settings: Settings, clock: Clock) -> Iterator[Database]:
    database = Database(settings.keys_url, clock)
    try:
        yield database
    finally:
        database.close()


def _has_keys(settings: Settings, clock: Clock) -> bool:
    with _key_store(settings, clock) as database, database.reading() as tx:
        return not backup.is_empty(tx)


def _put_keys(path: Path, settings: Settings, clock: Clock, *, replace: bool) -> None:
    """What the present store knows to be destroyed stays destroyed."""
    gone: list[UUID] = []
    with _key_store(settings, clock) as present, present.reading() as tx:
        if not backup.is_empty(tx):
            gone = [
                each for some in KeyRing(present, settings.master).destroyed() for each in some
            ]
    with places.emptied(settings.keys_url, clock, replace=replace) as database:
        migrations.make_key_store(database)
        backup.load(database, backup.read(path, settings.backup_secrets))
        KeyRing(database, settings.master).remember_destroyed(gone)


def _put_cases(path: Path, head: Head, settings: Settings, clock: Clock, *, replace: bool) -> None:
    with places.emptied(settings.database_url, clock, replace=replace) as database:
        migrations.upgrade_cases(database, to=head.schema)
        backup.load(database, _batches(path, settings), leave_out=_NOT_BACK, made_on=head.database)


def _batches(path: Path, settings: Settings) -> Iterator[Batch]:
    return backup.read(path, settings.backup_secrets)


def _settle(head: Head, settings: Settings, clock: Clock) -> Restored:
    """Bring the schema to this version; erase again what was; say in the trace what was done."""
    app = Application.open(settings, clock)
    try:
        erased = erasure.again(app)
        with app.database.transaction() as tx:
            detail = {"backup": head.id, "made": head.made}
            audit.write(tx, actor=audit.SYSTEM, action="backup.restore", detail=detail)
        ring: KeyRing = app.database.info["keys"]
        with app.database.reading() as tx:
            ring.anchor_anew(trace.heads_since(tx, 0), trace.last_id(tx))
            count, without = 0, 0
            for some in store.case_ids(tx, _BATCH):
                count += len(some)
                without += len(some) - len(ring.get_many(some))
        return Restored(count, without, erased)
    finally:
        app.close()
