"""The arrows of a diagram followed in the editor, over what is being drawn."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import with_gateway
from tests.browser.editor.studio import Studio, open_studio
from tests.browser.looking import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


def test_arrows_are_followed_by_the_keyboard_and_nothing_is_changed(
    page: Page, studio: Studio, complaints: list[str]
):
    page.emulate_media(reduced_motion="reduce")
    studio.source = with_gateway(studio.source)
    open_studio(page, studio)
    page.get_by_role("button", name="Följ pilarna").click()
    shown = page.get_by_role("dialog", name="Följ pilarna")
    on = shown.get_by_role("button", name="Gå vidare här")

    on.first.press("Enter")
    step = shown.get_by_role("button", name="Gå vidare här: Förbered med personen")
    expect(step).to_be_visible()
    assert violations(page) == []
    step.press("Enter")

    expect(shown.get_by_text("Vid slutet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).not_to_be_visible()
    expect(page.get_by_role("button", name="Följ pilarna")).to_be_focused()
    assert (studio.saved, complaints) == ([], [])
