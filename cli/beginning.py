"""``samplan init``: an installation from nothing: keys, settings, databases, an administrator."""

import base64
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from base import crypto, lang
from base.errors import SamplanError
from base.settings import Settings
from casework import installing
from casework.application import Application
from cli.lines import of_system, write

_SETTINGS, _MASTER, _BACKUP = "samplan.env", "master.key", "backup.key"
_OURS_ALONE = 0o600


class Unwilling(SamplanError):
    """There is an installation already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What whoever installs has decided. Without addresses of databases: SQLite in ``data``."""

    folder: Path
    data: Path
    public_url: str
    time_zone: str
    organisation: str
    name: str
    user_name: str
    language: str
    database_url: str = ""
    keys_url: str = ""


def begin(wanted: Wanted) -> int:
    """Exit 1 if there is anything already, or something cannot be; says why."""
    try:
        _require_possible(wanted)
        _write_files(wanted)
        code = _furnish(wanted)
    except SamplanError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{of_system(error)}\n")
        return 1
    _tell(wanted, code)
    return 0


def _require_possible(wanted: Wanted) -> None:
    """Everything that can be refused is refused before anything is written."""
    for name in (_SETTINGS, _MASTER, _BACKUP):
        if (wanted.folder / name).exists():
            raise Unwilling(f"There is {wanted.folder / name} already; nothing was changed.")
    try:
        ZoneInfo(wanted.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unwilling(f"There is no time zone {wanted.time_zone}.") from error
    if bool(wanted.database_url) != bool(wanted.keys_url):
        raise Unwilling("Name both databases, that of the cases and that of the keys, or none.")
    if wanted.database_url and wanted.database_url == wanted.keys_url:
        raise Unwilling("The keys need a database of their own.")
    lang.require_known(wanted.language)
    said = _said(wanted)
    others = [name for name, value in said.items() if os.environ.get(name, value) != value]
    if others:
        raise Unwilling(
            f"The environment says {', '.join(others)} otherwise, and goes before the settings "
            "that would be written: take it out first, or name the same."
        )
    installing.packs_in(Settings().processes)
    for url in _urls(wanted).values():
        installing.require_new(url)


def _urls(wanted: Wanted) -> dict[str, str]:
    data = wanted.data.absolute()
    return {
        "SAMPLAN_DATABASE_URL": wanted.database_url or f"sqlite:///{data}/samplan.db",
        "SAMPLAN_KEYS_URL": wanted.keys_url or f"sqlite:///{data}/keys/keys.db",
    }


def _write_files(wanted: Wanted) -> None:
    wanted.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (_MASTER, _BACKUP):
        _write(wanted.folder / name, base64.b64encode(crypto.new_key()).decode())
    text = "".join(f'{name}="{value}"\n' for name, value in _said(wanted).items())
    _write(wanted.folder / _SETTINGS, text)


def _said(wanted: Wanted) -> dict[str, str]:
    """The settings of the file."""
    folder, data = wanted.folder.absolute(), wanted.data.absolute()
    return {
        **_urls(wanted),
        "SAMPLAN_MASTER_KEY_FILE": str(folder / _MASTER),
        "SAMPLAN_BACKUP_KEY_FILE": str(folder / _BACKUP),
        "SAMPLAN_BACKUPS": str(data / "backups"),
        "SAMPLAN_KEY_BACKUPS": str(data / "key-backups"),
        "SAMPLAN_PUBLIC_URL": wanted.public_url,
        "SAMPLAN_VAR": str(data),
    }


def _write(path: Path, text: str) -> None:
    """A new file that nobody else may open, at no moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text.rstrip()}\n")


def _furnish(wanted: Wanted) -> str:
    """Schema, packs, programme, administrator; the code with which they choose a password."""
    app = Application.open(Settings(file=wanted.folder.absolute() / _SETTINGS))
    first = installing.Administrator(
        name=wanted.name,
        user_name=wanted.user_name,
        language=wanted.language,
        organisation=wanted.organisation,
    )
    try:
        with app.database.transaction() as tx:
            installing.import_packs(tx, app.settings.processes)
            return installing.begin(tx, first, time_zone=wanted.time_zone)
    finally:
        app.close()


def _tell(wanted: Wanted, code: str) -> None:
    folder = wanted.folder.absolute()
    write(f"Settings: {folder / _SETTINGS}. Name them: SAMPLAN_SETTINGS={folder / _SETTINGS}")
    write(f"Put {_MASTER} and {_BACKUP} of that folder into a safe: without them all is lost.")
    write(f"{wanted.user_name} chooses a password at {wanted.public_url}/code with {code}")
    write("The code is shown this once and works once, for seven days.")
