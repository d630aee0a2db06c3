"""What SpiffWorkflow 3.2.0 does wrong by itself, and what happens here: how tokens move.

``docs/why/spiffworkflow.md`` lists the defects by the numbers in these tests; those that concern
variables and items stand in ``test_defects_data``.
"""

from datetime import timedelta

import pytest

from engine import diagram
from engine.check import check_file
from engine.errors import DiagramError, NoSuchTask, StepFailed
from engine.spiff import Library
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    catch,
    each,
    end,
    event,
    flow,
    message,
    node,
    path,
    some,
    start,
    timer,
    user,
    xor,
)
from tests.engine.moving.crossings import move
from tests.engine.playing import NOON, Play

DAY = timedelta(days=1)
ROUNDS = (
    start(),
    xor("again"),
    user("a"),
    user("b"),
    user("z", outputs={"more": "=more", "ways": "=ways"}),
    xor("choice", default="choice_end"),
    end(),
    path("start", "again", "split"),
    path("a", "join"),
    path("b", "join", "z", "choice", "end"),
    flow("choice", "again", "=more"),
)


def test_a_parallel_join_in_a_loop_waits_for_both_whatever_their_order():
    """Defect 1: an AND join in a loop fires early where branches end in another order."""
    ways = path("split", "a") + path("split", "b")
    play = Play(a_file(a_process("p", *ROUNDS, both("split"), both("join"), ways)))

    play.do("a").do("b").do("z", more=True).do("b")

    assert play.open == ["a"]
    assert play.do("a").open == ["z"]


def test_joins_in_nested_loops_run():
    """Defect 2: an AND join in nested loops crashes."""
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


def test_an_inclusive_join_in_a_loop_waits_in_every_round():
    """Defect 3: an OR join in a loop does not synchronise from the second round on."""
    ways = flow("split", "a", "=ways >= 1") + flow("split", "b", "=ways >= 2")
    data = a_file(a_process("p", *ROUNDS, some("split"), some("join"), ways))
    play = Play(data, {"ways": 2})

    play.do("a").do("b").do("z", more=True, ways=2)

    assert play.do("b").open == ["a"]
    assert play.do("a").open == ["z"]
    assert play.do("z", more=True, ways=1).open == ["a"]
    assert play.do("a").open == ["z"]


def test_more_than_a_thousand_levels_are_no_end():
    """Defect 5: at a thousand levels an instance says that it has ended."""
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


def an_aside(trigger: str, *, interrupting: bool) -> bytes:
    """A step, and an event sub-process beside it."""
    fires = "true" if interrupting else "false"
    inside = node("startEvent", "s2", inside=trigger, isInterrupting=fires)
    inside += user("b") + end("e2") + path("s2", "b", "e2")
    beside = node("subProcess", "beside", inside=inside, triggeredByEvent="true")
    steps = (start(), user("a"), end(), path("start", "a", "end"), beside)
    return a_file(a_process("p", *steps), declared=message("note"))


def test_instances_share_a_specification_that_no_run_changes():
    """Defect 6: what one instance adds to the specification appears in all others."""
    data = an_aside(event("message", "note"), interrupting=False)
    first, second = Play(data), Play(data)
    second.library = first.library

    first.hear("note")

    assert first.open == ["a", "b"]
    assert second.open == ["a"]
    assert second.do("a").ended


@pytest.mark.parametrize(
    "inside",
    [
        each("=[1, 2]", "n"),
        each("=[1, 2]", "n", one_by_one=True),
        '<bpmn:standardLoopCharacteristics loopMaximum="2"/>',
    ],
)
def test_repeated_steps_go_on_after_they_were_restored(inside: str):
    """Defect 7: repeated activities hang once they were restored."""
    steps = (start(), user("a", inside=inside), user("z"), path("start", "a", "z"))
    play = Play(a_file(a_process("p", *steps)))

    assert play.do("a").open == ["a"]
    assert play.do("a").open == ["z"]


def test_an_interrupting_event_sub_process_interrupts():
    """Defect 8: what it should interrupt goes on."""
    play = Play(an_aside(event("message", "note"), interrupting=True))

    assert play.hear("note").open == ["b"]
    assert play.do("b").ended


def test_an_event_sub_process_that_waits_for_its_timer_keeps_nothing_alive():
    """Defect 8: an instance whose timer has not come never ends."""
    play = Play(an_aside(timer("Duration", "P30D"), interrupting=False))

    assert play.waiting == ["s2"]
    assert play.do("a").ended
    assert play.waiting == []


