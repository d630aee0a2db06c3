"""Write what is new for each role, bring it out with the version, and note who has read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from base import clock
from base.db import Session
from base.errors import Invalid, NotFound
from casework import personal
from casework.access import Actor
from casework.application import Application
from casework.news import store
from casework.news.tables import NewsRow
from casework.words import Words
from engine.packs import Pack

LONGEST = 2_000
#: Whoever begins later reads the history.
_SHOWN_FOR = timedelta(days=90)


class NewsTooLong(Invalid):
    """Say what is new in fewer words."""


class NoSuchNews(NotFound):
    """There is no such note."""


@dataclass(frozen=True, slots=True)
class News:
    """A note; ``role`` is what the role is called, ``number`` the version that brought it."""

    id: int
    role: str
    text: str
    number: int
    at: datetime


def write(tx: Session, pack: Pack, texts: Mapping[str, str]) -> None:
    """Keep what the draft's owner says is new for each role; empty texts are left out.

    Raises NewsTooLong, PointsAtSomebody.
    """
    said = {role: text.strip() for role, text in texts.items() if role in pack.config.roles}
    for text in said.values():
        if len(text) > LONGEST:
            raise NewsTooLong
        personal.require_nobody(text)
    rows = [NewsRow(pack_id=pack.id, role=role, text=text) for role, text in said.items() if text]
    store.put_drafted(tx, pack.id, rows)


def drafted(tx: Session, pack_id: str) -> dict[str, str]:
    """What is said of the draft, by role."""
    return {row.role: row.text for row in store.drafted(tx, pack_id)}


def publish(tx: Session, pack_id: str, number: int) -> None:
    """The draft is version ``number`` now, and its notes are shown."""
    store.publish(tx, pack_id, number, clock.now(tx))


def unread(tx: Session, app: Application, actor: Actor) -> list[News]:
    """What is new for the actor and not read yet; one statement."""
    if not app.pack_id:
        return []
    pack = app.pack(tx)
    since = clock.now(tx) - _SHOWN_FOR
    roles = _held(pack, actor)
    rows = store.unread(tx, pack.id, roles, actor.account_id, since) if roles else []
    return _told(rows, pack, actor.language)


def history(tx: Session, app: Application, actor: Actor) -> list[News]:
    """What has been new, for all roles, the newest first."""
    pack = app.pack(tx)
    return _told(store.published(tx, pack.id), pack, actor.language)


def of_role(tx: Session, app: Application, role: str, language: str) -> list[News]:
    """What has been new for one role of the pack, the newest first."""
    pack = app.pack(tx)
    rows = [row for row in store.published(tx, pack.id) if row.role == role]
    return _told(rows, pack, language)


def mark_read(tx: Session, app: Application, actor: Actor, news_id: int) -> None:
    """Raises NoSuchNews, also for a note that is not out yet."""
    row = store.get(tx, news_id)
    if row is None or row.at is None or row.pack_id != app.pack_id:
        raise NoSuchNews
    store.mark_read(tx, news_id, actor.account_id, clock.now(tx))


def _held(pack: Pack, actor: Actor) -> list[str]:
    """The pack's roles that the actor may hold."""
    return [role.code for role in pack.config.roles.values() if actor.roles & set(role.members)]


def _told(rows: list[NewsRow], pack: Pack, language: str) -> list[News]:
    words = Words(pack, language)
    return [
        News(row.id, words.role(row.role), row.text, row.number or 0, row.at)
        for row in rows
        if row.at is not None
    ]
