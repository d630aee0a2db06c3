"""AG-08, AG-09, AG-12: a programme ends in phases, each from midnight of its day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from base.clock import Fixed
from base.db import Database
from base.errors import NotAllowed, NotFound
from casework.access import Action, Phases, State, knows, may
from casework.application import Application
from casework.cases import store as cases
from casework.cases.tables import Case
from casework.organisations import store as organisations
from casework.programmes import actions, store
from casework.programmes.actions import IntakeClosed, NotYourProgramme
from casework.programmes.rules import BadProgramme, Part, Told, require_right
from casework.tasks import actions as tasks
from casework.tasks import store as task_store
from tests.casework.arena import a_started_case, actor
from tests.casework.builders import a_case, a_world, an_actor

DAY = date(2027, 5, 17)
PHASES = Phases(DAY, date(2027, 7, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2027, 5, 16), State.OPEN),
        (DAY, State.CLOSING_ONLY),
        (date(2027, 6, 30), State.CLOSING_ONLY),
        (date(2027, 7, 1), State.READ_ONLY),
        (date(2028, 1, 1), State.ARCHIVED),
    ],
)
def test_a_phase_begins_with_its_day(day: date, state: State) -> None:
    assert PHASES.on(day) is state


def test_a_case_belongs_to_the_programme_of_the_group_it_is_raised_in(app: Application) -> None:
    with app.database.transaction() as tx:
        other = actions.add_programme(tx, "annan", "Annan", pack_id="arena")
        sara = actor(tx, "sara.lindqvist")
        group = next(m.group_id for m in sara.memberships if m.group_id is not None)
        organisations.group_by_id(tx, group).programme_id = other.id

    case_id = a_started_case(app)

    with app.database.reading() as tx:
        assert tx.get_one(Case, case_id).programme_id == other.id


@pytest.mark.both
@pytest.mark.parametrize(
    ("day", "answers"),
    [
        (date(2027, 5, 16), ("yes", "yes", "yes", True)),
        (date(2027, 6, 30), ("yes", "yes", "yes", True)),
        (date(2027, 7, 1), ("yes", "read_only", "yes", True)),
        (date(2028, 1, 1), ("archived", "archived", "archived", False)),
    ],
)
def test_the_gate_and_the_lists_say_the_same(
    database: Database, day: date, answers: tuple[str, str, str, bool]
) -> None:
    with database.transaction() as tx:
        world = a_world(tx)
        worker = an_actor(tx, world.municipality)
        auditor = an_actor(tx, world.agency, "auditor")
        manager = an_actor(tx, world.municipality, "manager")
        case_id = a_case(tx, world, worker).id
        programme = store.by_id(tx, world.programme_id)
        programme.closing_from, programme.read_only_from = PHASES.closing_from, date(2027, 7, 1)
        programme.archived_from = PHASES.archived_from
    with database.reading() as tx:
        facts = cases.facts(tx, case_id)

        said = tuple(
            may(worker, action, facts, on=day).code or "yes"
            for action in (Action.SEE_CASE, Action.ACT, Action.WITHDRAW)
        )

        assert (*said, knows(worker, facts, on=day)) == answers
        for one in (worker, manager, auditor):
            seen = may(one, Action.SEE_CASE, facts, on=day).allowed
            assert [case.id for case in cases.known(tx, one, day)] == [case_id] * seen
            numbered = [case.id for case in cases.numbered(tx, one, day)]
            assert numbered == [case_id] * knows(one, facts, on=day)
        assert may(auditor, Action.SEE_CASE, facts, on=day).allowed


def wind_up(app: Application, **days: date) -> None:
    with app.database.transaction() as tx:
        programme = store.programmes(tx)[0]
        for name, day in days.items():
            setattr(programme, name, day)


def test_new_cases_come_until_midnight_of_the_day(app: Application, clock: Fixed) -> None:
    """AG-09: at 23.59 the day before by the programme's clock, not after."""
    wind_up(app, closing_from=DAY)
    clock.set(datetime(2027, 5, 16, 21, 59, tzinfo=UTC))
    a_started_case(app)
    clock.move(timedelta(minutes=1))

    with pytest.raises(IntakeClosed):
        a_started_case(app)


def test_what_is_only_read_has_no_steps(app: Application) -> None:
    case_id = a_started_case(app)
    with app.database.reading() as tx:
        sara, [step] = actor(tx, "sara.lindqvist"), task_store.open_of_case(tx, case_id)
        assert tasks.open_count(tx, app, sara) == 1
    wind_up(app, read_only_from=date(2027, 2, 1))

    with app.database.reading() as tx:
        with pytest.raises(NotAllowed) as refused:
            tasks.open_task(tx, app, sara, step.id)
        assert refused.value.code == "read_only"
        assert tasks.open_count(tx, app, sara) == 0
        assert [case.id for case in cases.known(tx, sara, date(2027, 2, 1))] == [case_id]
    wind_up(app, archived_from=date(2027, 2, 1))
    with app.database.reading() as tx, pytest.raises(NotFound):
        tasks.open_task(tx, app, sara, step.id)


def told(**changes: object) -> Told:
    usual: dict[str, object] = {
        "title": "Arena",
        "purposes": "",
        "languages": ["sv"],
        "time_zone": "Europe/Stockholm",
        "starts": None,
        "ends": None,
        "closing_from": None,
        "read_only_from": None,
        "archived_from": None,
        "decision": "",
        "support_name": "",
        "support_phone": "1",
        "support_mail": "",
    }
    return Told(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"languages": []},
        {"languages": ["tlh"]},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"support_phone": ""},
        {"starts": DAY, "ends": DAY - timedelta(days=1)},
        {"closing_from": DAY},
        {"closing_from": DAY, "read_only_from": DAY - timedelta(days=1), "decision": "1/27"},
    ],
)
def test_what_cannot_be_right_is_refused(changes: dict[str, object]) -> None:
    require_right(told(), carriers=1)

    with pytest.raises(BadProgramme):
        require_right(told(**changes), carriers=1)


def test_the_coordinator_changes_it_and_nobody_else(app: Application) -> None:
    with app.database.transaction() as tx:
        programme = store.programmes(tx)[0]
        carrier = programme.carrier_organisation_id
        assert carrier is not None
        parts = {carrier: Part.BOTH}
        with pytest.raises(NotYourProgramme):
            actions.change(tx, actor(tx, "eva.lund"), programme.id, told(), parts)
        with pytest.raises(BadProgramme):
            actions.change(tx, actor(tx, "karin.holt"), programme.id, told(), {})
        new = told(title="Neu", closing_from=DAY, decision="RRB 1/27")

        actions.change(tx, actor(tx, "karin.holt"), programme.id, new, parts)

    with app.database.reading() as tx:
        programme = store.programmes(tx)[0]
        assert (programme.title, store.participants(tx, programme.id)) == ("Neu", [carrier])
        ending = actions.ending(programme, DAY - timedelta(days=1))
        assert ending is not None
        assert (ending.state, ending.next_state, ending.next_on) == ("open", "closing_only", DAY)
