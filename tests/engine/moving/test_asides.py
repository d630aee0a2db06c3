"""Moving what waits beside a whole scope, and what waits for a service."""

import pytest

from engine.moving import Plan
from tests.engine.drawing import (
    a_file,
    a_process,
    aside,
    boundary,
    end,
    event,
    message,
    path,
    service,
    start,
    sub_process,
    throw,
    user,
)
from tests.engine.moving.crossings import foretold, move
from tests.engine.playing import Play, World


def handler(id: str, name: str, *, interrupting: bool = True) -> str:
    """An event sub-process of one step, for a message."""
    return aside(
        id,
        event("message", name),
        user(f"{id}_do"),
        end(f"{id}_end"),
        path(f"{id}_on", f"{id}_do", f"{id}_end"),
        interrupting=interrupting,
    )


def drawn(*beside: str, inside: bool = False) -> bytes:
    """A step with these event sub-processes around it; ``inside``: all in a sub-process."""
    parts = (start("s"), user("a"), end("e"), path("s", "a", "e"), *beside)
    if inside:
        parts = (start(), sub_process("sub", *parts), end(), path("start", "sub", "end"))
    return a_file(a_process("p", *parts), declared=message("stop") + message("note"))


@pytest.mark.parametrize("inside", [True, False])
def test_event_sub_processes_come_and_go_with_their_scope(inside: bool):
    play = Play(drawn(handler("old", "note"), inside=inside))

    plan = move(play, drawn(handler("new", "stop"), inside=inside))

    assert plan == Plan(armed=(("p", "new_on"),), taken=(("p", "old_on"),))
    assert play.waiting == ["new_on"]
    assert play.hear("stop").open == ["new_do"]
    assert play.do("new_do").ended


def test_one_that_stays_waits_for_what_it_waited_for():
    play = Play(drawn(handler("on", "note", interrupting=False)))
    [before] = play.machine().waiting

    assert move(play, drawn(handler("on", "note", interrupting=False), handler("x", "stop"))) == (
        Plan(armed=(("p", "x_on"),))
    )

    assert before in play.machine().waiting
    assert play.hear("note").open == ["a", "on_do"]
    assert play.do("a").do("on_do").ended


def test_one_that_has_ended_everything_else_lets_no_new_one_begin():
    play = Play(drawn(handler("on", "stop"))).hear("stop")

    plan = move(play, drawn(handler("on", "stop"), handler("late", "note")))

    assert plan == Plan()
    assert play.waiting == []
    assert play.do("on_do").ended


def test_one_that_runs_has_a_place_or_is_a_reason():
    play = Play(drawn(handler("on", "stop"))).hear("stop")

    plan = foretold(play, drawn(handler("other", "stop")))

    assert [(each.element, each.code) for each in plan.blocked] == [
        ("on", "gone"),
        ("on_do", "gone"),
    ]


def asking(type: str) -> bytes:
    return a_file(
        a_process(
            "p",
            start(),
            service("ask", type, inputs={"to": "=place"}, outputs={"got": "=answer"}),
            user("z"),
            end(),
            path("start", "ask", "z", "end"),
        )
    )


def test_what_waits_for_a_service_gets_its_answer_in_the_new_version():
    world = World(services={"post": lambda inputs: None})
    play = Play(asking("post"), {"place": "fk"}, world=world)

    assert [w.code for w in foretold(play, asking("other")).blocked] == ["other_service"]
    plan = move(play, asking("post").replace(b'"=answer"', b'"=answer + 1"'))

    assert plan == Plan()
    machine = play.machine()
    [waiting] = machine.waiting
    assert machine.asked(waiting.id) == {"to": "fk"}
    machine.catch(waiting.id, {"answer": 1})
    assert play.keep(machine).variables["got"] == 2
    assert len(world.asked) == 1


def undoing(*more: str, undo: str = "undo_a") -> bytes:
    """A step that can be put right, another, and the event that has it put right."""
    line = f'<bpmn:association id="l" sourceRef="c_a" targetRef="{undo}"/>'
    return a_file(
        a_process(
            "p",
            start(),
            *(user(id) for id in ("a", *more, "b")),
            throw("t", event("compensate")),
            user("z"),
            end(),
            path("start", "a", *more, "b", "t", "z", "end"),
            boundary("c_a", "a", event("compensate")),
            user(undo, isForCompensation="true"),
            line,
        )
    )


def test_what_was_done_can_still_be_put_right():
    play = Play(undoing()).do("a")

    plan = move(play, undoing("x", undo="mend_a"))

    assert plan == Plan(skipped=(("p", "x"),))
    play.do("b")
    assert play.open == ["mend_a"]
    assert move(play, undoing(undo="undo_a"), {("p", "mend_a"): "undo_a"}).kind == "waits"
    assert play.do("undo_a").open == ["z"]
    assert play.do("z").ended
