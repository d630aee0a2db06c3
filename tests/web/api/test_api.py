"""Programs do what pages do: the same steps, cases, messages, drafts and counts, as JSON."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from base.settings import Settings
from casework.audit import store as audit_store
from casework.audit.tables import AccessLog
from tests.casework.releases.changes import with_interpreter
from tests.web.api.program import Program
from tests.web.world import Site, open_site

SIP = "joint_planning_sip"


@pytest.fixture(scope="module")
def town(shared_settings: Settings) -> Iterator[Site]:
    """One site for all of these; each test has a case of its own."""
    site = open_site(shared_settings)
    site.app.state.api_per_minute = 10_000
    yield site
    site.close()


@pytest.fixture(scope="module")
def sara(town: Site) -> Program:
    return Program(town, "sara.lindqvist")


def a_new_case(site: Site) -> tuple[UUID, UUID]:
    case_id = site.case_as_in("ac_01_arena_straight")
    return case_id, site.open_step(case_id, "describe_need")


def test_steps_are_listed_and_read(town: Site, sara: Program) -> None:
    case_id, task_id = a_new_case(town)

    listed = sara.get("/tasks").json()
    step = sara.get(f"/tasks/{task_id}").json()

    [row] = [row for row in listed["tasks"] if row["id"] == str(task_id)]
    assert (row["title"], row["case_id"], row["mine"]) == (
        "Beskriv behovet",
        str(case_id),
        True,
    )
    assert (listed["part"], listed["more"]) == (1, False)
    assert (step["title"], step["element"]) == ("Beskriv behovet", "describe_need")
    with town.database.reading() as tx:
        looks = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
    assert list(looks) == ["program"]


def test_every_field_of_a_form_can_be_answered_by_its_name(town: Site, sara: Program) -> None:
    _, task_id = a_new_case(town)
    answers = town.answers("sara.lindqvist", task_id)

    fields = {each["name"] for each in sara.get(f"/tasks/{task_id}").json()["fields"]}

    assert {name for name in answers if not name.startswith("_")} <= fields
    assert fields


def test_a_step_is_taken_put_back_and_completed_once(town: Site, sara: Program) -> None:
    case_id, task_id = a_new_case(town)
    body = {"answers": town.answers("sara.lindqvist", task_id)}

    taken = sara.ask("POST", f"/tasks/{task_id}/claim")
    mine = sara.get(f"/tasks/{task_id}").json()["mine"]
    back = sara.ask("POST", f"/tasks/{task_id}/release")
    done = sara.send(f"/tasks/{task_id}/complete", body, key="one")
    again = sara.send(f"/tasks/{task_id}/complete", body, key="one")
    other = sara.send(f"/tasks/{task_id}/complete", {"answers": {}}, key="one")
    late = sara.send(f"/tasks/{task_id}/complete", body, key="two")

    assert (taken.status_code, mine, back.status_code) == (204, True, 204)
    assert done.json() == {
        "case_id": str(case_id),
        "next_task": next_step(town, case_id),
    }
    assert again.json() == done.json()
    assert (other.status_code, other.json()["code"]) == (409, "other_body")
    assert (late.status_code, late.json()["code"]) == (409, "task_taken")


def next_step(site: Site, case_id: UUID) -> str:
    with site.database.reading() as tx:
        [step] = site.open_steps(tx, case_id)
        return str(step.id)


def test_the_audit_says_through_what(town: Site, sara: Program) -> None:
    case_id, task_id = a_new_case(town)
    sara.ask("POST", f"/tasks/{task_id}/claim")

    with town.database.reading() as tx:
        [row] = [r for r in audit_store.links(tx, str(case_id)) if r.action == "task.take"]

    assert row.actor == f"account:{actor_id(town, 'sara.lindqvist')}"
    assert str(row.detail["through"]).startswith("token:")


def actor_id(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        return site.actor(tx, user_name).account_id


def test_wrong_answers_are_named_by_field_and_change_nothing(town: Site, sara: Program) -> None:
    case_id, task_id = a_new_case(town)

    answer = sara.send(f"/tasks/{task_id}/complete", {"answers": {}})
    unknown = sara.send(f"/tasks/{task_id}/complete", {"answers": {"no_such": "x"}})

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_answers")
    assert {each["field"] for each in answer.json()["errors"]}
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_field")
    assert town.open_step(case_id, "describe_need") == task_id


def test_what_one_may_not_know_of_is_not_there(town: Site) -> None:
    case_id, task_id = a_new_case(town)
    stranger = Program(town, "karl.moberg")

    for path in (f"/cases/{case_id}", f"/tasks/{task_id}"):
        hidden = stranger.get(path)
        nothing = stranger.get(f"{path[:-36]}{uuid4()}")
        assert (hidden.status_code, hidden.json()) == (404, nothing.json())
    assert stranger.ask("POST", f"/tasks/{task_id}/claim").status_code == 404


def test_a_case_is_listed_and_read(town: Site) -> None:
    case_id, task_id = a_new_case(town)
    sara = Program(town, "sara.lindqvist")
    body = {"answers": town.answers("sara.lindqvist", task_id)}
    sara.send(f"/tasks/{task_id}/complete", body)

    [row] = [row for row in sara.get("/cases").json()["cases"] if row["id"] == str(case_id)]
    page = sara.get(f"/cases/{case_id}").json()

    assert row["number"] == page["number"] == town.number_of(case_id)
    assert [entry["title"] for entry in page["entries"]] == ["Beskriv behovet"]
    assert page["consents"] == []


def test_nobody_opens_a_case_without_a_reason(town: Site) -> None:
    case_id = town.case_as_in("ac_05_sip_full", steps=9)
    with town.database.transaction() as tx:
        for task in town.open_steps(tx, case_id):
            task.status = "done"
    reader = Program(town, "sara.lindqvist", ["cases:read"])

    asked = reader.get(f"/cases/{case_id}")
    said = reader.ask("POST", f"/cases/{case_id}/reasons", json={"reason": "colleague"})

    assert (asked.status_code, asked.json()["code"]) == (403, "reason")
    assert said.status_code == 204
    assert reader.get(f"/cases/{case_id}").status_code == 200


def test_a_case_hears_what_it_waits_for(town: Site, sara: Program) -> None:
    case_id, task_id = a_new_case(town)
    sara.send(f"/tasks/{task_id}/complete", {"answers": town.answers("sara.lindqvist", task_id)})
    [first, *_] = sara.get(f"/cases/{case_id}").json()["hearings"]

    form = sara.get(f"/cases/{case_id}/messages/{first['message']}")
    wrong = sara.send(f"/cases/{case_id}/messages/no_such_message", {"answers": {}})

    assert form.json()["title"] == first["title"]
    assert (wrong.status_code, wrong.json()["code"]) == (404, "not_found")


def test_owners_list_versions_and_upload_a_draft(town: Site) -> None:
    owner = Program(town, "jonas.wik")
    content = with_interpreter(dict(pack_files(town))[f"{SIP}.bpmn"]).decode()

    versions = owner.get("/releases").json()
    sent = owner.ask("PUT", f"/routines/{SIP}/draft", json={"content": content})
    twice = owner.ask("PUT", f"/routines/{SIP}/draft", json={"content": content})
    broken = owner.ask("PUT", f"/routines/{SIP}/draft", json={"content": "<x/>"})

    assert [v["in_use"] for v in versions if v["pack"] == "arena"] == [True]
    assert sent.status_code == 204
    assert (twice.status_code, twice.json()["code"]) == (409, "nothing_changed")
    assert broken.status_code == 422
    [row] = [r for r in owner.get("/routines").json() if r["process"] == SIP]
    assert row["has_draft"] is True


def pack_files(site: Site) -> dict[str, bytes]:
    with site.database.reading() as tx:
        return dict(site.application.pack(tx).files)


def test_caseworkers_see_no_releases_and_upload_nothing(sara: Program) -> None:
    assert sara.get("/releases").json()["code"] == "role"
    refused = sara.ask("PUT", f"/routines/{SIP}/draft", json={"content": "<x/>"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role")


def test_counts_are_those_of_the_overview(town: Site) -> None:
    a_new_case(town)

    found = Program(town, "jonas.wik").get("/statistics").json()

    shown = {row["shown"] for row in found["by_milestone"]}
    assert shown <= {"0", "< 5", "–"} | {str(n) for n in range(5, 100)}
    assert all(row["own"] is None for row in found["by_milestone"])


def test_requests_that_are_too_large_or_go_nowhere_are_problems(sara: Program) -> None:
    large = sara.ask("POST", "/cases", content=b"x" * 4_000_000)
    nowhere = sara.get("/nowhere")
    unread = sara.ask("POST", f"/tasks/{uuid4()}/complete", content=b"{")

    for answer, status in ((large, 413), (nowhere, 404), (unread, 422)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
