"""Whatever is sent, the answer is a page that a person understands, and nothing has changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from base.db import Table
from tests.arena import PASSWORD
from tests.robustness.arena import Arena
from web.app import create_app

LEAD, STRANGER = "sara.lindqvist", "karl.moberg"
FORM = {"content-type": "application/x-www-form-urlencoded"}
#: Who looks, who was refused and when a session was used is written down in any case.
TRACES = {"access_log", "audit", "audit_head", "session", "account_session", "sign_in_attempt"}


@dataclass
class Site:
    """The arena behind its pages, with one case whose first step is open."""

    arena: Arena
    case_id: UUID
    task_id: UUID
    app: Any

    def client(self, user_name: str | None = None) -> TestClient:
        client = TestClient(self.app, base_url="http://testserver", follow_redirects=False)
        client.headers["accept-language"] = "en"
        if user_name is not None:
            sent = {"user_name": user_name, "password": PASSWORD, "next": "/tasks"}
            assert client.post("/sign-in", data=sent).status_code == 303
        return client

    def digest(self) -> Mapping[str, str]:
        """Of the content of every table but the traces."""
        found = {}
        with self.arena.database.reading() as tx:
            for name, table in Table.metadata.tables.items():
                if name not in TRACES:
                    rows = sorted(map(repr, tx.execute(select(table)).all()))
                    found[name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
        return found


@pytest.fixture
def site(arena: Arena) -> Site:
    case_id = arena.case_as_in("ac_01_arena_straight", steps=0)
    app = create_app(arena.app, arena.app.settings)
    return Site(arena, case_id, arena.task(case_id, "describe_need"), app)


def require_page(answer: httpx2.Response) -> None:
    """A page with a heading and a way on; nothing of our inside."""
    assert "<h1" in answer.text, answer.text[:300]
    assert 'href="/' in answer.text
    for inside in ("Traceback", "sqlalchemy", "psycopg", "sqlite3"):
        assert inside not in answer.text


MB = "å" * 500_000
ANSWERS: Mapping[str, tuple[Any, set[int]]] = {
    "wrong types": (
        {"birth_year": "nineteen", "urgency": "purple", "orgs_needed": "nowhere"},
        {422},
    ),
    "a list for a number": ({"birth_year": ["1987", "1988", "x"]}, {422}),
    "a megabyte": ({"alias": "a" * 1_000_000}, {422}),
    "three megabytes": ({"alias": MB}, {400, 413}),
    "four megabytes": ({"alias": MB * 4}, {413}),
    "an unknown field": ({"no_such_field": "1", "__proto__[x]": "1"}, {422}),
    "five thousand fields": ({f"f{n}": "1" for n in range(5000)}, {400, 413, 422}),
    "rows without end": ({f"tried[{n}].text": "x" for n in range(1500)}, {422}),
    "a row far away": ({"goals[99999999].text": "x", "goals[-1].text": "y"}, {422}),
    "control characters": ({"alias": "a\x00b\x01c\x1b[31m\u202e", "tried": "\x00"}, {422}),
    "a number without end": ({"birth_year": "9" * 5000}, {422}),
    "not a number": ({"birth_year": "NaN"}, {422}),
    "broken text": (b"alias=%ff%fe%c3%28&tried=\xff\xfe", {400, 422}),
    "half a pair": ("alias=%ED%A0%80&_key=k", {400, 422}),
    "no form at all": (b'{"alias": 1}', {400, 422}),
}


@pytest.mark.parametrize(("sent", "statuses"), ANSWERS.values(), ids=ANSWERS)
def test_answers_that_cannot_be_right_change_nothing(site: Site, sent: Any, statuses: set[int]):
    client, before = site.client(LEAD), site.digest()
    body = {"data": {**sent, "_key": "k"}} if isinstance(sent, dict) else {"content": sent}

    answer = client.post(f"/tasks/{site.task_id}", headers=FORM, **body)

    assert answer.status_code in statuses, answer.text[:500]
    require_page(answer)
    assert site.digest() == before


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("GET", "/tasks/{other}"),
        ("POST", "/tasks/{other}"),
        ("POST", "/tasks/{other}/give"),
        ("GET", "/tasks/1"),
        ("GET", "/cases/{other}"),
        ("GET", "/cases/{other}/diagram"),
        ("GET", "/cases/{other}/hear/consent_withdrawn"),
        ("POST", "/cases/{other}/hear/consent_withdrawn"),
        ("POST", "/cases/{case}/hear/no_such_message"),
        ("GET", "/meetings/999999"),
        ("GET", "/meetings/99999999999999999999999"),
        ("POST", "/meetings/99999999999999999999999/place"),
        ("GET", "/tasks/%00"),
        ("GET", "/cases/{case}/hear/%00"),
        ("GET", "/..%2f..%2fetc/passwd"),
    ],
)
def test_what_does_not_exist_is_not_found(site: Site, method: str, place: str):
    client, before = site.client(LEAD), site.digest()
    path = place.format(other=uuid4(), case=site.case_id)

    answer = client.request(
        method, path, data={"_key": "k", "account": "1"} if method == "POST" else None
    )

    assert answer.status_code == 404
    require_page(answer)
    assert site.digest() == before


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("GET", "/tasks/{task}"),
        ("POST", "/tasks/{task}"),
        ("POST", "/tasks/{task}/give"),
        ("GET", "/cases/{case}"),
        ("GET", "/cases/{case}/diagram"),
        ("POST", "/cases/{case}/hear/consent_withdrawn"),
    ],
)
def test_what_is_somebody_elses_does_not_exist_either(site: Site, method: str, place: str):
    client, before = site.client(STRANGER), site.digest()
    path = place.format(task=site.task_id, case=site.case_id)

    answer = client.request(
        method, path, data={"_key": "k", "account": "1"} if method == "POST" else None
    )

    assert answer.status_code == 404
    assert site.digest() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
    ],
)
def test_a_form_of_another_site_is_refused(site: Site, headers: Mapping[str, str]):
    client, before = site.client(LEAD), site.digest()

    for place in (f"/tasks/{site.task_id}", "/cases/new", "/sign-out", "/language"):
        assert client.post(place, data={"_key": "k"}, headers=dict(headers)).status_code == 403
    assert site.digest() == before


@pytest.mark.both
@pytest.mark.parametrize("query", ["\x00", "%", "_" * 100, "'; drop table task; --", "\ud83d", MB])
def test_a_search_for_anything_is_a_page(site: Site, query: str):
    client = site.client(LEAD)

    for place in ("/tasks", "/cases", "/contacts"):
        sent = query.encode("utf-8", "surrogatepass")[:4000]
        answer = client.get(place, params={"q": sent})
        assert answer.status_code in (200, 404), (place, answer.status_code)
        require_page(answer)


@pytest.mark.both
@pytest.mark.parametrize("name", ["\x00", "sara\x00.lindqvist", "å" * 5000, "", "\u202e"])
def test_nobody_signs_in_with_a_strange_name(site: Site, name: str):
    answer = site.client().post("/sign-in", data={"user_name": name, "password": "x\x00"})

    assert answer.status_code == 422
    require_page(answer)


@pytest.mark.parametrize("token", ["", "x", "å", "a" * 9000, "%00", "../../etc/passwd"])
def test_a_strange_session_is_no_session(site: Site, token: str):
    client = site.client()

    answer = client.get("/tasks", headers={"cookie": f"samplan={token}".encode()})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.both
def test_answers_typed_in_an_ended_session_come_back_to_their_writer_alone(site: Site):
    client, before = site.client(LEAD), site.digest()
    site.arena.clock.move(timedelta(hours=13))
    typed = {"alias": "Anders i backen", "_key": "k", "_do": "complete"}

    lost = client.post(f"/tasks/{site.task_id}", data=typed)
    kept = lost.text.partition('name="_kept" value="')[2].partition('"')[0]
    again = {"password": PASSWORD, "_kept": kept, "next": f"/tasks/{site.task_id}"}
    theirs = site.client().post("/sign-in", data={**again, "user_name": LEAD})
    others = site.client().post("/sign-in", data={**again, "user_name": STRANGER})
    spoiled = {**again, "_kept": kept[:-2] + ("00" if kept[-2:] != "00" else "11")}
    forged = site.client().post("/sign-in", data={**spoiled, "user_name": LEAD})

    assert lost.status_code == 401
    assert "Anders i backen" not in lost.text
    assert "Anders i backen" in theirs.text
    assert "Anders i backen" not in others.text + forged.text
    assert (others.status_code, forged.status_code) == (303, 303)
    assert site.digest() == before


def test_a_body_that_hides_its_size_is_cut_off(site: Site):
    client, before = site.client(LEAD), site.digest()

    def endless():
        for _ in range(5_000):
            yield b"a" * 10_000

    answer = client.post(f"/tasks/{site.task_id}", headers=FORM, content=endless())

    assert answer.status_code == 413
    require_page(answer)
    assert site.digest() == before
