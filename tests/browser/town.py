"""A town: the whole site behind a real server, its people, its clock and its nights."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Thread
from time import monotonic, sleep
from uuid import UUID

import uvicorn
from playwright.sync_api import Browser, BrowserContext

from casework import worker
from casework.audit import store as audit
from casework.cases import store as cases
from casework.notifications import store as notifications
from casework.organisations import store as organisations
from tests.browser.looking import Eyes
from tests.browser.people import Person
from tests.web.world import Site

_STARTING_SECONDS = 10


@dataclass
class Town:
    """The site at ``address``, and a browser for everybody who comes along."""

    site: Site
    address: str
    browser: Browser
    eyes: Eyes
    opened: list[BrowserContext] = field(default_factory=list)

    def person(self, user_name: str, *, script: bool = True) -> Person:
        """Somebody signed in at a browser of their own."""
        context = self.browser.new_context(
            locale="sv-SE",
            java_script_enabled=script,
            viewport={"width": 1280, "height": 800},
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        self.opened.append(context)
        eyes = self.eyes if script else Eyes(blind=True)
        person = Person(context.new_page(), self.address, user_name, eyes)
        person.sign_in()
        return person

    def push_clock_to(self, day: date, by: Person) -> None:
        """On the page of the demonstration; whoever was signed in must sign in again."""
        days = (day - self.site.database.now().date()).days
        by.open("/demo/clock")
        by.fill_in({"Ett annat antal dagar": days})
        by.press("Flytta")

    def let_worker_run(self) -> None:
        """One round of everything that is due."""
        worker.run_round(self.site.application)

    def pass_time(self, by: timedelta) -> None:
        self.site.pass_time(by)

    def refusals(self, case_id: UUID) -> list[tuple[str, str]]:
        """What was refused in a case and why, as the audit has it, oldest first."""
        with self.site.database.reading() as tx:
            return [
                (link.action, link.code) for link in audit.links(tx, str(case_id)) if link.code
            ]

    def entries_of(self, case_id: UUID, form: str) -> int:
        """How many times a form's answers stand in the case's file."""
        with self.site.database.reading() as tx:
            return sum(found.entry.form == form for found in cases.entries(tx, case_id))

    def reminded(self, case_id: UUID) -> list[str]:
        """Organisations that were reminded of a step in the case, once for each time."""
        with self.site.database.reading() as tx:
            ids = [row.organisation_id for row in notifications.reminders(tx, case_id)]
            found = organisations.organisations_by_id(tx, ids)
            return [found[each].code for each in ids]

    def leave(self) -> None:
        for context in self.opened:
            context.close()


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The address of a server of its own for the site, on a free port."""
    server = uvicorn.Server(
        uvicorn.Config(
            site.app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none"
        )
    )
    thread = Thread(target=server.run)
    thread.start()
    _wait_until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _wait_until(ready: Callable[[], bool]) -> None:
    end = monotonic() + _STARTING_SECONDS
    while not ready():
        assert monotonic() < end, "the server does not start"
        sleep(0.01)
