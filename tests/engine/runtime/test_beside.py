"""Event sub-processes and compensation of instances that rest in a database."""

from datetime import timedelta

import pytest

from base.clock import Fixed
from engine import waits
from engine.tables import Wait
from tests.engine.drawing import (
    a_file,
    a_process,
    aside,
    boundary,
    end,
    event,
    message,
    path,
    start,
    throw,
    timer,
    user,
)
from tests.engine.hosting import Office, a_pack

pytestmark = pytest.mark.both
EVERYTHING = event("compensate")
STEPS = a_file(
    a_process(
        "p",
        start(),
        user("a", outputs={"n": "=n"}),
        user("b"),
        end(),
        boundary("c_a", "a", EVERYTHING),
        user("undo", isForCompensation="true"),
        '<bpmn:association id="l" sourceRef="c_a" targetRef="undo"/>',
        aside(
            "note",
            event("message", "note"),
            user("look"),
            end("looked"),
            path("note_on", "look", "looked"),
            interrupting=False,
        ),
        aside(
            "late",
            timer("Duration", "P30D"),
            throw("back", EVERYTHING),
            user("close"),
            end("closed"),
            path("late_on", "back", "close", "closed"),
        ),
        path("start", "a", "b", "end"),
        lanes={"case_lead": ["a", "b", "undo", "note", "late"]},
    ),
    declared=message("note"),
)


def waiting(office: Office) -> list[str]:
    with office.database.reading() as tx:
        return sorted(wait.element_id for wait in tx.query(Wait))


def test_a_message_is_heard_beside_everything_as_often_as_it_comes(office: Office):
    office.publish(a_pack(p=STEPS))
    office.start(n=0)

    office.hear("note")
    office.hear("note")

    assert office.titles() == ["a@varnamo", "look@varnamo", "look@varnamo"]
    assert waiting(office) == ["late_on", "note_on"]
    office.do("a", n=1)
    office.do("b")
    office.do("look")
    assert office.do("look").ended
    assert waiting(office) == []
    assert office.host.ends == [("p", "looked")]


def test_what_falls_due_interrupts_and_puts_right(office: Office, clock: Fixed):
    office.publish(a_pack(p=STEPS))
    office.start(n=0)
    office.do("a", n=1)
    office.hear("note")
    clock.move(timedelta(days=31))

    swept = waits.sweep(office.database, office.host, lambda tx, case_id: True)

    assert (swept.fired, swept.failed) == (1, 0)
    assert office.titles() == ["undo@varnamo"]
    assert waiting(office) == []
    office.do("undo")
    assert office.do("close").ended
    assert office.host.ends == [("p", "closed")]
    assert office.incidents() == []
