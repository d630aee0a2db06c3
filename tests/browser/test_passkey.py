"""A passkey in a browser with a device of its own: the first proof set up, used, removed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from base.settings import Settings
from tests.arena import PASSWORD
from tests.browser.test_factor import look
from tests.browser.town import served
from tests.web.world import Site, open_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


def test_somebody_signs_in_with_a_device(site: Site, built: None, browser: Browser) -> None:
    with served(site) as address:
        here = address.replace("127.0.0.1", "localhost")
        settings = site.application.settings.model_copy(
            update={"public_url": here, "second_factor": "required"}
        )
        site.application.settings = site.app.state.settings = settings
        page = browser.new_page(locale="sv")
        give_device(page)
        page.goto(f"{here}/sign-in?next=/me/passkeys")
        page.get_by_label("Användarnamn", exact=True).fill("per.holm")
        page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Logga in", exact=True).click()
        expect(page.get_by_text("Välj en av två")).to_be_visible()
        look(page, "set-up-passkey")
        page.get_by_label("Vad kallar du enheten?").fill("Datorn på jobbet")
        page.get_by_role("button", name="Lägg till en lösennyckel").click()
        expect(page.locator(".sp-codes code")).to_have_count(10)
        page.get_by_role("link", name="Jag har sparat dem").click()
        expect(page.locator(".sp-row")).to_contain_text("Datorn på jobbet")
        look(page, "passkeys-one")

        sign_out(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
        look(page, "sign-in-with-passkey")
        page.goto(f"{here}/sign-in?next=/me/passkeys")
        page.get_by_role("button", name="Logga in med en lösennyckel").click()
        expect(page.locator(".sp-row")).to_contain_text("senast använd")

        sign_out(page)
        page.goto(f"{here}/sign-in?next=/me/passkeys")
        page.get_by_label("Användarnamn", exact=True).fill("per.holm")
        page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Logga in", exact=True).click()
        expect(page.get_by_role("button", name="Använd en lösennyckel")).to_be_visible()
        page.get_by_role("button", name="Använd en lösennyckel").click()
        page.get_by_role("button", name=re.compile("Ta bort")).click()
        expect(page.get_by_role("status")).to_contain_text("öppnar ingenting längre")

        sign_out(page)
        page.get_by_role("button", name="Logga in med en lösennyckel").click()
        expect(page.get_by_role("alert")).to_contain_text("godtogs inte")
        page.context.close()


def give_device(page: Page) -> None:
    """A device inside this browser, which makes sure who holds it and keeps what it makes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.locator(".sp-me summary").click()
    page.get_by_role("button", name="Logga ut").click()
