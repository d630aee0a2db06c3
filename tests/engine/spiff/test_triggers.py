"""Event sub-processes: what waits beside everything in a scope."""

from collections import Counter
from datetime import timedelta

import pytest

from engine.errors import DiagramError, NotWaiting
from tests.engine.drawing import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    each,
    end,
    error,
    escalation,
    event,
    message,
    path,
    script,
    service,
    signal,
    start,
    sub_process,
    throw,
    timer,
    user,
)
from tests.engine.playing import Play

DAY = timedelta(days=1)
DECLARED = (
    message("stop")
    + message("note")
    + signal("all")
    + error("E1")
    + escalation("up")
    + escalation("side")
)
MAIN = (
    start(),
    user("a", outputs={"x": "=x"}),
    user("b", outputs={"x": "=x"}),
    end(),
    path("start", "a", "b", "end"),
)


def handler(id: str, inside: str, *, interrupting: bool = True, **more: dict[str, str]) -> str:
    """An event sub-process of one step, which is named ``{id}_do``."""
    return aside(
        id,
        inside,
        user(
            f"{id}_do", outputs={"done": "=done", "x": "=if is defined(new_x) then new_x else x"}
        ),
        end(f"{id}_end"),
        path(f"{id}_on", f"{id}_do", f"{id}_end"),
        interrupting=interrupting,
        **more,
    )


def a_play(*parts: str, **variables: object) -> Play:
    return Play(a_file(a_process("p", *parts), declared=DECLARED), variables)


