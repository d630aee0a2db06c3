"""Messages to addresses that somebody has typed: where they go, and where never."""

import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from base import outgoing
from base.outgoing import Road, Unreachable
from tests.certificate import a_certificate

HERE = Road(here=True)
HERE_BY_NAME = Road(here=True, resolve=lambda name, port: ["127.0.0.1"])


class Names:
    """A name whose answers change: each is given once, the last again and again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Heard(ThreadingHTTPServer):
    """A server that notes what comes and answers as its path says."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def at(self, path: str, *, scheme: str = "http", name: str = "127.0.0.1") -> str:
        return f"{scheme}://{name}:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Heard

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.requests.append((self.path, self.headers["host"], self.rfile.read(length)))
        if self.path == "/trickle":
            self._trickle()
            return
        self.send_response(int(self.path.removeprefix("/")))
        self.send_header("location", self.server.at("/204"))
        self.end_headers()

    def _trickle(self) -> None:
        """A header that never ends, a letter now and then."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        until = time.monotonic() + 5
        try:
            while time.monotonic() < until:
                self.wfile.write(b"a")
                time.sleep(0.02)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(server: Heard) -> Iterator[Heard]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[Heard]:
    with serving(Heard()) as server:
        yield server


def test_the_status_comes_back_and_a_redirect_is_not_followed(server: Heard):
    for status in (204, 302, 307, 500):
        assert outgoing.deliver(server.at(f"/{status}"), b"{}", {}, HERE) == status

    assert [path for path, *_ in server.requests[-4:]] == ["/204", "/302", "/307", "/500"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "127.1",
        "0.0.0.0",  # noqa: S104
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "169.254.169.254",
        "10.1.2.3",
        "100.64.1.1",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_nothing_goes_to_what_is_not_everybodys(server: Heard, scheme: str, host: str):
    """However it is written; looked up by this very machine."""
    before = len(server.requests)

    with pytest.raises(Unreachable):
        outgoing.deliver(server.at("/204", scheme=scheme, name=host), b"{}", {})

    assert len(server.requests) == before


@pytest.mark.parametrize(
    "answer",
    [[], ["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:127.0.0.1"], ["no address"]],
)
def test_one_bad_address_of_a_name_is_enough(answer: list[str]):
    with pytest.raises(Unreachable):
        outgoing.deliver("https://a.example/", b"{}", {}, Road(resolve=Names(answer)))


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to(server: Heard):
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    road = Road(here=True, resolve=names)

    assert outgoing.deliver(server.at("/204", name="a.example"), b"{}", {}, road) == 204

    assert names.asked == 1
    assert server.requests[-1][1] == f"a.example:{server.server_port}"
    with pytest.raises(Unreachable):
        outgoing.deliver(server.at("/204", name="a.example"), b"{}", {}, road)


def test_an_answer_that_trickles_is_cut(server: Heard):
    begun = time.monotonic()

    with pytest.raises(Unreachable):
        outgoing.deliver(server.at("/trickle"), b"{}", {}, Road(here=True, longest=0.3))

    assert time.monotonic() - begun < 3


def test_the_certificate_is_for_the_name_that_was_typed(tmp_path: Path):
    certificate = a_certificate(tmp_path, "a.example")
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    road = Road(here=True, resolve=Names(["127.0.0.1"]), trusted=trusted)
    server = Heard()
    server.socket = inside.wrap_socket(server.socket, server_side=True)

    with serving(server):
        right = server.at("/204", scheme="https", name="a.example")
        assert outgoing.deliver(right, b"{}", {}, road) == 204
        with pytest.raises(Unreachable):
            outgoing.deliver(right.replace("a.example", "b.example"), b"{}", {}, road)
        with pytest.raises(Unreachable):
            outgoing.deliver(right, b"{}", {}, Road(here=True, resolve=Names(["127.0.0.1"])))
    assert len(server.requests) == 1


def test_a_silent_name_server_keeps_few_waiting_and_nobody_for_long():
    """Who was left behind sends nothing when the name is found at last."""
    found, asked = threading.Event(), threading.Semaphore(0)

    def silent(name: str, port: int) -> Sequence[str]:
        asked.release()
        found.wait(timeout=20)
        return ["127.0.0.1"]

    with serving(Heard()) as server, ThreadPoolExecutor(8) as pool:
        away = Road(here=True, resolve=silent, longest=1.5)
        url = server.at("/204", name="silent.example")
        waiting = [pool.submit(outgoing.deliver, url, b"late", {}, away) for _ in range(8)]
        for one in waiting:
            assert asked.acquire(timeout=20)
            assert isinstance(one.exception(timeout=20), Unreachable)
        left = [one for one in threading.enumerate() if one.name.startswith("asking ")]
        with pytest.raises(Unreachable):
            outgoing.deliver(url, b"one too many", {}, away)
        status = outgoing.deliver(server.at("/204"), b"now", {}, HERE)

        found.set()
        for one in left:
            one.join(timeout=20)

        assert (len(left), asked.acquire(blocking=False), status) == (8, False, 204)
        assert [sent for _, _, sent in server.requests] == [b"now"]
        assert outgoing.deliver(url, b"again", {}, HERE_BY_NAME) == 204
