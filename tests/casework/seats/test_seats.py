"""GG-05, GG-07, GG-32: an organisation appoints; access and open steps follow; others hear."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from base.clock import Fixed
from base.db import Session
from casework import worker
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.notifications import actions as mails
from casework.organisations import store
from casework.organisations.actions import SeatTaken
from casework.seats import actions, pages
from casework.seats.actions import NoSuchAssignment
from casework.seats.rules import NotOfTheOrganisation, NotYoursToAppoint, PeriodInThePast
from casework.tasks import actions as tasks
from casework.tasks import store as task_store
from engine.errors import NoSuchTask
from engine.tables import Task
from tests import stories
from tests.casework.arena import actor

DAY = timedelta(days=1)


def today(app: Application) -> date:
    return app.database.now().date()


def the_seat(tx: Session, on: date) -> int:
    """Of the insurance office, in the group Värnamo; Ida Rask sits there."""
    place = store.organisation(tx, "fk").id
    seats = store.seats(tx, store.group(tx, "varnamo").id, on)
    return next(seat.id for seat in seats if seat.organisation_id == place)


def somebody_new(app: Application, organisation: str = "fk") -> int:
    """Somebody who works there and opens no case yet."""
    with app.database.transaction() as tx:
        account = accounts.add_account(tx, "nya", "Nya Namn", language="sv", mail="n@a.example")
        place = store.organisation(tx, organisation).id
        accounts.appoint(tx, account.id, place, "statistics_lead", valid_from=today(app))
        return account.id


def appoint(
    app: Application, who: str, account_id: int, days: int = 0, *, deputy: bool = False
) -> None:
    with app.database.transaction() as tx:
        seat, day = the_seat(tx, today(app)), today(app) + timedelta(days=days)
        by = actor(tx, who)
        actions.appoint(tx, app, by, seat, account_id, valid_from=day, deputy=deputy)


def end(app: Application, last_day: date) -> None:
    """Ida Rask's term, by his manager."""
    with app.database.transaction() as tx:
        [term] = [
            term for term in store.representatives(tx, the_seat(tx, today(app))) if not term.deputy
        ]
        actions.end(tx, app, actor(tx, "stefan.grund"), term.seat_id, term.id, last_day=last_day)


def of_account(tx: Session, account_id: int) -> Actor:
    return accounts.actor_of(tx, account_store.by_id(tx, account_id))


def a_step_of_ida(app: Application, clock: Fixed, *, casework: bool = False) -> UUID:
    """One that Ida Rask has taken; only his seats let him, unless ``casework``."""
    case_id = stories.case_as_in(app, clock, "ac_01_arena_straight", steps=9)
    with app.database.transaction() as tx:
        ida = actor(tx, "ida.rask")
        [step] = [
            task.id
            for task in task_store.open_of_case(tx, case_id)
            if task.organisation_id == ida.organisation_id
        ]
        tasks.take_task(tx, app, ida, step)
        for row in account_store.rows_of(tx, ida.account_id, today(app)):
            if row.role == "caseworker" and not casework:
                row.valid_until = today(app) - DAY
    return step


def holder(app: Application, step: UUID) -> int | None:
    with app.database.reading() as tx:
        return tx.get_one(Task, step).assignee_id


def account_id(app: Application, user_name: str) -> int:
    with app.database.reading() as tx:
        return actor(tx, user_name).account_id


@pytest.mark.parametrize("who", ["karin.holt", "eva.lund", "ida.rask", "maria.sandell"])
def test_nobody_but_the_organisations_own_manager_appoints(app: Application, who: str) -> None:
    """GG-07: not the federation, another's manager, the representative or the convener."""
    with pytest.raises(NotYoursToAppoint):
        appoint(app, who, somebody_new(app))


def test_only_the_organisations_own_people_are_appointed_and_not_backwards(
    app: Application,
) -> None:
    with pytest.raises(NotOfTheOrganisation):
        appoint(app, "stefan.grund", somebody_new(app, "psykiatri"))
    with pytest.raises(PeriodInThePast):
        appoint(app, "stefan.grund", account_id(app, "moa.wall"), days=-1)
    with pytest.raises(SeatTaken):
        appoint(app, "stefan.grund", account_id(app, "ida.rask"))


@pytest.mark.both
def test_access_opens_with_the_acknowledgement_and_steps_follow(
    app: Application, clock: Fixed
) -> None:
    """GG-07, GG-32: the old one is out at once; the new one must first say yes."""
    step, new = a_step_of_ida(app, clock), somebody_new(app)

    appoint(app, "stefan.grund", new)

    assert holder(app, step) == new
    with app.database.transaction() as tx:
        them, ida = of_account(tx, new), actor(tx, "ida.rask")
        assert them.roles == {"statistics_lead"}
        for one in (them, ida):
            with pytest.raises(NoSuchTask):
                tasks.open_task(tx, app, one, step)
            assert tasks.open_count(tx, app, one) == 0
        held = [m.group_id for m in ida.holding({"representative"})]
        assert held == [store.group(tx, "gislaved").id]
        [assignment] = pages.assignments(tx, app, them)
        with pytest.raises(NoSuchAssignment):
            actions.acknowledge(tx, app, ida, assignment.id)
        actions.acknowledge(tx, app, them, assignment.id)
        actions.acknowledge(tx, app, them, assignment.id)
    with app.database.reading() as tx:
        them = of_account(tx, new)
        assert [m.role for m in them.memberships] == ["statistics_lead", "representative"]
        assert tasks.open_task(tx, app, them, step)
        assert pages.assignments(tx, app, them) == []