INTERRUPTING = {
    "message": lambda play: play.hear("stop"),
    "timer": lambda play: play.advance(DAY),
    "signal": lambda play: play.signal("all"),
}
EVENTS = {
    "message": event("message", "stop"),
    "timer": timer("Duration", "P1D"),
    "signal": event("signal", "all"),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_an_interrupting_start_takes_everything_else_away(kind: str):
    play = a_play(*MAIN, handler("h", EVENTS[kind]), x=0)
    assert (play.open, play.waiting) == (["a"], ["h_on"])
    play.do("a", x=1)

    INTERRUPTING[kind](play)

    assert (play.open, play.waiting) == (["h_do"], [])
    assert [gone.done for gone in play.last.gone] == [False]
    assert play.do("h_do", done=True).ended
    assert play.variables == {"x": 1, "done": True}
    assert play.machine().end_event == "h_end"


def test_a_waiting_start_keeps_nothing_alive():
    play = a_play(*MAIN, handler("h", event("message", "stop")), x=0)

    play.do("a", x=1).do("b", x=2)

    assert play.ended
    assert play.waiting == []
    assert play.machine().size == 2
    assert play.machine().end_event == "end"


def test_where_tokens_stand_is_told_without_what_only_waits():
    play = a_play(*MAIN, handler("h", event("message", "stop")), x=0)

    assert play.machine().marking == Counter({("p", "a"): 1})

    play.hear("stop")

    assert play.machine().marking == Counter({("p", "h"): 1, ("p", "h_do"): 1})


def test_what_does_not_interrupt_starts_again_and_again_beside_the_rest():
    play = a_play(*MAIN, handler("h", event("message", "note"), interrupting=False), x=0)

    play.hear("note").hear("note")

    assert Counter(play.open) == {"a": 1, "h_do": 2}
    assert play.waiting == ["h_on"]


def test_the_scope_goes_on_while_something_beside_it_runs():
    play = a_play(*MAIN, handler("h", event("message", "note"), interrupting=False), x=0)
    play.hear("note").do("a", x=1).do("b", x=2)

    assert (play.open, play.ended) == (["h_do"], False)
    assert play.waiting == ["h_on"]

    play.hear("note").do("h_do", done=1)
    assert play.open == ["h_do"]
    assert play.do("h_do", done=2).ended
    assert play.variables == {"x": 2, "done": 2}


def test_each_time_it_brings_what_it_changed_and_nothing_else():
    play = a_play(*MAIN, handler("h", event("message", "note"), interrupting=False), x=0)
    play.do("a", x=1).hear("note", n=1).hear("note", n=2)

    play.do("h_do", done="first").do("b", x=2).do("h_do", done="second")

    assert play.ended
    assert play.variables == {"x": 2, "n": 2, "done": "second"}


def test_what_it_changes_counts_although_the_rest_knew_an_older_value():
    play = a_play(*MAIN, handler("h", event("message", "note"), interrupting=False), x=0)
    play.do("a", x=1).hear("note").hear("note")

    play.do("h_do", new_x=7).do("h_do", done=True)
    assert play.variables == {"x": 7, "done": True}
    play.hear("note")
    assert dict(next(s for s in play.machine().open if s.element.id == "h_do").variables) == {
        "case_ref": "c",
        "x": 7,
        "done": True,
    }


def test_what_came_with_the_event_is_mapped():
    mapped = handler("h", event("message", "stop"), outputs={"why": "=reason"})
    play = a_play(*MAIN, mapped, x=0)

    assert play.hear("stop", reason="moved", secret=1).variables == {"x": 0, "why": "moved"}


def test_a_rhythm_starts_it_its_number_of_times():
    reminder = aside(
        "h",
        timer("Cycle", "R3/P1D"),
        service("s", "remind"),
        end("h_end"),
        path("h_on", "s", "h_end"),
        interrupting=False,
    )
    play = a_play(*MAIN, reminder, x=0)

    asked = [len(play.advance(DAY).world.asked) for _ in range(4)]

    assert asked == [1, 2, 3, 3]
    assert (play.open, play.waiting) == (["a"], [])


def test_a_single_moment_starts_it_once():
    play = a_play(*MAIN, handler("h", timer("Duration", "P1D"), interrupting=False), x=0)

    assert play.advance(DAY).advance(DAY).open == ["a", "h_do"]
    assert play.waiting == []


def test_a_signal_reaches_several_at_once():
    play = a_play(
        *MAIN,
        handler("h", event("signal", "all"), interrupting=False),
        handler("k", event("signal", "all"), interrupting=False),
        x=0,
    )

    assert play.signal("all").signal("all").open == ["a", "h_do", "h_do", "k_do", "k_do"]


def test_an_interruption_takes_away_what_runs_beside_and_what_waits():
    play = a_play(
        *MAIN,
        handler("note", event("message", "note"), interrupting=False),
        handler("late", timer("Duration", "P9D")),
        handler("stop", event("message", "stop")),
        x=0,
    )
    play.hear("note", n=1).hear("note", n=2)

    play.hear("stop")

    assert (play.open, play.waiting) == (["stop_do"], [])
    assert len(play.last.gone) == 3
    assert play.variables == {"x": 0, "n": 2}
    with pytest.raises(StopIteration):
        play.hear("note")


ASK = a_process("ask", start(), user("answer"), end(), path("start", "answer", "end"))


def test_an_interruption_leaves_no_orphan_of_many_calls():
    asked = call("ask_all", "ask", inside=each("=[1, 2, 3]", "n"))
    body = sub_process(
        "body",
        start("in"),
        asked,
        end("out"),
        path("in", "ask_all", "out"),
        handler("h", event("message", "stop")),
    )
    play = Play(
        a_file(
            a_process("p", start(), body, user("z"), end(), path("start", "body", "z", "end")),
            ASK,
            declared=DECLARED,
        )
    )
    play.do("answer")

    play.hear("stop")

    assert (play.open, play.waiting) == (["h_do"], [])
    assert play.machine().size == 6
    assert play.do("h_do", done=True, new_x=3).open == ["z"]
    assert play.variables == {"done": True, "x": 3}


def test_a_scope_of_its_own_is_interrupted_alone():
    inner = sub_process(
        "body",
        start("in"),
        user("a"),
        end("out"),
        path("in", "a", "out"),
        handler("h", event("message", "stop")),
    )
    play = a_play(
        start(),
        both("s"),
        inner,
        user("b"),
        both("j"),
        end(),
        path("start", "s", "body", "j", "end"),
        path("s", "b", "j"),
        x=0,
    )

    assert play.hear("stop").open == ["b", "h_do"]
    assert play.do("b").do("h_do", done=1).ended
    assert play.variables == {"x": 0, "done": 1}


def test_a_called_process_has_its_own():
    inner = a_process(
        "inner",
        start(),
        user("a"),
        end(),
        path("start", "a", "end"),
        handler("h", EVENTS["timer"]),
    )
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                call("c", "inner", outputs={"late": "=done"}),
                user("z"),
                end(),
                path("start", "c", "z", "end"),
            ),
            inner,
            declared=DECLARED,
        ),
        {"x": 5},
    )

    assert play.advance(DAY).do("h_do", done="x", new_x=1).open == ["z"]
    assert play.variables == {"x": 5, "late": "x"}


def test_an_error_is_caught_beside_before_it_is_caught_on_the_border():
    body = sub_process(
        "body",
        start("in"),
        user("a"),
        end("bad", event("error", "E1")),
        path("in", "a", "bad"),
        aside(
            "h", event("error", "E1"), user("mend"), end("h_end"), path("h_on", "mend", "h_end")
        ),
    )
    play = a_play(
        start(),
        body,
        boundary("outer", "body", event("error", "E1")),
        user("z"),
        user("y"),
        end(),
        path("start", "body", "z", "end"),
        path("outer", "y", "end"),
    )

    assert play.do("a").open == ["mend"]
    assert play.variables == {"error_code": "E1"}
    assert play.do("mend").open == ["z"]


def test_what_an_error_s_own_handling_raises_goes_further_out():
    body = sub_process(
        "body",
        start("in"),
        user("a"),
        end("bad", event("error", "E1")),
        path("in", "a", "bad"),
        aside(
            "h",
            event("error", "E1"),
            user("mend"),
            end("worse", event("error", "E1")),
            path("h_on", "mend", "worse"),
        ),
    )
    play = a_play(
        start(),
        body,
        boundary("outer", "body", event("error", "E1")),
        user("y"),
        end(),
        path("start", "body", "end"),
        path("outer", "y", "end"),
    )

    assert play.do("a").do("mend").open == ["y"]


