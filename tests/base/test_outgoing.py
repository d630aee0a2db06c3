"""Questions to servers that do not answer."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from base import outgoing
from base.outgoing import Unreachable


@pytest.fixture
def held() -> Iterator[tuple[str, threading.Event, threading.Semaphore]]:
    """A server that answers once it is told to: its address, what lets it, who has come."""
    go_on, come = threading.Event(), threading.Semaphore(0)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/trickle":
                self._trickle()
                return
            if self.path == "/":
                come.release()
                go_on.wait(timeout=20)
            self.send_response(204)
            self.end_headers()

        def _trickle(self) -> None:
            """A head that never ends; each byte comes long before anybody loses patience."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
            with suppress(OSError):
                for _ in range(400):
                    if go_on.wait(0.05):
                        break
                    self.wfile.write(b"a")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", go_on, come
        go_on.set()
        server.shutdown()
        thread.join()


def test_a_silent_server_keeps_few_waiting_and_the_others_hear_at_once(
    held: tuple[str, threading.Event, threading.Semaphore],
):
    address, go_on, come = held
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(outgoing.ask, "GET", address) for _ in range(8)]
        for _ in waiting:
            assert come.acquire(timeout=20)

        begun = time.monotonic()
        with pytest.raises(Unreachable):
            outgoing.ask("GET", address)
        took = time.monotonic() - begun
        elsewhere = outgoing.ask("GET", address.replace("127.0.0.1", "localhost") + "at-once")

        go_on.set()
        assert [one.result().status for one in waiting] == [204] * 8
    assert took < 1
    assert elsewhere.status == 204
    assert outgoing.ask("GET", address).status == 204


def test_an_answer_that_trickles_is_cut(
    held: tuple[str, threading.Event, threading.Semaphore],
):
    address, go_on, _ = held

    with pytest.raises(Unreachable):
        outgoing.ask("GET", f"{address}trickle", longest=0.3)

    assert not go_on.is_set()
