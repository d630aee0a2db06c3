"""The database goes away, or its disk is full, while people work: a page, then all is well."""

import re
import signal
from collections import Counter
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from base.clock import Fixed, SystemClock
from base.db import AWAY as AWAY_ERRORS
from base.db import Database
from base.jobs.tables import Job
from base.settings import Settings
from casework import worker
from casework.notifications import actions as notifications
from casework.notifications.tables import Mail
from engine.tables import Task
from tests.arena import PASSWORD, settings_in
from tests.arena import copy as arena_copy
from tests.casework.post_office import PostOffice
from tests.postgresql import Server
from tests.robustness.arena import Arena, open_arena
from tests.robustness.small_disk import a_small_disk, empty, fill
from tests.robustness.test_hostile import LEAD, Site, require_page
from tests.web.reading import heading
from web.app import create_app

#: With what HTML must not take for its own.
TYPED = {"_key": "k", "_do": "save", "alias": "Å \"quoted\" <b>&amp; 'so' on"}
AWAY = "Samplan cannot save or show anything just now"


@pytest.fixture
def site(arena: Arena) -> Site:
    return Site(arena, *a_step(arena), create_app(arena.app, arena.app.settings))


def a_step(arena: Arena) -> tuple[UUID, UUID]:
    """A case and its first step, which is open."""
    case_id = arena.case_as_in("ac_01_arena_straight", steps=0)
    return case_id, arena.task(case_id, "describe_need")


def require_away(answer: httpx2.Response) -> None:
    require_page(answer)
    assert (answer.status_code, heading(answer)) == (503, AWAY)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["retry-after"] == "30"
    assert "content-security-policy" in answer.headers


def given_back(answer: httpx2.Response) -> tuple[str, list[tuple[str, str]]]:
    """What the page's button sends, and where to."""
    [address] = re.findall(r'<form [^>]*method="post" action="([^"]*)"', answer.text)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return unescape(address), [(unescape(name), unescape(value)) for name, value in fields]


def send_again(client: TestClient, answer: httpx2.Response) -> httpx2.Response:
    address, fields = given_back(answer)
    return client.post(address, data=dict(fields))


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_database_that_goes_away_is_said_and_comes_back(site: Site):
    client = site.client(LEAD)
    url = site.arena.app.settings.database_url
    name = site.arena.database.engine.url.database
    server = Database(url.replace(f"/{name}?", "/postgres?"), SystemClock())
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as shell:
        shell.execute(text(f'alter database "{name}" with allow_connections false'))
        shell.execute(
            text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"),
            {"name": name},
        )

        with capture_logs() as lines:
            answers = [client.get("/tasks"), client.get("/nowhere"), client.get("/sign-in")]
            sent = client.post(f"/tasks/{site.task_id}", data=TYPED)
            signing = client.post("/sign-in", data={"user_name": LEAD, "password": PASSWORD})
            large = client.post("/tasks", content=b"", headers={"content-length": "99999999"})
            health = client.get("/health")

        shell.execute(text(f'alter database "{name}" with allow_connections true'))
    server.close()
    for answer in (*answers, sent, signing, large):
        require_away(answer)
    assert given_back(sent) == (f"/tasks/{site.task_id}", list(TYPED.items()))
    assert "send it again" in signing.text
    assert PASSWORD not in signing.text
    assert health.status_code == 503
    assert {line["event"] for line in lines} == {"database away", "answered"}
    assert [line for line in lines if "exc_info" in line] == []

    assert client.get("/tasks").status_code == 200
    assert client.get("/health").status_code == 200
    assert send_again(client, sent).status_code == 303
    assert TYPED["alias"] in unescape(client.get(f"/tasks/{site.task_id}").text)


@pytest.mark.sqlite("its file cannot grow")
def test_a_full_disk_is_said_changes_nothing_and_passes(site: Site):
    client, before = site.client(LEAD), site.digest()
    engine = site.arena.database.engine
    page = client.get(f"/tasks/{site.task_id}")
    key = page.text.partition('name="_key" value="')[2].partition('"')[0]
    typed = {"_key": key, "_do": "save", "alias": "Anders" * 2000}

    def no_room(connection: object, _record: object) -> None:
        # SQLite answers as it does when the disk is full: SQLITE_FULL.
        connection.execute("pragma max_page_count = 1").close()  # type: ignore[attr-defined]

    event.listen(engine, "connect", no_room)
    engine.dispose()
    full = client.post(f"/tasks/{site.task_id}", data=typed)
    event.remove(engine, "connect", no_room)
    engine.dispose()

    require_away(full)
    assert site.digest() == before
    assert client.get("/tasks").status_code == 200
    assert send_again(client, full).status_code == 303


