"""Background work: asked for with a transaction, done at least once, given up and tried again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from base import jobs, migrations
from base.clock import Fixed
from base.db import Database, Session
from base.errors import NotFound
from base.jobs import table
from base.jobs.tables import Job
from tests.lapse import later

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(migrations.__file__).parent
PATIENCE = 20.0


def ask(database: Database, kind: str, **more: Any) -> None:
    with database.transaction() as tx:
        jobs.defer(tx, kind, {"id": 7}, **more)


def fail(_tx: Session, _payload: Mapping[str, Any]) -> None:
    raise ZeroDivisionError


@pytest.mark.both
def test_a_job_is_asked_for_with_the_transaction_or_not_at_all(database: Database):
    done: list[Any] = []

    def ask_and_fail() -> None:
        with database.transaction() as tx:
            jobs.defer(tx, "note", {"id": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    ask(database, "note")

    outcome = jobs.work_off(database, {"note": lambda _tx, payload: done.append(payload)})

    assert outcome == jobs.Done(1, 0)
    assert done == [{"id": 7}]
    assert jobs.work_off(database, {"note": fail}) == jobs.Done(0, 0)


@pytest.mark.both
def test_a_job_is_not_done_before_its_moment(database: Database, clock: Fixed):
    done: list[Any] = []
    doers = {"note": lambda _tx, payload: done.append(payload)}
    ask(database, "note", due=clock.now() + timedelta(hours=3))

    assert jobs.work_off(database, doers) == jobs.Done(0, 0)
    later(database, clock, timedelta(hours=2, minutes=50))
    assert jobs.work_off(database, doers) == jobs.Done(0, 0)
    later(database, clock, timedelta(minutes=10))
    assert jobs.work_off(database, doers) == jobs.Done(1, 0)


@pytest.mark.sqlite("its jobs and its timers take turns")
def test_slow_jobs_let_the_rest_of_the_round_come_between(database: Database):
    slow = jobs.Staff({"note": lambda _tx, _payload: time.sleep(0.04)})
    for _ in range(4):
        ask(database, "note")

    rounds = [table.work_off(database, slow, longest=0.05).succeeded for _ in range(4)]

    assert 1 <= rounds[0] <= 2
    assert sum(rounds) == 4


@pytest.mark.both
def test_a_failing_job_rests_longer_each_time_and_is_given_up(database: Database, clock: Fixed):
    told: list[Any] = []
    staff = jobs.Staff({"note": fail}, {"note": lambda _tx, *what: told.append(what)})
    ask(database, "note", attempts=3)

    assert jobs.work_off(database, staff) == jobs.Done(0, 1)
    assert jobs.work_off(database, staff) == jobs.Done(0, 0)
    later(database, clock, timedelta(seconds=12))
    assert jobs.work_off(database, staff) == jobs.Done(0, 1)
    later(database, clock, timedelta(seconds=12))
    assert jobs.work_off(database, staff) == jobs.Done(0, 0)
    assert told == []
    later(database, clock, timedelta(seconds=40))
    assert jobs.work_off(database, staff) == jobs.Done(0, 1)
    later(database, clock, timedelta(days=30))
    assert jobs.work_off(database, staff) == jobs.Done(0, 0)

    assert told == [({"id": 7}, "ZeroDivisionError")]
    with database.reading() as tx:
        (found,) = jobs.given_up(tx)
    assert (found.kind, found.payload, found.attempts) == ("note", {"id": 7}, 3)
    assert found.why == "ZeroDivisionError"


@pytest.mark.both
def test_what_was_given_up_can_be_tried_again(database: Database, clock: Fixed):
    done: list[Any] = []
    ask(database, "note", attempts=1)
    jobs.work_off(database, {"note": fail})
    with database.reading() as tx:
        (found,) = jobs.given_up(tx)

    with database.transaction() as tx:
        jobs.again(tx, found.id)

    outcome = jobs.work_off(database, {"note": lambda _tx, payload: done.append(payload)})
    assert (outcome, done) == (jobs.Done(1, 0), [{"id": 7}])
    with database.transaction() as tx:
        assert jobs.given_up(tx) == []
        with pytest.raises(NotFound):
            jobs.again(tx, found.id)


@pytest.mark.both
def test_what_a_failing_job_wrote_is_undone(database: Database):
    def write_and_fail(tx: Session, _payload: Mapping[str, Any]) -> None:
        jobs.defer(tx, "other", {})
        raise ZeroDivisionError

    ask(database, "note")

    assert jobs.work_off(database, {"note": write_and_fail}) == jobs.Done(0, 1)

    assert jobs.work_off(database, {"other": fail}) == jobs.Done(0, 0)


@pytest.mark.both
def test_an_errand_holds_no_transaction_while_it_is_out(database: Database):
    met: list[int] = []

    def run(database: Database, payload: Mapping[str, Any]) -> None:
        # Another writer, while the errand is out: on SQLite there is one write lock for all.
        other = threading.Thread(target=ask, args=(database, "other"))
        other.start()
        other.join(timeout=5)
        assert not other.is_alive()
        met.append(payload["id"])

    ask(database, "errand")

    staff = {"errand": jobs.Errand(run), "other": lambda _tx, payload: met.append(payload["id"])}
    outcome = jobs.work_off(database, staff)

    assert outcome == jobs.Done(2, 0)
    assert met == [7, 7]


@pytest.mark.sqlite("a lease; on PostgreSQL a worker that is dead gives no sign of life")
def test_an_errand_that_never_came_back_is_run_again(database: Database, clock: Fixed):
    ran: list[int] = []

    def die(_database: Database, _payload: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    ask(database, "errand")
    with pytest.raises(KeyboardInterrupt):
        jobs.work_off(database, {"errand": jobs.Errand(die)})
    again = {"errand": jobs.Errand(lambda _database, payload: ran.append(payload["id"]))}

    assert jobs.work_off(database, again) == jobs.Done(0, 0)
    clock.move(timedelta(minutes=6))
    assert jobs.work_off(database, again) == jobs.Done(1, 0)
    assert ran == [7]


@pytest.mark.both
def test_several_at_once_do_each_job_once(database: Database):
    done: list[int] = []
    with database.transaction() as tx:
        for number in range(60):
            jobs.defer(tx, "note", {"id": number})
    doers = {"note": lambda _tx, payload: done.append(payload["id"])}

    workers = [threading.Thread(target=jobs.work_off, args=(database, doers)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=PATIENCE)

    assert sorted(done) == list(range(60))


@pytest.mark.both
def test_a_chore_is_taken_once_a_day(database: Database):
    monday, tuesday = date(2027, 2, 1), date(2027, 2, 2)

    def take(day: date) -> bool:
        with database.transaction() as tx:
            return jobs.take_chore(tx, "purge", day)

    assert [take(monday), take(monday), take(tuesday), take(monday)] == [True, False, True, False]


@pytest.mark.both
def test_a_chore_that_failed_is_still_to_be_taken(database: Database):
    def take_and_fail() -> None:
        with database.transaction() as tx:
            assert jobs.take_chore(tx, "purge", date(2027, 2, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_and_fail()

    with database.transaction() as tx:
        assert jobs.take_chore(tx, "purge", date(2027, 2, 1))


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_jobs_are_done_beside_as_they_come(database: Database):
    done: list[int] = []
    doers = {"note": lambda _tx, payload: done.append(payload["id"])}

    with jobs.working(database, jobs.Staff(doers)):
        ask(database, "note")
        await_(lambda: done == [7])

    assert done == [7]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_what_has_begun_is_finished_before_a_worker_ends(database: Database):
    begun, done = threading.Event(), []

    def work(_tx: Session, payload: Mapping[str, Any]) -> None:
        begun.set()
        time.sleep(0.5)
        done.append(payload["id"])

    with jobs.working(database, jobs.Staff({"note": work})):
        ask(database, "note")
        assert begun.wait(PATIENCE)

    assert done == [7]
    assert jobs.work_off(database, {"note": fail}) == jobs.Done(0, 0)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_worker_outlives_a_database_that_goes_away(database: Database):
    done: list[int] = []
    doers = {"note": lambda _tx, payload: done.append(payload["id"])}
    others = text(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )

    with jobs.working(database, jobs.Staff(doers)):
        ask(database, "note")
        await_(lambda: done == [7])
        with database.transaction() as tx:
            assert tx.execute(others).all()
        database.engine.dispose()
        ask(database, "note")
        await_(lambda: done == [7, 7])

    assert done == [7, 7]


def await_(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happened() and time.monotonic() < give_up:
        time.sleep(0.02)


_WORKING = """
import sys, time
from base import jobs
from base.clock import SystemClock
from base.db import Database

