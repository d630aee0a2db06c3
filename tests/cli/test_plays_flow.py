"""Gateways, loops and repetition, as whoever tries a diagram sees them."""

from pathlib import Path

import pytest

from tests.cli.playing import OVER, do, follow, shows
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    call,
    each,
    end,
    flow,
    node,
    path,
    script,
    some,
    start,
    sub_process,
    user,
    xor,
)


def one(*parts: str) -> bytes:
    return a_file(a_process("p", start(), *parts))


def standard_loop(condition: str, most: int = 5, *, first: bool = False) -> str:
    before = ' testBefore="true"' if first else ""
    return (
        f'<bpmn:standardLoopCharacteristics loopMaximum="{most}"{before}>'
        f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )


def numbered(times: str, *, one_by_one: bool = False, until: str = "") -> str:
    done = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    sequential = ' isSequential="true"' if one_by_one else ""
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{sequential}>"
        f"<bpmn:loopCardinality>{times}</bpmn:loopCardinality>{done}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def forked(open_: str, close: str, *branches: str) -> str:
    return "".join(path(open_, branch, close) for branch in branches)


OR = (
    user("ask"),
    some("s", "s_c"),
    user("a"),
    user("b"),
    user("c"),
    some("j"),
    user("z"),
    path("start", "ask", "s"),
    flow("s", "a", "=x >= 1"),
    flow("s", "b", "=x >= 2"),
    flow("s", "c"),
    *(path(branch, "j") for branch in "abc"),
)

