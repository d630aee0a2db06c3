"""Findings stand where they belong, lead there, and can be put right there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import SAMPLE, parsed
from tests.browser.editor.studio import ERROR, Studio, open_studio, saved, shape

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


def test_findings_are_pinned_to_their_elements_and_lead_there(page: Page, studio: Studio):
    open_studio(page, studio)
    expect(page.locator("#findings h2")).to_have_text("1 råd")

    page.locator("#findings button[data-element=prepare]").click()

    expect(page.locator(".djs-element.selected")).to_have_attribute("data-element-id", "prepare")
    expect(page.locator(".djs-overlay-samplan-finding .sp-pin")).to_have_text("1")
    expect(page.locator("#panel")).to_contain_text("Det senare steg får veta")


@pytest.mark.wide
def test_a_save_brings_new_findings_in_place_of_the_old(page: Page, studio: Studio):
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    shape(page, "begun").click()
    saved(page, studio)

    expect(page.locator("#findings h2")).to_have_text("1 att rätta")
    expect(page.locator(".sp-marked-error")).to_have_attribute("data-element-id", "escalated")
    page.emulate_media(color_scheme="dark")


@pytest.mark.wide
def test_an_answer_that_no_mapping_lets_in_is_let_in_by_a_button(page: Page, studio: Studio):
    missing = {"step": "prepare", "variable": "comes", "closed": False}
    closed = {"step": "prepare", "variable": "note", "closed": True}
    studio.found = [{**ERROR, "let_in": missing}, {**ERROR, "let_in": closed}]
    open_studio(page, studio)

    expect(page.locator("#findings .sp-finding").last).to_contain_text("”note” är en text")
    page.get_by_role("button", name="Släpp in svaret från ”Förbered med personen”").click()
    tree = parsed(saved(page, studio))

    outputs = [(it.get("source"), it.get("target")) for it in tree.iter("{*}output")]
    assert ("=comes", "comes") in outputs
    assert len(outputs) == len(list(parsed(SAMPLE).iter("{*}output"))) + 1
