from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from base.clock import Fixed
from base.errors import NotAllowed, NotFound
from casework.application import Application
from casework.cases import actions as _cases
from casework.statistics import actions
from casework.statistics.model import OrganisationCount, Overview
from casework.tasks import actions as tasks
from casework.tasks import store as _task_store
from tests.casework.arena import a_colleague, a_started_case, actor


def overview(app: Application, user_name: str, **asked) -> Overview:
    with app.database.reading() as tx:
        return actions.overview(tx, app, actor(tx, user_name), **asked)


@contextmanager
def statements(app: Application) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_more):
        heard.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(app.database.engine, "before_cursor_execute", hear)


def test_a_manager_sees_own_steps_by_number_and_holder(app: Application):
    a_started_case(app, "sara.lindqvist")
    a_started_case(app, "nils.ek")

    page = overview(app, "eva.lund")

    assert [(s.title, s.case_number, s.holder, s.late) for s in page.waiting] == [
        ("Beskriv behovet", "VMO-2027-001", "Sara Lindqvist", False)
    ]
    assert (page.organisation, page.tiles.waiting, page.tiles.cases) == (
        "Värnamo kommun",
        "1",
        "1",
    )


def test_a_step_past_its_day_is_late(app: Application, clock: Fixed):
    case_id = a_started_case(app)
    _set_due(app, case_id, clock)
    clock.move(timedelta(days=3))

    page = overview(app, "eva.lund")

    assert [step.days_late for step in page.late] == [2]
    assert page.waiting == ()
    assert page.tiles.late == "1"


def test_small_counts_of_others_are_hidden_and_own_ones_are_not(app: Application):
    for _ in range(2):
        a_started_case(app, "sara.lindqvist")
    for _ in range(3):
        a_started_case(app, "nils.ek")

    own, other = overview(app, "eva.lund"), overview(app, "bo.strand")

    assert own.by_organisation == (
        OrganisationCount("Värnamo kommun", True, "0", "2"),
        OrganisationCount("Gislaveds kommun", False, "0", "< 5"),
    )
    assert (own.by_milestone[0].own, own.by_milestone[0].shown) == ("2", "< 5")
    assert (other.by_milestone[0].own, other.by_milestone[0].shown) == ("3", "< 5")


def test_the_diagram_counts_own_cases_exactly_and_never_all_together(app: Application):
    for _ in range(2):
        a_started_case(app, "sara.lindqvist")
    for _ in range(6):
        a_started_case(app, "nils.ek")

    own = overview(app, "eva.lund", process="referral")
    others = overview(app, "eva.lund", process="referral", of="others")
    everybody = overview(app, "eva.lund", process="referral", of="all")

    counts = [
        [(step.element, step.shown) for step in page.heat.steps]
        for page in (own, others, everybody)
    ]
    assert counts == [[("describe_need", "2")], [("describe_need", "6")], [("describe_need", "2")]]


def test_the_federation_sees_counts_alone(app: Application):
    for _ in range(4):
        a_started_case(app, "sara.lindqvist")

    page = overview(app, "asa.kvist", process="referral")

    assert (page.organisation, page.late, page.waiting) == (None, (), ())
    assert [(step.shown, step.heat) for step in page.heat.steps] == [("< 5", 0)]
    assert (page.tiles.cases, page.tiles.waiting) == ("< 5", "< 5")


@pytest.mark.parametrize("user_name", ["sara.lindqvist", "maria.sandell"])
def test_caseworkers_have_no_overview(app: Application, user_name: str):
    with pytest.raises(NotAllowed):
        overview(app, user_name)


def test_the_overview_asks_as_much_for_one_case_as_for_three(app: Application):
    asked = []
    for _ in range(3):
        a_started_case(app, "sara.lindqvist")
        a_started_case(app, "nils.ek")
        with statements(app) as heard:
            overview(app, "eva.lund")
        asked.append(len(heard))

    assert asked[1:] == [asked[1]] * 2


def test_a_manager_gives_a_step_to_a_colleague_who_holds_the_role(app: Application):
    a_started_case(app, "sara.lindqvist")
    kim = a_colleague(app, "sara.lindqvist", "Kim Ros")
    (step,) = overview(app, "eva.lund").waiting

    with app.database.transaction() as tx:
        eva = actor(tx, "eva.lund")
        giving = actions.giving(tx, app, eva, step.id)
        tasks.give_task(tx, app, eva, step.id, kim)

    assert (kim, "Kim Ros") in giving.colleagues
    assert {name for _, name in giving.colleagues} == {"Hanna Vik", "Kim Ros"}
    assert [step.holder for step in overview(app, "eva.lund").waiting] == ["Kim Ros"]


def test_nobody_gives_a_step_of_another_organisation(app: Application):
    a_started_case(app, "sara.lindqvist")
    (step,) = overview(app, "eva.lund").waiting

    with app.database.reading() as tx, pytest.raises(NotFound):
        actions.giving(tx, app, actor(tx, "bo.strand"), step.id)


def test_people_whose_identity_is_protected_are_in_no_list_and_no_count(app: Application):
    case_id = a_started_case(app, "sara.lindqvist")
    with app.database.transaction() as tx:
        _cases.restrict(tx, actor(tx, "sara.lindqvist"), case_id, [])

    page = overview(app, "eva.lund")

    assert page.waiting == ()
    assert page.tiles.cases == "0"


def _set_due(app: Application, case_id, clock: Fixed) -> None:
    with app.database.transaction() as tx:
        for task in _task_store.open_of_case(tx, case_id):
            task.due = clock.now() + timedelta(days=1)
