"""What was done is put right, in the reverse order, with what was known then."""

from datetime import timedelta

import pytest

from engine.errors import DiagramError
from tests.engine.drawing import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    each,
    end,
    event,
    flow,
    message,
    node,
    path,
    service,
    start,
    sub_process,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.playing import Play

EVERYTHING = event("compensate")


def line(source: str, target: str) -> str:
    """The dotted line to what puts something right."""
    return f'<bpmn:association id="l_{source}" sourceRef="{source}" targetRef="{target}"/>'


def undoing(id: str) -> str:
    return f'<bpmn:compensateEventDefinition activityRef="{id}"/>'


def undone(host: str, handler: str = "") -> str:
    """A compensation event on an activity, and a step of its own that puts it right."""
    handler = handler or user(
        f"undo_{host}", isForCompensation="true", outputs={f"undone_{host}": "=n"}
    )
    return boundary(f"c_{host}", host, EVERYTHING) + handler + line(f"c_{host}", f"undo_{host}")


def a_play(*parts: str, **variables: object) -> Play:
    called = a_process("q", start(), user("x"), end(), path("start", "x", "end"))
    data = a_file(a_process("p", *parts), called, declared=message("stop"))
    return Play(data, variables)


def step(id: str) -> str:
    return user(id, outputs={"n": "=n + 1"})


LINE = (
    start(),
    step("a"),
    step("b"),
    step("c"),
    throw("t", EVERYTHING),
    user("z"),
    end(),
    path("start", "a", "b", "c", "t", "z", "end"),
)


def shown(play: Play) -> list[tuple[str, object]]:
    return [(s.element.id, int(s.variables["n"])) for s in play.machine().open]


def test_all_is_put_right_in_the_reverse_order_with_what_was_known_then():
    play = a_play(*LINE, undone("a"), undone("c"), n=0)

    play.do("a").do("b").do("c")
    assert shown(play) == [("undo_c", 3)]
    play.do("undo_c")
    assert shown(play) == [("undo_a", 1)]
    play.do("undo_a")

    assert play.open == ["z"]
    assert play.variables == {"n": 3, "undone_c": 3, "undone_a": 1}
    assert play.do("z").ended


def test_what_has_not_been_done_is_not_put_right():
    play = a_play(
        start(),
        both("s"),
        step("a"),
        step("b"),
        throw("t", EVERYTHING),
        both("j"),
        end(),
        path("start", "s", "a", "t", "j", "end"),
        path("s", "b", "j"),
        undone("a"),
        undone("b"),
        n=0,
    )

    assert play.do("a").open == ["b", "undo_a"]
    assert play.do("undo_a").do("b").ended


def test_nothing_to_put_right_is_passed():
    assert a_play(*LINE, n=0).do("a").do("b").do("c").open == ["z"]


def test_one_activity_alone_is_put_right():
    play = a_play(
        start(),
        step("a"),
        step("b"),
        throw("t", undoing("a")),
        user("z"),
        end(),
        path("start", "a", "b", "t", "z", "end"),
        undone("a"),
        undone("b"),
        n=0,
    )

    assert play.do("a").do("b").open == ["undo_a"]
    assert play.do("undo_a").open == ["z"]


def test_what_was_done_several_times_is_put_right_as_often_and_then_no_more():
    play = a_play(
        start(),
        xor("m"),
        step("a"),
        xor("g", default="g_t"),
        throw("t", EVERYTHING),
        throw("u", EVERYTHING),
        user("z"),
        end(),
        path("start", "m", "a", "g", "t", "u", "z", "end"),
        flow("g", "m", "=n < 3"),
        undone("a"),
        n=0,
    )
    play.do("a").do("a").do("a")

    known = []
    while play.open == ["undo_a"]:
        known += shown(play)
        play.do("undo_a")

    assert known == [("undo_a", 3), ("undo_a", 2), ("undo_a", 1)]
    assert play.open == ["z"]


