"""What every answer carries and every changing request must show.

A page of ours never needs inline script or style, so the policy forbids both; the diagram editor
sets styles from script and is served under a policy of its own.
"""

import re
import time
from collections.abc import Callable, Mapping
from threading import Event
from typing import Final
from uuid import uuid4

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base.measures import count_answer
from base.traces import note_answer

MAX_BODY_BYTES: Final = 3 * 1024 * 1024
#: Where a file may come with a form.
_UPLOADS: Final = re.compile(r"/(?:cases|tasks)/[0-9a-f-]{36}/files")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY: Final = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY: Final = _POLICY.replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
).replace("font-src 'self'", "font-src 'self' data:")
_HEADERS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
#: Asked all the time, and telling nothing.
_QUIET: Final = ("/static/", "/health")
_log = structlog.get_logger()


class Shield:
    """Refuses changing requests from other sites; adds the security headers to every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool,
        too_large: Callable[[Request], Response],
        upload_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._https = https
        self._too_large = too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        request_id, begun = uuid4().hex[:16], time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                self._add_headers(headers, scope["path"])
                _note(scope, request_id, message["status"], time.monotonic() - begun)
            await send(message)

        if scope["method"] not in _SAFE and comes_from_elsewhere(Headers(scope=scope)):
            refusal = PlainTextResponse("This request came from another site.", 403)
            await refusal(scope, receive, send_with_headers)
            return
        most = self._upload_bytes if _UPLOADS.fullmatch(scope["path"]) else MAX_BODY_BYTES
        if says_too_large(Headers(scope=scope), most):
            page = await run_in_threadpool(self._too_large, Request(scope))
            await page(scope, receive, send_with_headers)
            return
        await self._app(scope, counted(receive, most), send_with_headers)

    def _add_headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("content-security-policy", _POLICY)
        if not path.startswith("/static/"):
            headers.setdefault("cache-control", "no-store")
        if self._https:
            headers.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")


def _note(scope: Scope, request_id: str, status: int, seconds: float) -> None:
    """One line per page: which route, never its address, which may hold a guest's secret."""
    if scope["path"].startswith(_QUIET):
        return
    route = getattr(scope.get("route"), "name", "")
    count_answer(scope["method"], route, status, seconds)
    note_answer(request_id, scope["method"], route, status, seconds)
    milliseconds = round(seconds * 1000)
    _log.info("answered", method=scope["method"], route=route, status=int(status), ms=milliseconds)


class Farewell:
    """Ends connections with the answer while the server is leaving, so that none breaks later."""

    def __init__(self, app: ASGIApp, *, leaving: Event) -> None:
        self._app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_goodbye(message: Message) -> None:
            if message["type"] == "http.response.start" and self._leaving.is_set():
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_goodbye)


def counted(receive: Receive, most: int = MAX_BODY_BYTES) -> Receive:
    """Cuts off a body that hides its size, once it is more than we read."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return receive_some


def says_too_large(headers: Headers, most: int = MAX_BODY_BYTES) -> bool:
    """Whether more is announced than we read; `counted` cuts off what is not announced."""
    length = headers.get("content-length", "")
    return length.isdecimal() and int(length) > most


def comes_from_elsewhere(headers: Headers) -> bool:
    """True when the browser says that another site sent this.

    Every current browser sends Sec-Fetch-Site; older ones send Origin, whose host must be ours.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
