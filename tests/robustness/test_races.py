"""Two people, or a person and the clock, do something at the same moment: one order holds."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from base.errors import Conflict, NotAllowed, NotFound
from casework import hearings, start, worker
from casework.agenda import actions as meetings
from casework.cases.tables import Case, DraftAnswers
from casework.meetings.tables import AgendaItem, Meeting
from casework.organisations import store as organisations
from casework.tasks import actions as tasks
from casework.tasks.model import Completed
from engine.errors import NoSuchTask, NotWaiting, TaskTaken
from engine.tables import Task, Undelivered
from tests.robustness.arena import Arena, at_once, errors_in, queued

pytestmark = pytest.mark.both
LEAD, COLLEAGUE = "sara.lindqvist", "maria.sandell"
WANTS = {"wants_coordination": "yes"}
PREPARED = {"prepared": True}


def hearing(arena: Arena, case_id: UUID, name: str, **named: Any) -> Callable[[], Any]:
    """A way to tell the case something, with answers made now."""
    actor = arena.lead(case_id)
    with arena.database.reading() as tx:
        sent = hearings.sample_answers(tx, arena.app, actor, case_id, name, named)

    def hear() -> Any:
        with arena.transaction() as tx:
            return hearings.hear(tx, arena.app, actor, case_id, name, sent, key=uuid4().hex)

    return hear


def a_meeting(arena: Arena, on: date = date(2027, 2, 18)) -> int:
    with arena.transaction() as tx:
        group = organisations.group(tx, "varnamo")
        return meetings.plan_meeting(
            tx,
            arena.app,
            arena.actor(COLLEAGUE),
            group_id=group.id,
            on=on,
            time="13:00",
            place="Stadshuset",
        )


def placing(arena: Arena, meeting_id: int, case_id: UUID) -> Callable[[], None]:
    def place() -> None:
        with arena.transaction() as tx:
            meetings.place_case(tx, arena.app, arena.actor(LEAD), meeting_id, case_id)

    return place


def test_of_two_people_who_do_one_step_the_second_reads_who_did_it_and_when(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=8)
    task_id = arena.task(case_id, "prepare_party@varnamo")
    first, second = arena.actor(LEAD), arena.actor(COLLEAGUE)

    outcomes = queued(
        arena,
        case_id,
        arena.completing(first, task_id, PREPARED),
        arena.completing(second, task_id, PREPARED),
    )

    (refused,) = errors_in(outcomes)
    (winner,) = (
        actor for actor, out in zip((first, second), outcomes, strict=True) if out is not refused
    )
    assert isinstance(refused, TaskTaken)
    assert (refused.done_by, refused.done_at) == (winner.pseudonym, arena.clock.now())
    assert arena.status(task_id) == ("done", winner.pseudonym)
    assert arena.answered(task_id) == 1
    assert "prepare_party@varnamo" not in arena.open_steps(case_id)
    arena.require_whole(case_id)


def test_four_parties_answer_at_once_and_no_answer_is_lost(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=9)
    names = [f"prepare_party@{code}" for code in ("varnamo", "fk", "vc_vaster", "af")]
    ids = [arena.task(case_id, name) for name in names]
    acts = [arena.completing(arena.doer(id), id, PREPARED) for id in ids]

    outcomes = queued(arena, case_id, *acts)

    assert errors_in(outcomes) == []
    assert [arena.status(id)[0] for id in ids] == ["done"] * 4
    assert [arena.answered(id) for id in ids] == [1] * 4
    assert arena.open_steps(case_id) == []
    arena.require_whole(case_id)


def test_the_same_form_sent_twice_at_once_is_done_once_and_answers_the_same(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=1)
    task_id = arena.task(case_id, "talk_with_person")
    send = arena.completing(arena.actor(LEAD), task_id, WANTS, key="drawn-with-the-form")

    outcomes = queued(arena, case_id, send, send)

    following = arena.task(case_id, "prepare_consent")
    assert outcomes == [Completed(case_id, following)] * 2
    assert arena.answered(task_id) == 1
    arena.require_whole(case_id)


def test_the_same_key_with_other_answers_is_refused(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=1)
    task_id = arena.task(case_id, "talk_with_person")
    lead = arena.actor(LEAD)

    outcomes = queued(
        arena,
        case_id,
        arena.completing(lead, task_id, WANTS, key="k"),
        arena.completing(lead, task_id, {"wants_coordination": "no"}, key="k"),
    )

    (refused,) = errors_in(outcomes)
    assert isinstance(refused, Conflict)
    assert arena.answered(task_id) == 1
    arena.require_whole(case_id)


@pytest.mark.parametrize("withdrawal_first", [True, False])
def test_a_withdrawal_and_an_answer_take_one_order(arena: Arena, withdrawal_first: bool):
    case_id = arena.case_as_in("withdrawal_in_planning", steps=15)
    task_id = arena.task(case_id, "give_input@varnamo")
    answer = arena.completing(arena.doer(task_id), task_id, {"category": "work_education"})
    withdraw = hearing(arena, case_id, "consent_withdrawn", scope="all", received_how="phone")

    pair = (withdraw, answer) if withdrawal_first else (answer, withdraw)
    outcomes = queued(arena, case_id, *pair)

    refused = errors_in(outcomes)
    done = arena.status(task_id)[0] == "done"
    # Whoever the withdrawal shuts out may not even know of the case any more.
    assert [type(error) for error in refused] in ([], [NotWaiting], [NoSuchTask])
    assert done == (refused == [])
    assert arena.open_steps(case_id) == [
        "confirm_to_person@psykiatri",
        *(f"stop_use@{code}" for code in ("psykiatri", "varnamo", "vc_vaster")),
    ]
    arena.require_whole(case_id)


def test_a_timer_and_the_answer_it_waits_beside_take_one_order(arena: Arena):
    case_id = arena.case_as_in("first_contact_late", steps=1)
    task_id = arena.task(case_id, "talk_with_person")
    complete = arena.completing(arena.doer(task_id), task_id, WANTS)
    arena.clock.move(timedelta(days=60))

    outcomes = at_once(complete, lambda: worker.fire_timers(arena.app))

    assert errors_in(outcomes) == []
    assert worker.fire_timers(arena.app) in (0, 1)
    assert arena.status(task_id)[0] == "done"
    late = arena.count(Task, Task.case_id == case_id, Task.element_id == "see_to_first_contact")
    assert late in (0, 1)
    arena.require_whole(case_id)


def test_two_workers_fire_each_timer_once(arena: Arena):
    cases = [arena.case_as_in("first_contact_late", steps=1) for _ in range(4)]
    arena.clock.move(timedelta(days=60))

    outcomes = at_once(*[lambda: worker.run_round(arena.app)] * 3)
    worker.run_round(arena.app)

    assert errors_in(outcomes) == []
    for case_id in cases:
        mine = (Task.case_id == case_id, Task.element_id == "see_to_first_contact")
        assert arena.count(Task, *mine) == 1
    arena.require_whole(*cases)


def test_a_message_told_twice_at_once_is_heard_once(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=4)
    tell = [hearing(arena, case_id, "signed_paper_received") for _ in range(2)]

    outcomes = queued(arena, case_id, *tell)

    assert [type(error) for error in errors_in(outcomes)] == [NotWaiting]
    assert arena.open_steps(case_id) == ["register_signature@varnamo"]
    assert arena.count(Undelivered) == 0
    arena.require_whole(case_id)


def test_a_case_is_placed_on_one_agenda_only(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=7)
    one, other = a_meeting(arena), a_meeting(arena, date(2027, 3, 4))

    outcomes = queued(arena, case_id, placing(arena, one, case_id), placing(arena, other, case_id))

    assert [type(error) for error in errors_in(outcomes)] == [NotWaiting]
    assert arena.count(AgendaItem, AgendaItem.case_id == case_id) == 1
    briefs = arena.count(Task, Task.case_id == case_id, Task.element_id == "write_brief")
    assert briefs == 1
    arena.require_whole(case_id)


def test_two_cases_placed_on_one_agenda_at_once_get_numbers_of_their_own(arena: Arena):
    cases = [arena.case_as_in("ac_01_arena_straight", steps=7) for _ in range(3)]
    meeting_id = a_meeting(arena)

    outcomes = at_once(*[placing(arena, meeting_id, case_id) for case_id in cases])

    assert errors_in(outcomes) == []
    with arena.database.reading() as tx:
        numbers = tx.scalars(
            select(AgendaItem.number).where(AgendaItem.meeting_id == meeting_id)
        ).all()
    assert sorted(numbers) == [1, 2, 3]
    arena.require_whole(*cases)


def test_a_concluded_meeting_takes_nothing_up(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=13)
    convener = arena.actor(COLLEAGUE)
    with arena.database.reading() as tx:
        item = tx.scalars(select(AgendaItem).where(AgendaItem.case_id == case_id)).one()

    def begin() -> None:
        with arena.transaction() as tx:
            meetings.begin_item(tx, arena.app, convener, item.meeting_id, item.id)

    def conclude() -> None:
        with arena.transaction() as tx:
            meetings.conclude_meeting(tx, arena.app, convener, item.meeting_id)

    outcomes = at_once(begin, conclude)

    with arena.database.reading() as tx:
        state = tx.get_one(Meeting, item.meeting_id).state, tx.get_one(AgendaItem, item.id).state
    assert len(errors_in(outcomes)) == 1
    assert state in {("in_session", "in_session"), ("concluded", "postponed")}
    arena.require_whole(case_id)


def test_the_same_start_sent_twice_at_once_makes_one_case(arena: Arena):
    lead = arena.actor(LEAD)

    def begin() -> Any:
        with arena.transaction() as tx:
            group = organisations.group(tx, "varnamo")
            return start.start_case(tx, arena.app, lead, group_id=group.id, key="one")

    first, second = at_once(begin, begin)

    assert first == second
    assert arena.count(Case) == 1
    assert arena.count(Task) == 1
    arena.require_whole(first[0])


def test_cases_started_at_once_get_numbers_of_their_own(arena: Arena):
    lead = arena.actor(LEAD)

    def begin() -> UUID:
        with arena.transaction() as tx:
            group = organisations.group(tx, "varnamo")
            case_id, _ = start.start_case(tx, arena.app, lead, group_id=group.id, key=uuid4().hex)
        return case_id

    outcomes = at_once(*[begin] * 5)

    assert errors_in(outcomes) == []
    with arena.database.reading() as tx:
        numbers = sorted(tx.scalars(select(Case.number)))
    assert numbers == [f"VMO-2027-{number:03}" for number in range(1, 6)]
    arena.require_whole(*outcomes)


def test_of_two_people_who_take_one_step_one_has_it(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=8)
    task_id = arena.task(case_id, "prepare_party@varnamo")
    people = [arena.actor(name) for name in (LEAD, COLLEAGUE)]
    with arena.transaction() as tx:
        tx.get_one(Task, task_id).assignee_id = None

    def taking(actor: Any) -> Callable[[], None]:
        def take() -> None:
            with arena.transaction() as tx:
                tasks.take_task(tx, arena.app, actor, task_id)

        return take

    outcomes = queued(arena, case_id, *map(taking, people))

    assert [type(error) for error in errors_in(outcomes)] == [TaskTaken]
    (winner,) = (a for a, out in zip(people, outcomes, strict=True) if out is None)
    with arena.database.reading() as tx:
        assert tx.get_one(Task, task_id).assignee_id == winner.account_id
    arena.require_whole(case_id)


def test_a_step_taken_while_it_is_done_stays_done(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=8)
    task_id = arena.task(case_id, "prepare_party@varnamo")
    complete = arena.completing(arena.actor(LEAD), task_id, PREPARED)
    colleague = arena.actor(COLLEAGUE)

    def take() -> None:
        with arena.transaction() as tx:
            tasks.take_task(tx, arena.app, colleague, task_id)

    outcomes = queued(arena, case_id, complete, take)

    # Who waits for SQLite's lock is not asked in turn: there it may be taken first, then done.
    allowed = ([TaskTaken],) if arena.database.on_postgresql else ([TaskTaken], [])
    assert [type(error) for error in errors_in(outcomes)] in allowed
    assert arena.status(task_id)[0] == "done"
    arena.require_whole(case_id)


def test_answers_put_aside_twice_at_once_are_kept_once(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=1)
    task_id = arena.task(case_id, "talk_with_person")
    lead = arena.actor(LEAD)

    def save() -> None:
        with arena.transaction() as tx:
            tasks.save_draft(tx, arena.app, lead, task_id, [("wants_coordination", "yes")])

    outcomes = queued(arena, case_id, save, save)

    assert errors_in(outcomes) == []
    assert arena.count(DraftAnswers) == 1


def test_answers_put_aside_while_the_step_is_done_leave_nothing(arena: Arena):
    case_id = arena.case_as_in("ac_01_arena_straight", steps=1)
    task_id = arena.task(case_id, "talk_with_person")
    lead = arena.actor(LEAD)
    complete = arena.completing(lead, task_id, WANTS)

    def save() -> None:
        with arena.transaction() as tx:
            tasks.save_draft(tx, arena.app, lead, task_id, [("wants_coordination", "no")])

    outcomes = queued(arena, case_id, complete, save)

    assert [type(error) for error in errors_in(outcomes)] in ([], [TaskTaken])
    assert arena.status(task_id)[0] == "done"
    assert arena.count(DraftAnswers) == 0
    arena.require_whole(case_id)


def test_many_commands_on_few_cases_never_block_each_other_for_good(arena: Arena):
    cases = [arena.case_as_in("ac_01_arena_straight", steps=8) for _ in range(2)]
    acts: list[Callable[[], Any]] = []
    for case_id in cases:
        for code in ("varnamo", "fk", "vc_vaster", "af"):
            task_id = arena.task(case_id, f"prepare_party@{code}")
            acts.append(arena.completing(arena.doer(task_id), task_id, PREPARED))
        brief = arena.task(case_id, "write_brief")
        acts.append(arena.completing(arena.doer(brief), brief))
        acts.append(hearing(arena, case_id, "consent_withdrawn", scope="all"))
    arena.clock.move(timedelta(days=12))
    acts += [lambda: worker.fire_timers(arena.app)] * 2

    outcomes = at_once(*acts)

    clear = (NotWaiting, NotAllowed, NotFound, TaskTaken)
    assert [error for error in errors_in(outcomes) if not isinstance(error, clear)] == []
    for case_id in cases:
        open_now = {name.partition("@")[0] for name in arena.open_steps(case_id)}
        assert {"prepare_party", "write_brief"}.isdisjoint(open_now)
    arena.require_whole(*cases)
