"""The editor for whoever reads: nobody is shut out, in their language, by nothing but looking."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editor.studio import MOMENT, Studio, open_studio, pass_pause, shape
from tests.browser.looking import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


def tool(page: Page) -> Locator:
    """What draws a task."""
    return page.locator(".djs-palette [data-action='create.task']")


def shown(page: Page) -> str:
    """Which part of the diagram, and how large."""
    return str(page.locator("#canvas .viewport").get_attribute("transform"))


def expect_other(page: Page, before: str) -> None:
    """Sooner or later another part, or another size."""
    expect(page.locator("#canvas .viewport")).not_to_have_attribute("transform", before)


def test_nothing_on_the_page_shuts_anyone_out(page: Page, studio: Studio):
    open_studio(page, studio)
    shape(page, "prepare").click()
    page.locator(".djs-context-pad.open").wait_for()
    expect(tool(page)).to_have_attribute("aria-label", "Rita uppgift")
    expect(page.get_by_role("button", name="Visa eller dölj avsnittet").first).to_be_visible()

    page.get_by_text("Alla inställningar").click()
    expect(page.locator("#panel")).to_contain_text("Formulärets id")

    assert violations(page) == []


def test_a_reader_sees_the_diagram_fitted_to_the_window_and_can_change_nothing(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.editing = "false"
    page.clock.install()
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    pass_pause(page)

    expect(page.locator(".djs-palette")).to_have_count(0)
    expect(page.locator("#editor-status")).to_have_attribute("data-is", "reading")
    assert (studio.saved, complaints) == ([], [])

    fitted = shown(page)
    page.set_viewport_size({"width": 1100, "height": 900})
    expect_other(page, fitted)
    fitted = shown(page)
    page.locator("#canvas").hover()
    page.mouse.wheel(0, 40)
    expect_other(page, fitted)
    moved = shown(page)
    page.set_viewport_size({"width": 1200, "height": 700})
    page.wait_for_timeout(MOMENT)
    assert shown(page) == moved


@pytest.mark.parametrize(
    ("language", "create"),
    [("de", "Aufgabe zeichnen"), ("en", "Create user task")],
)
def test_the_editor_speaks_the_readers_language(
    page: Page, studio: Studio, language: str, create: str
):
    studio.language = language
    open_studio(page, studio)

    expect(tool(page)).to_have_attribute("aria-label", create)
