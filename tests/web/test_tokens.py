"""Programs that act for somebody: making a token, what it opens, and all that ends it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from base.settings import Settings
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.tokens import rules
from casework.tokens.rules import BadLastDay, NoScope, TokenNameless, Window
from tests.web.reading import said
from tests.web.test_statements import listening
from tests.web.world import BEGIN, Site, open_site
from web.app import create_app

TODAY = date(2027, 2, 1)


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    """One site for all; a test that ends something does it to somebody of its own."""
    site = open_site(shared_settings)
    yield site
    site.close()


def make(client: TestClient, **changes: object) -> Response:
    """A token until the last day of 2027."""
    sent = {"name": "Diary", "last_day": "2027-12-31", "scope": ["tasks:read", "cases:read"]}
    return client.post("/me/tokens", data=sent | changes)


def secret_on(page: Response) -> str:
    [found] = re.findall(r"samplan_[\w-]{43}", page.text)
    return str(found)


def asks(site: Site, secret: str, path: str = "/api/v1/tasks") -> Response:
    return site.client().get(path, headers={"authorization": f"Bearer {secret}"})


def kept(site: Site) -> list[str]:
    with site.database.engine.connect() as connection:
        found = connection.exec_driver_sql("select * from access_token")
        return [repr(tuple(row)) for row in found]


def test_a_token_is_shown_once_and_opens_what_it_was_made_for(site: Site) -> None:
    sara = site.client("sara.lindqvist")

    made = make(sara)
    secret = secret_on(made)

    assert secret not in sara.get("/me/tokens").text
    assert asks(site, secret).status_code == 200
    assert asks(site, secret, "/api/v1/statistics").json()["code"] == "scope"
    assert asks(site, secret[:-1] + "x").json()["code"] == "token"
    assert "last used Monday 1 February" in said(sara.get("/me/tokens"))
    assert ("token.make", "") in site.written_down()
    assert secret not in " ".join(kept(site))


def test_cookies_do_not_work_there_nor_tokens_here(site: Site) -> None:
    sara = site.client("sara.lindqvist")
    bearer = {"authorization": f"Bearer {secret_on(make(sara))}"}

    assert sara.get("/api/v1/tasks").status_code == 401
    for answer in (
        site.client().get("/tasks", headers=bearer),
        site.client().post("/me/tokens", headers=bearer),
    ):
        assert answer.headers["location"].startswith("/sign-in")


def test_nobody_else_ends_a_token(site: Site) -> None:
    maria = site.client("maria.sandell")
    secret = secret_on(make(maria))
    [number] = re.findall(r"/me/tokens/(\d+)/revoke", maria.get("/me/tokens").text)

    refused = site.client("karl.moberg").post(f"/me/tokens/{number}/revoke")
    works = asks(site, secret).status_code
    maria.post(f"/me/tokens/{number}/revoke")

    assert (refused.status_code, works, asks(site, secret).status_code) == (404, 200, 401)
    assert ("token.revoke", "") in site.written_down()


def test_who_asks_too_often_waits(site: Site) -> None:
    secret = secret_on(make(site.client("moa.wall")))
    per_minute = site.app.state.api_per_minute
    counted = [asks(site, secret).status_code for _ in range(3)]
    site.app.state.api_per_minute = 4
    counted.append(asks(site, secret).status_code)

    refused = asks(site, secret)
    site.pass_time(timedelta(minutes=1))

    assert (per_minute, counted) == (120, [200] * 4)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["content-type"] == "application/problem+json"
    assert asks(site, secret).status_code == 200


def test_a_wrong_wish_makes_no_token(site: Site) -> None:
    client, before = site.client("tomas.bly"), len(kept(site))
    wrong: dict[str, dict[str, Any]] = {
        "Say which program this is for.": {"name": " "},
        "Choose at least one thing": {"scope": ["everything"]},
        "within a year from today": {"last_day": "never"},
    }

    for problem, changes in wrong.items():
        page = make(client, **changes)
        assert (page.status_code, problem in said(page)) == (422, True)
    assert len(kept(site)) == before


def test_what_may_be_asked_for() -> None:
    rules.require_right("Diary", ["tasks:read"], date(2028, 2, 1), TODAY)
    rules.require_right("Diary", rules.SCOPES, TODAY, TODAY)

    with pytest.raises(TokenNameless):
        rules.require_right("", ["tasks:read"], TODAY, TODAY)
    with pytest.raises(NoScope):
        rules.require_right("Diary", ["tasks:read", "more"], TODAY, TODAY)
    with pytest.raises(BadLastDay):
        rules.require_right("Diary", ["tasks:read"], date(2028, 2, 2), TODAY)


def test_a_minute_counts_from_its_first_question() -> None:
    window = Window(BEGIN).next(BEGIN).next(BEGIN + timedelta(seconds=59))

    assert window == Window(BEGIN, 2)
    assert window.wait(BEGIN + timedelta(seconds=59)) == 1
    assert window.next(BEGIN + timedelta(seconds=60)) == Window(BEGIN + timedelta(seconds=60), 1)


def test_every_web_server_counts_with_the_others(site: Site) -> None:
    """The count lies in the database; what is too much is refused before anything is written."""
    secret = secret_on(make(site.client("per.holm"), name="counted"))
    other = create_app(site.application, site.application.settings)
    site.app.state.api_per_minute = other.state.api_per_minute = 3
    headers = {"authorization": f"Bearer {secret}"}

    with TestClient(other, base_url="http://testserver") as there:
        answers = [there.get("/api/v1/tasks", headers=headers).status_code for _ in range(2)]
        answers += [asks(site, secret).status_code for _ in range(2)]
        with listening(site) as refused:
            answers.append(there.get("/api/v1/tasks", headers=headers).status_code)

    assert answers == [200, 200, 200, 429, 429]
    assert not [one for one in refused.statements if one.lstrip().lower().startswith("update")]


@pytest.mark.parametrize(
    ("user_name", "end"), [("nils.ek", "account"), ("siv.dahl", "role"), ("ida.rask", "time")]
)
def test_a_token_ends_with(site: Site, user_name: str, end: str) -> None:
    secret = secret_on(make(site.client(user_name)))
    before = asks(site, secret).status_code
    with site.database.transaction() as tx:
        account = site.actor(tx, user_name).account_id
        if end == "account":
            accounts.close_account(tx, account)
        if end == "role":
            for held in account_store.rows_of(tx, account, TODAY):
                held.valid_until = TODAY - timedelta(days=1)

    if end == "time":
        site.pass_time(timedelta(days=334))

    assert (before, asks(site, secret).status_code) == (200, 401)