def test_a_draft_stays_with_whoever_typed_it(app: Application, clock: Fixed) -> None:
    step, new = a_step_of_ida(app, clock), somebody_new(app)
    with app.database.transaction() as tx:
        tasks.save_draft(tx, app, actor(tx, "ida.rask"), step, [("note", "of hers")])

    appoint(app, "stefan.grund", new)

    with app.database.transaction() as tx:
        [assignment] = pages.assignments(tx, app, of_account(tx, new))
        actions.acknowledge(tx, app, of_account(tx, new), assignment.id)
    with app.database.reading() as tx:
        assert tasks.open_task(tx, app, of_account(tx, new), step).saved_draft is None


def test_a_step_stays_with_whoever_may_still_do_it(app: Application, clock: Fixed) -> None:
    step = a_step_of_ida(app, clock, casework=True)

    appoint(app, "stefan.grund", somebody_new(app))

    assert holder(app, step) == account_id(app, "ida.rask")


@pytest.mark.parametrize("deputy", [True, False], ids=["deputy", "nobody"])
def test_without_a_successor_the_deputy_has_it_else_everybody(
    app: Application, clock: Fixed, deputy: bool
) -> None:
    step = a_step_of_ida(app, clock)
    moa = account_id(app, "moa.wall")
    if not deputy:
        with app.database.transaction() as tx:
            for term in store.representatives(tx, the_seat(tx, today(app))):
                term.valid_until = today(app) - DAY if term.deputy else term.valid_until

    end(app, today(app) - DAY)

    assert holder(app, step) == (moa if deputy else None)


def test_a_change_on_a_later_day_waits_for_it(app: Application, clock: Fixed) -> None:
    step, new = a_step_of_ida(app, clock), somebody_new(app)
    appoint(app, "stefan.grund", new, days=10)
    assert holder(app, step) == account_id(app, "ida.rask")

    clock.move(9 * DAY)
    worker.turn_seats(app)
    assert holder(app, step) == account_id(app, "ida.rask")
    clock.move(DAY)
    worker.turn_seats(app)

    assert holder(app, step) == new
    with app.database.reading() as tx:
        assert tasks.open_count(tx, app, actor(tx, "ida.rask")) == 0
        assert store.held_seat(tx, the_seat(tx, today(app)), today(app)).account_id == new


def test_a_change_is_told_the_same_day_to_the_federation_and_the_group(
    app: Application,
) -> None:
    """GG-32: in the application at once, and by mail that day; not in one's own house."""
    with app.database.transaction() as tx:
        mails.write_digests(tx, app, only_urgent=False)

    appoint(app, "stefan.grund", somebody_new(app))

    with app.database.reading() as tx:
        told = {
            name
            for name in ("karin.holt", "sara.lindqvist", "per.holm", "stefan.grund", "jan.rydh")
            if pages.news(tx, actor(tx, name))
        }
        mailed = {d.account.user_name for d in mails.digests(tx, app, only_urgent=True)}
    assert told == {"karin.holt", "sara.lindqvist", "per.holm"}
    assert told | {"nya"} <= mailed


def test_news_that_were_read_are_gone_and_later_ones_are_not(app: Application) -> None:
    appoint(app, "stefan.grund", somebody_new(app))
    with app.database.transaction() as tx:
        karin = actor(tx, "karin.holt")
        seen = pages.news(tx, karin)[0].id
    end_of = today(app) + 3 * DAY
    with app.database.transaction() as tx:
        [term] = store.to_acknowledge(tx, account_store.by_user_name(tx, "nya").id, end_of)  # type: ignore[union-attr]
        actions.end(tx, app, actor(tx, "stefan.grund"), term.seat_id, term.id, last_day=end_of)

    with app.database.transaction() as tx:
        pages.mark_read(tx, karin, seen)

    with app.database.reading() as tx:
        assert [each.kind for each in pages.news(tx, karin)] == ["left"]


def test_whoever_declines_sits_nowhere_and_the_manager_hears(app: Application) -> None:
    new = somebody_new(app)
    appoint(app, "stefan.grund", new)

    with app.database.transaction() as tx:
        [assignment] = pages.assignments(tx, app, of_account(tx, new))
        actions.decline(tx, app, of_account(tx, new), assignment.id)

    with app.database.reading() as tx:
        seat = store.held_seat(tx, the_seat(tx, today(app)), today(app))
        assert (seat.account_id, seat.vacant_since) == (None, today(app))
        assert [each.kind for each in pages.news(tx, actor(tx, "stefan.grund"))] == ["declined"]
        assert [m.role for m in of_account(tx, new).memberships] == ["statistics_lead"]


def test_a_seat_vacant_for_a_month_is_told_of_once(app: Application, clock: Fixed) -> None:
    """GG-05: to the manager who can fill it, and to the federation."""
    end(app, today(app) - DAY)
    told = []
    for days in (30, 1, 1):
        clock.move(days * DAY)
        worker.turn_seats(app)
        with app.database.reading() as tx:
            told.append([each.kind for each in pages.news(tx, actor(tx, "stefan.grund"))])

    assert told == [[], ["vacant"], ["vacant"]]
    with app.database.reading() as tx:
        karin, eva = actor(tx, "karin.holt"), actor(tx, "eva.lund")
        assert [each.kind for each in pages.news(tx, karin)] == ["vacant", "left"]
        assert [seat.organisation for _, seat in pages.vacancies(tx, app, karin)] == [
            "Försäkringskassan"
        ]
        assert pages.vacancies(tx, app, eva) == []


def test_a_term_is_ended_at_its_own_seat_alone(app: Application) -> None:
    with app.database.transaction() as tx:
        [term] = [
            term for term in store.representatives(tx, the_seat(tx, today(app))) if not term.deputy
        ]
        stefan = actor(tx, "stefan.grund")

        with pytest.raises(NoSuchAssignment):
            actions.end(tx, app, stefan, term.seat_id + 1, term.id, last_day=today(app))
