"""What SpiffWorkflow 3.2.0 does wrong on its own, and what happens here instead.

The other reproductions stand where they belong: joins and loops in ``test_flow``, items and
interruptions in ``test_calls``, data that looks like engine objects in ``test_events``.
"""

import pytest

from engine import diagram
from engine.errors import DiagramError, NoSuchTask
from engine.spiff import Library
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    end,
    event,
    flow,
    message,
    node,
    path,
    start,
    sub_process,
    user,
    xor,
)
from tests.engine.playing import Play


def test_joins_in_nested_loops_run():
    data = a_file(
        a_process(
            "p",
            start(),
            xor("outer"),
            xor("inner"),
            both("split"),
            user("a"),
            user("b"),
            both("join"),
            user("i", outputs={"i": "=again"}),
            xor("inner_x", default="inner_x_o"),
            user("o", outputs={"o": "=again"}),
            xor("outer_x", default="outer_x_end"),
            end(),
            path("start", "outer", "inner", "split", "a", "join"),
            path("split", "b", "join", "i", "inner_x"),
            flow("inner_x", "o", id="inner_x_o"),
            flow("inner_x", "inner", "=i"),
            path("o", "outer_x", "end"),
            flow("outer_x", "outer", "=o"),
        )
    )
    play = Play(data)

    for outer in (True, False):
        for inner in (True, False):
            assert play.do("b").open == ["a"]
            play.do("a").do("i", again=inner)
        play.do("o", again=outer)

    assert play.ended


def test_more_than_a_thousand_levels_are_no_end():
    data = a_file(
        a_process(
            "p",
            start(),
            xor("again"),
            user("a"),
            xor("choice", default="choice_end"),
            end(),
            path("start", "again", "a", "choice", "end"),
            flow("choice", "again", "=more"),
        )
    )
    play = Play(data, {"more": True})

    for _ in range(400):
        play.do("a")

    assert play.open == ["a"]
    assert not play.ended
    assert play.machine().size == 2


def test_a_step_is_done_once():
    play = Play(a_file(a_process("p", start(), user("a"), user("b"), path("start", "a", "b"))))
    machine = play.machine()
    step_id = machine.open[0].id
    machine.complete(step_id, {})

    with pytest.raises(NoSuchTask):
        machine.complete(step_id, {})


@pytest.mark.parametrize(
    "part",
    [
        node("complexGateway", "x"),
        node("adHocSubProcess", "x"),
        node("subProcess", "x", triggeredByEvent="true"),
        node("intermediateCatchEvent", "x", inside=event("compensate")),
        node("intermediateCatchEvent", "x", inside=event("conditional")),
    ],
)
def test_what_cannot_run_rightly_does_not_run(part: str):
    data = a_file(a_process("p", start(), part, end(), path("start", "x", "end")))
    library = Library({p.id: p for p in diagram.read(data, "p.bpmn")})

    with pytest.raises(DiagramError, match="x"):
        library["p"]


def test_data_objects_are_documentation_alone():
    inner = sub_process(
        "inner",
        start("s2"),
        user(
            "a",
            inside="<bpmn:dataInputAssociation><bpmn:sourceRef>r</bpmn:sourceRef>"
            "</bpmn:dataInputAssociation>",
        ),
        end("e2"),
        path("s2", "a", "e2"),
    )
    outer = sub_process("outer", start("s1"), inner, end("e1"), path("s1", "inner", "e1"))
    data = a_file(
        a_process(
            "p",
            '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="r" dataObjectRef="o"/>',
            start(),
            outer,
            end(),
            path("start", "outer", "end"),
        )
    )

    assert Play(data).do("a").ended


def test_nobody_else_hears_what_a_receive_task_waits_for():
    data = a_file(
        a_process(
            "p",
            start(),
            node("receiveTask", "r", messageRef="m"),
            user("z"),
            path("start", "r", "z"),
        ),
        declared=message("m"),
    )
    play = Play(data)

    assert (play.open, play.waiting) == ([], ["r"])
    assert play.hear("m", n=1).open == ["z"]
    assert play.variables == {"n": 1}
