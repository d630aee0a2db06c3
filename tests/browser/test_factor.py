"""Ways in, in a browser: invitation, password, second factor, and what is tried with them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from base import totp
from base.settings import Settings
from casework.accounts import codes
from casework.accounts import store as accounts
from tests.arena import PASSWORD
from tests.browser.looking import violations
from tests.browser.test_pages import STICKING_OUT, keep_picture
from tests.browser.town import served
from tests.web.world import Site, open_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

NEW = "ett nytt långt lösenord"
NEWER = "ett annat långt lösenord"


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings.model_copy(update={"second_factor": "required"}))
    yield site
    site.close()


@pytest.mark.wide
def test_somebody_comes_in_with_two_factors(site: Site, built: None, browser: Browser) -> None:
    letters = invited(site, "per.holm")
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
        used = code(site, secret)
        give(page, "Kod från appen", used, "Ställ in")
        look(page, "recovery-codes")
        [first, *others] = page.locator(".sp-codes code").all_inner_texts()
        assert len(others) == 9
        page.get_by_role("link", name="Jag har sparat dem").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")

        for typed in (code(site, secret), first):
            sign_out(page)
            sign_in(page)
            look(page, "second-factor")
            for wrong in ("000000", used):
                give(page, "Kod", wrong, "Logga in")
                expect(page.get_by_role("alert")).to_contain_text("Det är inte koden")
            give(page, "Kod", typed, "Logga in")
            expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")
            used = typed
        page.context.close()


@pytest.mark.wide
def test_ways_in_and_what_is_tried_with_them(
    shared_settings: Settings, built: None, browser: Browser
) -> None:
    """An invitation used twice, a lost password asked for by others, a guessed one."""
    site = open_site(shared_settings)
    with served(site) as address:
        page = browser.new_page(locale="sv")
        letters = invited(site, "maria.sandell")
        for problem in (None, "koden är använd"):
            page.goto(f"{address}/code/{letters}")
            page.get_by_label("Nytt lösenord").fill(NEW)
            page.get_by_role("button", name="Välj det").click()
            if problem:
                expect(page.get_by_role("alert")).to_contain_text(problem)

        answers = []
        for user_name in ("maria.sandell", "nobody.at.all"):
            page.goto(f"{address}/forgotten")
            page.get_by_label("Användarnamn").fill(user_name)
            page.get_by_role("button", name="Skicka mig en länk").click()
            answers.append(page.get_by_role("status").inner_text())
        assert answers[0] == answers[1]
        page.goto(f"{address}/code/{last_code(site, 'maria.sandell')}")
        page.get_by_label("Nytt lösenord").fill(NEWER)
        page.get_by_role("button", name="Välj det").click()
        page.get_by_role("link", name="Logga in").click()

        sign_in(page, "maria.sandell", NEW)
        expect(page.get_by_role("alert")).to_contain_text("stämmer inte")
        sign_in(page, "maria.sandell", NEWER)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")
        sign_out(page)
        for _ in range(6):
            sign_in(page, "maria.sandell", "a guess of somebody's")
        sign_in(page, "maria.sandell", NEWER)
        expect(page.get_by_role("alert")).to_contain_text("Vänta")
        look(page, "wait-and-sign-in")
        sign_in(page, "lena.ask", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")
        page.context.close()
    site.close()


def invited(site: Site, user_name: str) -> str:
    """The code on the letter."""
    with site.database.transaction() as tx:
        account = accounts.by_user_name(tx, user_name)
        assert account is not None
        return codes.in_letters(tx, codes.issue(tx, account.id, codes.INVITATION))


def last_code(site: Site, user_name: str) -> str:
    """What stands in the mail."""
    with site.database.reading() as tx:
        account = accounts.by_user_name(tx, user_name)
        assert account is not None
        [wanted] = [one for one in accounts.codes_of(tx, account.id) if one.kind == codes.RESET]
        return codes.in_letters(tx, wanted)


def sign_in(page: Page, user_name: str = "per.holm", password: str = NEW) -> None:
    page.get_by_label("Användarnamn", exact=True).fill(user_name)
    page.get_by_label("Lösenord", exact=True).fill(password)
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
        assert page.locator("main .ds-button[data-variant=primary]:visible").count() <= 1
