"""The small script of every page: comforts on forms and rows that work without it too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from web.assets import BUILT, Assets

pytestmark = pytest.mark.browser

ADDRESS = "http://samplan.test"

Open = Callable[[str], None]


@pytest.fixture
def open_page(page: Page, built: None) -> Iterator[Open]:
    """Show this markup as a page of its own, with the built script; other paths show a word."""
    script = (BUILT / Path(Assets().url("page.js")).name).read_text()
    markup = ""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/page.js":
            route.fulfill(body=script, content_type="text/javascript")
        elif path == "/":
            head = '<!doctype html><script type="module" src="/page.js"></script>'
            route.fulfill(body=head + markup, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body="<p>There</p>", content_type="text/html")

    def open_markup(body: str) -> None:
        nonlocal markup
        markup = body
        page.goto(ADDRESS + "/", wait_until="load")

    page.route(f"{ADDRESS}/**", answer)
    yield open_markup
    page.unroute_all(behavior="ignoreErrors")


def test_a_whole_row_follows_its_link_but_its_own_buttons_stay_their_own(
    page: Page, open_page: Open
):
    open_page(
        "<table><tr data-go><td><a href='/task'>Task</a></td><td id='who'>Nobody</td>"
        "<td><button type='button'>Take</button></td></tr></table>"
    )

    page.get_by_role("button").click()
    stayed = page.url
    page.locator("#who").click()
    page.wait_for_url(ADDRESS + "/task")

    assert stayed == ADDRESS + "/"


def test_a_field_is_shown_only_while_its_answer_is_given(page: Page, open_page: Open):
    open_page(
        "<form method='post'><label><input type='radio' name='speaks' value='no'>No</label>"
        "<label><input type='radio' name='speaks' value='yes' checked>Yes</label>"
        """<div data-shown-when='{"field": "speaks", "is": ["no", "little"]}'>"""
        "<input name='tongue' required value='dari'>"
        """<div data-shown-when='{"field": "tongue", "is": "dari"}'><input name='dialect'></div>"""
        "</div></form>"
    )
    tongue, dialect = page.locator("[name=tongue]"), page.locator("[name=dialect]")

    before = [tongue.is_visible(), dialect.is_visible(), tongue.is_disabled()]
    page.get_by_label("No").check()
    after = [tongue.is_visible(), dialect.is_visible(), tongue.is_disabled()]
    tongue.fill("pashto")

    assert (before, after) == ([False, False, True], [True, True, False])
    expect(dialect).to_be_hidden()
    expect(dialect).to_be_disabled()


def test_leaving_typed_answers_asks_and_sending_them_does_not(page: Page, open_page: Open):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form = (
        "<form method='post' action='/sent' data-guard><input name='note'>"
        "<button>Send</button></form>"
    )

    open_page(form)
    page.locator("[name=note]").fill("One call")
    page.get_by_role("button").click()
    page.wait_for_url(ADDRESS + "/sent")
    on_sending = list(asked)
    open_page(form)
    page.locator("[name=note]").fill("One call")
    page.goto(ADDRESS + "/elsewhere")

    assert (on_sending, asked) == ([], ["beforeunload"])


def test_a_form_under_way_is_not_sent_twice(page: Page, open_page: Open):
    open_page("<form method='post' action='/sent'><button>Send</button></form>")

    refused, disabled = page.evaluate(
        """() => {
          const refused = [];
          addEventListener('submit', (event) => refused.push(event.defaultPrevented));
          const button = document.querySelector('button');
          button.click();
          button.click();
          return [refused, button.getAttribute('aria-disabled')];
        }"""
    )

    assert (refused, disabled) == ([False, True], "true")


def test_after_a_refusal_the_reader_starts_at_what_was_wrong(page: Page, open_page: Open):
    open_page(
        "<h1>Task</h1><div class='sp-error' tabindex='-1'><h2>1 answer is missing</h2></div>"
    )

    expect(page.locator(".sp-error")).to_be_focused()


def test_a_wide_diagram_begins_where_the_case_is(page: Page, open_page: Open):
    page.set_viewport_size({"width": 360, "height": 740})
    frame = (
        "<div style='overflow:auto;width:300px'><svg class='sp-flow' width='2000' height='200'>"
    )
    open_page(
        f"{frame}<rect class='node now sub' x='10' width='1900' height='190'/>"
        "<rect class='node now' x='1400' y='20' width='100' height='80'/></svg></div>"
    )

    seen = page.evaluate(
        "() => { const frame = document.querySelector('div').getBoundingClientRect();"
        " const step = document.querySelectorAll('rect')[1].getBoundingClientRect();"
        " return step.left >= frame.left && step.right <= frame.right }"
    )

    assert seen
