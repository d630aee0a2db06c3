"""Signing in and out, languages, and answers that outlive a session."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.arena import PASSWORD
from tests.web.reading import fields, heading, said, title
from tests.web.world import Site


def test_the_first_page_asks_to_sign_in(site: Site) -> None:
    client = site.client(language="sv")

    answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert heading(client.get("/sign-in")) == "Logga in"


def test_a_wrong_password_says_so_and_keeps_the_name(site: Site) -> None:
    client = site.client()

    page = client.post("/sign-in", data={"user_name": "per.holm", "password": "a guess"})

    assert page.status_code == 422
    assert title(page).startswith("Error: Sign in")
    assert fields(page)["user_name"] == "per.holm"
    assert client.get("/tasks").headers["location"] == "/sign-in?next=/tasks"


def test_signing_in_leads_where_one_wanted_to_go(site: Site) -> None:
    client = site.client()

    answer = client.post(
        "/sign-in", data={"user_name": "per.holm", "password": PASSWORD, "next": "/contacts"}
    )

    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/contacts"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org"])
def test_signing_in_never_leads_to_another_site(site: Site, elsewhere: str) -> None:
    client = site.client()

    answer = client.post(
        "/sign-in", data={"user_name": "per.holm", "password": PASSWORD, "next": elsewhere}
    )

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("who", "place"),
    [("sara.lindqvist", "/tasks"), ("eva.lund", "/overview"), ("jonas.wik", "/routines")],
)
def test_work_begins_where_the_role_has_it(site: Site, who: str, place: str) -> None:
    assert site.client(who).get("/").headers["location"] == place


def test_after_signing_out_nothing_opens(site: Site) -> None:
    client = site.client("per.holm")

    client.post("/sign-out")

    assert client.get("/tasks").status_code == 303


def test_a_session_in_use_lasts_longer_than_an_hour(site: Site) -> None:
    client = site.client("per.holm")
    for _ in range(3):
        site.pass_time(timedelta(minutes=40))
        client.get("/tasks")

    assert client.get("/tasks").status_code == 200


def test_the_language_is_kept_with_the_account(site: Site) -> None:
    site.client("per.holm").post("/language", data={"language": "de", "next": "/tasks"})
    client = site.client(language="sv")
    client.post("/sign-in", data={"user_name": "per.holm", "password": PASSWORD})

    assert heading(client.get("/tasks")) == "Meine Aufgaben"


def a_task_of_sara(site: Site) -> tuple[UUID, str]:
    """Describing the need of a new case, and the key drawn with its form."""
    case_id = site.case_as_in("ac_01_arena_straight")
    task_id = site.open_step(case_id, "describe_need")
    page = site.client("sara.lindqvist").get(f"/tasks/{task_id}")
    return task_id, fields(page)["_key"]


def test_answers_typed_in_an_ended_session_come_back_to_the_same_person(site: Site) -> None:
    task_id, key = a_task_of_sara(site)
    client = site.client("sara.lindqvist")
    site.pass_time(timedelta(hours=2))

    asked = client.post(
        f"/tasks/{task_id}", data={"_key": key, "_do": "complete", "alias": "blue bicycle"}
    )
    again = client.post(
        "/sign-in", data={**fields(asked), "user_name": "sara.lindqvist", "password": PASSWORD}
    )

    assert asked.status_code == 401
    assert "What you typed is kept" in said(asked)
    assert "blue bicycle" not in asked.text
    assert heading(again) == "Describe the need"
    assert fields(again)["alias"] == "blue bicycle"
    assert fields(again)["_key"] == key
    assert fields(client.get(f"/tasks/{task_id}"))["alias"] == ""


def test_answers_typed_in_an_ended_session_are_not_shown_to_anybody_else(site: Site) -> None:
    task_id, key = a_task_of_sara(site)
    client = site.client("sara.lindqvist")
    site.pass_time(timedelta(hours=2))
    asked = client.post(f"/tasks/{task_id}", data={"_key": key, "alias": "blue bicycle"})

    other = client.post(
        "/sign-in", data={**fields(asked), "user_name": "maria.sandell", "password": PASSWORD}
    )
    page = client.get(other.headers["location"])

    assert other.status_code == 303
    assert "Det som någon annan hade skrivit här är borttaget" in said(page)
    assert "blue bicycle" not in page.text


def test_kept_answers_survive_a_wrong_password(site: Site) -> None:
    task_id, key = a_task_of_sara(site)
    client = site.client("sara.lindqvist")
    site.pass_time(timedelta(hours=2))
    asked = client.post(f"/tasks/{task_id}", data={"_key": key, "alias": "blue bicycle"})

    wrong = client.post(
        "/sign-in", data={**fields(asked), "user_name": "sara.lindqvist", "password": "no"}
    )
    again = client.post(
        "/sign-in", data={**fields(wrong), "user_name": "sara.lindqvist", "password": PASSWORD}
    )

    assert fields(again)["alias"] == "blue bicycle"


def test_answers_of_nobody_are_not_kept(site: Site) -> None:
    task_id, key = a_task_of_sara(site)

    asked = site.client().post(f"/tasks/{task_id}", data={"_key": key, "alias": "blue bicycle"})

    assert asked.status_code == 401
    assert "could not be kept" in said(asked)
    assert "_kept" not in fields(asked)
