"""The server and the worker are killed in the middle of their work: nothing that was acknowledged
is lost, nothing is done twice.

Kills alone say nothing of what a power cut would leave; the order of system calls does.
"""

import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from base import jobs
from base.clock import Fixed, SystemClock
from base.settings import Settings
from casework import worker
from casework.application import Application
from casework.cases.tables import Case, CaseEntry
from casework.notifications import actions as notifications
from casework.notifications.tables import Mail
from engine.tables import Task
from tests.casework.post_office import PostOffice
from tests.robustness.arena import Arena, open_arena
from tests.robustness.conftest import Make
from tests.robustness.serving import ROOT, Person, Program, working

PEOPLE = ("sara.lindqvist", "maria.sandell", "lena.ask")
LATE_CASES = 12


def late_cases(site: Settings, count: int, *, mail_days: int) -> list[UUID]:
    """Cases whose first contact has been overdue for a month: timers for the worker.

    So many days' mails about them were written then and are still to be sent.
    """
    then = Fixed(SystemClock().now() - timedelta(days=60 + mail_days))
    app = open_arena(site, then)
    arena = Arena(app, then)
    cases = [arena.case_as_in("first_contact_late", steps=1, later=False) for _ in range(count)]
    for _ in range(mail_days):
        then.move(timedelta(days=1))
        with arena.transaction() as tx:
            assert notifications.write_digests(tx, app, only_urgent=False)
    app.close()
    return cases


@contextmanager
def people(arena: Arena, address: str, stop: threading.Event) -> Iterator[list[Person]]:
    """Everybody signed in; they stop working at the end."""
    with ExitStack() as stack:
        found = []
        for number, name in enumerate(PEOPLE):
            chance = random.Random(number)  # noqa: S311
            person = Person(arena, arena.actor(name), address, stop, chance)
            stack.enter_context(person.client)
            person.sign_in(name)
            found.append(person)
        stack.callback(stop.set)
        yield found


def escalated(arena: Arena) -> int:
    return arena.count(Task, Task.element_id == "see_to_first_contact")


@dataclass(slots=True)
class Answered:
    """How long the server took to its first answer, each time."""

    #: On the wall and of the processor, begun anew by its keeper.
    struck: list[tuple[float, float]] = field(default_factory=list)
    #: On the wall, where the keeper was killed too.
    cold: list[float] = field(default_factory=list)


def kill_in_turn(
    web: Program, clerk: Program, arena: Arena, crowd: Sequence[Person], kills: int
) -> Answered:
    """Kill one of the two in the middle of work; every fifth time with its keeper."""
    chance, answered = random.Random(7), Answered()  # noqa: S311
    for number in range(kills):
        whole = number % 5 == 4
        if number % 4 == 3:
            _let_work(arena, chance)
            _kill(clerk, whole=whole)
            continue
        let_answer(crowd)
        time.sleep(chance.uniform(0, 0.5))
        _kill(web, whole=whole)
        wall, processor = web.await_answer()
        if whole:
            answered.cold.append(wall)
        else:
            answered.struck.append((wall, processor))
    return answered


def _kill(program: Program, *, whole: bool) -> None:
    if not whole:
        program.strike()
        return
    program.kill()
    program.start()


def let_answer(crowd: Sequence[Person]) -> None:
    """Until the server has acknowledged something anew: then all are in the middle of work."""
    before, give_up = acknowledged(crowd), time.monotonic() + 20
    while acknowledged(crowd) <= before + 1 and time.monotonic() < give_up:
        time.sleep(0.01)


def acknowledged(crowd: Sequence[Person]) -> int:
    return sum(len(person.done) + len(person.started) for person in crowd)


def _let_work(arena: Arena, chance: random.Random) -> None:
    """Until the worker is in the middle of its timers, or has none left."""
    before, give_up = escalated(arena), time.monotonic() + 4
    while time.monotonic() < give_up and escalated(arena) in (before, LATE_CASES):
        if escalated(arena) == LATE_CASES:
            time.sleep(chance.uniform(0.05, 0.5))
            return
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("database_kind", "kills"),
    [
        pytest.param("sqlite", 20, id="sqlite"),
        pytest.param("sqlite", 200, id="sqlite-200", marks=pytest.mark.soak),
        pytest.param("postgresql", 200, id="postgresql-200", marks=pytest.mark.soak),
    ],
    indirect=["database_kind"],
)
def test_killed_again_and_again_nothing_acknowledged_is_lost_or_doubled(
    site: Settings, program: Make, today: Arena, office: PostOffice, kills: int
):
    late = late_cases(site, LATE_CASES, mail_days=kills)
    web, clerk, stop = program("web"), program("worker"), threading.Event()
    web.start()
    web.await_answer()
    clerk.start()
    with people(today, web.address, stop) as crowd, working(crowd, stop):
        answered = kill_in_turn(web, clerk, today, crowd, kills)
    _await_timers(today)
    web.stop()
    clerk.stop()
    finish(site)

    assert [wrong for person in crowd for wrong in person.wrong] == []
    assert acknowledged(crowd) >= kills
    started = [place for person in crowd for place in person.started.values()]
    assert today.count(Case) == len(late) + len(set(started)) == len(late) + len(started)
    for person in crowd:
        require_done_once(today, person)
    require_one_of_each(today)
    assert escalated(today) == len(late)
    with today.database.reading() as tx:
        cases = list(tx.scalars(select(Case.id)))
    today.require_whole(*cases)
    require_mailed(today, office, at_least=kills)
    wall, processor = (statistics.median(column) for column in zip(*answered.struck, strict=True))
    told = f"{acknowledged(crowd)} acknowledged, {len(office.mails)} mails"
    cold = statistics.median(answered.cold)
    sys.stdout.write(
        f"{kills} kills, {told}; first answer {wall:.1f} s, own {processor:.1f} s; "
        f"with loading {cold:.1f} s\n"
    )
    # The clock on the wall says more of the machine's other work than of ours.
    assert processor < loading_seconds() / 2


