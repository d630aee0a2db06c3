"""Recorded cases are followed in a draft, and only counts are shown."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from sqlalchemy import event

from base.settings import Settings
from engine import releases
from tests.web.reading import said
from tests.web.test_routines import OWNER
from tests.web.world import Site, open_site

PAGE = "/routines/replay"
ALL = 6
DUE = b"=now() + deadlines.first_contact_after_referral"


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    """Cases in which somebody has talked with the person, who does not want to."""
    site = open_site(shared_settings)
    for _ in range(ALL):
        site.case_as_in("declined_by_person", steps=2)
    yield site
    site.close()


def drafted(site: Site, *changes: tuple[bytes, bytes]) -> None:
    """Nothing but these changes of the diagram stands in the draft."""
    path = "referral.bpmn"
    with site.database.transaction() as tx:
        content = site.application.pack(tx).files[path]
        for old, new in changes:
            assert old in content
            content = content.replace(old, new)
        rev = {each.path: each.rev for each in releases.draft(tx, "arena")}.get(path, 0)
        releases.save_draft(tx, "arena", path, content, by="account:1", expected_rev=rev)


def drawn_as(page: Response, element: str) -> str:
    """How an element is marked in the drawing, if at all."""
    found = re.search(f'data-element="{element}">\\s*<[^>]* class="node([^"]*)"', page.text)
    assert found, element
    marks = [word for word in found[1].split() if word in {"past", "removed", "added", "changed"}]
    return " ".join(marks)


def asked(site: Site) -> list[str]:
    """What the page asks the database for, once everything is known."""
    heard: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    client = site.client(OWNER)
    client.get(PAGE)
    event.listen(site.database.engine, "before_cursor_execute", note)
    client.get(PAGE)
    event.remove(site.database.engine, "before_cursor_execute", note)
    return heard


def test_without_a_draft_there_is_nothing_to_follow(site: Site):
    assert "There is no draft" in said(site.client(OWNER).get(PAGE))
    assert site.client("sara.lindqvist").get(PAGE).status_code == 403


def test_a_step_that_is_gone_is_counted_where_cases_were_at_it(site: Site):
    drafted(site, (b'"note_refusal"', b'"note_the_no"'), (b">note_refusal<", b">note_the_no<"))

    page = said(site.client(OWNER).get(PAGE))

    assert "Cases followed 6 Would have gone as they went 0" in page
    assert "“Note that the person says no” would not be there Raise a case 6 0" in page


def test_the_way_of_many_cases_is_drawn_and_where_they_go_otherwise(site: Site):
    drafted(site, (b'"note_refusal"', b'"note_the_no"'), (b">note_refusal<", b">note_the_no<"))

    page = site.client(OWNER).get(PAGE)

    assert drawn_as(page, "note_refusal") == "removed"
    assert drawn_as(page, "talk_with_person") == "past"
    assert drawn_as(page, "ask_for_consent") == ""


def test_another_deadline_says_what_would_have_been_late(site: Site):
    drafted(site, (DUE, b"=date(&#34;2020-01-01&#34;)"))

    page = said(site.client(OWNER).get(PAGE))

    assert "Would have gone as they went 6" in page
    assert page.partition("would have been late")[2].count("Talk with the person Raise a case 0 6")


def test_few_cases_are_never_counted_and_cost_no_statement_more(site: Site):
    drafted(site, (b'"note_refusal"', b'"note_the_no"'), (b">note_refusal<", b">note_the_no<"))
    before = asked(site)
    for _ in range(2):
        site.case_as_in("declined_by_person", steps=1)

    after = asked(site)

    page = said(site.client(OWNER).get(PAGE))
    assert len(after) == len(before)
    assert "Would have gone as they went < 5" in page
    assert "Raise a case 2" not in page


def test_the_way_of_few_cases_is_not_drawn(site: Site):
    site.case_as_in("consent_refused", steps=2)
    gone = (b'"ask_for_consent"', b'"ask_it"'), (b">ask_for_consent<", b">ask_it<")
    drafted(site, *gone)

    page = site.client(OWNER).get(f"{PAGE}?at=gone.referral.ask_for_consent")

    assert drawn_as(page, "ask_for_consent") == "removed"
    assert drawn_as(page, "talk_with_person") == ""
    assert "the way they took is not shown" in said(page)
    assert site.client(OWNER).get(f"{PAGE}?at=nothing").status_code == 200
