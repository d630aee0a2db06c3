"""A trial is kept for its owner, and forgotten after its last day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from base import clock as clocks
from base.clock import Fixed
from casework import worker
from casework.access import Actor
from casework.application import Application
from casework.cast import Cast, NobodyWorks
from casework.organisations import actions as directory
from casework.organisations import store as organisations
from casework.releases.tables import TrialRow
from casework.scenarios import Play
from casework.tasks import store as task_store
from casework.trials import courses, store
from casework.trials.model import TrialPage
from casework.trials.playing import Reached, Rest, Standing
from casework.trials.reporting import reportable
from casework.trials.saying import speaker_for
from casework.trials.standing import stands
from casework.words import Words
from engine.tables import Task
from tests.casework.arena import a_started_case, actor


@pytest.mark.both
def test_a_trial_is_forgotten_after_its_last_day(app: Application, clock: Fixed):
    with app.database.transaction() as tx:
        owner, other = actor(tx, "jonas.wik"), actor(tx, "asa.kvist")
        today = clock.now().date()
        row = TrialRow(
            account_id=owner.account_id,
            pack_id="arena",
            title="Ett prov",
            course="given = {}",
            rev=1,
            changed=clock.now(),
            ends=today + timedelta(days=2),
        )
        trial_id = store.add(tx, row)
    with app.database.reading() as tx:
        assert store.trial(tx, other.account_id, trial_id) is None
        assert store.trials(tx, other.account_id, "arena") == []
        assert store.count(tx, owner.account_id) == 1

    clock.move(timedelta(days=2))
    worker.tidy(app)
    with app.database.reading() as tx:
        assert store.trial(tx, owner.account_id, trial_id) is not None
    clock.move(timedelta(days=1))
    worker.tidy(app)

    with app.database.reading() as tx:
        assert store.trial(tx, owner.account_id, trial_id) is None


def asked(app: Application, play: Play) -> list[str]:
    """What telling who may report something asks of the database."""
    heard: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    with app.database.reading() as tx:
        words = Words(app.pack(tx), "sv")
        reportable(tx, play, words)
    with app.database.reading() as tx:
        event.listen(app.database.engine, "before_cursor_execute", note)
        assert reportable(tx, play, words)
        event.remove(app.database.engine, "before_cursor_execute", note)
    return heard


def test_who_may_report_costs_no_statement_more_for_more_seats(app: Application, clock: Fixed):
    play = Play(app, clock, {})
    play.case_id = a_started_case(app)
    before = asked(app, play)
    with app.database.transaction() as tx:
        group = organisations.group(tx, "varnamo")
        taken = {seat.organisation_id for seat in organisations.all_seats_of(tx, group.id)}
        others = [one for one in organisations.organisations(tx) if one.id not in taken]
        for one in others:
            directory.add_seat(tx, group.id, one.id, valid_from=date(2026, 1, 1))

    after = asked(app, play)

    assert len(others) > 2
    assert len(after) == len(before)


def test_who_works_for_each_seat_is_found_at_once_as_one_by_one(app: Application):
    def one(cast: Cast, code: str, group_id: int) -> Actor | None:
        try:
            return cast.worker_of(code, group_id)
        except NobodyWorks:
            return None

    with app.database.reading() as tx:
        cast = Cast(tx, app)
        group = organisations.group(tx, "varnamo")
        codes = {each.id: each.code for each in organisations.organisations(tx)}
        units = organisations.units(tx)
        places = [(id, None) for id in codes] + [(unit.organisation_id, unit.id) for unit in units]
        named = [*codes.values(), *(f"{codes[u.organisation_id]}/{u.code}" for u in units)]

        found = cast.workers(places, group.id)

        assert found == [one(cast, name, group.id) for name in named]
        assert None in found
        assert len({each.account_id for each in found if each}) > 3


def page_asks(app: Application, play: Play) -> tuple[TrialPage, int]:
    """The page of a trial, and how many statements it takes."""
    heard: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    with app.database.reading() as tx:
        speaker = speaker_for(app, app.pack(tx), actor(tx, "jonas.wik"))
        at = clocks.now(tx)
    course = courses.write({"given": {"process": "case_lifecycle"}, "step": []})
    row = TrialRow(
        account_id=1, pack_id="arena", title="T", course=course, rev=1, changed=at, ends=at.date()
    )
    standing = Standing(Reached(Rest("", at, play.case_id, ()), None), app, play)
    event.listen(app.database.engine, "before_cursor_execute", note)
    page = stands(standing, row, speaker, "", readable=True)
    event.remove(app.database.engine, "before_cursor_execute", note)
    return page, len(heard)


def test_the_page_of_a_trial_asks_as_much_for_twenty_open_steps_as_for_two(
    app: Application, clock: Fixed
):
    play = Play(app, clock, {})
    play.case_id = a_started_case(app)
    with app.database.transaction() as tx:
        [task] = task_store.open_of_case(tx, play.case())
        of_others = [one.id for one in organisations.organisations(tx)][:2]
        roles = ["referrer", "party", "manager"]

        def another(number: int) -> None:
            columns = {column.key: getattr(task, column.key) for column in Task.__table__.columns}
            place = {"role": roles[number % 3], "organisation_id": of_others[number % 2]}
            assignee = None if number % 2 else task.assignee_id
            tx.add(Task(**{**columns, **place, "id": uuid4(), "assignee_id": assignee}))

        another(1)
    page_asks(app, play)

    two, few = page_asks(app, play)
    with app.database.transaction() as tx:
        for number in range(18):
            another(number)
    twenty, many = page_asks(app, play)

    assert (len(two.steps), len(twenty.steps)) == (2, 20)
    assert many == few
    with app.database.reading() as tx:
        cast, open_ = play.cast(tx), task_store.open_of_case(tx, play.case())
        found = cast.doers_of(open_)
        assert found == [cast.holder_of(each) for each in open_]
        assert len({each.account_id for each in found if each}) > 1
        assert None in found