def loading_seconds() -> float:
    """Processor time that loading the program takes on this machine now."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import cli.serving"], check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def finish(site: Settings) -> None:
    """What a killed worker had begun, the next one does, once nobody can be at it any more."""
    app = open_arena(site, Fixed(SystemClock().now() + timedelta(minutes=10)))
    give_up = time.monotonic() + 90
    while time.monotonic() < give_up:
        worker.run_round(app)
        with app.database.reading() as tx:
            if tx.scalar(select(Mail.id).where(Mail.sent.is_(None)).limit(1)) is None:
                break
        time.sleep(0.2)
    app.close()


def require_mailed(arena: Arena, office: PostOffice, *, at_least: int) -> None:
    """Every mail left once at least, and nothing is left to do."""
    with arena.database.reading() as tx:
        mails = tx.scalars(select(Mail)).all()
        assert jobs.given_up(tx) == []
        left = "procrastinate_jobs" if arena.database.on_postgresql else "job"
        assert tx.scalar(text(f"select count(*) from {left}")) == 0  # noqa: S608
    assert len(mails) >= at_least
    assert [mail for mail in mails if mail.sent is None] == []
    assert [mail for mail in mails if mail.body] == []
    assert {str(mail["To"]) for mail in office.mails} == {mail.address for mail in mails}


def _await_timers(arena: Arena) -> None:
    give_up = time.monotonic() + 30
    while escalated(arena) < LATE_CASES and time.monotonic() < give_up:
        time.sleep(0.05)


def require_done_once(arena: Arena, person: Person) -> None:
    for task_id in person.done:
        assert arena.status(task_id) == ("done", person.actor.pseudonym)
        assert arena.answered(task_id) == 1


def require_one_of_each(arena: Arena) -> None:
    """No case has a step twice, nor two sets of answers to one step."""
    doubled = (
        select(Task.case_id, Task.element_id)
        .group_by(Task.case_id, Task.element_id)
        .having(func.count() > 1)
    )
    entered = (
        select(CaseEntry.task_id)
        .where(CaseEntry.task_id.is_not(None))
        .group_by(CaseEntry.task_id)
        .having(func.count() > 1)
    )
    with arena.database.reading() as tx:
        assert tx.execute(doubled).all() == []
        assert tx.execute(entered).all() == []


@pytest.mark.sqlite("how it is opened")
def test_every_connection_to_sqlite_waits_for_the_disk(settings: Settings):
    app = Application.open(settings)
    sessions = [app.database.transaction, app.database.reading, app.keys_database.transaction]

    for begin in sessions:
        with begin() as tx, app.database.reading() as beside:
            for connection in (tx, beside):
                assert connection.scalar(text("pragma synchronous")) == 2
                assert connection.scalar(text("pragma journal_mode")) == "wal"
    app.close()


@pytest.mark.both("wide")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_answer_leaves_only_after_the_database_has_it(
    program: Make, today: Arena, tmp_path: Path
):
    trace = tmp_path / "trace.txt"
    calls = "trace=pwrite64,fsync,fdatasync,sendto,recvfrom,sendmsg,write,writev"
    command = ("strace", "-f", "--seccomp-bpf", "-y", "-s", "40", "-e", calls, "-o", str(trace))
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    web, stop = program("web", command), threading.Event()
    web.start()
    web.await_answer()
    with people(today, web.address, stop) as (person, *_):
        person.do_step(UUID(re.findall(r"[0-9a-f-]{36}", person.start_case())[0]))
    web.stop()

    assert person.wrong == []

    writes, keeps = (_ASKS, _CONFIRMS) if today.database.on_postgresql else (_WRITES, _SYNCS)
    lines = trace.read_text(errors="replace").splitlines()
    answers = [number for number, line in enumerate(lines) if "HTTP/1.1 303" in line]

    # Signing in, starting and completing: each wrote to the database.
    assert len(answers) >= 3
    for before, answer in pairwise([0, *answers]):
        written = [n for n in range(before, answer) if writes.search(lines[n])]
        kept = [n for n in range(before, answer) if keeps.search(lines[n])]
        assert written
        assert max(written) < max(kept), lines[max(written)]


#: SQLite: what goes into the log, and the wait for the disk.
_WRITES = re.compile(r"pwrite64\(.*samplan\.db-wal>")
_SYNCS = re.compile(r"f(data)?sync\(.*samplan\.db-wal>")
#: PostgreSQL: whatever changes rows, and its word that they are committed.
_ASKS = re.compile(r"sendto\(.*(INSERT|UPDATE|DELETE|COMMIT)")
_CONFIRMS = re.compile(r"recvfrom\(.*COMMIT")
