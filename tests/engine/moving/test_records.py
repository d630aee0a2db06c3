"""Moving an instance that could put right what it has done."""

import pytest

from engine.moving import Plan
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    end,
    event,
    path,
    start,
    throw,
    user,
)
from tests.engine.moving.crossings import move
from tests.engine.playing import Play

EVERYTHING = event("compensate")


def drawn(*between: str, undo: bool = True) -> bytes:
    """Two steps with these between them, after which everything is put right."""
    parts = [
        start(),
        user("a", outputs={"n": "=n + 1"}),
        *map(user, between),
        user("b", outputs={"n": "=n + 1"}),
        throw("t", EVERYTHING),
        end(),
        path("start", "a", *between, "b", "t", "end"),
    ]
    if undo:
        parts += [
            boundary("c_a", "a", EVERYTHING),
            user("undo", isForCompensation="true"),
            '<bpmn:association id="l" sourceRef="c_a" targetRef="undo"/>',
        ]
    return a_file(a_process("p", *parts))


def test_what_was_done_before_a_move_is_put_right_after_it():
    play = Play(drawn(), {"n": 0}).do("a")

    plan = move(play, drawn("new"))
    play.do("b")

    assert not plan.blocked
    assert [(s.element.id, s.variables["n"]) for s in play.machine().open] == [("undo", 1)]
    assert play.do("undo").ended


def test_what_can_no_longer_be_put_right_is_forgotten():
    play = Play(drawn(), {"n": 0}).do("a")

    assert move(play, drawn(undo=False)) == Plan(taken=(("p", "c_a"),))

    assert play.do("b").ended


@pytest.mark.parametrize("between", [(), ("new",)])
def test_what_is_being_put_right_goes_on(between: tuple[str, ...]):
    play = Play(drawn(), {"n": 0}).do("a").do("b")

    assert not move(play, drawn(*between)).blocked

    assert play.open == ["undo"]
    assert play.do("undo").ended
