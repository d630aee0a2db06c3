"""Questions to other servers: bounded in time and size, never redirected.

The only door to httpx.
"""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from threading import BoundedSemaphore
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx

from base.errors import SamplanError

MOST_BYTES = 200_000
_SECONDS = 5.0
_LONGEST = 10.0
#: More at once wait for nobody: whoever serves pages must not run out of hands.
_AT_ONCE = BoundedSemaphore(8)
_PLAIN: Mapping[str, str] = MappingProxyType({})
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreachable(SamplanError):
    """The other server does not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and at most so many bytes."""

    status: int
    content: bytes = field(repr=False)


def is_safe(url: str) -> bool:
    """Whether an address is encrypted on its way, or never leaves this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE))


def ask(
    method: str,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    account: tuple[str, str] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] = _PLAIN,
) -> Answer:
    """Raises Unreachable, also for more than MOST_BYTES, ten seconds, or an unsafe address.

    While others that do not answer keep eight waiting, nobody else is asked.
    """
    if not is_safe(url) or not _AT_ONCE.acquire(blocking=False):
        raise Unreachable
    asked = _client().stream(
        method,
        url,
        data=form,
        auth=account,
        content=content,
        headers={"accept": "application/json", **headers},
    )
    try:
        return _heard(asked)
    finally:
        _AT_ONCE.release()


def _heard(asked: AbstractContextManager[httpx.Response]) -> Answer:
    until, content = time.monotonic() + _LONGEST, b""
    try:
        with asked as answer:
            for part in answer.iter_bytes(8_192):
                content += part
                if len(content) > MOST_BYTES or time.monotonic() > until:
                    raise Unreachable
            return Answer(answer.status_code, content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable from error


@cache
def _client() -> httpx.Client:
    """One for all: it holds the certificates that are trusted, and is safe between threads."""
    return httpx.Client(timeout=_SECONDS, follow_redirects=False)