def test_a_fault_in_the_database_tells_no_values(site: Site):
    with pytest.raises(DBAPIError) as raised, site.arena.database.transaction() as tx:
        tx.execute(text("select * from nowhere where name = :name"), {"name": "Anna Andersson"})

    assert "Anna" not in str(raised.value)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_database_server_that_died_is_worked_with_again_without_hands(
    site: Site, postgresql_server: Server
):
    client, app = site.client(LEAD), site.arena.app
    client.get("/tasks")
    with worker.rounds(app) as one_round:
        postgresql_server.kill(signal.SIGQUIT)
        with pytest.raises(AWAY_ERRORS):
            one_round()
        away = client.post(f"/tasks/{site.task_id}", data=TYPED)
        health = client.get("/health")
        postgresql_server.start()
        sent = send_again(client, away)

        # Whoever only waited notices nothing.
        postgresql_server.kill()
        postgresql_server.start()
        seen = client.get(f"/tasks/{site.task_id}")
        one_round()

    require_away(away)
    assert (health.status_code, health.text) == (503, "no database")
    assert sent.status_code == 303
    assert seen.status_code == 200
    assert TYPED["alias"] in unescape(seen.text)
    assert client.get("/health").text == "well"


def test_a_disk_that_is_full_loses_nothing_and_needs_only_room(
    furnished_files: Path, clock: Fixed, tmp_path: Path
):
    with a_small_disk(tmp_path, megabytes=16) as disk:
        arena_copy(furnished_files, disk)
        app = open_arena(settings_in(disk), clock)
        arena = Arena(app, clock)
        case_id, task_id = a_step(arena)
        site = Site(arena, case_id, task_id, create_app(app, app.settings))
        client = site.client(LEAD)
        typed = {**TYPED, "alias": "Anders" * 20_000}
        fill(disk)
        full = [client.post(f"/tasks/{task_id}", data=typed) for _ in range(3)]
        health = client.get("/health")
        empty(disk)
        sent = send_again(client, full[-1])
        kept = client.get(f"/tasks/{task_id}")
        well = client.get("/health")
        arena.require_whole(case_id)
        app.close()

    for answer in full:
        require_away(answer)
    assert (health.status_code, health.text) == (503, "no room")
    assert sent.status_code == 303
    assert typed["alias"] in kept.text
    assert well.text == "well"


@pytest.mark.sqlite("the test's clock moves its jobs")
def test_mails_wait_until_the_mail_server_is_back(arena: Arena, office: PostOffice):
    mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port}
    arena.app.settings = arena.app.settings.model_copy(update=mail)
    arena.case_as_in("first_contact_late", steps=1)
    arena.clock.move(timedelta(days=1))
    with arena.transaction() as tx:
        written = notifications.write_digests(tx, arena.app, only_urgent=False)

    for fault in ("away", "closed", "drops"):
        setattr(office, fault, True)
        worker.run_round(arena.app)
        assert arena.count(Mail, Mail.sent.is_(None)) == written > 0
        setattr(office, fault, False)
        arena.clock.move(timedelta(minutes=11))
    worker.run_round(arena.app)

    assert arena.count(Mail, Mail.sent.is_(None)) == 0
    assert arena.count(Job) == 0
    # What was taken and not said so comes a second time, and shows that it is the same.
    told = Counter(each["Message-ID"] for each in office.mails)
    assert set(told.values()) == {2}
    assert len(told) == written


def test_machines_whose_clocks_are_an_hour_off_do_nothing_twice(settings: Settings, arena: Arena):
    late = arena.case_as_in("first_contact_late", steps=1)
    case_id, task_id = a_step(arena)
    hour = timedelta(hours=1)
    clocks = [Fixed(arena.clock.now() + off) for off in (-hour, timedelta(), hour)]
    apps = [open_arena(settings, each) for each in clocks]
    behind, _right, ahead = (
        Site(Arena(app, each), case_id, task_id, create_app(app, app.settings))
        for app, each in zip(apps, clocks, strict=True)
    )
    in_use = ahead.client(LEAD)
    slow = behind.client()
    slow.cookies.update(in_use.cookies)

    pages = [browser.get(f"/tasks/{task_id}").status_code for browser in (in_use, slow, in_use)]
    saved = slow.post(f"/tasks/{task_id}", data=TYPED)
    again = in_use.post(f"/tasks/{task_id}", data=TYPED)
    for each in clocks:
        each.move(timedelta(days=3) - timedelta(minutes=30))
    fired = [worker.run_round(app) > 0 for app in reversed(apps)]
    for each in clocks:
        each.move(timedelta(hours=2))
    for app in apps:
        worker.run_round(app)

    assert pages == [200] * 3
    assert (saved.status_code, again.status_code) == (303, 303)
    assert saved.headers["location"] == again.headers["location"]
    assert fired[0]
    assert arena.count(Task, Task.element_id == "see_to_first_contact") == 1
    arena.require_whole(late, case_id)
    for app in apps:
        app.close()


def test_a_clock_that_runs_ahead_ends_no_session_for_good(arena: Arena):
    site = Site(arena, *a_step(arena), create_app(arena.app, arena.app.settings))
    client = site.client(LEAD)
    arena.clock.move(timedelta(hours=1))
    ended = client.post(f"/tasks/{site.task_id}", data=TYPED)
    arena.clock.move(-timedelta(hours=1))

    back = client.post(f"/tasks/{site.task_id}", data=TYPED)

    assert ended.status_code == 401
    assert "What you typed is kept" in unescape(ended.text)
    assert back.status_code == 303
