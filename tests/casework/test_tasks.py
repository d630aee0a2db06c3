"""Whose steps are whose: lists in SQL and single steps in Python say the same."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, text

from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import parts, roles
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.cases import store as case_store
from casework.tasks import actions as tasks
from casework.tasks import opening, store
from casework.tasks.model import Completed, View
from engine.errors import TaskTaken
from engine.tables import Task
from tests.casework.arena import actor
from tests.stories import case_as_in


@contextmanager
def asked(tx: Session) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile: statements with what is given beside them."""
    said: list[tuple[str, Any]] = []

    def note(_c: object, _cu: object, statement: str, given: Any, *_rest: object) -> None:
        said.append((statement, given))

    engine = tx.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def plan_of(tx: Session, statement: str, given: Mapping[str, Any]) -> str:
    """How PostgreSQL would find it whatever is given: what is written out it knows."""
    names = iter(range(1, 1 + len(given)))
    places = {name: f"${next(names)}" for name in given}
    prepared = f"PREPARE asked AS {statement % places}"
    connection = tx.connection()
    connection.exec_driver_sql(prepared)
    nothing = ", ".join("NULL" for _ in given)
    rows = connection.exec_driver_sql(f"EXPLAIN EXECUTE asked ({nothing})")
    plan = "\n".join(row[0] for row in rows)
    connection.exec_driver_sql("DEALLOCATE asked")
    return plan


def everybody(app: Application) -> list[Actor]:
    with app.database.reading() as tx:
        return [accounts.actor_of(tx, one) for one in account_store.active_accounts(tx)]


@pytest.mark.parametrize(
    ("scenario", "steps"),
    [
        ("ac_01_arena_straight", 2),
        ("ac_01_arena_straight", 8),
        ("ac_05_sip_full", 13),
        ("ac_11_overdue", 16),
        ("withdrawal_in_planning", 17),
    ],
)
def test_a_step_is_in_the_lists_of_just_those_who_may_open_it(app, clock, scenario, steps):
    case_id = case_as_in(app, clock, scenario, steps=steps)

    with app.database.reading() as tx:
        today = tx.info["now"].date()
        waiting = store.open_of_case(tx, case_id)
        facts = case_store.facts(tx, case_id)
        config = app.pack(tx).config
        by_list, by_gate = {}, {}
        for person in everybody(app):
            held = roles.held_by(config, person)
            ids = [task.id for task in waiting]
            by_list[person.name] = store.reachable_among(tx, person, held, ids, on=today)
            by_gate[person.name] = {
                task.id for task in waiting if opening.may_open(tx, app, person, task, facts)
            }

    assert waiting
    assert by_list == by_gate
    assert any(by_gate.values())


@pytest.mark.both("wide")
@pytest.mark.parametrize(
    ("kinds", "reached"),
    [
        (["health_function"], True),
        (["health_function", "plan"], True),
        (["health_function", "treatment"], False),
        (["addiction"], False),
    ],
)
def test_a_step_that_names_kinds_of_information_needs_consent_to_each(app, clock, kinds, reached):
    """The property ``consent.categories`` of a step."""
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=8)
    with app.database.transaction() as tx:
        needing = [task for task in store.open_of_case(tx, case_id) if task.purpose]
        for task in needing:
            task.categories = kinds

    with app.database.reading() as tx:
        today, facts = tx.info["now"].date(), case_store.facts(tx, case_id)
        config = app.pack(tx).config
        ids = {task.id for task in needing}
        by_list, by_gate = set(), set()
        for person in everybody(app):
            held = roles.held_by(config, person)
            by_list |= store.reachable_among(tx, person, held, list(ids), on=today)
            for task in needing:
                by_gate |= {task.id} if opening.may_open(tx, app, person, task, facts) else set()

    assert (by_list, by_gate) == ((ids, ids) if reached else (set(), set()))


@pytest.mark.both
def test_lists_hold_what_can_be_reached_and_are_found_by_the_index_of_open_steps(app, clock):
    case_as_in(app, clock, "ac_05_sip_full", steps=13)
    plans: list[str] = []
    with app.database.reading() as tx:
        today, config = tx.info["now"].date(), app.pack(tx).config
        everything = set(tx.scalars(select(Task.id)))
        postgresql = tx.get_bind().dialect.name == "postgresql"
        if postgresql:  # As it plans what has been asked often, among many.
            for setting in ("plan_cache_mode = force_generic_plan", "enable_seqscan = off"):
                tx.execute(text(f"SET LOCAL {setting}"))
        for person in everybody(app):
            held, listed = roles.held_by(config, person), set()
            for view in ("mine", "organisation"):
                with asked(tx) as said:
                    found = store.in_view(tx, person, held, view, on=today, limit=99)
                listed |= {task.id for task in found}
                if postgresql and found:
                    plans.append(plan_of(tx, *said[-1]))

            assert listed == store.reachable_among(tx, person, held, everything, on=today)

    assert bool(plans) == postgresql
    assert [plan for plan in plans if "ix_task_open" not in plan] == []


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(app, clock):
    asked: list[str] = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def questions() -> int:
        with app.database.reading() as tx:
            sara = actor(tx, "sara.lindqvist")
            asked.clear()
            tasks.my_tasks(tx, app, sara, view=View.MINE)
            return len(asked)

    case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    questions()  # Whoever asks first loads the pack.
    once = questions()
    for _ in range(3):
        case_as_in(app, clock, "ac_01_arena_straight", steps=1)

    assert questions() == once


