"""Long faults while people work, on the real programs: a database server that dies every few
seconds, a disk that fills, a mail server that is away, clocks that jump.

Nothing that was acknowledged is lost or done twice, every answer is a page, and once the fault is
gone all goes on without hands.
"""

import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from base import jobs
from base.clock import Fixed, SystemClock
from base.db import AWAY
from base.settings import Settings
from casework.cases.tables import Case
from casework.notifications.tables import Mail
from tests.arena import PASSWORD, copy, settings_in
from tests.casework.post_office import PostOffice
from tests.postgresql import Server
from tests.robustness.arena import Arena, open_arena
from tests.robustness.conftest import Make
from tests.robustness.serving import Person, Program, a_free_port, working
from tests.robustness.small_disk import a_small_disk, empty, fill
from tests.robustness.test_crash import (
    LATE_CASES,
    PEOPLE,
    acknowledged,
    escalated,
    late_cases,
    let_answer,
    require_done_once,
    require_one_of_each,
)
from tests.robustness.test_faults import given_back

pytestmark = pytest.mark.soak
#: Once a fault is gone: a worker's patience, a lost worker's sign of life and two retries.
_BOUND = 120.0
_STUBBORN = 300.0
_DEATHS = 12
_FULL = 3
_HOUR = timedelta(hours=1).total_seconds()
_T = TypeVar("_T")


@dataclass
class Patient(Person):
    """Who sends again what the page gives back, and signs in anew where a session has ended."""

    user_name: str = ""
    pages_away: int = 0
    signed_in_anew: int = 0

    def sign_in(self, user_name: str) -> None:
        self.user_name = user_name
        super().sign_in(user_name)

    def answers(self, task_id: UUID) -> list[tuple[str, str]]:
        return patiently(lambda: Person.answers(self, task_id))

    def until_answered(
        self, method: str, place: str, sent: Mapping[str, Any] | None = None
    ) -> httpx2.Response:
        give_up = time.monotonic() + _STUBBORN
        while time.monotonic() < give_up:
            answer = super().until_answered(method, place, sent)
            if answer.status_code == 503:
                self.pages_away += 1
                self._require_page(answer, place, sent)
            elif answer.status_code == 401 or "/sign-in" in answer.headers.get("location", ""):
                self.signed_in_anew += 1
                self._sign_in_anew()
            else:
                return answer
            time.sleep(0.1)
        raise AssertionError("it never came back")

    def _require_page(
        self, answer: httpx2.Response, place: str, sent: Mapping[str, Any] | None
    ) -> None:
        """It says what is, when to try again, and gives back what was typed."""
        whole = "<h1" in answer.text and answer.headers.get("retry-after") == "30"
        if sent is not None:
            pairs = [
                (name, value)
                for name, values in sent.items()
                for value in ([values] if isinstance(values, str) else values)
            ]
            whole = whole and given_back(answer) == (place, pairs)
        if not whole:
            self.wrong.append(f"{place}: {answer.text[:2000]}")

    def _sign_in_anew(self) -> None:
        typed = {"user_name": self.user_name, "password": PASSWORD, "next": "/tasks"}
        while super().until_answered("POST", "/sign-in", typed).status_code != 303:
            time.sleep(0.1)


def patiently(ask: Callable[[], _T]) -> _T:
    give_up = time.monotonic() + _STUBBORN
    while True:
        try:
            return ask()
        except AWAY:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


@contextmanager
def at_work(arena: Arena, address: str) -> Iterator[Sequence[Patient]]:
    """Everybody works beside the block; afterwards each has finished what was begun."""
    stop = threading.Event()
    with ExitStack() as stack:
        crowd = []
        for number, name in enumerate(PEOPLE):
            chance = random.Random(number)  # noqa: S311
            person = Patient(arena, arena.actor(name), address, stop, chance)
            stack.enter_context(person.client)
            person.sign_in(name)
            crowd.append(person)
        with working(crowd, stop):
            yield crowd
            let_answer(crowd)


def require_nothing_lost(arena: Arena, crowd: Sequence[Patient], *, late: int) -> None:
    assert [wrong for person in crowd for wrong in person.wrong] == []
    started = [place for person in crowd for place in person.started.values()]
    assert arena.count(Case) == late + len(set(started)) == late + len(started)
    for person in crowd:
        require_done_once(arena, person)
    require_one_of_each(arena)
    assert escalated(arena) == late
    with arena.database.reading() as tx:
        cases = list(tx.scalars(select(Case.id)))
        assert jobs.given_up(tx) == []
    arena.require_whole(*cases)


def await_quiet(arena: Arena, *, late: int, bound: float = _BOUND) -> float:
    """Until the worker has fired and sent everything by itself; seconds."""
    begun = time.monotonic()
    while time.monotonic() < begun + bound:
        if escalated(arena) >= late and arena.count(Mail, Mail.sent.is_(None)) == 0:
            return time.monotonic() - begun
        time.sleep(0.2)
    left = arena.count(Mail, Mail.sent.is_(None))
    raise AssertionError(f"{escalated(arena)} of {late} timers, {left} mails left")


def await_away(crowd: Sequence[Patient]) -> None:
    """Until everybody has met the page."""
    before, give_up = [person.pages_away for person in crowd], time.monotonic() + _BOUND
    while any(p.pages_away == was for p, was in zip(crowd, before, strict=True)):
        assert time.monotonic() < give_up, [person.wrong for person in crowd]
        time.sleep(0.05)


def health(web: Program) -> tuple[int, str]:
    answer = httpx2.get(f"{web.address}/health", timeout=_BOUND)
    return answer.status_code, answer.text


