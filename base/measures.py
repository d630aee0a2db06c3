"""Measures for a monitor: what this process has done, and how the installation stands.

Nothing else knows prometheus-client. A measure carries counts, codes and names of routes alone.
Every process offers its own at an address of its own; the site itself never shows them.
"""

import hmac
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

_METHODS = frozenset({"GET", "HEAD", "POST"})
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
#: Whoever asks slowly is let go.
_PATIENCE = 10
_requests = Counter(
    "samplan_requests", "Answers of the site.", ["method", "route", "status"], registry=None
)
_seconds = Histogram(
    "samplan_request_seconds",
    "How long answers took.",
    ["route"],
    buckets=_SECONDS,
    registry=None,
)
_rounds = Counter("samplan_rounds", "Rounds of the worker.", ["outcome"], registry=None)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number as it stands now; ``of`` tells apart several of one name.

    ``grows``: it counts what has happened and begins at nought with the process.
    """

    name: str
    said: str
    value: float
    of: str = ""
    grows: bool = False


Ask = Callable[[], Iterable[Measure]]


def count_answer(method: str, route: str, status: int, seconds: float) -> None:
    """``route``: its name, never an address; empty where there was none."""
    # Anybody can invent methods; each would be a line of its own for ever.
    known = method if method in _METHODS else "other"
    _requests.labels(known, route or "none", str(status)).inc()
    _seconds.labels(route or "none").observe(seconds)


def count_round(*, failed: bool) -> None:
    _rounds.labels("failed" if failed else "done").inc()


def told(ask: Ask) -> bytes:
    """All measures as text, as Prometheus reads them."""
    registry = CollectorRegistry()
    for counted in (_requests, _seconds, _rounds, _Asked(ask)):
        registry.register(counted)
    ProcessCollector(registry=registry)
    return generate_latest(registry)


@contextmanager
def offered(host: str, port: int, token: str | None, ask: Ask) -> Iterator[int]:
    """Answer ``GET /metrics`` beside the block; with a token, only to whoever shows it.

    The port is given, for 0 means any that is free. Raises OSError where it is taken.
    """
    with make_server(host, port, _site(token, ask), _Server, _Reader) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="measures")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class _Asked:
    """Asks for each measure anew whenever somebody looks."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def collect(self) -> Iterator[Metric]:
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for measure in self._ask():
            kind = CounterMetricFamily if measure.grows else GaugeMetricFamily
            labels = ["of"] if measure.of else []
            name = f"samplan_{measure.name}"
            family = families.setdefault(name, kind(name, measure.said, labels=labels))
            family.add_metric([measure.of] if measure.of else [], measure.value)
        yield from families.values()

    def describe(self) -> list[Metric]:
        """Nothing is asked before somebody looks."""
        return []


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Reader(WSGIRequestHandler):
    timeout = _PATIENCE

    def log_message(self, format: str, *args: object) -> None:
        """Whoever reads measures does so all day."""


def _site(token: str | None, ask: Ask) -> Any:
    wanted = None if token is None else f"Bearer {token}".encode()

    def answer(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        shown = str(environ.get("HTTP_AUTHORIZATION", "")).encode("latin-1")
        if wanted is not None and not hmac.compare_digest(shown, wanted):
            start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return []
        if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] != "GET":
            start("404 Not Found", [])
            return []
        said = told(ask)
        start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Cache-Control", "no-store")])
        return [said]

    return answer
