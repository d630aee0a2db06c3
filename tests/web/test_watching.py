"""Traces and reports of faults: what leaves, and that nothing of anybody's does."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from base.jobs.work import watched
from base.reports import reported
from base.settings import BadSettings, Settings
from base.traces import traced
from tests.arena import settings_in
from tests.robustness.serving import a_free_port
from tests.web.world import Site

CANARY = "Kanarie-Andersson"


@dataclass
class Sink:
    """A collector that keeps what it is sent: place, headers, content."""

    port: int = 0
    got: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def spans(self) -> list[dict[str, Any]]:
        """In the order in which they were noted."""
        told = [json.loads(body) for place, _, body in self.got if place == "/v1/traces"]
        scoped = [s for each in told for r in each["resourceSpans"] for s in r["scopeSpans"]]
        return [span for scope in scoped for span in scope["spans"]]

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body.splitlines()[2]) for _, _, body in self.got if "event_id" in body]


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            found.got.append((self.path, dict(self.headers.items()), body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        found.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def watching(port: int) -> ExitStack:
    here = f"127.0.0.1:{port}"
    settings = Settings(
        traces_url=f"http://{here}/v1/traces", reports_dsn=f"http://public@{here}/7"
    )
    stack = ExitStack()
    stack.enter_context(traced(settings, "web"))
    stack.enter_context(reported(settings))
    return stack


def fail(request: Request, text: str) -> None:
    try:
        int(text)
    except ValueError as error:
        raise KeyError(f"{text} {request.url}") from error


def test_what_happens_is_told_and_nothing_of_anybody(site: Site, sink: Sink):
    site.app.add_api_route("/faulty/{text}", fail, name="faulty")
    known = site.client("sara.lindqvist")
    client = TestClient(
        site.app,
        base_url=str(known.base_url),
        cookies=known.cookies,
        raise_server_exceptions=False,
        follow_redirects=False,
    )
    with capture_logs():
        client.get(f"/faulty/{CANARY}")
    assert sink.got == []

    with capture_logs(), watching(sink.port):
        client.get(f"/contacts?q={CANARY}")
        client.post("/sign-in", data={"user_name": CANARY, "password": CANARY, "next": "/"})
        fault = client.get(f"/faulty/{CANARY}?q={CANARY}")
        with pytest.raises(ZeroDivisionError), watched("note", 7):
            raise ZeroDivisionError(CANARY)
        with pytest.raises(ConnectionError), watched("mail", 8):
            raise ConnectionError(CANARY)

    spans, (event, other) = sink.spans(), sink.events()
    assert [(span["name"], span["status"]) for span in spans] == [
        ("GET contacts", {}),
        ("POST sign-in-now", {}),
        ("GET faulty", {"code": 2}),
        ("job note", {"code": 2}),
        ("job mail", {"code": 2}),
    ]
    for span in spans:
        assert (len(span["traceId"]), len(span["spanId"])) == (32, 16)
        assert 0 <= int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"]) < 60e9
    assert spans[2]["spanId"] == fault.headers["x-request-id"] == event["tags"]["request"]
    assert event["transaction"] == "faulty"
    told = event["exception"]["values"]
    assert [each["type"] for each in told] == ["ValueError", "KeyError"]
    assert told[1]["stacktrace"]["frames"][-1]["filename"] == "tests/web/test_watching.py"
    assert told[1]["stacktrace"]["frames"][-1]["function"] == "fail"
    assert other["transaction"] == "job note"
    places = {place for place, _, _ in sink.got}
    assert places == {"/v1/traces", "/api/7/envelope/"}
    for _place, headers, body in sink.got:
        said = f"{headers} {body}"
        assert CANARY not in said
        assert "sara.lindqvist" not in said
        assert str(site.application.settings.var) not in said
    keys = [h["x-sentry-auth"] for place, h, _ in sink.got if place != "/v1/traces"]
    assert all("sentry_key=public" in key for key in keys)


def test_a_collector_that_is_away_keeps_nobody_waiting(site: Site):
    client = site.client("sara.lindqvist")

    begun = time.monotonic()
    with capture_logs() as lines, watching(a_free_port()):
        status = client.get("/contacts").status_code

    assert status == 200
    assert time.monotonic() - begun < 10
    assert ("reports dropped", 1) in [(line["event"], line.get("count")) for line in lines]


@pytest.mark.parametrize(
    "given",
    [
        {"traces_url": "http://collector.example:4318/v1/traces"},
        {"reports_dsn": "http://key@faults.example/7"},
        {"reports_dsn": "https://faults.example/7"},
        {"reports_dsn": "https://key@faults.example/"},
    ],
)
def test_an_address_that_others_could_read_along_or_that_is_none_is_refused(
    given: dict[str, str], tmp_path: Any
):
    settings = settings_in(tmp_path, **given)

    with pytest.raises(BadSettings), traced(settings, "web"), reported(settings):
        raise AssertionError