def test_an_error_of_the_whole_process_is_caught_beside_it():
    play = a_play(
        start(),
        both("s"),
        user("a"),
        user("b"),
        end("bad", event("error", "E1")),
        end(),
        path("start", "s", "a", "bad"),
        path("s", "b", "end"),
        handler("h", event("error")),
    )

    assert play.do("a").open == ["h_do"]
    assert play.do("h_do", done=1, new_x=1).machine().end_event == "h_end"


@pytest.mark.parametrize(("interrupting", "expected"), [(True, ["h_do"]), (False, ["b", "h_do"])])
def test_an_escalation_starts_it(interrupting: bool, expected: list[str]):
    play = a_play(
        start(),
        user("a"),
        throw("t", event("escalation", "up")),
        user("b"),
        end(),
        path("start", "a", "t", "b", "end"),
        handler("h", event("escalation", "up"), interrupting=interrupting),
        x=0,
    )

    assert play.do("a").open == expected
    assert play.last.escalations == []


def test_an_escalation_is_heard_as_often_as_it_comes():
    play = a_play(
        start(),
        throw("t", event("escalation", "up")),
        throw("u", event("escalation", "up")),
        user("b"),
        end("e", event("escalation", "up")),
        path("start", "t", "u", "b", "e"),
        handler("h", event("escalation", "up"), interrupting=False),
        x=0,
    )

    assert play.open == ["b", "h_do", "h_do"]
    assert play.do("b").open == ["h_do", "h_do", "h_do"]


def test_an_escalation_of_the_handling_does_not_start_it_again():
    play = a_play(
        start(),
        throw("t", event("escalation", "up")),
        user("b"),
        end(),
        path("start", "t", "b", "end"),
        aside(
            "h",
            event("escalation", "up"),
            throw("again", event("escalation", "up")),
            user("mend"),
            end("h_end"),
            path("h_on", "again", "mend", "h_end"),
            interrupting=False,
        ),
    )

    assert play.open == ["b", "mend"]
    assert [found.element.id for found in play.last.escalations] == ["again"]


def test_terminate_ends_its_own_handling_alone():
    play = a_play(
        *MAIN,
        aside(
            "h",
            event("message", "note"),
            both("s"),
            user("c"),
            user("d"),
            end("h_stop", event("terminate")),
            end("h_end"),
            path("h_on", "s", "c", "h_stop"),
            path("s", "d", "h_end"),
            interrupting=False,
        ),
        x=0,
    )

    assert play.hear("note").do("c").open == ["a"]


def test_terminate_ends_what_runs_beside():
    play = a_play(
        start(),
        user("a"),
        end("stop", event("terminate")),
        path("start", "a", "stop"),
        handler("h", event("message", "note"), interrupting=False),
        x=0,
    )

    assert play.hear("note").do("a").ended
    assert play.waiting == []


def test_handlings_lie_inside_each_other():
    play = a_play(
        *MAIN,
        aside(
            "h",
            event("message", "stop"),
            user("c"),
            end("h_end"),
            path("h_on", "c", "h_end"),
            handler("k", timer("Duration", "P1D")),
        ),
        x=0,
    )

    assert play.waiting == ["h_on"]
    assert play.hear("stop").waiting == ["k_on"]
    assert play.advance(DAY).open == ["k_do"]
    assert play.do("k_do", done=1).ended
    assert play.machine().end_event == "k_end"


def test_what_waits_is_withdrawn_with_its_scope():
    play = a_play(
        start(),
        sub_process(
            "body",
            start("in"),
            user("a"),
            end("out"),
            path("in", "a", "out"),
            handler("h", event("message", "stop")),
        ),
        boundary("t", "body", timer("Duration", "P1D")),
        user("z"),
        end(),
        path("start", "body", "end"),
        path("t", "z", "end"),
        x=0,
    )
    [waiting] = [w for w in play.machine().waiting if w.element == "h_on"]

    assert play.advance(DAY).open == ["z"]
    with pytest.raises(NotWaiting):
        play.machine().catch(waiting.id, {})


def test_notes_beside_a_process_cost_no_memory():
    play = a_play(
        *MAIN,
        aside(
            "h",
            event("message", "note"),
            script("s", "seen", "=n"),
            end("h_end"),
            path("h_on", "s", "h_end"),
            interrupting=False,
        ),
        x=0,
    )
    sizes = {play.hear("note", n=n).machine().size for n in range(40)}

    assert sizes == {4}
    assert play.variables == {"x": 0, "n": 39, "seen": 39}
    assert play.open == ["a"]


@pytest.mark.parametrize(
    "part",
    [
        aside("h", ""),
        aside("h", EVENTS["timer"] + EVENTS["signal"]),
        aside("h", event("conditional")),
    ],
)
def test_one_that_does_not_begin_with_one_event_does_not_run(part: str):
    with pytest.raises(DiagramError, match="h"):
        a_play(*MAIN, part, x=0)
