"""A form in a real browser, with and without the page's script."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

import forms
from tests.browser.looking import violations
from tests.forms import preview
from tests.forms.build import EXAMPLES, an_example, checked

pytestmark = pytest.mark.browser


def open_form(page: Page, name: str, values: Mapping[str, Any] | None = None, **more: Any) -> None:
    page.set_content(preview.page(an_example(name), values=values, **more))


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_form_is_accessible_and_never_wider_than_the_screen(page: Page, name: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    errors = checked(an_example(name)).errors
    open_form(page, name, errors=errors, style=preview.built("site-*.css"))

    found = violations(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_shows_what_an_answer_brings_up(page: Page):
    script, style = preview.built("page-*.js"), preview.built("site-*.css")
    open_form(page, "answer_invitation", style=style, script=script)
    why, who = page.get_by_label("Varför inte?"), page.get_by_label("Vem kommer?")

    page.get_by_label("Nej, vi kan inte komma").check()
    expect(why).to_be_visible()
    expect(who).to_be_hidden()

    page.get_by_label("Ja, digitalt").check()
    expect(why).to_be_hidden()
    expect(who).to_be_visible()


def test_without_a_script_everything_that_may_count_can_be_answered(page: Page):
    open_form(page, "answer_invitation", style=preview.built("site-*.css"))

    expect(page.get_by_label("Varför inte?")).to_be_visible()
    expect(page.get_by_label("Vem kommer?")).to_be_visible()


def test_enter_sends_the_form_and_removes_no_row(page: Page):
    sent: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        values = {"goals": [{"text": "One"}, {"text": "Two"}]}
        body = preview.page(an_example("record_plan"), values=values)
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route("http://samplan.test/**", answer)
    page.goto("http://samplan.test/task")

    page.locator("[name='goals.1.text']").press("Enter")
    page.get_by_role("button", name="Remove Mål 1").click()

    assert not forms.asks_change(sent[0])
    assert sent[0]["_rows"] == ["goals.0", "goals.1"]
    assert sent[1]["_remove"] == ["goals:0"]
    assert forms.change(an_example("record_plan"), sent[1])["goals"][0]["text"] == "Two"  # type: ignore[index]
