"""A caseworker's list and the page of a step."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from casework.audit.tables import AccessLog
from tests.web.reading import addresses, fields, heading, said, title
from tests.web.world import Site


def a_new_case(site: Site) -> tuple[UUID, UUID]:
    """Raised by Sara; its id and its first step."""
    case_id = site.case_as_in("ac_01_arena_straight")
    return case_id, site.open_step(case_id, "describe_need")


@contextmanager
def counted_statements(site: Site) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(site.database.engine, "before_cursor_execute", note)


def test_the_list_says_what_to_begin_with(site: Site) -> None:
    _, task_id = a_new_case(site)

    page = site.client("sara.lindqvist").get("/tasks")

    assert heading(page) == "My tasks"
    assert addresses(page, r"/tasks/[0-9a-f-]{36}") == [f"/tasks/{task_id}"]
    assert "Begin here Describe the need VMO-2027-001" in said(page)


def test_the_list_asks_as_much_for_three_cases_as_for_one(site: Site) -> None:
    a_new_case(site)
    client = site.client("sara.lindqvist")
    client.get("/tasks")
    with counted_statements(site) as for_one:
        client.get("/tasks")
    a_new_case(site)
    a_new_case(site)
    client.get("/tasks")  # notes, once a day, that these cases were shown

    with counted_statements(site) as for_three:
        page = client.get("/tasks")

    assert len(addresses(page, r"/tasks/[0-9a-f-]{36}")) == 3
    assert len(for_three) == len(for_one)


def test_who_coordinates_sees_whom_the_case_waits_for(site: Site) -> None:
    site.case_as_in("ac_01_arena_straight", steps=8)

    page = site.client("sara.lindqvist").get("/tasks", params={"view": "others"})

    waiting = {"Försäkringskassan", "Arbetsförmedlingen", "Väster vårdcentral"}
    assert "Waiting for others 3" in said(page)
    assert {name for name in waiting if f"Nobody has taken it {name}" in said(page)} == waiting


def test_a_search_that_finds_nothing_says_so(site: Site) -> None:
    a_new_case(site)

    page = site.client("sara.lindqvist").get("/tasks", params={"q": "<b>nobody"})

    assert "Nothing matches “<b>nobody”" in said(page)


def test_an_empty_list_says_when_one_will_hear(site: Site) -> None:
    page = site.client("lena.ask").get("/tasks")

    assert "Nothing waits for you When something comes, you get a mail" in said(page)


def test_wrong_answers_change_nothing_and_keep_what_was_typed(site: Site) -> None:
    _, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")
    key = fields(client.get(f"/tasks/{task_id}"))["_key"]

    page = client.post(
        f"/tasks/{task_id}",
        data={"_key": key, "_do": "complete", "alias": "M.K.", "birth_year": "19"},
    )

    assert page.status_code == 422
    assert title(page) == "Error: Describe the need, VMO-2027-001 – Samplan"
    assert "answers need to be put right" in said(page)
    assert fields(page)["alias"] == "M.K."
    assert fields(page)["_key"] == key
    assert addresses(client.get("/tasks"), r"/tasks/[0-9a-f-]{36}") == [f"/tasks/{task_id}"]


def test_right_answers_lead_to_the_next_step_of_the_case(site: Site) -> None:
    case_id, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")
    answers = a_described_need(site, task_id)

    answer = client.post(f"/tasks/{task_id}", data={"_key": uuid4().hex, **answers})
    page = client.get(answer.headers["location"])

    following = site.open_step(case_id, "talk_with_person")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/tasks/{following}?said=next"
    assert heading(page) == "Talk with the person"
    assert "This is the next step of the same case" in said(page)


def test_a_double_click_answers_the_same_and_does_it_once(site: Site) -> None:
    case_id, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")
    sent = {"_key": uuid4().hex, **a_described_need(site, task_id)}

    first = client.post(f"/tasks/{task_id}", data=sent)
    second = client.post(f"/tasks/{task_id}", data=sent)

    done = [row for row in site.written_down(case_id) if row == ("task.complete", "")]
    assert (second.status_code, second.headers["location"]) == (303, first.headers["location"])
    assert len(done) == 1


def test_who_comes_too_late_reads_who_did_it_and_keeps_what_they_typed(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    task_id = site.open_step(case_id, "write_brief")
    client = site.client("sara.lindqvist")
    typed = site.answers("sara.lindqvist", task_id, reasons="They send each other letters.")
    client.post(f"/tasks/{task_id}", data={"_key": uuid4().hex, **typed})
    typed["reasons"] = ["Nobody knows who decides."]

    page = client.post(f"/tasks/{task_id}", data={"_key": uuid4().hex, **typed})

    assert page.status_code == 409
    assert heading(page) == "You have already done this task"
    assert "It was done Monday 1 February" in said(page)
    assert "Nobody knows who decides." in said(page)


def test_answers_put_aside_are_there_again_for_their_writer_alone(site: Site) -> None:
    _, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")

    saved = client.post(f"/tasks/{task_id}", data={"_do": "save", "alias": "M.K."})
    page = client.get(saved.headers["location"])

    assert fields(page)["alias"] == "M.K."
    assert "Saved Monday 1 February" in said(page)


def test_a_row_is_added_to_a_list_and_nothing_is_stored(site: Site) -> None:
    case_id = site.case_as_in("ac_05_sip_full", steps=20)
    task_id = site.open_step(case_id, "record_plan")
    client = site.client("per.holm")
    before = client.get(f"/tasks/{task_id}")
    adding = addresses(before, r'name="_add" value="(\w+)"')

    page = client.post(f"/tasks/{task_id}", data={**fields(before), "_add": adding[0]})

    rows = r'name="_rows" value="([^"]+)"'
    assert page.status_code == 200
    assert len(re.findall(rows, page.text)) == len(re.findall(rows, before.text)) + 1
    assert client.get(f"/tasks/{task_id}").text.count('name="_rows"') == before.text.count(
        'name="_rows"'
    )


def test_taking_a_step_shows_that_one_has_it(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    with site.database.reading() as tx:
        mine = {
            task.id for task in site.open_steps(tx, case_id) if task.element_id == "prepare_party"
        }
    client = site.client("lena.ask")
    [place] = addresses(client.get("/tasks"), r"/tasks/[0-9a-f-]{36}")

    taken = client.post(place, data={"_do": "take"})
    page = client.get(taken.headers["location"])
    put_back = client.post(place, data={"_do": "put_back"})

    assert UUID(place.removeprefix("/tasks/")) in mine
    assert "Who has this step You" in said(page)
    assert put_back.headers["location"] == "/tasks?said=put-back"


def test_a_step_is_given_to_a_colleague(site: Site) -> None:
    site.case_as_in("ac_01_arena_straight", steps=9)
    client = site.client("sara.lindqvist")
    [place] = addresses(client.get("/tasks"), r"/tasks/[0-9a-f-]{36}")
    page = client.get(place)
    [maria] = re.findall(r'<option value="(\d+)">Maria Sandell</option>', page.text)

    given = client.post(f"{place}/give", data={"account": maria})

    assert given.headers["location"] == "/tasks?said=given"
    assert place in site.client("maria.sandell").get("/tasks").text


def test_a_step_that_one_may_not_know_of_does_not_exist(site: Site) -> None:
    _, task_id = a_new_case(site)

    page = site.client("ida.rask").get(f"/tasks/{task_id}")

    assert page.status_code == 404
    assert heading(page) == "This page does not exist"


def test_looking_at_a_step_is_noted(site: Site) -> None:
    case_id, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")

    client.get(f"/tasks/{task_id}")

    with site.database.reading() as tx:
        kinds = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
    assert kinds == ["task"]


@pytest.mark.parametrize(
    ("name", "value"), [("alias", "x" * 1_000_000), ("no_such_field", "x"), ("birth_year", "?")]
)
def test_bad_input_gets_a_clear_page_and_changes_nothing(
    site: Site, name: str, value: str
) -> None:
    case_id, task_id = a_new_case(site)
    client = site.client("sara.lindqvist")
    sent = {"_key": uuid4().hex, **a_described_need(site, task_id), name: value}

    page = client.post(f"/tasks/{task_id}", data=sent)

    assert page.status_code == 422
    assert site.open_step(case_id, "describe_need") == task_id


def a_described_need(site: Site, task_id: UUID) -> dict[str, list[str]]:
    return site.answers(
        "sara.lindqvist",
        task_id,
        procedure="arena",
        birth_year=1987,
        health_or_multiple_problem="yes",
        orgs_involved=["varnamo"],
        orgs_needed=["fk", "af"],
        zero_placed="yes",
    )