PLAYS = {
    "one step after the other": (
        one(user("a"), node("manualTask", "b"), end(), path("start", "a", "b", "end")),
        [(None, shows("a")), (do("a"), shows("b")), (do("b"), OVER)],
    ),
    "an activity that nothing comes after ends its way": (
        one(both("g"), user("a"), user("b"), path("start", "g", "a"), path("g", "b")),
        [(None, shows("a b")), (do("a"), shows("b")), (do("b"), OVER)],
    ),
    "the first condition that holds is taken": (
        one(
            user("ask"),
            xor("g", "g_c"),
            *map(user, "abc"),
            end(),
            path("start", "ask", "g"),
            flow("g", "a", "=x > 10"),
            flow("g", "b", "=x > 5"),
            flow("g", "c"),
            *(path(id, "end") for id in "abc"),
        ),
        [(None, shows("ask")), (do("ask", x=7), shows("b")), (do("b"), OVER)],
    ),
    "the default is taken where no condition holds": (
        one(
            user("ask"),
            xor("g", "g_b"),
            user("a"),
            user("b"),
            path("start", "ask", "g"),
            flow("g", "a", '=kind = "x"'),
            flow("g", "b"),
        ),
        [(None, shows("ask")), (do("ask"), shows("b"))],
    ),
    "a choice without a way on refuses the step": (
        one(
            user("ask"),
            xor("g"),
            user("a"),
            user("b"),
            end(),
            path("start", "ask", "g"),
            flow("g", "a", "=x > 10"),
            flow("g", "b", "=x < 5"),
            path("a", "end"),
            path("b", "end"),
        ),
        [
            (None, shows("ask")),
            (do("ask", x=7), shows("ask", error="none of the conditions holds")),
            (do("ask", x=11), shows("a")),
        ],
    ),
    "parallel ways are awaited": (
        one(
            both("g"),
            *map(user, "abcz"),
            both("j"),
            end(),
            path("start", "g"),
            forked("g", "j", *"abc"),
            path("j", "z", "end"),
        ),
        [
            (None, shows("a b c")),
            (do("b"), shows("a c")),
            (do("c"), shows("a")),
            (do("a"), shows("z")),
            (do("z"), OVER),
        ],
    ),
    "parallel ways that meet in a choice pass it twice": (
        one(
            both("g"),
            *map(user, "abz"),
            xor("j"),
            end(),
            path("start", "g"),
            forked("g", "j", "a", "b"),
            path("j", "z", "end"),
        ),
        [
            (None, shows("a b")),
            (do("a"), shows("b z")),
            (do("b"), shows("z z")),
            (do("z"), shows("z")),
            (do("z"), OVER),
        ],
    ),
    "a choice that is joined as parallel is stuck": (
        one(
            xor("g", "g_b"),
            *map(user, "ab"),
            both("j"),
            end(),
            path("start", "g"),
            flow("g", "a", "=x"),
            flow("g", "b"),
            path("a", "j"),
            path("b", "j", "end"),
        ),
        [(None, shows("b")), (do("b"), shows())],
    ),
    "some: one of them": (
        one(*OR, path("j", "z")),
        [(None, shows("ask")), (do("ask", x=1), shows("a")), (do("a"), shows("z"))],
    ),
    "some: two of them, awaited": (
        one(*OR, path("j", "z")),
        [
            (None, shows("ask")),
            (do("ask", x=2), shows("a b")),
            (do("b"), shows("a")),
            (do("a"), shows("z")),
            (do("z"), OVER),
        ],
    ),
    "some: none, so the default": (
        one(*OR, path("j", "z")),
        [(None, shows("ask")), (do("ask", x=0), shows("c")), (do("c"), shows("z"))],
    ),
    "some in a loop, round after round": (
        one(
            *(part for part in OR if part != path("start", "ask", "s")),
            xor("again"),
            xor("g", "g_end"),
            end(),
            path("start", "again", "ask", "s"),
            path("j", "z", "g", "end"),
            flow("g", "again", "=more"),
        ),
        [
            (None, shows("ask")),
            (do("ask", x=2), shows("a b")),
            (do("a"), shows("b")),
            (do("b"), shows("z")),
            (do("z", more=True), shows("ask")),
            (do("ask", x=2), shows("a b")),
            (do("b"), shows("a")),
            (do("a"), shows("z")),
            (do("z", more=False), OVER),
        ],
    ),
    "some: waits for what may still come on a roundabout way": (
        one(
            both("g"),
            *map(user, "abz"),
            xor("x", "x_end2"),
            some("j"),
            end(),
            end("end2"),
            path("start", "g", "a", "j"),
            path("g", "b", "x"),
            flow("x", "j", "=yes"),
            flow("x", "end2"),
            path("j", "z", "end"),
        ),
        [
            (None, shows("a b")),
            (do("a"), shows("b")),
            (do("b", yes=False), shows("z")),
            (do("z"), OVER),
        ],
    ),
    "a join in a loop takes one of each in every round": (
        one(
            xor("m"),
            both("g"),
            *map(user, "abz"),
            both("j"),
            xor("x", "x_end"),
            end(),
            path("start", "m", "g"),
            forked("g", "j", "a", "b"),
            path("j", "z", "x", "end"),
            flow("x", "m", "=more"),
        ),
        [
            (None, shows("a b")),
            (do("a"), shows("b")),
            (do("b"), shows("z")),
            (do("z", more=True), shows("a b")),
            (do("b"), shows("a")),
            (do("a"), shows("z")),
            (do("z", more=False), OVER),
        ],
    ),
    "a counting loop runs by itself": (
        one(
            script("zero", "n", "=0"),
            xor("m"),
            script("count", "n", "=n + 1"),
            xor("x", "x_a"),
            user("a"),
            xor("y", "y_end"),
            user("never"),
            end(),
            path("start", "zero", "m", "count", "x", "a", "y", "end"),
            flow("x", "m", "=n < 10"),
            flow("y", "never", "=n != 10"),
        ),
        [(None, shows("a")), (do("a"), OVER)],
    ),
    "several flows out of a step are all taken": (
        one(user("a"), user("b"), user("c"), path("start", "a", "b"), path("a", "c")),
        [(None, shows("a")), (do("a"), shows("b c")), (do("c"), shows("b"))],
    ),
    "conditions on flows out of a step count": (
        one(
            user("a"),
            user("b"),
            user("c"),
            path("start", "a"),
            flow("a", "b", "=x > 1"),
            flow("a", "c", "=x > 2"),
        ),
        [(None, shows("a")), (do("a", x=2), shows("b")), (do("b"), OVER)],
    ),
    "a frame within a frame": (
        one(
            sub_process(
                "o",
                start("s1"),
                sub_process("i", start("s2"), user("a"), end("e2"), path("s2", "a", "e2")),
                user("b"),
                end("e1"),
                path("s1", "i", "b", "e1"),
            ),
            user("z"),
            end(),
            path("start", "o", "z", "end"),
        ),
        [(None, shows("a")), (do("a"), shows("b")), (do("b"), shows("z")), (do("z"), OVER)],
    ),
    "a frame is left when everything in it is done": (
        one(
            sub_process(
                "o",
                start("s1"),
                both("g"),
                user("a"),
                user("b"),
                end("e1"),
                end("e2"),
                path("s1", "g", "a", "e1"),
                path("g", "b", "e2"),
            ),
            user("z"),
            path("start", "o", "z"),
        ),
        [(None, shows("a b")), (do("a"), shows("b")), (do("b"), shows("z"))],
    ),
    "so many times at once": (
        one(user("a", inside=numbered("3")), user("z"), path("start", "a", "z")),
        [
            (None, shows("a a a")),
            (do("a", 2), shows("a a")),
            (do("a"), shows("a")),
            (do("a", 1), shows("a", error="at place 1")),
            (do("a"), shows("z")),
        ],
    ),
    "so many times one by one": (
        one(
            user("a", inside=numbered("=n", one_by_one=True)),
            user("z"),
            path("start", "ask", "a", "z"),
            user("ask"),
        ),
        [
            (None, shows("ask")),
            (do("ask", n=2), shows("a")),
            (do("a"), shows("a")),
            (do("a"), shows("z")),
        ],
    ),
    "enough of them": (
        one(
            user("a", inside=numbered("4", until="=numberOfCompletedInstances &gt;= 2")),
            user("z"),
            path("start", "a", "z"),
        ),
        [(None, shows("a a a a")), (do("a"), shows("a a a")), (do("a"), shows("z"))],
    ),
    "enough, by what one of them says": (
        one(
            user("a", inside=each("=[1, 2, 3]", "n", until="=no = true", one_by_one=True)),
            user("z"),
            path("start", "a", "z"),
        ),
        [(None, shows("a")), (do("a"), shows("a")), (do("a", no=True), shows("z"))],
    ),
    "results are collected in the order of the items": (
        one(
            user("a", inside=each('=["p", "q"]', "n", results="all", result="=n + x")),
            xor("g", "g_no"),
            user("yes"),
            user("no"),
            path("start", "a", "g"),
            flow("g", "yes", '=all = ["p1", "q2"]'),
            flow("g", "no"),
        ),
        [(None, shows("a a")), (do("a", 1, x="2"), shows("a")), (do("a", x="1"), shows("yes"))],
    ),
    "items are numbered from one": (
        one(
            user(
                "a",
                inside=each('=["p", "q"]', "n", results="all", result="=k", one_by_one=True),
                outputs={"k": "=loopCounter"},
            ),
            xor("g", "g_no"),
            user("yes"),
            user("no"),
            path("start", "a", "g"),
            flow("g", "yes", "=all = [1, 2]"),
            flow("g", "no"),
        ),
        [(None, shows("a")), (do("a"), shows("a")), (do("a"), shows("yes"))],
    ),
    "nothing to repeat": (
        one(user("a", inside=each("=[]", "n")), user("z"), path("start", "a", "z")),
        [(None, shows("z"))],
    ),
    "frames at once": (
        one(
            sub_process(
                "o",
                each("=[1, 2]", "n"),
                start("s1"),
                user("a"),
                user("b"),
                end("e1"),
                path("s1", "a", "b", "e1"),
            ),
            user("z"),
            path("start", "o", "z"),
        ),
        [
            (None, shows("a a")),
            (do("a", 1), shows("a b")),
            (do("b"), shows("a")),
            (do("a"), shows("b")),
            (do("b"), shows("z")),
        ],
    ),
    "frames one by one": (
        one(
            sub_process(
                "o",
                each("=[1, 2]", "n", one_by_one=True),
                start("s1"),
                user("a"),
                end("e1"),
                path("s1", "a", "e1"),
            ),
            user("z"),
            path("start", "o", "z"),
        ),
        [(None, shows("a")), (do("a"), shows("a")), (do("a"), shows("z"))],
    ),
    "calls at once, each with its item": (
        a_file(
            a_process(
                "p",
                start(),
                call(
                    "c",
                    "q",
                    inside=each("=[10, 20]", "n", results="all", result="=r"),
                    inputs={"given": "=n"},
                    outputs={"r": "=given + x"},
                ),
                xor("g", "g_no"),
                user("yes"),
                user("no"),
                path("start", "c", "g"),
                flow("g", "yes", "=all = [11, 22]"),
                flow("g", "no"),
            ),
            a_process("q", start(), user("a"), end(), path("start", "a", "end")),
        ),
        [(None, shows("a a")), (do("a", 1, x=2), shows("a")), (do("a", x=1), shows("yes"))],
    ),
    "calls one by one": (
        a_file(
            a_process("q", start(), user("a"), end(), path("start", "a", "end")),
            a_process(
                "p",
                start(),
                call("c", "q", inside=each("=[1, 2]", "n", one_by_one=True)),
                user("z"),
                path("start", "c", "z"),
            ),
        ),
        [(None, shows("a")), (do("a"), shows("a")), (do("a"), shows("z"))],
    ),
    "again while the condition holds": (
        one(user("a", inside=standard_loop("=more")), user("z"), path("start", "a", "z")),
        [
            (None, shows("a")),
            (do("a", more=True), shows("a")),
            (do("a", more=False), shows("z")),
        ],
    ),
    "again at most so many times": (
        one(user("a", inside=standard_loop("=true", 3)), user("z"), path("start", "a", "z")),
        [(None, shows("a")), (do("a"), shows("a")), (do("a"), shows("a")), (do("a"), shows("z"))],
    ),
    "not once where the condition fails before": (
        one(
            user("a", inside=standard_loop("=false", first=True)),
            user("z"),
            path("start", "a", "z"),
        ),
        [(None, shows("z"))],
    ),
    "values keep their kinds": (
        one(
            user("ask"),
            xor("g", "g_no"),
            user("yes"),
            user("no"),
            path("start", "ask", "g"),
            flow("g", "yes", '=a.b[2] = 2.5 and t and s = "å" and n = null'),
            flow("g", "no"),
        ),
        [
            (None, shows("ask")),
            (do("ask", a={"b": [1, 2.5]}, t=True, s="å", n=None), shows("yes")),
        ],
    ),
}


@pytest.mark.parametrize("name", PLAYS)
def test_a_diagram_is_played(name: str, tmp_path: Path):
    data, steps = PLAYS[name]

    follow(data, steps, tmp_path / "played.bpmn")
