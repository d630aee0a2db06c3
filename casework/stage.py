"""Where scenarios are played: databases of their own, thrown away, that no mail leaves."""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import casework.tables  # noqa: F401 - the schema is made from every table
from base.clock import Fixed
from base.db import Database, KeyTable, Table
from base.keys import KeyRing
from base.settings import Settings
from casework import installing
from casework.application import Application
from casework.scenarios import Play, Played
from engine import store as engine_store
from engine.coverage import Entry, Met, met

_MASTER = b"scenarios are played with a key."
_NINE = time(9)
_KINDS = ("data", "keys")
_FURNISHED = "stage"


class Stage:
    """A database with the pack and its directory, copied for each scenario that is played."""

    def __init__(
        self, pack_folder: Path, room: Path, people: Mapping[str, Any] | None = None
    ) -> None:
        """``people`` in the format of a pack's directory; None: those that the pack brings."""
        self._room = room
        people = installing.read_demonstration(pack_folder) if people is None else people
        moment = Fixed(datetime(2027, 1, 1, 8, tzinfo=UTC))
        with self.opened(_FURNISHED, moment, new=True) as app, app.database.transaction() as tx:
            installing.import_packs(tx, pack_folder.parent)
            installing.load_people(
                tx, pack_folder, people, valid_from=date(2020, 1, 1), password_hash=None
            )

    @classmethod
    def of(cls, pack_folder: Path) -> "Stage":
        """In a temporary folder that goes with the process."""
        return cls(pack_folder, Path(tempfile.mkdtemp(prefix="samplan-stage-")))

    def play(self, text: str) -> Played:
        """Play one scenario from its TOML text."""
        scenario = tomllib.loads(text)
        moment = Fixed(beginning(scenario["given"]))
        name = self.copied()
        try:
            with self.opened(name, moment) as app:
                played = Play(app, moment, scenario).run()
                return replace(played, met=_met(app))
        finally:
            self.remove(name)

    def copied(self, name: str = _FURNISHED) -> str:
        """The name of a copy of databases that nobody has open for writing."""
        copy = f"play-{uuid4().hex}"
        for kind in _KINDS:
            shutil.copy(self._room / f"{name}-{kind}.db", self._room / f"{copy}-{kind}.db")
        return copy

    def remove(self, name: str) -> None:
        for path in self._room.glob(f"{name}-*"):
            path.unlink()

    @contextmanager
    def opened(self, name: str, moment: Fixed, *, new: bool = False) -> Iterator[Application]:
        """The databases of this name at a moment; they wait for no disk."""
        keys = Database(f"sqlite:///{self._room}/{name}-keys.db", moment)
        ring = KeyRing(keys, _MASTER)
        data = Database(f"sqlite:///{self._room}/{name}-data.db", moment, info={"keys": ring})
        for each in (keys, data):
            each.hurry()
        if new:
            KeyTable.metadata.create_all(keys.engine)
            Table.metadata.create_all(data.engine)
        app = Application(data, keys, Settings(smtp_host=None))
        try:
            yield app
        finally:
            app.close()


def beginning(given: Mapping[str, Any]) -> datetime:
    """The moment at which a scenario begins."""
    return datetime.combine(given["on"], _NINE, ZoneInfo("Europe/Stockholm"))


def _met(app: Application) -> Met:
    """What everything that happened there met."""
    with app.database.reading() as tx:
        trail = [
            Entry(str(each.instance_id), each.process, each.element_id, each.event)
            for each in engine_store.whole_history(tx)
        ]
        return met(app.pack(tx).diagrams, trail)
