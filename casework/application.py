"""What an installation is made of: its databases, its keys, and the packs in use."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from base import lang, migrations
from base.clock import Clock, SystemClock
from base.db import Database, Session
from base.keys import KeyRing
from base.settings import Settings
from casework.programmes import store as programmes
from casework.programmes.tables import Programme
from engine import releases
from engine.packs import Pack


@dataclass(frozen=True, slots=True)
class Known:
    """The programme that this installation serves, as far as every page needs it."""

    zone: str
    title: str
    contact: str
    pack_id: str


_NONE_YET = Known(zone=programmes.NO_ZONE, title="", contact="", pack_id="")


class Application:
    """Handed to every action beside the transaction.

    Remembers the programme once there is one; everything else is asked of the database.
    """

    def __init__(self, database: Database, keys_database: Database, settings: Settings) -> None:
        self.database = database
        self.keys_database = keys_database
        self.settings = settings
        self._known: Known | None = None

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> "Application":
        """Open the databases, brought to this version."""
        _make_folders(settings)
        clock = clock or SystemClock()
        keys_database = Database(settings.keys_url, clock)
        ring = KeyRing(keys_database, settings.master, settings.other_master)
        database = Database(
            settings.database_url, clock, info={"keys": ring}, movable=settings.demo
        )
        migrations.upgrade(database, keys_database)
        ring.settle()
        return cls(database, keys_database, settings)

    @property
    def zone(self) -> str:
        return self._programme().zone

    @property
    def programme_title(self) -> str:
        return self._programme().title

    @property
    def support_contact(self) -> str:
        return self._programme().contact

    @property
    def pack_id(self) -> str:
        """Empty before any pack has been taken over."""
        return self._programme().pack_id

    def notice(self, programme: Programme) -> None:
        """Keep what was just read of the programme: another process may have changed it."""
        self._known = _facts(programme)
        self.database.info["zone"] = self._known.zone

    def _programme(self) -> Known:
        if self._known is None:
            with self.database.reading() as tx:
                found = programmes.programmes(tx)
                self._known = _facts(found[0]) if found else None
            if self._known is not None:
                # Transactions need not ask for it any more (`programmes.store.zone`).
                self.database.info["zone"] = self._known.zone
        return self._known or _NONE_YET

    @staticmethod
    def migrate(settings: Settings) -> None:
        """Bring both databases to this version, or create them."""
        Application.open(settings).close()

    def close(self) -> None:
        self.database.close()
        self.keys_database.close()

    def translator(self, language: str) -> Callable[[str], str]:
        """Samplan's own sentences in a language, from English."""
        return lang.catalogue(lang.WORDS, language).gettext

    def pack(self, tx: Session) -> Pack:
        """The pack in use for new cases, as it stood when this transaction first asked."""
        key = ("pack", self.pack_id)
        if key not in tx.info:
            tx.info[key] = releases.load(tx, releases.active_id(tx, self.pack_id))
        pack: Pack = tx.info[key]
        return pack

    def with_pack(self, pack_id: str) -> "Application":
        """The same installation for the studio of another pack, which its programme may not
        follow; open and close this one alone.
        """
        other = Application(self.database, self.keys_database, self.settings)
        other._known = replace(self._programme(), pack_id=pack_id)
        return other


def _contact(programme: Programme) -> str:
    parts = (programme.support_name, programme.support_phone, programme.support_mail)
    return ", ".join(part for part in parts if part)


def _facts(programme: Programme) -> Known:
    return Known(
        zone=programme.time_zone,
        title=programme.title,
        contact=_contact(programme),
        pack_id=programme.pack_id,
    )


def _make_folders(settings: Settings) -> None:
    """Files that hold case data or keys are for this account alone."""
    for url in (settings.database_url, settings.keys_url):
        if url.startswith("sqlite:///"):
            folder = Path(urlsplit(url).path.removeprefix("/") or ".").parent
            if url.startswith("sqlite:////"):
                folder = Path(urlsplit(url).path[1:]).parent
            folder.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)
