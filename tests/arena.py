"""The arena's packs and fictional people on a test database: made once a run, then copied."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event

from base import migrations
from base.clock import Clock, Fixed
from base.db import Database
from base.keys import KeyRing
from base.settings import Settings
from casework import installing
from casework.application import Application

PROCESSES = Path(__file__).parents[1] / "processes"
ARENA = PROCESSES / "arena"
SCENARIOS = ARENA / "scenarios"
#: Of everybody in the directory.
PASSWORD = "a long enough password"  # noqa: S105
MASTER_TEXT = "c2FtcGxhbi10ZXN0cy1tYXN0ZXIta2V5LTMyLWJ5dGU="
FILES = ("samplan.db", "keys.db")
_TEMPLATES: dict[Path, Path] = {}
_FURNISHED = datetime(2026, 12, 1, 8, tzinfo=UTC)
_BEGIN = date(2020, 1, 1)


def settings_for(data_url: str, keys_url: str, **more: Any) -> Settings:
    """Without a second factor, unless a test is about it."""
    more = {"second_factor": "off", **more}
    return Settings(database_url=data_url, keys_url=keys_url, master_key=MASTER_TEXT, **more)


def settings_in(folder: Path, **more: Any) -> Settings:
    """For two SQLite files in this folder."""
    data, keys = (f"sqlite:///{folder}/{name}" for name in FILES)
    return settings_for(data, keys, var=folder, **more)


def opened(settings: Settings, clock: Clock, *, pool_size: int = 5) -> Application:
    """On databases that hold the schema; commits wait for no disk."""
    keys = Database(settings.keys_url, clock)
    ring = KeyRing(keys, settings.master)
    data = Database(
        settings.database_url,
        clock,
        info={"keys": ring},
        movable=settings.demo,
        pool_size=pool_size,
    )
    for each in (keys, data):
        if not each.on_postgresql:
            event.listen(each.engine, "connect", _wait_for_no_disk)
    return Application(data, keys, settings)


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    """What a power cut would leave is asked of real programs alone."""
    connection.execute("PRAGMA synchronous=OFF").close()


def furnish(settings: Settings) -> None:
    """Every pack in use, and everybody of the arena's directory."""
    app = Application.open(settings, Fixed(_FURNISHED))
    with app.database.transaction() as tx:
        installing.import_packs(tx, PROCESSES)
        installing.load_demonstration(
            tx, ARENA, valid_from=_BEGIN, password_hash=_light_hash(PASSWORD)
        )
    app.close()


def make_empty(folder: Path) -> None:
    """Two SQLite files with the schema as the migrations make it."""
    settings = settings_in(folder)
    clock = Fixed(_FURNISHED)
    opened_ = [Database(url, clock) for url in (settings.database_url, settings.keys_url)]
    migrations.upgrade(*opened_)
    for database in opened_:
        database.close()


def copy(template: Path, folder: Path) -> None:
    """Take over both files of a template that nobody has open."""
    for name in FILES:
        shutil.copyfile(template / name, folder / name)
        _TEMPLATES[folder / name] = template / name


def template_of(file: Path) -> Path | None:
    """What a file was copied from; None for any other."""
    return _TEMPLATES.get(file)


def made_once(shared: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that ``make`` fills, once for all processes that share the one above it."""
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = Path(tempfile.mkdtemp(dir=shared))
            make(half)
            half.rename(folder)
    return folder


def shared_folder(own: Path) -> Path:
    """That of the whole run, from a worker's own temporary folder."""
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _light_hash(password: str) -> str:
    """A real one that is quick to check: what it was made with stands in it."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(password)
