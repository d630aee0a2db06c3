"""Questions to other servers: bounded in time and size, never redirected.

Each is asked on a thread of its own, which is left behind when time is up: nothing else bounds how
long a silent name server keeps whoever asks it. What is left behind goes on counting as waiting,
and sends nothing when the name is found at last. The only door to httpx.
"""

import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from threading import Lock, Thread, Timer
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from base.addresses import is_public
from base.errors import SamplanError

MOST_BYTES = 200_000
_SECONDS = 5.0
_LONGEST = 10.0
#: How many at once wait for one server and for all: whoever serves pages must not run out of
#: hands, and one that is silent must not take those that another one needs.
_FOR_ONE, _FOR_ALL = 8, 24
_PLAIN: Mapping[str, str] = MappingProxyType({})
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_Trace = Callable[[str, Mapping[str, Any]], None]
_T = TypeVar("_T")
_waiting: Counter[str] = Counter()
_waiting_lock = Lock()


class Unreachable(SamplanError):
    """The other server does not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and at most so many bytes."""

    status: int
    content: bytes = field(repr=False)


def resolved(host: str, port: int) -> Sequence[str]:
    """Every address that a name has now, the best first. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class Road:
    """How servers are reached whose addresses somebody has typed.

    ``here``: this machine may be one of them, unencrypted too. ``trusted``: whose certificates
    are believed; None: those of the usual authorities. ``longest``: seconds for all of it.
    """

    here: bool = False
    resolve: Callable[[str, int], Sequence[str]] = resolved
    trusted: ssl.SSLContext | None = None
    longest: float = _LONGEST


_OPEN_ROAD = Road()


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
    longest: float = _LONGEST,
) -> Answer:
    """Raises Unreachable, also for more than MOST_BYTES, ``longest`` seconds, an unsafe address.

    While a server that does not answer keeps eight waiting, nobody else asks it.
    """
    if not is_safe(url):
        raise Unreachable
    more = {"accept": "application/json", **headers}
    asked = partial(
        _client().stream, method, url, data=form, auth=account, content=content, headers=more
    )
    return _in_time(urlsplit(url).netloc, longest, partial(_asked, asked, longest))


def _asked(asked: Callable[..., AbstractContextManager[httpx.Response]], longest: float) -> Answer:
    try:
        with _bounded(longest) as trace, asked(extensions={"trace": trace}) as answer:
            return Answer(answer.status_code, _read(answer))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable from error


def _read(answer: httpx.Response) -> bytes:
    content = b""
    for part in answer.iter_bytes(8_192):
        content += part
        if len(content) > MOST_BYTES:
            raise Unreachable
    return content


def _in_time(server: str, seconds: float, work: Callable[[], _T]) -> _T:
    """What the work gives; after so many seconds it is left alone. Raises Unreachable."""
    done: Future[_T] = Future()
    name = f"asking {server}"
    Thread(target=_work, name=name, args=(server, work, done), daemon=True).start()
    try:
        return done.result(seconds)
    except TimeoutError as error:
        done.cancel()
        raise Unreachable from error


def _work(server: str, work: Callable[[], _T], done: Future[_T]) -> None:
    """Whatever goes wrong is told to whoever waits; nothing is begun when nobody does any more."""
    if not done.set_running_or_notify_cancel():
        return
    try:
        with _turn(server):
            found = work()
    except BaseException as error:
        done.set_exception(error)
    else:
        done.set_result(found)


@contextmanager
def _turn(server: str) -> Iterator[None]:
    """Raises Unreachable while too many wait for this server, or for all of them."""
    with _waiting_lock:
        if _waiting[server] >= _FOR_ONE or _waiting.total() >= _FOR_ALL:
            raise Unreachable
        _waiting[server] += 1
    try:
        yield
    finally:
        with _waiting_lock:
            _waiting[server] -= 1
            if not _waiting[server]:
                del _waiting[server]


def deliver(url: str, content: bytes, headers: Mapping[str, str], road: Road = _OPEN_ROAD) -> int:
    """Send to an address that somebody has typed; the answer's status, and no more of it is read.

    The name is looked up once and every address it has is checked, then one of these is
    connected to: an answer that changes meanwhile leads nowhere. No proxy, no redirect, no
    connection that was made for another name. Raises Unreachable.
    """
    try:
        asked = httpx.URL(url)
        name = asked.raw_host.decode("ascii")
        port = asked.port or {"https": 443, "http": 80}[asked.scheme]
    except (httpx.InvalidURL, KeyError) as error:
        raise Unreachable from error
    find = partial(road.resolve, name, port)
    work = partial(_delivered, asked, find, content, headers, road)
    return _in_time(asked.netloc.decode("ascii"), road.longest, work)


def _checked(found: Sequence[str], scheme: str, road: Road) -> str:
    """The first of them. Raises Unreachable unless each may be asked."""
    if not found or not all(_may_be_asked(each, scheme, road) for each in found):
        raise Unreachable
    return found[0]


def _may_be_asked(address: str, scheme: str, road: Road) -> bool:
    if road.here and address == "127.0.0.1":
        return True
    return scheme == "https" and is_public(address)


def _delivered(
    asked: httpx.URL,
    find: Callable[[], Sequence[str]],
    content: bytes,
    headers: Mapping[str, str],
    road: Road,
) -> int:
    """The certificate must be for the name that was typed, whatever is connected to."""
    try:
        with (
            _bounded(road.longest) as trace,
            httpx.Client(
                timeout=_SECONDS, trust_env=False, verify=road.trusted or _authorities()
            ) as client,
            client.stream(
                "POST",
                asked.copy_with(host=_checked(find(), asked.scheme, road)),
                content=content,
                headers={**headers, "host": asked.netloc.decode("ascii")},
                extensions={"sni_hostname": asked.raw_host.decode("ascii"), "trace": trace},
            ) as answer,
        ):
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable from error


@contextmanager
def _bounded(seconds: float) -> Iterator[_Trace]:
    """What is told of a connection, which is cut when all has lasted that long.

    Raises Unreachable then, also where an answer cut short looks whole.
    """
    lifeline = _Lifeline()
    timer = Timer(seconds, lifeline.cut)
    timer.daemon = True
    timer.start()
    try:
        yield lifeline.note
    finally:
        timer.cancel()
    if lifeline.over:
        raise Unreachable


class _Lifeline:
    """Cuts a connection that has lasted too long, however steadily it trickles."""

    def __init__(self) -> None:
        self.over = False
        self._stream: Any = None

    def note(self, event: str, told: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = told["return_value"]
            if self.over:
                self._shut()

    def cut(self) -> None:
        self.over = True
        self._shut()

    def _shut(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@cache
def _client() -> httpx.Client:
    """One for all: it holds the certificates that are trusted, and is safe between threads.

    Each question makes a connection of its own, which can be cut without harm to others.
    """
    once = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=_SECONDS, follow_redirects=False, limits=once)