def test_a_stranger_is_told_that_there_is_no_such_step(app, clock):
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=1)

    with app.database.transaction() as tx:
        [task] = store.open_of_case(tx, case_id)
        stranger = actor(tx, "jonas.wik")
        with pytest.raises(NotFound):
            tasks.open_task(tx, app, stranger, task.id)


def test_a_manager_gives_a_step_without_opening_it(app, clock):
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=1)

    with app.database.transaction() as tx:
        [task] = store.open_of_case(tx, case_id)
        eva = actor(tx, "eva.lund")
        to = next(one for one, _ in tasks.colleagues(tx, app, task))
        tasks.give_task(tx, app, eva, task.id, to)
        with pytest.raises(NotAllowed):
            tasks.open_task(tx, app, eva, task.id)

    with app.database.reading() as tx:
        [task] = store.open_of_case(tx, case_id)
        assert task.assignee_id == to


def test_what_was_put_aside_is_there_again_and_goes_with_the_step(app, clock):
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    with app.database.transaction() as tx:
        [task] = store.open_of_case(tx, case_id)
        sara = actor(tx, "sara.lindqvist")
        tasks.save_draft(tx, app, sara, task.id, [("what_matters", "Att kunna sova")])

    with app.database.reading() as tx:
        page = tasks.open_task(tx, app, sara, task.id)

    assert page.saved_draft is not None
    assert "Att kunna sova" in str(page.rows)


def test_the_same_answers_with_the_same_key_are_sent_once(app, clock):
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    sent = [
        ("informed_on", "2027-02-01"),
        ("info_material", "leaflet"),
        ("wants_coordination", "no"),
    ]

    def complete():
        with app.database.transaction() as tx:
            sara = actor(tx, "sara.lindqvist")
            return tasks.complete_task(tx, app, sara, task_id, sent, key="one")

    with app.database.reading() as tx:
        [task] = store.open_of_case(tx, case_id)
        task_id = task.id
    first, second = complete(), complete()

    assert isinstance(first, Completed)
    assert first == second
    with pytest.raises(TaskTaken), app.database.transaction() as tx:
        tasks.complete_task(tx, app, actor(tx, "sara.lindqvist"), task_id, sent, key="two")


def test_wrong_answers_keep_what_was_typed(app, clock):
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=1)

    with app.database.transaction() as tx:
        task_id = store.open_of_case(tx, case_id)[0].id
        sara = actor(tx, "sara.lindqvist")
        sent = [("what_matters", "Att få ro")]
        page = tasks.complete_task(tx, app, sara, task_id, sent, key="k")
        tx.rollback()

    assert not isinstance(page, Completed)
    assert set(page.errors) >= {"informed_on", "wants_coordination"}
    with app.database.reading() as tx:
        assert [one.id for one in store.open_of_case(tx, case_id)] == [task_id]


def test_counting_ends_where_nobody_reads_on(app, clock, monkeypatch):
    for _ in range(3):
        case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    with app.database.reading() as tx:
        sara = actor(tx, "sara.lindqvist")

        found = {most: counted(tx, app, sara, monkeypatch, most) for most in (2, 4)}
    forget_statements()

    assert found == {2: (2, 2, 2), 4: (3, 3, 3)}


def counted(tx, app, person, monkeypatch, most: int) -> tuple[int, int, int]:
    """Steps in the list, in the menu, and cases, where counting ends at ``most``."""
    forget_statements()
    monkeypatch.setattr(parts, "COUNTED", most)
    today = tx.info["now"].date()
    held = roles.held_by(app.pack(tx).config, person)
    listed = store.counts(tx, person, held, on=today)["mine"]
    cases = case_store.count_known(tx, person, today, mine=True, statuses=("open",))
    return listed, tasks.open_count(tx, app, person), cases


def forget_statements() -> None:
    for kept in (store._count_mine, store._counts):
        kept.cache_clear()
