"""Events, calls and starts, as whoever tries a diagram sees them."""

from pathlib import Path

import pytest

from tests.cli.playing import OVER, do, follow, hear, later, shows, signalled
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    error,
    escalation,
    event,
    flow,
    link,
    message,
    node,
    path,
    signal,
    start,
    sub_process,
    throw,
    timer,
    user,
    xor,
)

DECLARED = (
    message("m")
    + message("n")
    + message("k", "=who")
    + signal("sig")
    + error("E1")
    + error("E2")
    + escalation("X")
)


def several(*processes: str) -> bytes:
    return a_file(*processes, declared=DECLARED)


def one(*parts: str) -> bytes:
    return several(a_process("p", start(), *parts))


def watched(*beside: str, kind: str = "") -> bytes:
    """The step a with something on its border, which leads to b."""
    return one(user("a"), *beside, user("b"), end(), path("start", "a", "end"), path("x", "b"))


def beside(id: str, trigger: str, *, interrupting: bool) -> str:
    """An event sub-process with the step b."""
    fires = "true" if interrupting else "false"
    begin = node("startEvent", "began", inside=trigger, isInterrupting=fires)
    inside = begin + user("b") + end("over") + path("began", "b", "over")
    return node("subProcess", id, inside=inside, triggeredByEvent="true")


def framed(*inside: str) -> str:
    return sub_process("o", start("s1"), *inside)


