"""Prepare an installation for a demonstration, and say who can sign in."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from base import clock
from casework import installing
from casework.accounts import passwords
from casework.accounts import store as accounts
from casework.application import Application
from casework.demonstration import stories
from casework.demonstration.player import Played, Player, Progress
from casework.organisations import store as organisations

_LONG_BEFORE = timedelta(days=400)
_DIRECTORY = "directory.toml"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is told: so many days, and at most so many cases of those that begin in them."""

    days: int
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody one can sign in as."""

    name: str
    roles: str
    place: str
    user_name: str


def prepare(
    app: Application, password: str, size: Size, tell: Callable[[Progress], None]
) -> Played:
    """Publish the packs, load the directory, live the history; on empty databases only.

    Waits for no disk while it does: make the files durable afterwards.
    """
    app.database.hurry()
    app.keys_database.hurry()
    told = _tellers(app.settings.processes)
    hashed = passwords.hash_password(password)
    with app.database.transaction() as tx:
        installing.import_packs(tx, app.settings.processes)
        since = clock.today(tx, app.zone) - timedelta(days=size.days) - _LONG_BEFORE
        for folder in told:
            installing.load_demonstration(tx, folder, valid_from=since, password_hash=hashed)
    history = stories.read(told[0])
    tales = [tale for tale in history.tales if tale.begins <= size.days][: size.cases]
    return Player(app, history, tales).play(size.days, tell)


def renew(app: Application) -> list[str]:
    """Take over packs that changed on disk; a line for each that did."""
    with app.database.transaction() as tx:
        imported = installing.import_packs(tx, app.settings.processes)
    return [f"{one.pack_id}: {one.became}" for one in imported if one.became != "unchanged"]


def newcomers(app: Application) -> list[Newcomer]:
    """Those whom the directory introduces, in its order."""
    folder = _tellers(app.settings.processes)[0] / stories.FOLDER
    data = tomllib.loads((folder / _DIRECTORY).read_text(encoding="utf-8"))
    with app.database.reading() as tx:
        titles = {one.code: one.title for one in organisations.organisations(tx)}
        return [
            Newcomer(account.name, row["introduced_as"], titles[row["organisation"]], name)
            for row in data["accounts"]
            if row.get("introduced_as")
            and (account := accounts.by_user_name(tx, name := row["user_name"])) is not None
        ]


def _tellers(processes: Path) -> list[Path]:
    """Packs that bring a demonstration, by name."""
    return sorted(path.parent for path in processes.glob(f"*/{stories.FOLDER}"))
