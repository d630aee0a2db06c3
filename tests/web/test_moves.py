"""What a change means for running cases, and moving them, over HTTP."""

import re

import pytest
from sqlalchemy import select

from casework import worker
from engine import releases as releases_of
from engine.tables import Instance
from tests.casework.arena import a_started_case
from tests.casework.releases.changes import SIP, with_interpreter
from tests.web.reading import said
from tests.web.test_routines import OWNER, SECOND, page, send, source
from tests.web.test_statements import listening

ROOT = "case_lifecycle"
REFERRER = "per.holm"


def a_draft(site):
    client = site.client(OWNER, "sv")
    send(client, with_interpreter(source(client)))
    return client


def into_use(site):
    client = a_draft(site)
    digest = {"digest": page(site).digest}
    client.post(f"/routines/{SIP}/propose", data={**digest, "reference": "SF 2027/14"})
    site.client(SECOND).post(f"/routines/{SIP}/approve", data=digest)
    return client


def groups(text: str) -> list[str]:
    return re.findall(r'name="group" value="(\w+)"', text)


def releases(site) -> list[int]:
    with site.database.reading() as tx:
        return list(tx.scalars(select(Instance.release_id).where(Instance.process == ROOT)))


def move(site, client, *, seen: int = 2, chosen: list[str] | None = None):
    text = client.get(f"/routines/{SIP}/move").text
    sent = {"root": ROOT, "number": "1", "seen": str(seen)}
    marks = groups(text) if chosen is None else chosen
    return client.post(f"/routines/{SIP}/move", data={**sent, "group": marks})


def test_a_draft_says_who_would_skip_a_step_and_shows_where_they_stand(site):
    site.case_as_in("ac_05_sip_full", steps=21)
    client = a_draft(site)

    text = client.get(f"/routines/{SIP}/impact").text
    mark = re.findall(r"\?group=(\w+)", text)[0]
    shown = client.get(f"/routines/{SIP}/impact?group={mark}").text

    assert "hoppar över ett steg" in text
    assert "Boka tolk" in text
    assert "ärenden: &lt; 5" in text
    assert '<button class="ds-button" data-variant="primary">' not in text
    assert "<svg class=" in shown
    assert re.search(r'data-element="book_interpreter">\s*<rect[^>]*node removed', shown)


def test_chosen_groups_are_moved_and_taken_back(site):
    cases = [a_started_case(site.application), a_started_case(site.application)]
    client = into_use(site)

    answer = move(site, client)
    worker.run_round(site.application)
    moved = releases(site)
    [batch] = re.findall(r"/moves/(\d+)/revert", client.get(f"/routines/{SIP}/move").text)
    client.post(f"/routines/{SIP}/moves/{batch}/revert")
    worker.run_round(site.application)

    assert answer.headers["location"].endswith("said=move-begun")
    assert moved == [2, 2]
    assert releases(site) == [1, 1]
    assert all(
        [code for code, _ in site.written_down(case)].count("process.moved") == 2 for case in cases
    )


def test_a_cases_story_names_the_version_that_held_for_each_step(site):
    case_id = site.case_as_in("ac_05_sip_full", steps=1)
    move(site, into_use(site))
    worker.run_round(site.application)
    step = site.open_step(case_id, "talk_with_person")
    answers = site.answers(REFERRER, step, wants_coordination="yes")

    sent = site.client(REFERRER).post(f"/tasks/{step}", data={"_key": "k", **answers})
    shown = said(site.client(REFERRER).get(f"/cases/{case_id}"))

    assert sent.status_code == 303
    told = shown.partition("What has happened")[2]
    assert re.findall(r"routine version (\d)", told) == ["2", "1"]


def test_what_was_not_chosen_stays(site):
    a_started_case(site.application)
    client = into_use(site)

    assert move(site, client, chosen=["0123456789abcdef"]).status_code == 409
    assert move(site, client, chosen=[]).status_code == 409
    worker.run_round(site.application)

    assert releases(site) == [1]


def test_another_version_in_use_than_was_seen_moves_nothing(site):
    a_started_case(site.application)
    client = into_use(site)

    assert move(site, client, seen=1).status_code == 409
    assert client.get(f"/routines/{SIP}/move").text.count("data-move=") == 0


def test_a_move_is_stopped_and_goes_on(site):
    a_started_case(site.application)
    client = into_use(site)
    move(site, client)
    [batch] = re.findall(r"/moves/(\d+)/stop", client.get(f"/routines/{SIP}/move").text)

    client.post(f"/routines/{SIP}/moves/{batch}/stop")
    worker.run_round(site.application)
    stopped = releases(site)
    client.post(f"/routines/{SIP}/moves/{batch}/resume")
    worker.run_round(site.application)

    assert (stopped, releases(site)) == ([1], [2])


@pytest.mark.parametrize("user_name", ["sara.lindqvist", "karin.holt"])
def test_only_owners_move(site, user_name: str):
    client = site.client(user_name)

    assert client.post(f"/routines/{SIP}/moves/1/stop").status_code == 403
    sent = {"root": ROOT, "number": "1", "seen": "1", "group": ["x"]}
    assert client.post(f"/routines/{SIP}/move", data=sent).status_code == 403
    reads = client.get(f"/routines/{SIP}/impact").status_code
    assert reads == (200 if user_name == "karin.holt" else 403)


def test_begun_answers_that_are_asked_no_more_are_counted(site):
    case = site.case_as_in("ac_01_arena_straight")
    step = site.open_step(case, "describe_need")
    sara = site.client("sara.lindqvist")
    sara.post(f"/tasks/{step}", data={"_do": "save", "procedure": "sip"})
    client = a_draft(site)
    with site.database.transaction() as tx:
        drop_field(tx, site)

    assert "Påbörjade svar" in client.get(f"/routines/{SIP}/impact").text


def drop_field(tx, site) -> None:
    """The draft of the form asks for less."""
    files = site.application.pack(tx).files
    content = files["forms/describe_need.form"].replace(b'"key": "', b'"key": "other_', 1)
    releases_of.save_draft(
        tx, "arena", "forms/describe_need.form", content, by="account:1", expected_rev=0
    )


def test_it_asks_no_more_of_the_database_the_more_cases_run(site):
    a_started_case(site.application)
    client = a_draft(site)
    client.get(f"/routines/{SIP}/impact")
    with listening(site) as one:
        client.get(f"/routines/{SIP}/impact")
    for _ in range(2):
        a_started_case(site.application)

    with listening(site) as three:
        client.get(f"/routines/{SIP}/impact")

    assert len(three.statements) == len(one.statements)