PLAYS = {
    "a timer takes the step away": (
        watched(boundary("x", "a", timer("Duration", "P3D"))),
        [
            (None, shows("a", "x")),
            (later("P2D"), shows("a", "x")),
            (later("P1D"), shows("b")),
            (do("a"), shows("b", error="a")),
            (do("b"), OVER),
        ],
    ),
    "a timer goes with its step": (
        watched(boundary("x", "a", timer("Duration", "P3D"))),
        [(None, shows("a", "x")), (do("a"), OVER)],
    ),
    "a timer beside a step comes once": (
        watched(boundary("x", "a", timer("Duration", "P3D"), interrupting=False)),
        [
            (None, shows("a", "x")),
            (later("P30D"), shows("a b")),
            (do("a"), shows("b")),
            (do("b"), OVER),
        ],
    ),
    "a cycle comes so many times": (
        watched(boundary("x", "a", timer("Cycle", "R2/P1D"), interrupting=False)),
        [
            (None, shows("a", "x")),
            (later("P1D"), shows("a b", "x")),
            (later("P1D"), shows("a b b")),
            (later("P9D"), shows("a b b")),
        ],
    ),
    "the clock stops at every moment on its way": (
        watched(boundary("x", "a", timer("Cycle", "R/P1D"), interrupting=False)),
        [(None, shows("a", "x")), (later("P3D"), shows("a b b b", "x"))],
    ),
    "a message takes the step away": (
        watched(boundary("x", "a", event("message", "m"))),
        [
            (None, shows("a", "x")),
            (hear("n"), shows("a", "x", "Nothing waits")),
            (hear("m"), shows("b")),
        ],
    ),
    "a message beside a step comes as often as it is sent": (
        watched(boundary("x", "a", event("message", "m"), interrupting=False)),
        [
            (None, shows("a", "x")),
            (hear("m"), shows("a b", "x")),
            (hear("m"), shows("a b b", "x")),
            (do("a"), shows("b b")),
            (hear("m"), shows("b b", error="Nothing waits")),
        ],
    ),
    "a signal takes the step away": (
        watched(boundary("x", "a", event("signal", "sig"))),
        [(None, shows("a", "x")), (signalled("sig"), shows("b"))],
    ),
    "a signal beside a step": (
        watched(boundary("x", "a", event("signal", "sig"), interrupting=False)),
        [
            (None, shows("a", "x")),
            (signalled("sig"), shows("a b", "x")),
            (signalled("sig"), shows("a b b", "x")),
        ],
    ),
    "two events on one border": (
        one(
            user("a"),
            boundary("x", "a", timer("Duration", "P1D"), interrupting=False),
            boundary("y", "a", event("message", "m")),
            user("b"),
            user("c"),
            path("start", "a"),
            path("x", "b"),
            path("y", "c"),
        ),
        [
            (None, shows("a", "x y")),
            (later("P1D"), shows("a b", "y")),
            (hear("m"), shows("b c")),
        ],
    ),
    "an error leaves the frame": (
        one(
            framed(
                both("g"),
                user("a"),
                user("b"),
                end("bad", event("error", "E1")),
                end("e1"),
                path("s1", "g", "a", "bad"),
                path("g", "b", "e1"),
            ),
            boundary("x", "o", event("error", "E1")),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("x", "z"),
        ),
        [(None, shows("a b")), (do("a"), shows("z")), (do("z"), OVER)],
    ),
    "an error is caught by its code, not by another": (
        one(
            framed(user("a"), end("bad", event("error", "E1")), path("s1", "a", "bad")),
            boundary("any", "o", event("error")),
            boundary("other", "o", event("error", "E2")),
            boundary("right", "o", event("error", "E1")),
            *map(user, ["in_any", "in_other", "in_right"]),
            end(),
            path("start", "o", "end"),
            path("any", "in_any"),
            path("other", "in_other"),
            path("right", "in_right"),
        ),
        [(None, shows("a")), (do("a"), shows("in_right"))],
    ),
    "an error passes frames that do not catch it": (
        one(
            framed(
                sub_process(
                    "i",
                    start("s2"),
                    user("a"),
                    end("bad", event("error", "E1")),
                    path("s2", "a", "bad"),
                ),
                end("e1"),
                path("s1", "i", "e1"),
            ),
            boundary("x", "o", event("error")),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("x", "z"),
        ),
        [(None, shows("a")), (do("a"), shows("z"))],
    ),
    "an error comes out of a call": (
        several(
            a_process(
                "p",
                start(),
                call("c", "q"),
                boundary("x", "c", event("error", "E1")),
                user("z"),
                end(),
                path("start", "c", "end"),
                path("x", "z"),
            ),
            a_process(
                "q",
                start(),
                user("a"),
                end("bad", event("error", "E1")),
                path("start", "a", "bad"),
            ),
        ),
        [(None, shows("a")), (do("a"), shows("z"))],
    ),
    "one of many that fails ends all": (
        several(
            a_process(
                "p",
                start(),
                call("c", "q", inside=each("=[1, 2, 3]", "n")),
                boundary("x", "c", event("error", "E1")),
                user("z"),
                end(),
                path("start", "c", "end"),
                path("x", "z"),
            ),
            a_process(
                "q",
                start(),
                user("a"),
                end("bad", event("error", "E1")),
                path("start", "a", "bad"),
            ),
        ),
        [(None, shows("a a a")), (do("a", 1), shows("z")), (do("z"), OVER)],
    ),
    "an error that nothing catches is refused": (
        one(user("a"), end("bad", event("error", "E1")), path("start", "a", "bad")),
        [(None, shows("a")), (do("a"), shows("a", error="E1"))],
    ),
    "an escalation goes on beside": (
        one(
            framed(
                user("a"),
                throw("up", event("escalation", "X")),
                user("b"),
                end("e1"),
                path("s1", "a", "up", "b", "e1"),
            ),
            boundary("x", "o", event("escalation", "X"), interrupting=False),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("x", "z"),
        ),
        [
            (None, shows("a")),
            (do("a"), shows("b z")),
            (do("b"), shows("z")),
            (do("z"), OVER),
        ],
    ),
    "an escalation that interrupts": (
        one(
            framed(
                both("g"),
                user("a"),
                user("b"),
                end("up", event("escalation", "X")),
                end("e1"),
                path("s1", "g", "a", "up"),
                path("g", "b", "e1"),
            ),
            boundary("x", "o", event("escalation", "X")),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("x", "z"),
        ),
        [(None, shows("a b")), (do("a"), shows("z"))],
    ),
    "an escalation that nothing catches stops nothing": (
        one(throw("up", event("escalation", "X")), user("a"), path("start", "up", "a")),
        [(None, shows("a"))],
    ),
    "a frame is taken away with all that is in it": (
        one(
            framed(
                both("g"),
                user("a"),
                call("c", "q"),
                end("e1"),
                path("s1", "g", "a", "e1"),
                path("g", "c", "e1"),
            ),
            boundary("x", "o", event("message", "m")),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("x", "z"),
        ).replace(
            b"</bpmn:definitions>",
            a_process(
                "q",
                start(),
                user("b", inside=each("=[1, 2]", "n")),
                end(),
                path("start", "b", "end"),
            ).encode()
            + b"</bpmn:definitions>",
        ),
        [(None, shows("a b b", "x")), (do("b"), shows("a b", "x")), (hear("m"), shows("z"))],
    ),
    "the inner timer comes before the outer one": (
        one(
            framed(
                user("a"),
                boundary("inner", "a", timer("Duration", "P1D")),
                user("b"),
                end("e1"),
                path("s1", "a", "e1"),
                path("inner", "b", "e1"),
            ),
            boundary("outer", "o", timer("Duration", "P2D")),
            user("z"),
            end(),
            path("start", "o", "end"),
            path("outer", "z"),
        ),
        [
            (None, shows("a", "outer inner")),
            (later("P1D"), shows("b", "outer")),
            (later("P1D"), shows("z")),
        ],
    ),
    "the first event wins: a message": (
        one(
            node("eventBasedGateway", "g"),
            catch("x", event("message", "m")),
            catch("y", timer("Duration", "P1D")),
            catch("w", event("signal", "sig")),
            *map(user, "abc"),
            path("start", "g", "x", "a"),
            path("g", "y", "b"),
            path("g", "w", "c"),
        ),
        [(None, shows("", "x y w")), (hear("m"), shows("a")), (later("P2D"), shows("a"))],
    ),
    "the first event wins: the clock": (
        one(
            node("eventBasedGateway", "g"),
            node("receiveTask", "x", messageRef="m"),
            catch("y", timer("Duration", "P1D")),
            *map(user, "ab"),
            path("start", "g", "x", "a"),
            path("g", "y", "b"),
        ),
        [
            (None, shows("", "x y")),
            (later("P1D"), shows("b")),
            (hear("m"), shows("b", error="Nothing waits")),
        ],
    ),
    "the first event wins: a signal, again in the next round": (
        one(
            xor("again"),
            node("eventBasedGateway", "g"),
            catch("x", event("message", "m")),
            catch("w", event("signal", "sig")),
            user("a"),
            end(),
            path("start", "again", "g", "x", "a", "end"),
            path("g", "w", "again"),
        ),
        [
            (None, shows("", "x w")),
            (signalled("sig"), shows("", "x w")),
            (hear("m"), shows("a")),
            (do("a"), OVER),
        ],
    ),
    "a moment that has passed comes at once": (
        one(catch("x", timer("Date", "2020-01-01T00:00:00Z")), user("a"), path("start", "x", "a")),
        [(None, shows("", "x")), (later("PT0S"), shows("a"))],
    ),
    "a link leaps": (
        one(
            throw("out", link("L")),
            catch("in", link("L")),
            user("a"),
            path("start", "out"),
            path("in", "a"),
        ),
        [(None, shows("a"))],
    ),
    "terminate ends everything": (
        one(
            both("g"),
            user("a"),
            user("b"),
            end("stop", event("terminate")),
            end(),
            path("start", "g", "a", "stop"),
            path("g", "b", "end"),
        ),
        [(None, shows("a b")), (do("a"), OVER)],
    ),
    "terminate ends its own frame alone": (
        one(
            framed(
                both("g"),
                user("a"),
                user("b"),
                end("stop", event("terminate")),
                end("e1"),
                path("s1", "g", "a", "stop"),
                path("g", "b", "e1"),
            ),
            user("z"),
            path("start", "o", "z"),
        ),
        [(None, shows("a b")), (do("a"), shows("z"))],
    ),
    "a message is heard by whoever waits for it already": (
        one(
            both("g"),
            catch("x", event("message", "m")),
            user("a"),
            throw("t", event("message", "m")),
            user("b"),
            path("start", "g", "x", "b"),
            path("g", "a", "t"),
        ),
        [(None, shows("a", "x")), (do("a"), shows("b"))],
    ),
    "a message is heard by whoever begins to wait in the same step": (
        one(
            throw("t", event("message", "m")),
            catch("x", event("message", "m")),
            user("b"),
            path("start", "t", "x", "b"),
        ),
        [(None, shows("b"))],
    ),
    "messages that answer messages": (
        one(
            both("g"),
            user("a"),
            throw("ping", event("message", "m")),
            catch("pong", event("message", "n")),
            user("z"),
            node("receiveTask", "r", messageRef="m"),
            node("sendTask", "s", messageRef="n"),
            path("start", "g", "a", "ping", "pong", "z"),
            path("g", "r", "s"),
        ),
        [(None, shows("a", "r")), (do("a"), shows("z")), (do("z"), OVER)],
    ),
    "a signal is heard by all that wait": (
        one(
            both("g"),
            user("a"),
            throw("t", event("signal", "sig")),
            catch("x", event("signal", "sig")),
            catch("y", event("signal", "sig")),
            user("b"),
            user("c"),
            path("start", "g", "a", "t"),
            path("g", "x", "b"),
            path("g", "y", "c"),
        ),
        [(None, shows("a", "x y")), (do("a"), shows("b c"))],
    ),
    "a message finds its key": (
        one(
            user("ask"),
            catch("x", event("message", "k")),
            user("a"),
            path("start", "ask", "x", "a"),
        ),
        [
            (None, shows("ask")),
            (do("ask", who=7), shows("", "x")),
            (hear("k", "8"), shows("", "x", "Nothing waits")),
            (hear("k", 7), shows("a")),
        ],
    ),
    "what a message brings becomes variables": (
        one(
            catch("x", event("message", "m")),
            xor("g", "g_no"),
            user("yes"),
            user("no"),
            path("start", "x", "g"),
            flow("g", "yes", "=paid"),
            flow("g", "no"),
        ),
        [(None, shows("", "x")), (hear("m", paid=True), shows("yes"))],
    ),
    "a plain event is a mark on the way": (
        one(node("intermediateThrowEvent", "x"), user("a"), path("start", "x", "a")),
        [(None, shows("a"))],
    ),
    "a message begins it": (
        several(
            a_process("p", start(inside=event("message", "m")), user("a"), path("start", "a"))
        ),
        [
            (None, shows("", "start")),
            (do("a"), shows("", "start", "has not begun")),
            (hear("n"), shows("", "start", "Nothing waits")),
            (hear("m", "any"), shows("a")),
            (hear("m"), shows("a", error="Nothing waits")),
        ],
    ),
    "a moment begins it": (
        several(
            a_process("p", start(inside=timer("Duration", "P2D")), user("a"), path("start", "a"))
        ),
        [
            (None, shows("", "start")),
            (later("P1D"), shows("", "start")),
            (later("P1D"), shows("a")),
        ],
    ),
    "a repetition begins it": (
        several(
            a_process("p", start(inside=timer("Cycle", "R3/PT1H")), user("a"), path("start", "a"))
        ),
        [(None, shows("", "start")), (later("PT1H"), shows("a"))],
    ),
    "a signal begins it": (
        several(
            a_process("p", start(inside=event("signal", "sig")), user("a"), path("start", "a"))
        ),
        [(None, shows("", "start")), (signalled("sig"), shows("a"))],
    ),
    "one of several begins it": (
        several(
            a_process(
                "p",
                start("s1", event("message", "m")),
                start("s2", timer("Duration", "P1D")),
                user("a"),
                user("b"),
                path("s1", "a"),
                path("s2", "b"),
            )
        ),
        [(None, shows("", "s1 s2")), (later("P1D"), shows("b")), (later("P9D"), shows("b"))],
    ),
    "a plain start goes first": (
        several(
            a_process(
                "p",
                start("s1", event("message", "m")),
                start("s2"),
                user("a"),
                user("b"),
                path("s1", "a"),
                path("s2", "b"),
            )
        ),
        [(None, shows("b"))],
    ),
    "calls within calls": (
        several(
            a_process("r", start(), user("a"), end(), path("start", "a", "end")),
            a_process("q", start(), call("c2", "r"), end(), path("start", "c2", "end")),
            a_process("p", start(), call("c", "q"), user("z"), path("start", "c", "z")),
        ),
        [(None, shows("a")), (do("a"), shows("z"))],
    ),
    "a call knows what it is given": (
        several(
            a_process(
                "p",
                start(),
                user("ask"),
                call("c", "q", inputs={"n": "=x + 1"}, outputs={"back": "=n"}),
                xor("g", "g_no"),
                user("yes"),
                user("no"),
                path("start", "ask", "c", "g"),
                flow("g", "yes", "=back = 6 and x = 5"),
                flow("g", "no"),
            ),
            a_process(
                "q",
                start(),
                xor("h", "h_bad"),
                user("bad"),
                user("a"),
                end(),
                path("start", "h"),
                flow("h", "a", "=n = 6 and x = null"),
                flow("h", "bad"),
                path("a", "end"),
                path("bad", "end"),
            ),
        ),
        [(None, shows("ask")), (do("ask", x=5), shows("a")), (do("a"), shows("yes"))],
    ),
    "an event beside everything interrupts it": (
        one(
            user("a"),
            end(),
            path("start", "a", "end"),
            beside("interrupting", event("message", "m"), interrupting=True),
        ),
        [(None, shows("a", "began")), (hear("m"), shows("b")), (do("b"), OVER)],
    ),
    "an event beside everything comes again and again": (
        one(
            user("a"),
            end(),
            path("start", "a", "end"),
            beside("beside", timer("Cycle", "R/P1D"), interrupting=False),
        ),
        [
            (None, shows("a", "began")),
            (later("P2D"), shows("a b b", "began")),
            (do("a"), shows("b b", "began")),
            (do("b"), shows("b", "began")),
            (do("b"), OVER),
        ],
    ),
    "the oldest step comes first": (
        one(
            both("g"),
            *map(user, "abcd"),
            path("start", "g", "a", "c"),
            path("g", "b", "d"),
        ),
        [
            (None, shows("a b")),
            (do("a"), shows("b c")),
            (do("b"), shows("c d")),
            (do("c"), shows("d")),
        ],
    ),
}


@pytest.mark.parametrize("name", PLAYS)
def test_a_diagram_is_played(name: str, tmp_path: Path):
    data, steps = PLAYS[name]

    follow(data, steps, tmp_path / "played.bpmn")
