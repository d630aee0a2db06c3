"""Service tasks whose service answers later: the token waits, beside whatever is on its border."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import NotWaiting, StepFailed
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    each,
    end,
    error,
    event,
    path,
    service,
    start,
    timer,
    user,
)
from tests.engine.playing import Play, World

MAIL = service("mail", "post", inputs={"to": "=place"}, outputs={"sent": "=receipt"})


def later(_inputs: Mapping[str, Any]) -> None:
    """The service has been asked."""


def a_world() -> World:
    return World(services={"post": later})


def played(*parts: str, declared: str = "", **variables: Any) -> Play:
    diagram = a_file(a_process("p", *parts), declared=declared)
    return Play(diagram, {"place": "fk", **variables}, world=a_world())


def answer(play: Play, **result: Any) -> Play:
    machine = play.machine()
    machine.catch(machine.waiting[0].id, result)
    return play.keep(machine)


def fail(play: Play, code: str) -> Play:
    machine = play.machine()
    token = next(waiting for waiting in machine.waiting if waiting.kind == "service")
    machine.fail(token.id, code)
    return play.keep(machine)


def test_the_token_waits_until_the_service_answers():
    play = played(start(), MAIL, user("z"), end(), path("start", "mail", "z", "end"))

    (waiting,) = play.machine().waiting
    assert (waiting.kind, waiting.name, waiting.element) == ("service", "post", "mail")
    assert play.machine().asked(waiting.id) == {"to": "fk"}
    assert (play.open, play.machine().stuck) == ([], None)

    answer(play, receipt=7)

    assert (play.open, play.waiting) == (["z"], [])
    assert play.variables == {"place": "fk", "sent": 7}


def test_the_second_answer_finds_nobody():
    play = played(start(), MAIL, user("z"), end(), path("start", "mail", "z", "end"))
    machine = play.machine()
    token = machine.waiting[0].id
    machine.catch(token, {})

    with pytest.raises(NotWaiting):
        machine.catch(token, {})
    with pytest.raises(NotWaiting):
        machine.asked(token)


def test_a_deadline_on_its_border_breaks_the_waiting_off():
    late = boundary("late", "mail", timer("Duration", "P2D"))
    play = played(
        start(),
        MAIL,
        late,
        user("z"),
        user("call"),
        path("start", "mail", "z"),
        path("late", "call"),
    )

    play.advance(timedelta(days=3))

    assert (play.open, play.waiting) == (["call"], [])


def test_a_reminder_beside_it_lets_it_wait_on():
    soft = boundary("late", "mail", timer("Duration", "P2D"), interrupting=False)
    play = played(
        start(),
        MAIL,
        soft,
        user("z"),
        user("call"),
        path("start", "mail", "z"),
        path("late", "call"),
    )

    play.advance(timedelta(days=3))
    assert (play.open, play.waiting) == (["call"], ["mail"])

    answer(play, receipt=1)
    assert play.open == ["call", "z"]


def test_an_error_that_it_answers_with_is_caught_on_its_border():
    play = played(
        start(),
        MAIL,
        boundary("nowhere", "mail", event("error", "no_address")),
        user("z"),
        user("phone"),
        path("start", "mail", "z"),
        path("nowhere", "phone"),
        declared=error("no_address"),
    )

    fail(play, "no_address")

    assert (play.open, play.waiting) == (["phone"], [])


def test_an_error_that_nothing_catches_fails_and_changes_nothing():
    play = played(start(), MAIL, user("z"), end(), path("start", "mail", "z", "end"))

    with pytest.raises(StepFailed, match="no_address"):
        fail(play, "no_address")

    assert play.waiting == ["mail"]


MANY = service(
    "mail",
    "post",
    inputs={"organisation": "=party"},
    outputs={"receipt": "=receipt"},
    inside=each("=parties", "party", results="receipts", result="=receipt"),
)


def to_many() -> Play:
    return played(
        start(), MANY, user("z"), end(), path("start", "mail", "z", "end"), parties=["fk", "vc"]
    )


def test_one_service_per_organisation_goes_on_when_all_have_answered():
    play = to_many()
    assert play.waiting == ["mail", "mail"]

    answer(play, receipt=1)
    assert (play.open, play.waiting) == ([], ["mail"])
    answer(play, receipt=2)

    assert (play.open, play.waiting) == (["z"], [])
    assert play.variables["receipts"] == [1, 2]


def test_an_organisation_that_leaves_is_not_waited_for():
    play = to_many()

    play.leave("fk")
    answer(play, receipt=2)

    assert (play.open, play.variables["receipts"]) == (["z"], [None, 2])


def test_a_send_task_with_a_service_asks_for_it():
    sending = MAIL.replace("serviceTask", "sendTask")
    play = played(start(), sending, user("z"), end(), path("start", "mail", "z", "end"))

    answer(play, receipt=3)

    assert play.world.asked == [("post", {"to": "fk"})]
    assert (play.open, play.variables["sent"]) == (["z"], 3)
