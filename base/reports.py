"""Reports of faults of our own, for Sentry or whatever takes its envelopes (GlitchTip).

A report says which error it was and where in our code: never its words, a value or an address,
which may be somebody's. Off unless an address is set.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from base.clock import SystemClock
from base.dispatch import Dispatch
from base.outgoing import is_safe
from base.places import Told, told
from base.settings import BadSettings, Settings

_clock: Final = SystemClock()
_open: list[Dispatch] = []


@dataclass(frozen=True, slots=True)
class _Address:
    """Where reports go, and the public key that they carry."""

    url: str
    key: str


@contextmanager
def reported(settings: Settings) -> Iterator[None]:
    """Send reports beside the block. Raises BadSettings where the address is none."""
    if settings.reports_dsn is None:
        yield
        return
    address = _address(settings.reports_dsn.get_secret_value())
    headers = {
        "content-type": "application/x-sentry-envelope",
        "x-sentry-auth": f"Sentry sentry_version=7, sentry_client=samplan, "
        f"sentry_key={address.key}",
    }
    dispatch = Dispatch(address.url, headers, _envelope, most=1)
    with dispatch.running():
        _open.append(dispatch)
        try:
            yield
        finally:
            _open.remove(dispatch)


def report(error: BaseException, where: str, *, request: str = "") -> None:
    """``where``: the name of a route or of a piece of work; ``request``: the answer's number."""
    if not _open:
        return
    event = _event(error, where, request)
    for dispatch in _open:
        dispatch.add(event)


def _address(dsn: str) -> _Address:
    """``https://KEY@HOST/PROJECT`` → where its envelopes go."""
    parts = urlsplit(dsn)
    before, _, project = parts.path.rpartition("/")
    host = parts.netloc.rpartition("@")[2]
    url = f"{parts.scheme}://{host}{before}/api/{project}/envelope/"
    if not parts.username or not project.isalnum() or not is_safe(url):
        raise BadSettings("SAMPLAN_REPORTS_DSN must be https://KEY@HOST/PROJECT.")
    return _Address(url, parts.username)


def _event(error: BaseException, where: str, request: str) -> dict[str, Any]:
    return {
        "event_id": uuid4().hex,
        "timestamp": _clock.now().isoformat(),
        "platform": "python",
        "level": "error",
        "transaction": where,
        "tags": {"request": request} if request else {},
        "exception": {"values": [_written(each) for each in told(error)]},
    }


def _written(error: Told) -> dict[str, Any]:
    frames = [
        {"filename": p.file, "function": p.function, "lineno": p.line, "in_app": p.ours}
        for p in error.places
    ]
    return {"type": error.type, "module": error.module, "stacktrace": {"frames": frames}}


def _envelope(events: Sequence[dict[str, Any]]) -> bytes:
    (event,) = events
    parts = [{"event_id": event["event_id"]}, {"type": "event"}, event]
    return b"\n".join(json.dumps(part).encode() for part in parts) + b"\n"
