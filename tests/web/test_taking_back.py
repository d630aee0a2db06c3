"""A step done by mistake is taken back by whoever did it, until others go on (decision 11)."""

import tomllib
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import select

from casework.audit.actions import log_read
from casework.cases.tables import CaseEntry, DraftAnswers
from engine.tables import Task
from tests.arena import SCENARIOS
from tests.web.reading import fields, heading, said
from tests.web.world import Site

SCENARIO, LEAD, OTHER = "ac_05_sip_full", "per.holm", "sara.lindqvist"


def a_case_after(site: Site, step: str) -> UUID:
    """Its last step is this one, done by whoever leads the case."""
    told = tomllib.loads((SCENARIOS / f"{SCENARIO}.toml").read_text())
    names = [one.get("do", {}).get("task", "") for one in told["step"]]
    return site.case_as_in(SCENARIO, steps=names.index(step) + 1)


def done(site: Site, case_id: UUID, element: str) -> UUID:
    with site.database.reading() as tx:
        return tx.scalars(
            select(Task.id).where(Task.case_id == case_id, Task.element_id == element)
        ).one()


def steps(site: Site, case_id: UUID) -> dict[str, list[str]]:
    """Where each step at the two elements stands, oldest first."""
    with site.database.reading() as tx:
        found: dict[str, list[str]] = {}
        for task in tx.scalars(select(Task).where(Task.case_id == case_id).order_by(Task.created)):
            if task.element_id in {"prepare_with_person", "set_meeting"}:
                found.setdefault(task.element_id, []).append(task.status)
        return {element: sorted(statuses) for element, statuses in found.items()}


def offers(client: TestClient, case_id: UUID) -> bool:
    return "Done by mistake? Take back" in said(client.get(f"/cases/{case_id}"))


def test_the_step_opens_again_with_what_was_answered(site: Site) -> None:
    case_id = a_case_after(site, "prepare_with_person")
    client, task_id = site.client(LEAD), done(site, case_id, "prepare_with_person")
    offered = offers(client, case_id)

    answer = client.post(f"/tasks/{task_id}/take-back")
    page = client.get(answer.headers["location"])

    assert offered
    assert answer.status_code == 303
    assert heading(page) == "Prepare the meeting with the person"
    assert any(value == "Example" for value in fields(page).values())
    assert steps(site, case_id) == {
        "prepare_with_person": ["open", "taken_back"],
        "set_meeting": ["withdrawn"],
    }
    with site.database.reading() as tx:
        entry = tx.scalars(select(CaseEntry).where(CaseEntry.task_id == task_id)).one()
        assert entry.struck is not None
        assert tx.scalars(select(DraftAnswers.case_id)).all() == [case_id]
    assert site.written_down(case_id)[-1] == ("task.take_back", "")
    assert "somebody else and is closed" not in said(client.get(f"/cases/{case_id}"))
    assert client.post(f"/tasks/{task_id}/take-back").status_code == 409


def test_done_anew_the_case_goes_on(site: Site) -> None:
    case_id = a_case_after(site, "prepare_with_person")
    client, task_id = site.client(LEAD), done(site, case_id, "prepare_with_person")
    opened = client.post(f"/tasks/{task_id}/take-back").headers["location"].partition("?")[0]

    page = client.get(opened)
    sent = {"_do": "complete", "_key": fields(page)["_key"]}
    sent |= site.answers(LEAD, UUID(opened.rpartition("/")[2]))
    answer = client.post(opened, data=sent)

    assert answer.status_code == 303
    assert steps(site, case_id) == {
        "prepare_with_person": ["done", "taken_back"],
        "set_meeting": ["open", "withdrawn"],
    }


def test_others_cannot_take_it_back(site: Site) -> None:
    case_id = a_case_after(site, "prepare_with_person")
    task_id = done(site, case_id, "prepare_with_person")

    party = site.client(OTHER).post(f"/tasks/{task_id}/take-back")
    stranger = site.client("petra.lind").post(f"/tasks/{task_id}/take-back")

    assert [party.status_code, stranger.status_code] == [403, 404]
    assert not offers(site.client(OTHER), case_id)
    assert steps(site, case_id)["set_meeting"] == ["open"]


def test_once_the_case_has_gone_on_it_stays_done(site: Site) -> None:
    case_id = a_case_after(site, "set_meeting")
    client = site.client(LEAD)

    earlier = client.post(f"/tasks/{done(site, case_id, 'prepare_with_person')}/take-back")
    fanned_out = client.post(f"/tasks/{done(site, case_id, 'set_meeting')}/take-back")

    assert [earlier.status_code, fanned_out.status_code] == [409, 409]
    assert "it cannot be taken back: correct it instead" in said(earlier)
    assert not offers(client, case_id)


def test_once_somebody_else_has_opened_a_step_it_stays_done(site: Site) -> None:
    case_id = a_case_after(site, "prepare_with_person")
    client, task_id = site.client(LEAD), done(site, case_id, "prepare_with_person")
    before = offers(client, case_id)
    with site.database.transaction() as tx:
        log_read(tx, site.actor(tx, OTHER), case_id, "task")

    answer = client.post(f"/tasks/{task_id}/take-back")

    assert before
    assert answer.status_code == 409
    assert not offers(client, case_id)
    assert steps(site, case_id)["set_meeting"] == ["open"]
