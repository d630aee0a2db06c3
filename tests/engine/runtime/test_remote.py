"""Remote services: asked for with the step, answered by a command, noted when too late."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from base import jobs
from base.clock import Fixed
from base.db import Database
from engine import runtime, store
from engine.errors import StepFailed
from engine.model import Answer, Outcome, Request
from engine.tables import History, ServiceAnswer, Wait
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    end,
    path,
    service,
    start,
    timer,
    user,
)
from tests.engine.hosting import Office, a_pack
from tests.lapse import later

LEAD = {"case_lead": ["a", "mail", "z", "call"]}


def a_post(**more: object) -> bytes:
    """A step, then a remote service, with a deadline on its border."""
    mail = service(
        "mail", "post", inputs={"to": "=place"}, outputs={"sent": "=receipt + 1"}, **more
    )
    return a_file(
        a_process(
            "p",
            start(),
            user("a"),
            mail,
            boundary("late", "mail", timer("Duration", "P2D")),
            user("z"),
            user("call"),
            end(),
            path("start", "a", "mail", "z", "end"),
            path("late", "call"),
            lanes=LEAD,
        )
    )


@pytest.fixture
def asking(office: Office) -> Office:
    """An office whose case waits for the answer of a remote service."""
    office.host.services["post"] = lambda _tx, _call: None
    office.publish(a_pack(p=a_post()))
    office.start(place="fk")
    office.do("a")
    return office


def tokens(office: Office) -> list[UUID]:
    with office.database.reading() as tx:
        return list(tx.scalars(select(Wait.token_id).where(Wait.kind == "service")))


def request(office: Office, token_id: UUID) -> Request | None:
    with office.database.reading() as tx:
        return runtime.request(tx, office.host, token_id)


def answer(office: Office, asked: Request, said: Answer) -> Outcome | None:
    with office.database.transaction() as tx:
        return runtime.answer(tx, office.host, asked, said)


def asked_for(database: Database) -> list[str]:
    """The tokens for which jobs ask, each done."""
    found: list[str] = []
    jobs.work_off(database, {runtime.SERVICE_JOB: lambda _tx, job: found.append(job["token"])})
    return found


@pytest.mark.both
def test_the_step_asks_and_the_answer_goes_on(asking: Office):
    (token,) = tokens(asking)

    asked = request(asking, token)

    assert asked is not None
    assert (asked.key, asked.service, asked.inputs) == (str(token), "post", {"to": "fk"})
    assert asked_for(asking.database) == [str(token)]
    outcome = answer(asking, asked, Answer({"receipt": 6}))
    assert outcome is not None
    assert asking.titles() == ["z@varnamo"]
    assert tokens(asking) == []


@pytest.mark.both
def test_a_step_that_is_undone_asks_nobody(office: Office):
    office.host.services["post"] = lambda _tx, _call: None
    office.publish(a_pack(p=a_post()))
    office.start(place="fk")
    task_id = office.find("a")

    def do_and_fail() -> None:
        with office.database.transaction() as tx:
            runtime.complete(tx, office.host, task_id, answers={}, by="anna")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do_and_fail()

    assert asked_for(office.database) == []
    assert office.titles() == ["a@varnamo"]


def test_an_answer_that_comes_twice_counts_once_and_is_noted(asking: Office):
    asked = request(asking, tokens(asking)[0])
    assert asked is not None
    answer(asking, asked, Answer({"receipt": 6}))

    assert answer(asking, asked, Answer({"receipt": 9})) is None

    assert asking.titles() == ["z@varnamo"]
    assert late(asking) == [("mail", "post")]


def test_an_answer_after_the_deadline_is_dropped_and_noted(asking: Office, clock: Fixed):
    asked = request(asking, tokens(asking)[0])
    assert asked is not None
    clock.move(timedelta(days=3))
    fire(asking)

    assert request(asking, UUID(asked.key)) is None
    assert answer(asking, asked, Answer({"receipt": 6})) is None

    assert asking.titles() == ["call@varnamo"]
    assert late(asking) == [("mail", "post")]


def test_a_case_that_was_cancelled_asks_no_more(asking: Office):
    (token,) = tokens(asking)
    with asking.database.transaction() as tx:
        runtime.cancel_case(tx, asking.case_id, by="anna")

    assert request(asking, token) is None
    assert tokens(asking) == []


@pytest.mark.both
def test_a_case_that_rests_asks_when_it_goes_on_and_keeps_what_came_meanwhile(asking: Office):
    (token,) = tokens(asking)
    asked = request(asking, token)
    assert asked is not None
    asked_for(asking.database)
    with asking.database.transaction() as tx:
        runtime.suspend(tx, asking.case_id)

    assert request(asking, token) is None
    assert answer(asking, asked, Answer({"receipt": 6})) is None
    with asking.database.transaction() as tx:
        runtime.resume(tx, asking.host, asking.case_id)

    assert asked_for(asking.database) == [str(token)]
    with asking.database.reading() as tx:
        kept = runtime.kept_answer(tx, asking.host, asked)
        (row,) = tx.scalars(select(ServiceAnswer))
    assert kept == Answer({"receipt": 6})
    assert b"receipt" not in row.answer
    answer(asking, asked, kept)
    assert asking.titles() == ["z@varnamo"]
    assert answers(asking) == 0


def test_an_answer_that_nobody_waits_for_any_more_is_forgotten(asking: Office):
    asked = request(asking, tokens(asking)[0])
    assert asked is not None
    with asking.database.transaction() as tx:
        runtime.keep_answer(tx, asking.host, asked, Answer({"receipt": 6}))
        assert runtime.purge_answers(tx) == 0
        runtime.cancel_case(tx, asking.case_id, by="anna")

        assert runtime.purge_answers(tx) == 1


@pytest.mark.both
def test_a_service_that_was_given_up_is_an_incident_and_can_be_asked_again(asking: Office):
    (token,) = tokens(asking)
    asked_for(asking.database)
    with asking.database.transaction() as tx:
        runtime.fail_request(tx, token, "the post office is closed")

    (incident,) = asking.incidents()
    assert (incident.kind, incident.element_id) == ("service", "mail")
    assert incident.why == "the post office is closed"
    assert request(asking, token) is None

    with asking.database.transaction() as tx:
        runtime.retry(tx, asking.host, incident.id)

    assert asking.incidents() == []
    assert asked_for(asking.database) == [str(token)]
    assert request(asking, token) is not None


def test_an_error_of_the_service_that_nothing_catches_changes_nothing(asking: Office):
    (token,) = tokens(asking)
    asked = request(asking, token)
    assert asked is not None

    with pytest.raises(StepFailed):
        answer(asking, asked, Answer(error="no_address"))

    assert tokens(asking) == [token]


@pytest.mark.parametrize(("written", "tries"), [("", 3), ("2", 2), ("0", 1), ("999", 20)])
def test_a_service_task_says_how_often_it_is_tried(
    office: Office, clock: Fixed, written: str, tries: int
):
    office.host.services["post"] = lambda _tx, _call: None
    office.publish(a_pack(p=a_post(retries=written)))
    office.start(place="fk")
    office.do("a")
    tried: list[int] = []

    def fail(_tx: object, _payload: object) -> None:
        tried.append(1)
        raise ConnectionError

    for _ in range(25):
        jobs.work_off(office.database, {runtime.SERVICE_JOB: fail})
        later(office.database, clock, timedelta(hours=13))

    assert len(tried) == tries


def fire(office: Office) -> None:
    with office.database.transaction() as tx:
        for due in store.due_waits(tx, tx.info["now"], 10):
            runtime.fire_due(tx, office.host, due.wait_id)


def late(office: Office) -> list[tuple[str, str]]:
    with office.database.reading() as tx:
        found = tx.scalars(select(History).where(History.event == "late"))
        return [(row.element_id, row.detail) for row in found]


def answers(office: Office) -> int:
    with office.database.reading() as tx:
        return len(tx.scalars(select(ServiceAnswer)).all())
