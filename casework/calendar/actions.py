"""Make, replace and end one's feed; give out what it says."""

import hashlib
import secrets
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from base import clock
from base.db import Session
from base.errors import NotFound
from casework import roles
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.agenda import actions as agenda
from casework.application import Application
from casework.audit import actions as audit
from casework.calendar import rules, store, writing
from casework.calendar.rules import GroupMeeting
from casework.calendar.tables import CalendarFeed
from casework.tasks import store as task_store
from casework.voice import voice

#: Steps that are counted; nobody has more due at a time.
_MOST_STEPS = 1_000


class NoSuchFeed(NotFound):
    """There is no such calendar."""


def make_feed(tx: Session, app: Application, actor: Actor) -> str:
    """The feed's address, shown this once; an earlier one opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    feed, now = store.of_account(tx, actor.account_id), clock.now(tx)
    if feed is None:
        tx.add(
            CalendarFeed(account_id=actor.account_id, address_digest=_digest(secret), created=now)
        )
    else:
        feed.address_digest, feed.created, feed.last_fetched = _digest(secret), now, None
    audit.write_by(tx, actor, "calendar.make", target=actor.pseudonym)
    return f"{app.settings.public_url}/calendar/{secret}.ics"


def end_feed(tx: Session, actor: Actor) -> None:
    """Its address opens nothing any more. Raises NoSuchFeed."""
    feed = store.of_account(tx, actor.account_id)
    if feed is None:
        raise NoSuchFeed
    tx.delete(feed)
    audit.write_by(tx, actor, "calendar.end", target=actor.pseudonym)


def end_of(tx: Session, account_id: int) -> None:
    """Nobody reads this account's feed any more, if it had one."""
    feed = store.of_account(tx, account_id)
    if feed is not None:
        tx.delete(feed)


def own_feed(tx: Session, actor: Actor) -> tuple[datetime, date | None] | None:
    """Since when there is one, and on which day it was fetched last."""
    feed = store.shown(tx, actor.account_id)
    return (feed.created, feed.last_fetched) if feed is not None else None


def read_feed(tx: Session, app: Application, secret: str) -> tuple[int, bytes]:
    """Whose account it is, and the feed. Only reads; statements do not grow with its length.

    Raises NoSuchFeed also where the account has ended or holds no role.
    """
    found = store.with_account(tx, _digest(secret))
    if found is None or not found[1].active:
        raise NoSuchFeed
    actor = accounts.actor_of(tx, found[1])
    if not actor.memberships:
        raise NoSuchFeed
    return actor.account_id, _written(tx, app, actor)


def fetched(tx: Session, app: Application, account_id: int) -> None:
    """Note the day, once; a feed that has ended meanwhile stays ended."""
    feed = store.of_account(tx, account_id)
    if feed is not None:
        feed.last_fetched = clock.today(tx, app.zone)


def noted_today(tx: Session, app: Application, account_id: int) -> bool:
    feed = store.shown(tx, account_id)
    return feed is None or feed.last_fetched == clock.today(tx, app.zone)


def _written(tx: Session, app: Application, actor: Actor) -> bytes:
    say = voice(tx, app, actor.language)
    today = clock.today(tx, app.zone)
    held = roles.held_by(app.pack(tx).config, actor)
    mine = task_store.in_view(tx, actor, held, "mine", on=today, limit=_MOST_STEPS)
    meetings = [
        GroupMeeting(
            row.id,
            row.group,
            rules.begins(row.on, row.time, app.zone),
            row.place,
            row.state == "cancelled",
        )
        for row in agenda.meetings(tx, app, actor)
    ]
    return writing.written(
        rules.due_days((task.due for task in mine), app.zone),
        meetings,
        name="Samplan",
        host=urlsplit(app.settings.public_url).hostname or "samplan",
        stamp=datetime.combine(today, time(), UTC),
        say=say,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
