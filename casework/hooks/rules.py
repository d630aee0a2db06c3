"""What a hook may be told, to which address, and how it is signed. Pure."""

import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from base.errors import Invalid


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


STEP, MILESTONE, CLOSED, RELEASE = (
    "step.waiting",
    "case.milestone",
    "case.closed",
    "release.in_use",
)
#: What can be told, in the words of the page on which somebody chooses.
EVENTS = {
    STEP: _("A step waits for the organisation"),
    MILESTONE: _("A case reaches a milestone"),
    CLOSED: _("A case is closed"),
    RELEASE: _("A new version of the routines is in use"),
}
#: How long a former secret signs as well, so that nothing is lost while it is changed.
OVERLAP = timedelta(days=7)
#: How long it is kept that something was told.
KEPT = timedelta(days=30)
#: Webhooks that one organisation may have.
MOST = 10
_LONGEST = 500


class BadHookAddress(Invalid):
    """Give an address that begins with https:// and holds no user name."""


class NoEvent(Invalid):
    """Choose at least one thing that the system is told."""


class TooManyHooks(Invalid):
    """The organisation has as many webhooks as one may have; end one first."""


def require_address(address: str, *, here: bool) -> None:
    """``here``: unencrypted to this very machine is right as well. Raises BadHookAddress."""
    try:
        parts = urlsplit(address)
        named, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadHookAddress from error
    safe = parts.scheme == "https" or (here and address.startswith("http://127.0.0.1:"))
    clean = address.isprintable() and " " not in address and not parts.fragment
    if not (safe and named and clean and "@" not in parts.netloc and len(address) <= _LONGEST):
        raise BadHookAddress


def require_events(events: Collection[str], offered: Collection[str]) -> None:
    """Raises NoEvent."""
    if not events or not set(events) <= set(offered):
        raise NoEvent


def body(
    delivery_id: UUID, event: str, at: datetime, *, case_id: UUID | None, thing: str
) -> bytes:
    """What is sent: ids, codes and a moment."""
    told: dict[str, str] = {"id": str(delivery_id), "event": event, "at": at.isoformat()}
    if case_id is not None:
        told["case"] = str(case_id)
    match event:
        case "step.waiting":
            told["step"] = thing
        case "case.milestone":
            told["milestone"] = thing
        case "release.in_use":
            told["pack"], _sep, told["version"] = thing.partition("/")
    return json.dumps(told, separators=(",", ":")).encode()


def headers(
    delivery_id: UUID, now: datetime, content: bytes, secrets: Sequence[str]
) -> Mapping[str, str]:
    """A signature for each secret, over the delivery's id, the moment and the content."""
    moment = str(int(now.timestamp()))
    signed = b".".join((str(delivery_id).encode(), moment.encode(), content))
    found = [hmac.digest(each.encode(), signed, "sha256").hex() for each in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "Samplan",
        "Samplan-Delivery": str(delivery_id),
        "Samplan-Timestamp": moment,
        "Samplan-Signature": ",".join(f"v1={each}" for each in found),
    }
