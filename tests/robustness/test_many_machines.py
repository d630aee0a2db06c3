"""Two web servers and two workers on one PostgreSQL, behind what shares requests out."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select

from base import jobs
from base.clock import Fixed, SystemClock
from base.settings import Settings
from casework.cases.tables import Case
from casework.notifications.tables import Mail
from engine.tables import Task
from tests.casework.post_office import PostOffice, post_office
from tests.robustness.arena import Arena, open_arena
from tests.robustness.serving import Person, Program, a_free_port, working

PEOPLE = ("sara.lindqvist", "maria.sandell")
LATE_CASES = 4
MAILS = 30
PATIENCE = 60.0


@dataclass
class Balancer(httpx2.BaseTransport):
    """Sends requests in turn to those servers that say they are well, as a proxy does.

    A request that no server took goes to the next; one that was taken and not answered is lost.
    Each has a connection of its own, as proxies have it towards servers.
    """

    servers: list[Program]
    answered: Counter[str] = field(default_factory=Counter)
    _inner: httpx2.HTTPTransport = field(
        default_factory=lambda: httpx2.HTTPTransport(
            verify=False, limits=httpx2.Limits(max_keepalive_connections=0)
        )
    )
    _turns: Iterator[int] = field(default_factory=count)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # People read between two requests; the machine is for the servers.
        time.sleep(0.05)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            server = self.servers[next(self._turns) % len(self.servers)]
            if not server.is_well():
                time.sleep(0.02)
                continue
            port = server.settings.port
            sent = httpx2.Request(
                request.method,
                request.url.copy_with(host="127.0.0.1", port=port),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
            try:
                answer = self._inner.handle_request(sent)
            except httpx2.ConnectError:
                continue
            self.answered[f"{request.method} {port}"] += 1
            return answer
        raise AssertionError("no server is well")

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        yield found


@dataclass
class Machines:
    webs: list[Program]
    workers: list[Program]

    def start(self) -> None:
        for program in (*self.webs, *self.workers):
            program.start()
        for web in self.webs:
            web.await_answer()


@pytest.fixture
def machines(settings: Settings, office: PostOffice, tmp_path: Path) -> Iterator[Machines]:
    """Two of each, none started; leaving takes them a moment."""
    shared = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "leave_seconds": 0.5}

    def a_program(part: str, number: int) -> Program:
        folder = tmp_path / f"{part}{number}"
        folder.mkdir()
        own = settings.model_copy(update={**shared, "port": a_free_port()})
        return Program(part, own, folder)

    made = Machines(*([a_program(part, n) for n in (1, 2)] for part in ("web", "worker")))
    yield made
    for program in (*made.webs, *made.workers):
        program.kill()


@pytest.fixture
def today(settings: Settings) -> Iterator[Arena]:
    """The databases as the programs see them: at the machine's time."""
    app = open_arena(settings, SystemClock())
    yield Arena(app, Fixed(SystemClock().now()))
    app.close()


def late_cases(settings: Settings) -> int:
    """Cases whose first contact has been overdue for a month: timers for the workers."""
    then = Fixed(SystemClock().now() - timedelta(days=60))
    app = open_arena(settings, then)
    arena = Arena(app, then)
    for _ in range(LATE_CASES):
        arena.case_as_in("first_contact_late", steps=1, later=False)
    app.close()
    return LATE_CASES


def written_mails(arena: Arena) -> None:
    """Mails that wait to be sent, a job for each."""
    account_id = arena.actor(PEOPLE[0]).account_id
    with arena.transaction() as tx:
        for number in range(MAILS):
            mail = Mail(
                account_id=account_id,
                day=date(2020, 1, 1) + timedelta(days=number),
                address=f"{number}@samplan.example",
                subject="Something waits",
                body="Sign in.",
                written=SystemClock().now(),
            )
            tx.add(mail)
            tx.flush()
            jobs.defer(tx, "mail", {"mail": mail.id})


@pytest.mark.wide
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_rolling_restart_loses_no_request_and_doubles_no_work(
    settings: Settings, machines: Machines, today: Arena, office: PostOffice
):
    late, stop = late_cases(settings), threading.Event()
    machines.start()
    with ExitStack() as stack:
        crowd, balancers = [], []
        for number, name in enumerate(PEOPLE):
            person = Person(
                today, today.actor(name), "http://samplan.example", stop, chance(number)
            )
            balancer = Balancer(machines.webs)
            person.client = httpx2.Client(
                base_url=person.address, transport=balancer, timeout=PATIENCE
            )
            stack.enter_context(person.client)
            person.sign_in(name)
            crowd.append(person)
            balancers.append(balancer)
        with working(crowd, stop):
            written_mails(today)
            for program in (machines.webs[0], machines.workers[0], machines.webs[1]):
                let_work(crowd)
                program.stop()
                let_work(crowd)
                program.start()
                if program in machines.webs:
                    program.await_answer()
            let_work(crowd)
        await_workers(today, office)

    assert [wrong for person in crowd for wrong in person.wrong] == []
    assert [person.lost_answers for person in crowd] == [0, 0]
    answered = sum((balancer.answered for balancer in balancers), Counter())
    for web in machines.webs:
        assert answered[f"POST {web.settings.port}"] >= 2
    started = [place for person in crowd for place in person.started.values()]
    assert today.count(Case) == late + len(set(started)) == late + len(started)
    for person in crowd:
        for task_id in person.done:
            assert today.status(task_id) == ("done", person.actor.pseudonym)
            assert today.answered(task_id) == 1
    assert escalated(today) == late
    # The day's own mails go out beside those that waited.
    sent = Counter(mail["To"] for mail in office.mails)
    assert set(sent) >= {f"{number}@samplan.example" for number in range(MAILS)}
    assert set(sent.values()) == {1}
    with today.database.reading() as tx:
        assert jobs.given_up(tx) == []
        cases = list(tx.scalars(select(Case.id)))
    today.require_whole(*cases)


def chance(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311


def let_work(crowd: list[Person]) -> None:
    """Until everybody together has got something more done."""
    before, give_up = _acknowledged(crowd), time.monotonic() + PATIENCE
    while _acknowledged(crowd) < before + 2 and time.monotonic() < give_up:
        time.sleep(0.01)
    assert _acknowledged(crowd) >= before + 2, [person.wrong for person in crowd]


def _acknowledged(crowd: list[Person]) -> int:
    return sum(len(person.done) + len(person.started) for person in crowd)


def await_workers(arena: Arena, office: PostOffice) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if escalated(arena) >= LATE_CASES and len(office.mails) >= MAILS and sent(arena) >= MAILS:
            return
        time.sleep(0.05)


def escalated(arena: Arena) -> int:
    return arena.count(Task, Task.element_id == "see_to_first_contact")


def sent(arena: Arena) -> int:
    with arena.database.reading() as tx:
        return tx.scalar(select(func.count()).where(Mail.sent.is_not(None))) or 0
