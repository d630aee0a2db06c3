"""A draft is kept as it was drawn, and nothing is overwritten or lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import SAMPLE
from tests.browser.editor.studio import (
    MOMENT,
    Studio,
    open_studio,
    pass_pause,
    saved,
    shape,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


@pytest.mark.wide
def test_each_save_names_the_revision_it_stands_on(page: Page, studio: Studio):
    open_studio(page, studio)

    for name in ("Förbered mötet", "Förbered"):
        shape(page, "prepare").dblclick()
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        shape(page, "begun").click()
        saved(page, studio)

    sent = [
        (headers["If-Match"], headers["X-Samplan-Request"], headers["Content-Type"])
        for headers, _ in studio.saved
    ]
    assert sent == [("1", "editor", "application/xml"), ("2", "editor", "application/xml")]


def test_what_another_person_saved_meanwhile_is_never_overwritten(page: Page, studio: Studio):
    open_studio(page, studio)
    studio.status = 409

    shape(page, "prepare").dblclick()
    page.keyboard.type(" mitt")
    shape(page, "begun").click()
    status = page.locator("#editor-status[data-is=conflict]")
    status.wait_for()
    studio.status = 200
    page.locator("#save-draft").click()
    page.wait_for_timeout(MOMENT)

    with page.expect_download() as download:
        status.get_by_role("link", name="Spara en kopia").click()
    assert download.value.suggested_filename == "joint_planning.bpmn"
    assert " mitt" in Path(download.value.path()).read_text()
    assert studio.saved == []


@pytest.mark.wide
def test_leaving_with_unsaved_changes_asks_first(page: Page, studio: Studio):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_studio(page, studio)
    studio.status = 503

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    shape(page, "begun").click()
    page.locator("#editor-status[data-is=offline]").wait_for()
    page.goto("about:blank")

    assert asked == ["beforeunload"]


@pytest.mark.wide
def test_a_file_that_is_not_wholly_understood_is_shown_but_never_saved(page: Page, studio: Studio):
    studio.source = SAMPLE.replace(b'id="escalated"', b'id="joint_planning"')
    page.clock.install()
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    pass_pause(page)

    status = page.locator("#editor-status[data-is=damaged]")
    expect(status).to_contain_text("duplicate ID <joint_planning>")
    expect(page.locator(".djs-container")).to_have_count(1)
    assert studio.saved == []
