"""The second factor: set up, asked for, lost and replaced; and what must not get anybody in."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from base import clock, totp
from base.settings import Settings
from casework.accounts import queries
from casework.accounts import store as account_store
from casework.calendar import actions as calendar
from casework.notifications import store as mails
from casework.tokens import actions as tokens
from tests.arena import PASSWORD
from tests.rights import asking, table
from tests.rights.ids import NONSENSE
from tests.web.reading import addresses, fields, heading, said, title
from tests.web.world import Site, open_site

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings.model_copy(update={"second_factor": "required"}))
    yield site
    site.close()


def half_in(site: Site, who: str, password: str = PASSWORD) -> TestClient:
    """A browser after the first of two pages."""
    client = site.client()
    sent = {"user_name": who, "password": password, "next": "/contacts"}
    answer = client.post("/sign-in", data=sent)
    assert answer.status_code == 303, said(answer)
    return client


def code(site: Site, secret: str) -> str:
    """What the app shows now; half a minute later, as no code works twice."""
    site.pass_time(timedelta(seconds=30))
    return totp.code_at(secret, site.clock.now())


def secret_on(page: Response) -> str:
    found = re.search(r'class="sp-secret"><code>([A-Z2-7 ]+)</code>', page.text)
    assert found is not None, said(page)
    return found[1].replace(" ", "")


def recovery_codes_on(page: Response) -> list[str]:
    return re.findall(r"(?:[B-Z]{4}-){2}[B-Z]{4}", page.text)


def equipped(site: Site, who: str, password: str = PASSWORD) -> tuple[TestClient, str, list[str]]:
    """Somebody who has just set up their app: browser, secret and recovery codes."""
    client = half_in(site, who, password)
    page = client.get("/sign-in/set-up")
    secret = secret_on(page)
    done = client.post("/sign-in/set-up", data=fields(page) | {"code": code(site, secret)})
    assert done.status_code == 200, said(done)
    return client, secret, recovery_codes_on(done)


def account_of(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        account = account_store.by_user_name(tx, user_name)
        assert account is not None
        return account.id


def is_in(client: TestClient) -> bool:
    return client.get("/me").status_code == 200


def test_whoever_has_none_sets_one_up_and_is_asked_for_it_from_then_on(site: Site) -> None:
    client = half_in(site, "per.holm")
    page = client.get(client.get("/sign-in/code?next=/contacts").headers["location"])
    secret = secret_on(page)
    wrong = client.post("/sign-in/set-up", data=fields(page) | {"code": "123456"})
    right = code(site, secret)

    done = client.post("/sign-in/set-up", data=fields(wrong) | {"code": right})

    assert (wrong.status_code, secret_on(wrong)) == (422, secret)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert len(set(recovery_codes_on(done))) == 10
    assert 'href="/contacts"' in done.text
    assert is_in(client)
    client = half_in(site, "per.holm")
    assert heading(client.get("/sign-in/code")) == "One more step"
    answer = client.post("/sign-in/code", data={"code": code(site, secret), "next": "/contacts"})
    assert answer.headers["location"] == "/contacts"
    assert is_in(client)


def test_a_code_works_once(site: Site) -> None:
    _, secret, _ = equipped(site, "nils.ek")
    shown, first, second = code(site, secret), *(half_in(site, "nils.ek") for _ in "ab")

    in_time = first.post("/sign-in/code", data={"code": shown})
    again = second.post("/sign-in/code", data={"code": shown})

    assert (in_time.status_code, again.status_code) == (303, 422)
    assert title(again).startswith("Error: One more step")
    assert not is_in(second)
    assert ("refused.sign_in", "second_factor") in site.written_down()


def test_guessing_ends_the_half_session_and_locks_nobody_out(site: Site) -> None:
    _, secret, _ = equipped(site, "eva.lund")
    guesser, right = half_in(site, "eva.lund"), half_in(site, "eva.lund")

    answers = [guesser.post("/sign-in/code", data={"code": "000000"}) for _ in range(5)]
    late = guesser.post("/sign-in/code", data={"code": code(site, secret)})

    assert {answer.status_code for answer in answers} == {422}
    assert late.headers["location"].startswith("/sign-in?")
    assert not is_in(guesser)
    assert right.post("/sign-in/code", data={"code": code(site, secret)}).status_code == 303


def test_further_guesses_wait_however_often_one_signs_in(site: Site) -> None:
    _, secret, _ = equipped(site, "karin.holt")
    for _ in range(2):
        guesser = half_in(site, "karin.holt")
        for _ in range(4):
            guesser.post("/sign-in/code", data={"code": "000000"})
    shown = totp.code_at(secret, site.clock.now() + timedelta(seconds=30))

    early = half_in(site, "karin.holt").post("/sign-in/code", data={"code": shown})
    site.pass_time(timedelta(seconds=30))
    later = half_in(site, "karin.holt").post("/sign-in/code", data={"code": shown})

    assert "Wait 1 second, then try again" in said(early)
    assert later.status_code == 303


def test_half_a_session_opens_nothing_at_all(site: Site) -> None:
    client = half_in(site, "jonas.wik")
    client.cookies.set("samplan", client.cookies["samplan-half"])

    opened = [
        route.name
        for route in table.routes().values()
        if not route.open and route.method in {"GET", "POST"}
        if asking.outcome(
            client.request(
                route.method,
                _PARAMETER.sub(lambda found: NONSENSE[found[1]][0], route.path),
                headers={"x-samplan-request": "editor"},
            )
        )
        not in {"sign in", "404"}
    ]

    assert opened == []
    assert client.get("/").headers["location"] == "/sign-in"


def test_half_a_session_lasts_ten_minutes(site: Site) -> None:
    client = half_in(site, "jonas.wik")
    site.pass_time(timedelta(minutes=10))

    late = client.get("/sign-in/set-up")

    assert "said=half-over" in late.headers["location"]
    assert "That took too long" in said(client.get(late.headers["location"]))


def test_a_recovery_code_opens_its_own_account_once(site: Site) -> None:
    _, _, hers = equipped(site, "maria.sandell")
    _, _, his = equipped(site, "stefan.grund")

    foreign = half_in(site, "stefan.grund").post("/sign-in/code", data={"code": hers[0]})
    typed = {"code": his[0].lower().replace("-", " ")}
    own = half_in(site, "stefan.grund").post("/sign-in/code", data=typed)
    again = half_in(site, "stefan.grund").post("/sign-in/code", data=typed)

    assert [foreign.status_code, own.status_code, again.status_code] == [422, 303, 422]
    assert ("account.recovered", "") in site.written_down()


def test_neither_secret_nor_recovery_code_is_in_the_database(site: Site) -> None:
    _, secret, codes = equipped(site, "ida.rask")

    with site.database.reading() as tx:
        factor = queries.factor(tx, account_of(site, "ida.rask"))
    assert factor is not None
    assert secret.encode() not in factor.secret
    kept = site.database.engine.raw_connection()
    try:
        found = kept.cursor().execute("select digest from recovery_code").fetchall()
    finally:
        kept.close()
    assert not {code.replace("-", "").encode() for code in codes} & {row[0] for row in found}


def test_another_app_needs_the_present_one_and_ends_other_sessions(site: Site) -> None:
    client, secret, codes = equipped(site, "berit.ny")
    other = half_in(site, "berit.ny")
    other.post("/sign-in/code", data={"code": codes[0]})
    page = client.get("/me/second-factor")
    fresh = secret_on(page)

    def replaced(present: str) -> Response:
        sent = {"sealed": fields(page)["sealed"], "code": totp.code_at(fresh, site.clock.now())}
        return client.post("/me/second-factor", data=sent | {"present": present})

    refused = replaced("000000")
    still_in = is_in(other)
    done = replaced(code(site, secret))

    assert (refused.status_code, still_in) == (422, True)
    assert (len(recovery_codes_on(done)), is_in(client), is_in(other)) == (10, True, False)
    old, new = half_in(site, "berit.ny"), half_in(site, "berit.ny")
    assert old.post("/sign-in/code", data={"code": codes[1]}).status_code == 422
    assert new.post("/sign-in/code", data={"code": code(site, fresh)}).status_code == 303


def test_somebody_elses_picture_sets_nothing_up(site: Site) -> None:
    """What the form carries is sealed for one account."""
    client, other = half_in(site, "amir.noor"), half_in(site, "leo.park")
    page = other.get("/sign-in/set-up")

    sent = fields(page) | {"code": code(site, secret_on(page))}
    answer = client.post("/sign-in/set-up", data=sent)

    assert answer.status_code == 422
    assert not is_in(client)


def test_whoever_has_a_second_factor_cannot_set_one_up_with_the_password_alone(site: Site) -> None:
    equipped(site, "gun.sten")
    client = half_in(site, "gun.sten")

    asked = client.get("/sign-in/set-up")
    sent = client.post("/sign-in/set-up", data={"sealed": "00", "code": "123456"})

    assert asked.headers["location"].startswith("/sign-in?")
    assert sent.headers["location"].startswith("/sign-in?")
    assert not is_in(client)


def test_answers_typed_in_an_ended_session_come_back_after_both_pages(site: Site) -> None:
    sara, secret, _ = equipped(site, "sara.lindqvist")
    case_id = site.case_as_in("ac_01_arena_straight")
    task = f"/tasks/{site.open_step(case_id, 'describe_need')}"
    key = fields(sara.get(task))["_key"]
    site.pass_time(timedelta(hours=2))
    asked = sara.post(task, data={"_key": key, "_do": "complete", "alias": "blue bicycle"})

    typed = {**fields(asked), "user_name": "sara.lindqvist", "password": PASSWORD}
    second = sara.post("/sign-in", data=typed)
    again = sara.post("/sign-in/code", data=fields(second) | {"code": code(site, secret)})

    assert "What you typed is kept" in said(second)
    assert "blue bicycle" not in second.text
    assert fields(again)["alias"] == "blue bicycle"


def test_new_recovery_codes_replace_the_old_ones(site: Site) -> None:
    client, _, old = equipped(site, "lena.ask")

    assert client.post("/me/second-factor/codes", data={"present": old[0]}).status_code == 200
    page = client.post("/me/second-factor/codes", data={"present": old[1]})

    assert page.status_code == 422
    assert "10 reservkoder är kvar." in said(client.get("/me/second-factor"))


def a_program(site: Site, who: str) -> tuple[str, str]:
    """A program of theirs and the path of their calendar, both of use."""
    with site.database.transaction() as tx:
        actor, app = site.actor(tx, who), site.application
        last_day = clock.today(tx, app.zone)
        made = tokens.make_token(
            tx, app, actor, name="Lists", scopes=["tasks:read"], last_day=last_day
        )
        feed = urlsplit(calendar.make_feed(tx, app, actor)).path
        assert tokens.recognise(tx, made.secret) is not None
    assert site.client().get(feed).status_code == 200
    return made.secret, feed


def test_a_manager_lets_somebody_begin_anew(site: Site) -> None:
    sofia, _, _ = equipped(site, "sofia.alm")
    manager, _, _ = equipped(site, "rolf.vik")
    program, feed = a_program(site, "sofia.alm")
    path = f"/accounts/{account_of(site, 'sofia.alm')}/anew"

    unasked = manager.post(path)
    paper = manager.post(path, data={"checked": "in_person"})

    assert "Säg hur du har förvissat dig om att det är personen." in said(unasked)
    assert not is_in(sofia)
    with site.database.reading() as tx:
        assert tokens.recognise(tx, program) is None
    assert site.client().get(feed).status_code == 404
    with site.database.reading() as tx:
        [mail] = [one for one in mails.mails(tx, 50) if "börjar om" in one.subject]
    letters = re.search(r"(?:[B-Z]{4}-){5}[B-Z]{4}", paper.text)
    assert letters is not None
    assert letters[0] not in mail.body
    typed = {"user_name": "sofia.alm", "password": PASSWORD}
    assert site.client().post("/sign-in", data=typed).status_code == 422
    new = "another long password"
    site.client().post("/code", data={"code": letters[0], "new": new})
    equipped(site, "sofia.alm", new)


def test_without_the_requirement_one_may_have_one_all_the_same(site: Site) -> None:
    site.app.state.settings = site.app.state.settings.model_copy(update={"second_factor": "off"})
    client = half_in(site, "petra.lind")
    page = client.get("/me/second-factor")
    sent = fields(page) | {"code": code(site, secret_on(page))}

    wrong = client.post("/me/second-factor/first", data=sent | {"password": "a guess"})
    done = client.post("/me/second-factor/first", data=sent | {"password": PASSWORD})

    assert (wrong.status_code, done.status_code) == (422, 200)
    assert addresses(wrong, r"\"#(?:code|password)") == ['"#password']
    assert not is_in(half_in(site, "petra.lind"))
