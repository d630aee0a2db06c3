"""Tokens put elsewhere by hand, in memory."""

import pytest

from engine.moving import Blocked
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    end,
    event,
    flow,
    path,
    start,
    sub_process,
    throw,
    user,
    xor,
)
from tests.engine.playing import Play


def put(play: Play, element: str, to: str) -> list[Blocked]:
    machine = play.machine()
    token = next(step for step in machine.open if step.element.id == element)
    refused = machine.put(token.id, to, play.library)
    if not refused:
        play.keep(machine)
    return refused


def a_play() -> Play:
    return Play(
        a_file(
            a_process(
                "p",
                start(),
                xor("again"),
                user("a", outputs={"x": "=x"}),
                xor("which", "which_c"),
                user("b"),
                user("c"),
                xor("met"),
                throw("told", event("signal", "s")),
                end(),
                path("start", "again", "a", "which", "c", "met", "told", "end"),
                flow("which", "b", "=x = 1"),
                path("b", "met"),
            ),
            declared='<bpmn:signal id="s" name="s"/>',
        ),
        {"x": 1},
    )


@pytest.mark.parametrize(
    ("to", "open"), [("which", ["b"]), ("again", ["a"]), ("c", ["c"]), ("met", []), ("end", [])]
)
def test_a_token_goes_on_from_where_it_is_put(to: str, open: list[str]):
    play = a_play()

    assert put(play, "a", to) == []

    assert play.open == open
    assert play.ended == (not open)
    assert play.variables == {"x": 1}


def test_inside_a_frame_it_keeps_what_was_learnt_there():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "sub",
                    start("s"),
                    user("a", outputs={"x": "=x"}),
                    user("b"),
                    end("e"),
                    path("s", "a", "b", "e"),
                ),
                end(),
                path("start", "sub", "end"),
            )
        )
    ).do("a", x=7)

    assert [why.code for why in put(play, "b", "end")] == ["not_here"]
    assert put(play, "b", "a") == []
    assert play.open == ["a"]
    play.do("a", x=8).do("b")
    assert play.ended
    assert play.variables == {"x": 8}


def test_what_puts_right_and_what_waits_beside_stay_where_they_are():
    line = '<bpmn:association id="l" sourceRef="c_a" targetRef="undo"/>'
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                throw("t", event("compensate")),
                end(),
                path("start", "a", "t", "end"),
                boundary("c_a", "a", event("compensate")),
                user("undo", isForCompensation="true"),
                line,
            )
        )
    )

    assert [why.code for why in put(play, "a", "undo")] == ["no_place"]
    play.do("a")
    assert [why.code for why in put(play, "undo", "a")] == ["beside"]
    assert play.do("undo").ended
