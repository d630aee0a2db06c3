"""Tokens: sequences, choices, joins, loops."""

import pytest

from engine.errors import Runaway, StepFailed
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    end,
    flow,
    path,
    script,
    some,
    start,
    user,
    xor,
)
from tests.engine.playing import Play

LOOP = a_file(
    a_process(
        "p",
        start(),
        xor("again"),
        both("split"),
        user("a"),
        user("b"),
        both("join"),
        user("z", outputs={"more": "=more"}),
        xor("choice", default="choice_end"),
        end(),
        path("start", "again", "split", "a", "join"),
        path("split", "b", "join", "z", "choice", "end"),
        flow("choice", "again", "=more"),
    )
)


def test_steps_follow_each_other_until_the_end():
    play = Play(
        a_file(
            a_process("p", start(), user("a"), user("b"), end(), path("start", "a", "b", "end"))
        )
    )

    assert play.open == ["a"]
    assert play.do("a").open == ["b"]
    assert play.do("b").open == []
    assert play.ended
    assert play.machine().end_event == "end"


def test_a_parallel_join_in_a_loop_waits_for_both_in_every_round():
    play = Play(LOOP)

    play.do("a").do("b").do("z", more=True).do("b")
    assert play.open == ["a"]

    play.do("a")
    assert play.open == ["z"]
    assert play.do("z", more=False).ended


def test_two_hundred_rounds_cost_no_memory():
    play = Play(LOOP)
    sizes = set()

    for _ in range(200):
        play.do("a").do("b").do("z", more=True)
        sizes.add((play.machine().size, len(play.state)))

    assert len({size for size, _ in sizes}) == 1
    assert max(length for _, length in sizes) < 700


def test_a_join_keeps_what_one_branch_wrote_and_the_other_never_touched():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                both("split"),
                user("a", outputs={"status": "=status"}),
                user("b", outputs={"note": "=note"}),
                both("join"),
                user("z"),
                end(),
                path("start", "split", "a", "join"),
                path("split", "b", "join", "z", "end"),
            )
        ),
        {"status": "new"},
    )

    play.do("a", status="A").do("b", note="B")

    assert play.variables == {"status": "A", "note": "B"}


def test_branches_that_disagree_leave_a_trace():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                both("split"),
                user("a", outputs={"status": "=status"}),
                user("b", outputs={"status": "=status"}),
                both("join"),
                user("z"),
                end(),
                path("start", "split", "a", "join"),
                path("split", "b", "join", "z", "end"),
            )
        )
    )

    play.do("a", status="A").do("b", status="B")

    assert [(e.event, e.element.id, e.detail) for e in play.last.log if e.event == "merged"] == [
        ("merged", "join", "status")
    ]
    assert play.variables == {"status": "B"}


def test_an_inclusive_join_waits_for_the_chosen_ways_in_every_round():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                xor("again"),
                some("split", default="split_c"),
                user("a"),
                user("b"),
                user("c"),
                some("join"),
                user("z", outputs={"x": "=x"}),
                xor("choice", default="choice_end"),
                end(),
                path("start", "again", "split"),
                flow("split", "a", "=x = 1 or x = 3"),
                flow("split", "b", "=x = 2 or x = 3"),
                flow("split", "c"),
                path("a", "join"),
                path("b", "join"),
                path("c", "join", "z", "choice", "end"),
                flow("choice", "again", "=x != 0"),
            )
        ),
        {"x": 3},
    )

    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]
    assert play.do("z", x=1).open == ["a"]
    assert play.do("a").do("z", x=9).open == ["c"]
    assert play.do("c").do("z", x=3).open == ["a", "b"]
    assert play.do("b").open == ["a"]
    assert play.do("a").do("z", x=0).ended


def test_a_choice_without_a_way_fails_with_its_conditions():
    data = a_file(
        a_process(
            "p",
            start(),
            xor("choice"),
            user("a"),
            user("b"),
            end(),
            path("start", "choice"),
            path("a", "end"),
            path("b", "end"),
            flow("choice", "a", "=x > 1"),
            flow("choice", "b", "=x < 1"),
        )
    )

    with pytest.raises(StepFailed) as caught:
        Play(data, {"x": 1})

    assert caught.value.element == "choice"
    assert "=x > 1; =x < 1" in str(caught.value)


def test_a_loop_that_waits_for_nobody_is_stopped():
    data = a_file(
        a_process(
            "p",
            start(),
            xor("again"),
            script("count", "n", "=n + 1"),
            xor("choice", default="choice_end"),
            end(),
            path("start", "again", "count", "choice", "end"),
            flow("choice", "again", "=n > 0"),
        )
    )

    with pytest.raises(Runaway):
        Play(data, {"n": 1})


def test_flows_out_of_a_step_split_and_their_conditions_count():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a", outputs={"x": "=x"}),
                user("b"),
                user("c"),
                user("d"),
                path("start", "a", "b"),
                flow("a", "c", "=x = 1"),
                flow("a", "d", "=x = 2"),
            )
        )
    )

    assert play.do("a", x=1).open == ["b", "c"]
    assert not play.do("b").ended
    assert play.do("c").ended


def test_answers_become_variables_through_mappings_alone():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a", outputs={"ok": '=wants = "yes"'}),
                user("b"),
                end(),
                path("start", "a", "b", "end"),
            )
        )
    )

    play.do("a", wants="yes", what_matters="secret")

    assert play.variables == {"ok": True}


def test_what_a_branch_does_with_a_context_stays_in_that_branch():
    sent = {"person": {"name": "x"}}
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("first", outputs={"case": "=case"}),
                both("split"),
                user("a", outputs={"case.person.name": "=name"}),
                user("b", outputs={"seen": "=case.person.name"}),
                end(),
                path("start", "first", "split", "a", "end"),
                path("split", "b", "end"),
            )
        )
    )
    play.do("first", case=sent)

    play.do("a", name="changed").do("b")

    assert sent == {"person": {"name": "x"}}
    assert play.variables["seen"] == "x"
    assert play.variables["case"] == {"person": {"name": "changed"}}