def hang(tx, payload):
    print("begun", flush=True)
    time.sleep(60)

database = Database(sys.argv[1], SystemClock())
jobs.work_off(database, {"note": hang})
"""


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_what_a_killed_worker_was_doing_is_done_by_another(database: Database):
    done: list[int] = []
    ask(database, "note")
    address = database.engine.url.render_as_string(hide_password=False)
    dying = subprocess.Popen(
        [sys.executable, "-c", _WORKING, address], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert dying.stdout is not None
    assert dying.stdout.readline() == b"begun\n"
    os.kill(dying.pid, signal.SIGKILL)
    dying.wait()
    dying.stdout.close()
    doers = {"note": lambda _tx, payload: done.append(payload["id"])}

    # Its last sign of life is seconds old: it might still be at work.
    assert jobs.rescue(database) == 0
    assert jobs.work_off(database, doers) == jobs.Done(0, 0)
    with database.transaction() as tx:
        tx.execute(text("update procrastinate_workers set last_heartbeat = now() - interval '1h'"))

    assert jobs.rescue(database) == 1
    assert jobs.rescue(database) == 0
    assert jobs.work_off(database, doers) == jobs.Done(1, 0)
    assert done == [7]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_job_over_which_every_worker_dies_is_given_up(database: Database):
    ask(database, "note", attempts=2)
    with database.transaction() as tx:
        tx.execute(text("update procrastinate_jobs set attempts = 2"))

    assert jobs.work_off(database, {"note": lambda _tx, _payload: None}) == jobs.Done(0, 1)

    with database.reading() as tx:
        assert [found.kind for found in jobs.given_up(tx)] == ["note"]


def test_the_tables_are_those_of_the_installed_procrastinate():
    written = SCHEMAS / f"procrastinate-{version('procrastinate')}.sql"

    assert written.read_text(encoding="utf-8") == SchemaManager.get_schema()


@pytest.mark.postgresql
def test_jobs_that_waited_before_are_taken_over(postgresql_url: str, clock: Fixed):
    database, keys = Database(postgresql_url, clock), Database(postgresql_url, clock)
    migrations.upgrade(database, keys, to="0001")
    old = text(
        "insert into job (kind, payload, due, created, attempts)"
        " values ('note', '{\"id\": 7}', now(), now(), 1)"
    )
    with database.transaction() as tx:
        tx.execute(old)
    done: list[int] = []

    migrations.upgrade(database, keys)
    outcome = jobs.work_off(database, {"note": lambda _tx, p: done.append(p["id"])})

    assert (outcome, done) == (jobs.Done(1, 0), [7])
    with database.reading() as tx:
        assert tx.query(Job).count() == 0
    database.close()
    keys.close()
