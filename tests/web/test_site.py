"""What holds for every page: headers, refusals, help, and the demonstration's own pages."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from base.lang import LANGUAGES
from tests.web.reading import addresses, heading, said
from tests.web.world import Site
from web.app import create_app

_PUBLIC = ["/sign-in", "/help", "/help/accessibility", "/help/privacy"]


@pytest.mark.parametrize("path", _PUBLIC)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_may_read_what_is_public(site: Site, path: str, language: str) -> None:
    page = site.client(language=language).get(path)

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


def test_every_answer_forbids_inline_script_and_is_not_kept(site: Site) -> None:
    answer = site.client().get("/sign-in")

    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert " style=" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://example.org"}]
)
def test_a_changing_request_from_another_site_is_refused(
    site: Site, headers: dict[str, str]
) -> None:
    client = site.client("per.holm")

    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/tasks").status_code == 200


def test_a_page_that_does_not_exist_says_so_and_leads_on(site: Site) -> None:
    page = site.client("per.holm").get("/tasks/not-an-id")

    assert page.status_code == 404
    assert heading(page) == "This page does not exist"
    assert addresses(page, r'data-variant="primary" href="([^"]+)"') == ["/"]


def test_a_fault_of_ours_is_said_without_detail(site: Site) -> None:
    @site.app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("a secret")

    client = TestClient(site.app, raise_server_exceptions=False)
    page = client.get("/broken", headers={"accept-language": "en"})

    assert page.status_code == 500
    assert heading(page) == "Something went wrong here"
    assert "secret" not in page.text


def test_contacts_are_found_by_name_and_group(site: Site) -> None:
    client = site.client("per.holm")

    everybody, lena = client.get("/contacts"), client.get("/contacts", params={"q": "lena ask"})

    assert everybody.text.count("<section") == 12
    assert "Lena Ask , representative, caseworker 0980-319 220 Arenagruppen Värnamo" in said(lena)
    assert lena.text.count("<section") == 1


def test_the_clock_of_a_demonstration_moves_forwards_only(site: Site) -> None:
    client = site.client()

    moved = client.post("/demo/clock", data={"days": 31})
    back = client.post("/demo/clock", data={"days": -1})

    assert "It is now Thursday 4 March 09:00." in said(client.get(moved.headers["location"]))
    assert back.status_code == 404
    assert site.database.now() - site.clock.now() == timedelta(days=31)


def test_a_real_installation_has_no_clock_to_move(site: Site) -> None:
    settings = site.application.settings.model_copy(update={"demo": False})
    client = TestClient(create_app(site.application, settings), follow_redirects=False)

    assert client.get("/demo/clock").status_code == 404
    assert client.get("/demo/mail").status_code == 404


def test_mails_that_were_not_sent_can_be_read(site: Site) -> None:
    page = site.client().get("/demo/mail")

    assert heading(page) == "Mails that would have been sent"
    assert "No mails yet" in said(page)


def test_the_menu_follows_the_role(site: Site) -> None:
    owner = site.client("jonas.wik").get("/contacts")
    lead = site.client("sara.lindqvist").get("/contacts")

    menu = r'<li><a href="(/[a-z]+)"(?: aria-current="page")?>(?!Help|My account)[A-Z]'
    assert addresses(owner, menu) == [
        "/routines",
        "/overview",
        "/reports",
        "/contacts",
        "/protection",
    ]
    assert addresses(lead, menu) == ["/tasks", "/cases", "/meetings", "/reports", "/contacts"]
