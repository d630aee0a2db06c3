"""What was typed when a session ended survives the new sign-in of the same person.

Nothing is stored for somebody who is not signed in: the sign-in page carries the answers hidden,
with a seal that names the account whose session ended. Another account's sign-in drops them.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request

from base import clock, crypto
from base.db import Database
from base.settings import Settings
from casework.accounts.actions import account_of_ended
from web.deps import cookie_name, first, type_sent

FIELD = "_kept"
#: Pages with a form that somebody fills in for longer than a moment.
_FORMS = re.compile(r"/tasks/[0-9a-f-]{36}|/cases/[0-9a-f-]{36}/hear/\w{1,80}")
_MAX_BYTES = 400_000
_LONGEST = timedelta(hours=12)
_PLACE = "kept answers"


@dataclass(frozen=True, slots=True)
class Kept:
    """Typed answers for one address; ``account_id`` is whose they are."""

    account_id: int
    path: str
    sent: type_sent


def may_keep(path: str) -> bool:
    """Whether a form lies at this address that is worth keeping."""
    return _FORMS.fullmatch(path) is not None


def keep(request: Request, sent: type_sent) -> str | None:
    """The answers as sealed text for a hidden field; None if nobody's or too much."""
    database: Database = request.app.state.database
    token = request.cookies.get(cookie_name(request), "")
    with database.reading() as tx:
        account_id = account_of_ended(tx, token)
        at = clock.now(tx).timestamp()
    if account_id is None:
        return None
    plain = json.dumps([account_id, request.url.path, at, sent]).encode()
    if len(plain) > _MAX_BYTES:
        return None
    return crypto.seal(_keys(request)[0], plain, _PLACE).hex()


def kept_in(request: Request, sent: type_sent) -> tuple[str, Kept | None]:
    """The sealed text that the sign-in page sent back, and what it holds."""
    text = first(sent, FIELD)
    plain = _opened(request, text)
    if plain is None:
        return "", None
    account_id, path, at, pairs = json.loads(plain)
    now = request.app.state.database.now().timestamp()
    if now - at > _LONGEST.total_seconds():
        return "", None
    return text, Kept(account_id, path, [(name, value) for name, value in pairs])


def _opened(request: Request, text: str) -> bytes | None:
    for key in _keys(request):
        with suppress(ValueError, crypto.Unsealable):
            return crypto.unseal(key, bytes.fromhex(text), _PLACE)
    return None


def _keys(request: Request) -> list[bytes]:
    """The first seals; while the master key changes, two open."""
    settings: Settings = request.app.state.settings
    masters = (settings.master, settings.other_master)
    return [crypto.derive(master, _PLACE) for master in masters if master is not None]
