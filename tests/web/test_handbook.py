"""The handbook of each role: whole, in every language, on screen and on paper."""

import io

import pytest
from pypdf import PdfReader

from base import lang
from casework.handbook import writing
from casework.handbook.actions import handbook
from casework.words import Words
from engine import releases
from engine.packs import open_pack, read_folder
from tests.arena import ARENA
from tests.web.test_statements import listening
from tests.web.world import open_site

SARA = "sara.lindqvist"
PACK = open_pack(read_folder(ARENA))


@pytest.fixture(scope="module")
def site(shared_settings):
    site = open_site(shared_settings)
    yield site
    site.close()


def test_every_step_for_people_stands_in_the_handbook_of_its_role():
    wanted = {
        (process.role_of(step), process.id, step.id)
        for process in PACK.diagrams.values()
        for step in process.nodes
        if step.kind in {"user_task", "manual_task"}
    }
    words = Words(PACK, "sv")

    written = {
        (role, chapter.process.id, step.title)
        for role in writing.roles(PACK)
        for chapter in writing.chapters(words, role)
        for step in chapter.steps
        if step.own
    }

    assert written == {(role, p, " ".join(words.element(p, id).split())) for role, p, id in wanted}


def test_a_step_says_who_when_what_to_fill_and_what_happens_next():
    [chapter] = [
        each
        for each in writing.chapters(Words(PACK, "sv"), "case_lead")
        if each.process.id == "joint_planning_sip"
    ]
    [step] = [each for each in chapter.steps if each.title == "Bestäm mötet"]

    assert step.who == "Den som samordnar"
    assert step.fill
    assert step.then == ("Bjud in varje organisation",)
    assert all("deadlines" not in each.when for each in chapter.steps)


def test_decision_tables_are_told_in_the_readers_language():
    rules = {
        rules.title: rules
        for role in writing.roles(PACK)
        for chapter in writing.chapters(Words(PACK, "en"), role)
        for rules in chapter.rules
    }

    found = rules["Who leads?"]
    assert found.head[:2] == ("The needs are mostly about care", "Number taking part")
    assert (found.head[-1], [row[-1] for row in found.rows]) == (
        "Remark",
        [
            "The only other party takes over when the needs are mostly about care",
            "Whoever raised the case coordinates for the time being",
        ],
    )


@pytest.mark.parametrize("language", ["sv", "de"])
def test_a_page_draws_its_diagrams_and_speaks_the_language(site, language: str):
    text = site.client(SARA, language).get("/handbook/party").text

    with site.database.reading() as tx:
        book = handbook(tx, site.application, "party", language)
    assert text.count("<svg class=") == len(book.chapters)
    assert lang.catalogue(lang.WORDS, language).gettext("What to fill in") in text
    assert book.chapters[0].title in text


def test_a_role_without_steps_has_none(site):
    assert site.client(SARA).get("/handbook/nobody").status_code == 404
    assert site.client(SARA).get("/handbook/nobody.pdf").status_code == 404


def test_whoever_is_not_signed_in_reads_it_only_where_the_pack_says_so(site):
    closed = site.client().get("/handbook/party")
    with site.database.transaction() as tx:
        files = {**PACK.files}
        files["pack.toml"] += b"\n[handbook]\npublic = true\n"
        releases.publish(tx, files, by="owner")

    opened = site.client().get("/handbook/party")

    assert closed.status_code == 303
    assert opened.status_code == 200


def test_on_paper_diagrams_are_drawings_and_told_in_words(site):
    answer = site.client(SARA).get("/handbook/manager.pdf?language=de")

    assert answer.headers["content-type"] == "application/pdf"
    document = PdfReader(io.BytesIO(answer.content))
    text = "".join("".join(page.extract_text() for page in document.pages[:3]).split())
    assert document.trailer["/Root"]["/Lang"] == "de"
    assert "Wasauszufüllenist" in text
    assert not any(page.images for page in document.pages[:3])
    with site.database.reading() as tx:
        book = handbook(tx, site.application, "manager", "de")
    assert "".join(book.title.split()) in text


def test_it_asks_no_more_of_the_database_the_longer_it_is(site):
    client = site.client(SARA)
    client.get("/handbook/manager")
    with listening(site) as short:
        client.get("/handbook/manager")
    with listening(site) as long:
        client.get("/handbook/case_lead")

    assert len(long.statements) == len(short.statements)