def test_a_step_is_done_once():
    """Defect 12: a step that is done may be run again."""
    play = Play(a_file(a_process("p", start(), user("a"), user("b"), path("start", "a", "b"))))
    machine = play.machine()
    step_id = machine.open[0].id
    machine.complete(step_id, {})

    with pytest.raises(NoSuchTask):
        machine.complete(step_id, {})


def test_only_an_open_step_can_be_done():
    """Defect 12: what has not begun may be run."""
    play = Play(a_file(a_process("p", start(), user("a"), user("b"), path("start", "a", "b"))))
    other = Play(a_file(a_process("p", start(), user("b"), path("start", "b"))))

    with pytest.raises(NoSuchTask):
        play.machine().complete(other.machine().open[0].id, {})

    assert play.open == ["a"]


def row(*steps: str) -> bytes:
    """User tasks one after the other; b has a timer on its border."""
    late = boundary("late", "b", timer("Duration", "P3D"), interrupting=False) + end("was_late")
    parts = [start(), *map(user, steps), end(), path("start", *steps, "end")]
    return a_file(a_process("p", *parts, late, path("late", "was_late")))


def test_what_is_taken_away_leaves_no_timer_behind():
    """Defect 13: a step that is reset leaves its timer, at which the next step crashes."""
    play = Play(row("a", "b", "c")).do("a")
    assert play.waiting == ["late"]
    plain = a_process("p", start(), user("b"), user("c"), end(), path("start", "b", "c", "end"))

    move(play, a_file(plain))

    assert play.waiting == []
    assert play.advance(9 * DAY).do("b").do("c").ended


def test_a_moved_instance_keeps_its_deadlines():
    """Defect 14: moving to a new version starts timers anew."""
    play = Play(row("a", "b", "c")).do("a")
    play.world.now += DAY

    move(play, row("a", "b", "more", "c"))

    [wait] = play.machine().waiting
    assert wait.due == NOON + 3 * DAY
    assert play.do("b").open == ["more"]


def test_a_moved_instance_keeps_its_items():
    """Defect 14: moving to a new version mixes up the items that are left."""

    def many(then: str) -> bytes:
        inside = each('=["x", "y", "z"]', "n", results="all", result="=n + k")
        asked = user("ask", inside=inside, outputs={"k": "=k"})
        return a_file(a_process("p", start(), asked, user(then), path("start", "ask", then)))

    play = Play(many("go")).do("ask", k="1")

    move(play, many("on"))

    assert [step.variables["n"] for step in play.machine().open] == ["y", "z"]
    assert play.do("ask", k="2").do("ask", k="3").variables["all"] == ["x1", "y2", "z3"]


@pytest.mark.parametrize("failing", [catch("s", timer("Duration", "=gone")), xor("s")])
def test_a_step_that_fails_is_as_if_it_had_not_been_done(failing: str):
    """Defect 15: a script or condition that fails leaves the instance stuck."""
    ways = flow("s", "b", "=n = 1") + flow("s", "end", "=n = 2")
    parts = [start(), user("a"), failing, user("b"), end(), path("start", "a", "s"), ways]
    play = Play(a_file(a_process("p", *parts, path("b", "end"))))

    with pytest.raises(StepFailed) as caught:
        play.do("a")

    assert caught.value.element == "s"
    assert play.open == ["a"]


REFUSED = {
    "complex_gateway": node("complexGateway", "x"),
    "ad_hoc": node("adHocSubProcess", "x"),
    "transaction": node("transaction", "x"),
    "conditional_event": node("intermediateCatchEvent", "x", inside=event("conditional")),
    "unsupported_event": node("intermediateCatchEvent", "x", inside=event("error")),
    "link_alone": node(
        "intermediateThrowEvent", "x", inside='<bpmn:linkEventDefinition name="L"/>'
    ),
    "event_without_reference": node("receiveTask", "x"),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_would_be_passed_in_silence_is_refused(rule: str):
    """Defect 6 (ad-hoc paths), and what stock passes or drops without a word."""
    data = a_file(a_process("p", start(), REFUSED[rule], end(), path("start", "x", "end")))

    (found,) = [f for f in check_file(data, "p.bpmn") if f.rule == rule]

    assert (found.element, found.severity) == ("x", "error")
    assert found.remedy


@pytest.mark.parametrize("rule", ["complex_gateway", "ad_hoc", "conditional_event"])
def test_what_cannot_run_rightly_does_not_run(rule: str):
    """Defect 6: not even where nobody has checked."""
    data = a_file(a_process("p", start(), REFUSED[rule], end(), path("start", "x", "end")))
    library = Library({p.id: p for p in diagram.read(data, "p.bpmn")})

    with pytest.raises(DiagramError, match="x"):
        library["p"]


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
