"""The database goes away, or its disk is full, while people work: a page, then all is well."""

import re
from html import unescape

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from base.clock import SystemClock
from base.db import Database
from tests.arena import PASSWORD
from tests.robustness.arena import Arena
from tests.robustness.test_hostile import LEAD, Site, require_page
from tests.web.reading import heading
from web.app import create_app

#: With what HTML must not take for its own.
TYPED = {"_key": "k", "_do": "save", "alias": "Å \"quoted\" <b>&amp; 'so' on"}
AWAY = "Samplan cannot save or show anything just now"


@pytest.fixture
def site(arena: Arena) -> Site:
    case_id = arena.case_as_in("ac_01_arena_straight", steps=0)
    app = create_app(arena.app, arena.app.settings)
    return Site(arena, case_id, arena.task(case_id, "describe_need"), app)


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
