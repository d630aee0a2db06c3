"""Consent is taken back, or runs out, while parties are in the middle of planning."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from base import clock
from base.errors import Conflict, NotAllowed, NotFound, SamplanError
from casework import hearings, worker
from casework.cases import actions as cases
from casework.cases.tables import DraftAnswers
from casework.tasks import actions as tasks
from casework.tasks.model import TaskList, View
from engine import store as engine_store
from engine.errors import Suspended
from engine.tables import Task
from tests.robustness.arena import Arena

pytestmark = pytest.mark.both
PARTIES = ("psykiatri", "varnamo", "vc_vaster")
INPUT = {"category": "work_education"}


def listed(arena: Arena, user_name: str) -> set[UUID]:
    """Every step on any list of this person."""
    found: set[UUID] = set()
    actor = arena.actor(user_name)
    with arena.database.reading() as tx:
        for view in (View.MINE, View.ORGANISATION, View.OTHERS):
            found |= ids(tasks.my_tasks(tx, arena.app, actor, view=view))
    return found


def ids(found: TaskList) -> set[UUID]:
    groups = (found.late, found.this_week, found.later, (found.first,) if found.first else ())
    return {row.id for group in groups for row in group}


def withdraw(arena: Arena, case_id: UUID) -> None:
    lead = arena.lead(case_id)
    with arena.transaction() as tx:
        named = {"scope": "all", "received_how": "phone"}
        sent = hearings.sample_answers(tx, arena.app, lead, case_id, "consent_withdrawn", named)
        page = hearings.hear(
            tx, arena.app, lead, case_id, "consent_withdrawn", sent, key=uuid4().hex
        )
    assert page is None


def test_a_withdrawal_takes_every_open_input_off_lists_and_out_of_reach(arena: Arena):
    case_id = arena.case_as_in("withdrawal_in_planning", steps=15)
    inputs = {code: arena.task(case_id, f"give_input@{code}") for code in PARTIES}
    people = {code: arena.doer(task_id) for code, task_id in inputs.items()}
    sends = [arena.completing(people[code], inputs[code], INPUT) for code in PARTIES]
    names = ("per.holm", "sara.lindqvist", "lena.ask")
    assert all(set(inputs.values()) & listed(arena, name) for name in names)

    withdraw(arena, case_id)

    for name in names:
        assert set(inputs.values()) & listed(arena, name) == set()
    for send in sends:
        with pytest.raises((Conflict, NotFound)):
            send()
    assert arena.count(Task, Task.id.in_(inputs.values()), Task.status == "withdrawn") == 3
    assert arena.open_steps(case_id) == [
        "confirm_to_person@psykiatri",
        *(f"stop_use@{code}" for code in PARTIES),
    ]
    with arena.database.reading() as tx:
        purposes = {task.purpose for task in engine_store.open_tasks(tx, case_id)}
    assert purposes == {None}
    arena.require_whole(case_id)


def test_drafts_go_with_the_consent_they_needed(arena: Arena):
    case_id = arena.case_as_in("withdrawal_in_planning", steps=15)
    task_id = arena.task(case_id, "give_input@varnamo")
    doer = arena.doer(task_id)
    with arena.transaction() as tx:
        tasks.save_draft(tx, arena.app, doer, task_id, [("ongoing", "Boendestöd")])

    withdraw(arena, case_id)

    assert arena.count(DraftAnswers, DraftAnswers.task_id == task_id) == 0


def test_a_renewed_consent_goes_on_at_the_same_step_with_its_draft(arena: Arena):
    case_id = arena.case_as_in("consent_lapses_and_is_renewed", steps=10)
    task_id = arena.task(case_id, "prepare_with_person")
    doer = arena.doer(task_id)
    sent = arena.answers(doer, task_id)
    with arena.transaction() as tx:
        tasks.save_draft(tx, arena.app, doer, task_id, sent)
    with arena.database.reading() as tx:
        before = cases.read_draft(tx, doer, task_id)

    arena.clock.move(timedelta(days=16))
    worker.run_round(arena.app)
    resting = arena.open_steps(case_id)
    hidden = task_id not in listed(arena, "per.holm")
    with pytest.raises(SamplanError) as refused, arena.transaction() as tx:
        tasks.complete_task(tx, arena.app, doer, task_id, sent, key="k")
    renew(arena, case_id)

    assert "renew_or_close@psykiatri" in resting
    assert hidden
    assert isinstance(refused.value, (NotAllowed, NotFound, Suspended))
    assert arena.open_steps(case_id) == ["prepare_with_person@psykiatri"]
    assert arena.task(case_id, "prepare_with_person") == task_id
    with arena.database.reading() as tx:
        assert cases.read_draft(tx, doer, task_id) == before
    arena.require_whole(case_id)


def renew(arena: Arena, case_id: UUID) -> None:
    """From the step that a lapse opens to a consent in force."""
    with arena.database.reading() as tx:
        today = clock.today(tx, arena.app.zone)
    arena.complete(case_id, "renew_or_close", {"decision": "renew"})
    scope = {
        "parties": list(PARTIES),
        "categories": ["health_function", "economy_benefits", "work_education"],
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=180)).isoformat(),
        "ends_when": "date",
    }
    arena.complete(case_id, "prepare_consent", scope)
    arena.complete(case_id, "inform_person")
    lead = arena.lead(case_id)
    with arena.transaction() as tx:
        name = "signed_paper_received"
        sent = hearings.sample_answers(tx, arena.app, lead, case_id, name, {})
        hearings.hear(tx, arena.app, lead, case_id, name, sent, key=uuid4().hex)
    signed = {"form": "paper", "matches_document": "yes"}
    arena.complete(case_id, "register_signature", signed)
