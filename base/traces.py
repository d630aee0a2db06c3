"""Traces for a collector of OpenTelemetry's: what was answered or done, when and how long.

Written in OTLP's JSON, so that nothing leaves but what is named here: names of routes and of kinds
of work, statuses, and the numbers that stand in the log. Off unless an address is set.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from base.clock import SystemClock
from base.dispatch import Dispatch
from base.outgoing import is_safe
from base.settings import BadSettings, Settings

_SERVER, _INTERNAL = 2, 1
_FAILED = 2
_clock: Final = SystemClock()
_open: list[Dispatch] = []


@dataclass(frozen=True, slots=True)
class _Span:
    """``id``: 16 hexadecimal digits; ``told``: codes, names of ours and numbers alone."""

    id: str
    name: str
    kind: int
    begun: datetime
    ended: datetime
    told: Mapping[str, str | int]
    failed: bool


@contextmanager
def traced(settings: Settings, service: str) -> Iterator[None]:
    """Send traces beside the block. Raises BadSettings where the way there is not encrypted."""
    url = settings.traces_url
    if url is None:
        yield
        return
    if not is_safe(url):
        raise BadSettings("SAMPLAN_TRACES_URL must begin with https, or lie on this machine.")
    dispatch = Dispatch(
        url, {"content-type": "application/json"}, lambda spans: packed(service, spans)
    )
    with dispatch.running():
        _open.append(dispatch)
        try:
            yield
        finally:
            _open.remove(dispatch)


def note_answer(request: str, method: str, route: str, status: int, seconds: float) -> None:
    """``request``: the answer's own number; ``route``: its name, never an address."""
    if not _open:
        return
    told: dict[str, str | int] = {
        "http.request.method": method,
        "http.response.status_code": status,
    }
    name = f"{method} {route or 'none'}"
    _note(request, name, _SERVER, seconds, told, failed=status >= 500)


def note_work(kind: str, seconds: float, *, failed: bool) -> None:
    """A job, or a round of the worker."""
    if _open:
        _note(uuid4().hex[:16], kind, _INTERNAL, seconds, {}, failed=failed)


def _note(
    number: str,
    name: str,
    kind: int,
    seconds: float,
    told: Mapping[str, str | int],
    *,
    failed: bool,
) -> None:
    ended = _clock.now()
    begun = ended - timedelta(seconds=seconds)
    for dispatch in _open:
        dispatch.add(_Span(number, name, kind, begun, ended, told, failed))


def packed(service: str, spans: Sequence[_Span]) -> bytes:
    """An ``ExportTraceServiceRequest``."""
    about = {"service.name": f"samplan-{service}"}
    scoped = {"scope": {"name": "samplan"}, "spans": [_written(span) for span in spans]}
    resource = {"resource": {"attributes": _pairs(about)}, "scopeSpans": [scoped]}
    return json.dumps({"resourceSpans": [resource]}).encode()


def _written(span: _Span) -> Mapping[str, Any]:
    return {
        "traceId": uuid4().hex,
        "spanId": span.id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": _nanoseconds(span.begun),
        "endTimeUnixNano": _nanoseconds(span.ended),
        "attributes": _pairs(span.told),
        "status": {"code": _FAILED} if span.failed else {},
    }


def _pairs(told: Mapping[str, str | int]) -> list[Mapping[str, Any]]:
    """64-bit numbers are text in OTLP's JSON."""
    return [
        {
            "key": key,
            "value": {"intValue": str(value)}
            if isinstance(value, int)
            else {"stringValue": value},
        }
        for key, value in told.items()
    ]


def _nanoseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1_000_000) * 1_000)
