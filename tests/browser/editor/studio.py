"""A page with the built editor behind a small server of its own, and hands to use it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from string import Template
from threading import Thread
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import SAMPLE
from web.assets import Assets

HERE = Path(__file__).parent
STATIC = HERE.parents[2] / "web" / "static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Longer than the editor waits after a change before it saves by itself, and than an answer takes.
PAUSE, MOMENT = 2_500, 300

ADVICE = {
    "element": "prepare",
    "rule": "no_scenario",
    "severity": "advice",
    "message": "provas inte av något scenario.",
    "remedy": "Skriv ett scenario som går igenom steget.",
}
ERROR = {
    "element": "escalated",
    "rule": "no_end",
    "severity": "error",
    "message": "leder ingenstans.",
    "remedy": "Dra en pil vidare eller till ett slut.",
}
#: What the server says of the variables at the gateway of `with_gateway`.
KNOWN = {
    "variables": {
        "plan_form": {
            "name": "plan_form",
            "label": "Vilken plan?",
            "value": "choice",
            "choices": [{"value": "sip", "label": "SIP"}, {"value": "short", "label": "En kort"}],
        },
        "parties_there": {
            "name": "parties_there",
            "label": "Hur många kommer?",
            "value": "number",
            "choices": [],
        },
    },
    "at": {"which": ["parties_there", "plan_form"]},
}
#: What the editor offers by name.
CHOICES = {
    "roles": [{"value": "case_lead", "label": "Samordnare"}],
    "forms": [{"value": "way_on", "label": "Väg framåt?"}],
    "routines": [{"value": "ask_party", "label": "Fråga en organisation"}],
    "messages": [{"value": "person_moved", "label": "Personen har flyttat"}],
    "documents": [{"value": "leaflet", "label": "Till dig"}, {"value": "map", "label": "Karta"}],
}


@dataclass(slots=True)
class Studio:
    """What the server was sent, and what it is to answer next."""

    address: str
    source: bytes = SAMPLE
    editing: str = "true"
    language: str = "sv"
    more: str = ""
    status: int = 200
    saved: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=lambda: [ADVICE])

    def page(self) -> bytes:
        assets = Assets()
        names = {
            name.replace(".", "_"): assets.url(name)
            for name in ("site.css", "editor.css", "page.js", "modeler.js")
        }
        text = Template((HERE / "page.html").read_text())
        return text.substitute(
            names, language=self.language, editing=self.editing, more=self.more
        ).encode()

    def read(self, name: str) -> tuple[str, bytes]:
        """What the page asks for: its type and itself."""
        asked = {"choices": CHOICES, "known": KNOWN, "templates": self.templates}
        if name == "file":
            return "application/xml", self.source
        if name in asked:
            return "application/json", json.dumps(asked[name]).encode()
        return "text/html", self.page()

    def hear(self, name: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if name == "check":
            return 200, {"findings": self.found}
        if self.status != 200:
            return self.status, {"message": "someone else was first"}
        self.saved.append((headers, body))
        return 200, {"rev": len(self.saved) + 1, "findings": [ERROR]}


class Studios:
    """Each at an address of its own, so that none hears what a page before it still says."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.open: dict[str, Studio] = {}
        self._numbers = count(1)

    def begin(self) -> Studio:
        number = str(next(self._numbers))
        self.open[number] = Studio(f"{self.address}/{number}/")
        return self.open[number]


class Answer(BaseHTTPRequestHandler):
    """Serves the pages, their files and the addresses for diagrams."""

    def __init__(self, studios: Studios, *args: Any) -> None:
        self.studios = studios
        super().__init__(*args)

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            file = STATIC / self.path.removeprefix("/static/")
            self.send(200, TYPES.get(file.suffix, "font/woff2"), file.read_bytes(), keep=True)
            return
        studio, name = self.asked()
        self.send(200, *studio.read(name))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        studio, name = self.asked()
        status, answer = studio.hear(name, dict(self.headers), body)
        self.send(status, "application/json", json.dumps(answer).encode())

    def asked(self) -> tuple[Studio, str]:
        _, number, name = self.path.split("/")
        return self.studios.open[number], name

    def send(self, status: int, kind: str, body: bytes, *, keep: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "max-age=3600" if keep else "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output to their own words."""


@contextmanager
def serving() -> Iterator[Studios]:
    """Studios on a free port."""
    studios = Studios("")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Answer, studios)) as server:
        studios.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield studios
        server.shutdown()
        thread.join()


def open_studio(page: Page, studio: Studio) -> None:
    page.goto(studio.address)
    page.locator("#editor[data-ready]").wait_for()
    page.locator("#findings h2").wait_for()


def shape(page: Page, element: str) -> Any:
    return page.locator(f"[data-element-id='{element}'] .djs-hit").first


def append(page: Page, kind: str) -> None:
    """Choose from the menu of what can follow, by keyboard alone."""
    page.locator(".djs-context-pad.open").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".djs-popup input")).to_be_focused()
    page.keyboard.type(kind)
    expect(page.locator(".djs-popup .entry.selected")).to_contain_text(kind)
    page.keyboard.press("Enter")


def pass_pause(page: Page) -> None:
    """What would be saved by itself after a while is saved, and the server has heard it."""
    page.clock.fast_forward(PAUSE)
    page.wait_for_timeout(MOMENT)


def saved(page: Page, studio: Studio) -> bytes:
    """Save at once, by keyboard; the file when nothing is unsaved any more."""
    page.keyboard.press("Control+s")
    page.locator("#editor-status[data-is=saved]").wait_for()
    return studio.saved[-1][1]


def saved_by_itself(page: Page, studio: Studio, part: str) -> bytes:
    """The file once it has been saved with this in it, without anybody's asking."""
    for _ in range(100):
        if studio.saved and part.encode() in studio.saved[-1][1]:
            break
        page.wait_for_timeout(100)
    return studio.saved[-1][1]