def tell(crowd: Sequence[Patient], office: PostOffice, seconds: float) -> None:
    sys.stdout.write(
        f"{acknowledged(crowd)} acknowledged, {sum(p.pages_away for p in crowd)} pages away, "
        f"{sum(p.signed_in_anew for p in crowd)} signed in anew, {len(office.mails)} mails, "
        f"quiet after {seconds:.0f} s\n"
    )


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_database_server_dies_every_few_seconds(
    site: Settings, program: Make, today: Arena, office: PostOffice, postgresql_server: Server
):
    late, chance = late_cases(site, LATE_CASES, mail_days=3), random.Random(11)  # noqa: S311
    web, clerk = program("web"), program("worker")
    web.start()
    web.await_answer()
    clerk.start()
    with at_work(today, web.address) as crowd:
        said = set()
        for number in range(_DEATHS):
            patiently(lambda: let_answer(crowd))
            time.sleep(chance.uniform(0.2, 2))
            postgresql_server.kill(signal.SIGQUIT if number % 2 else signal.SIGKILL)
            said.add(health(web))
            time.sleep(chance.uniform(0.2, 2))
            postgresql_server.start()
        assert health(web) == (200, "well")
    seconds = await_quiet(today, late=len(late))
    web.stop()
    clerk.stop()

    tell(crowd, office, seconds)
    assert said == {(503, "no database")}
    assert sum(person.pages_away for person in crowd) >= _DEATHS / 2
    require_nothing_lost(today, crowd, late=len(late))


@pytest.mark.sqlite("its disk is ours to fill")
def test_a_disk_fills_and_is_emptied(furnished_files: Path, office: PostOffice, tmp_path: Path):
    with a_small_disk(tmp_path, megabytes=64) as disk, ExitStack() as stack:
        copy(furnished_files, disk)
        mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port}
        site = settings_in(disk, port=a_free_port(), **mail)
        late = late_cases(site, LATE_CASES, mail_days=3)
        app = open_arena(site, SystemClock())
        stack.callback(app.close)
        arena = Arena(app, Fixed(SystemClock().now()))
        # What they log lies on the same disk.
        web, clerk = Program("web", site, disk), Program("worker", site, disk)
        stack.callback(web.kill)
        stack.callback(clerk.kill)
        web.start()
        web.await_answer()
        clerk.start()
        with at_work(arena, web.address) as crowd:
            for _ in range(_FULL):
                let_answer(crowd)
                fill(disk)
                await_away(crowd)
                assert health(web) == (503, "no room")
                empty(disk)
                let_answer(crowd)
            assert health(web) == (200, "well")
        # A mail that left, and could not be noted, is its worker's for five minutes.
        seconds = await_quiet(arena, late=len(late), bound=400)
        web.stop()
        clerk.stop()

        tell(crowd, office, seconds)
        require_nothing_lost(arena, crowd, late=len(late))


@pytest.mark.sqlite("its mails and its timers take turns")
def test_a_mail_server_is_silent_hangs_up_and_refuses(
    site: Settings, program: Make, today: Arena, office: PostOffice
):
    first = late_cases(site, 1, mail_days=12)
    office.silent = True
    clerk = program("worker")
    clerk.start()
    while not office.visits:
        time.sleep(0.1)
    # Twelve mails that wait twenty seconds each do not hold up what falls due meanwhile.
    late = first + late_cases(site, LATE_CASES, mail_days=0)
    begun = time.monotonic()
    while escalated(today) < len(late):
        assert time.monotonic() - begun < _BOUND / 2
        time.sleep(0.2)
    timers = time.monotonic() - begun
    office.silent, office.away = False, True
    time.sleep(12)
    office.away, office.closed = False, True
    time.sleep(12)
    assert today.count(Mail, Mail.sent.is_(None)) >= 12
    office.closed = False
    seconds = await_quiet(today, late=len(late))
    clerk.stop()

    sys.stdout.write(f"timers {timers:.0f} s, mails {seconds:.0f} s after it was back\n")
    assert escalated(today) == len(late)
    with today.database.reading() as tx:
        sent = tx.scalars(select(Mail)).all()
        assert jobs.given_up(tx) == []
    assert len(office.mails) == len({mail["Message-ID"] for mail in office.mails}) == len(sent)


def test_clocks_jump_an_hour_either_way(
    site: Settings, program: Make, today: Arena, office: PostOffice, tmp_path: Path
):
    late = late_cases(site, LATE_CASES, mail_days=1)
    web, clerk = program("web"), program("worker")
    for each in (web, clerk):
        each.module = ("tests.robustness.other_clock", str(tmp_path / each.part))
        (tmp_path / each.part).write_text("0")
    web.start()
    web.await_answer()
    clerk.start()
    with at_work(today, web.address) as crowd:
        for of_web, of_clerk in ((_HOUR, 0.0), (0.0, _HOUR), (-_HOUR, _HOUR), (0.0, -_HOUR)):
            let_answer(crowd)
            (tmp_path / "web").write_text(str(of_web))
            (tmp_path / "worker").write_text(str(of_clerk))
            let_answer(crowd)
        (tmp_path / "worker").write_text("0")
    seconds = await_quiet(today, late=len(late))
    web.stop()
    clerk.stop()

    tell(crowd, office, seconds)
    assert sum(person.pages_away for person in crowd) == 0
    # A session that nobody used for an hour ends: once each, when the hour was jumped.
    assert all(person.signed_in_anew <= 2 for person in crowd)
    require_nothing_lost(today, crowd, late=len(late))