def test_an_end_event_puts_right_before_it_ends():
    play = a_play(
        start(), step("a"), end("e", EVERYTHING), path("start", "a", "e"), undone("a"), n=0
    )

    assert play.do("a").open == ["undo_a"]
    assert play.do("undo_a").ended
    assert play.machine().end_event == "e"
    assert play.variables == {"n": 1, "undone_a": 1}


def test_services_and_calls_put_right():
    mend = node(
        "serviceTask",
        "undo_a",
        extensions='<zeebe:taskDefinition type="mend"/>',
        inputs={"n": "=n"},
        isForCompensation="true",
    )
    calling = call("undo_b", "q", isForCompensation="true")
    play = a_play(*LINE, undone("a", mend), undone("b", calling), n=0)

    assert play.do("a").do("b").do("c").open == ["x"]
    assert play.do("x").open == ["z"]
    assert play.world.asked == [("mend", {"n": 1})]


def test_a_sub_process_is_put_right_as_a_whole():
    play = a_play(
        start(),
        sub_process("s", start("in"), step("a"), end("out"), path("in", "a", "out")),
        throw("t", EVERYTHING),
        user("z"),
        end(),
        path("start", "s", "t", "z", "end"),
        undone("s"),
        n=0,
    )

    assert shown(play.do("a")) == [("undo_s", 1)]


def test_a_sub_process_puts_right_what_lies_in_it():
    play = a_play(
        start(),
        step("b"),
        sub_process(
            "s",
            start("in"),
            step("a"),
            throw("t", EVERYTHING),
            end("out"),
            path("in", "a", "t", "out"),
            undone("a"),
        ),
        user("z"),
        end(),
        path("start", "b", "s", "z", "end"),
        undone("b"),
        n=0,
    )

    assert play.do("b").do("a").open == ["undo_a"]
    assert play.do("undo_a").open == ["z"]
    assert play.variables == {"n": 2, "undone_a": 2}


def test_an_event_sub_process_puts_right_what_it_has_interrupted():
    stop = aside(
        "h",
        event("message", "stop"),
        throw("t", EVERYTHING),
        user("y"),
        end("h_end"),
        path("h_on", "t", "y", "h_end"),
    )
    play = a_play(
        *LINE[:4],
        user("w"),
        end(),
        path("start", "a", "b", "w", "end"),
        stop,
        undone("a"),
        undone("b"),
        n=0,
    )
    play.do("a").do("b")

    assert play.hear("stop").open == ["undo_b"]
    assert play.do("undo_b").open == ["undo_a"]
    assert play.do("undo_a").open == ["y"]
    assert play.do("y").ended
    assert play.variables == {"n": 2, "undone_b": 2, "undone_a": 1}
    assert play.machine().size == 2


def test_what_interrupts_takes_the_putting_right_away_too():
    play = a_play(
        start(),
        sub_process(
            "s",
            start("in"),
            step("a"),
            throw("t", EVERYTHING),
            end("out"),
            path("in", "a", "t", "out"),
            undone("a"),
        ),
        boundary("late", "s", timer("Duration", "P1D")),
        user("z"),
        end(),
        path("start", "s", "end"),
        path("late", "z", "end"),
        n=0,
    )

    assert play.do("a").advance(timedelta(days=1)).open == ["z"]
    assert play.machine().size == 2


def test_what_could_be_put_right_keeps_nothing_alive():
    play = a_play(start(), step("a"), end(), path("start", "a", "end"), undone("a"), n=0)

    assert play.do("a").ended
    assert play.machine().size == 2


@pytest.mark.parametrize(
    "part",
    [
        boundary("c_a", "a", EVERYTHING),
        undone("a", service("undo_a", "mend")),
        undone("a", call("undo_a", "q", inside=each("=[1]", "i"), isForCompensation="true")),
        throw("c_a", undoing("a")),
        call("b", "q", inside=each("=[1]", "i"))
        + boundary("c_a", "b", EVERYTHING)
        + user("undo", isForCompensation="true")
        + line("c_a", "undo"),
    ],
)
def test_one_step_puts_right_what_one_step_has_done(part: str):
    with pytest.raises(DiagramError, match="c_a"):
        a_play(start(), step("a"), end(), path("start", "a", "end"), part, n=0)
