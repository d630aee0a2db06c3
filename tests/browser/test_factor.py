"""From the invitation to the second factor and back in without the telephone, in a browser."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from base import totp
from base.settings import Settings
from casework.accounts import codes
from casework.accounts import store as accounts
from tests.browser.looking import violations
from tests.browser.test_pages import STICKING_OUT, keep_picture
from tests.browser.town import served
from tests.web.world import Site, open_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

NEW = "ett nytt långt lösenord"


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings.model_copy(update={"second_factor": "required"}))
    yield site
    site.close()


def test_somebody_comes_in_with_two_factors(site: Site, built: None, browser: Browser) -> None:
    with site.database.transaction() as tx:
        per = accounts.by_user_name(tx, "per.holm")
        assert per is not None
        letters = codes.in_letters(tx, codes.issue(tx, per.id, codes.INVITATION))
    with served(site) as address:
        page = browser.new_page(locale="sv")
        page.goto(f"{address}/code/{letters}")
        page.get_by_label("Nytt lösenord").fill(NEW)
        page.get_by_role("button", name="Välj det").click()
        page.get_by_role("link", name="Logga in").click()
        sign_in(page)
        look(page, "set-up-factor")
        page.get_by_text("Går det inte att skanna?").click()
        secret = page.locator(".sp-secret").inner_text().replace(" ", "")
        give(page, "Kod från appen", code(site, secret), "Ställ in")
        look(page, "recovery-codes")
        [first, *others] = page.locator(".sp-codes code").all_inner_texts()
        assert len(others) == 9
        page.get_by_role("link", name="Jag har sparat dem").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")

        for typed in (code(site, secret), first):
            sign_out(page)
            sign_in(page)
            look(page, "second-factor")
            give(page, "Kod", "000000", "Logga in")
            expect(page.get_by_role("alert")).to_contain_text("Det är inte koden")
            give(page, "Kod", typed, "Logga in")
            expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")
        page.context.close()


def sign_in(page: Page) -> None:
    page.get_by_label("Användarnamn").fill("per.holm")
    page.get_by_label("Lösenord").fill(NEW)
    page.get_by_role("button", name="Logga in").click()


def sign_out(page: Page) -> None:
    page.locator(".sp-me summary").click()
    page.get_by_role("button", name="Logga ut").click()


def give(page: Page, label: str, typed: str, button: str) -> None:
    page.get_by_label(re.compile(f"^{label}$")).fill(typed)
    page.get_by_role("button", name=button).click()


def code(site: Site, secret: str) -> str:
    """What the telephone shows; half a minute later, as no code works twice."""
    site.pass_time(timedelta(seconds=30))
    return totp.code_at(secret, site.clock.now())


def look(page: Page, name: str) -> None:
    """At a desk by day, on a telephone by night."""
    for width, scheme in ((360, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        keep_picture(page, f"{name}-{width}-{scheme}")
        assert violations(page) == []
        assert page.evaluate(STICKING_OUT) <= 0
