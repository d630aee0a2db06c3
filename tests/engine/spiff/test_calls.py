"""Sub-processes, called processes, many at once, and what interrupts them."""

from collections import Counter
from datetime import timedelta

import pytest

from engine.errors import DiagramError, ErrorThrown, StepFailed
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
    script,
    service,
    start,
    sub_process,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.playing import Play, World

PARTIES = [{"organisation": code, "unit": None} for code in ("fk", "af", "vc")]
ASK = a_process(
    "ask",
    start(),
    user("answer", outputs={"decision": "=decision"}),
    boundary("remind", "answer", timer("Duration", "P7D"), interrupting=False),
    service("send_reminder", "party.remind", inputs={"organisation": "=organisation"}),
    boundary("escalate", "answer", timer("Duration", "P14D"), interrupting=False),
    user("see_to_answer"),
    end("done", event("terminate")),
    end("reminded"),
    end("seen"),
    path("start", "answer", "done"),
    path("remind", "send_reminder", "reminded"),
    path("escalate", "see_to_answer", "seen"),
    lanes={"party": ["answer"], "manager": ["see_to_answer"]},
)
MANY = call(
    "ask_all",
    "ask",
    inside=each("=parties", "party", results="answers", result="=decision"),
    inputs={"organisation": "=party.organisation", "unit": "=party.unit"},
    outputs={"decision": "=decision"},
)
BODY = a_file(
    a_process(
        "p",
        start(),
        sub_process(
            "body",
            start("in"),
            MANY,
            user("go_on"),
            end("out"),
            path("in", "ask_all", "go_on", "out"),
        ),
        boundary("withdrawn", "body", event("message", "consent_withdrawn")),
        user("wind_up"),
        end(),
        end("end2"),
        path("start", "body", "end"),
        path("withdrawn", "wind_up", "end2"),
    ),
    ASK,
    declared=message("consent_withdrawn"),
)


def test_a_call_knows_what_is_passed_and_returns_what_is_named():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                call(
                    "c", "inner", inputs={"purpose": '="planning"'}, outputs={"outcome": "=result"}
                ),
                user("z"),
                end(),
                path("start", "c", "z", "end"),
            ),
            a_process(
                "inner",
                start(),
                user("a", outputs={"result": "=r"}),
                end(),
                path("start", "a", "end"),
            ),
        ),
        {"secret": 1, "organisation": "fk"},
    )

    assert dict(play.machine().open[0].variables) == {
        "case_ref": "c",
        "organisation": "fk",
        "purpose": "planning",
    }
    play.do("a", r="granted")
    assert play.variables == {"secret": 1, "organisation": "fk", "outcome": "granted"}


def test_a_sub_process_without_mappings_shares_the_variables_around_it():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "s",
                    start("in"),
                    user("a", outputs={"x": "=x + y"}),
                    end("out"),
                    path("in", "a", "out"),
                ),
                user("z"),
                end(),
                path("start", "s", "z", "end"),
            )
        ),
        {"y": 1},
    )

    assert play.do("a", x=1).variables == {"x": 2, "y": 1}


def test_a_sub_process_with_mappings_passes_what_they_name():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "s",
                    start("in"),
                    user("a", outputs={"x": "=x", "inner": "=1"}),
                    end("out"),
                    path("in", "a", "out"),
                    inputs={"y": "=y"},
                    outputs={"result": "=x + y"},
                ),
                user("z"),
                end(),
                path("start", "s", "z", "end"),
            )
        ),
        {"y": 1, "other": 5},
    )

    assert dict(play.machine().open[0].variables) == {"case_ref": "c", "y": 1}
    assert play.do("a", x=1).variables == {"y": 1, "other": 5, "result": 2}


def test_each_organisation_is_asked_and_the_answers_come_in_their_order():
    play = Play(BODY, {"parties": PARTIES})

    assert Counter(play.open) == {"answer": 3}
    assert [step.variables["organisation"] for step in play.machine().open] == ["fk", "af", "vc"]
    play.do("answer", _index=2, decision="late").do("answer", decision="first").do(
        "answer", decision="mid"
    )

    assert play.open == ["go_on"]
    assert play.variables["answers"] == ["first", "mid", "late"]
    assert "party" not in play.variables
    assert "decision" not in play.variables


def test_a_reminder_and_an_escalation_know_their_organisation_and_vanish_with_the_answer():
    play = Play(BODY, {"parties": PARTIES})

    play.do("answer", decision="yes").advance(timedelta(days=8))
    assert [inputs["organisation"] for _, inputs in play.world.asked] == ["af", "vc"]

    play.advance(timedelta(days=8))
    assert Counter(play.open) == {"answer": 2, "see_to_answer": 2}

    play.do("answer", decision="yes")
    assert Counter(play.open) == {"answer": 1, "see_to_answer": 1}
    assert len([gone for gone in play.last.gone if not gone.done]) == 1
    assert play.do("answer", decision="no").open == ["go_on"]


def test_a_withdrawal_in_the_middle_of_three_answers_leaves_no_orphan():
    play = Play(BODY, {"parties": PARTIES})
    play.do("answer", decision="yes").advance(timedelta(days=15))

    play.hear("consent_withdrawn")

    assert play.open == ["wind_up"]
    assert play.waiting == []
    assert len([gone for gone in play.last.gone if not gone.done]) == 4
    assert play.machine().size == 2
    assert play.do("wind_up").ended


def test_an_interruption_goes_on_with_what_the_body_had_learnt():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "body",
                    start("in"),
                    user("a", outputs={"parties": "=parties"}),
                    user("b"),
                    end("out"),
                    path("in", "a", "b", "out"),
                ),
                boundary("stop", "body", event("message", "stop")),
                user("z"),
                end(),
                path("start", "body", "end"),
                path("stop", "z"),
            ),
            declared=message("stop"),
        )
    )

    play.do("a", parties=["fk"]).hear("stop", reason="moved")

    assert play.variables == {"parties": ["fk"], "reason": "moved"}


def test_a_second_round_of_answers_starts_afresh():
    data = a_file(
        a_process(
            "p",
            start(),
            xor("again"),
            MANY,
            user("judge", outputs={"more": "=more"}),
            xor("choice", default="choice_end"),
            end(),
            path("start", "again", "ask_all", "judge", "choice", "end"),
            flow("choice", "again", "=more"),
        ),
        ASK,
    )
    play = Play(data, {"parties": PARTIES[:2]})

    play.do("answer", decision=1).do("answer", decision=2).do("judge", more=True)
    play.do("answer", decision=3).do("answer", decision=4)

    assert play.variables["answers"] == [3, 4]


def test_the_same_item_name_serves_two_activities():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a", inside=each("=[1, 2]", "n")),
                user("b", inside=each("=[3]", "n")),
                end(),
                path("start", "a", "b", "end"),
            )
        )
    )

    play.do("a").do("a")

    assert [step.variables["n"] for step in play.machine().open] == [3]


def test_one_by_one_asks_the_next_when_one_is_done():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user(
                    "a",
                    inside=each("=names", "n", results="said", result="=n + x", one_by_one=True),
                    outputs={"x": "=x"},
                ),
                user("z"),
                end(),
                path("start", "a", "z", "end"),
            )
        ),
        {"names": ["p", "q"]},
    )

    assert [s.variables["n"] for s in play.machine().open] == ["p"]
    play.do("a", x="1")
    assert [(s.variables["n"], s.variables["loopCounter"]) for s in play.machine().open] == [
        ("q", 2)
    ]
    assert play.do("a", x="2").variables == {"names": ["p", "q"], "said": ["p1", "q2"]}


def test_enough_answers_close_the_others():
    data = a_file(
        a_process(
            "p",
            start(),
            user(
                "a",
                inside=each(
                    "=[1, 2, 3]",
                    "n",
                    until="=numberOfCompletedInstances / numberOfInstances >= 0.5",
                ),
            ),
            user("z"),
            end(),
            path("start", "a", "z", "end"),
        )
    )

    assert Play(data).do("a").do("a", 1).open == ["z"]


def test_nobody_to_ask_is_passed():
    data = a_file(
        a_process(
            "p",
            start(),
            user("a", inside=each("=[]", "n", results="said", result="=n")),
            user("z"),
            end(),
            path("start", "a", "z", "end"),
        )
    )

    assert Play(data).variables == {"said": []}
    assert Play(data).open == ["z"]


def test_what_is_no_list_cannot_be_gone_through():
    data = a_file(
        a_process(
            "p", start(), user("a", inside=each("=parties", "n")), end(), path("start", "a", "end")
        )
    )

    with pytest.raises(StepFailed) as caught:
        Play(data)

    assert caught.value.element == "a"


def test_many_sub_processes_keep_their_own_items():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "s",
                    each("=parties", "party", results="got", result="=party + x"),
                    start("in"),
                    user("a", outputs={"x": "=x"}),
                    end("out"),
                    path("in", "a", "out"),
                ),
                user("z"),
                end(),
                path("start", "s", "z", "end"),
            )
        ),
        {"parties": ["p", "q"]},
    )

    assert play.do("a", x="1").do("a", x="2").variables == {
        "parties": ["p", "q"],
        "got": ["p1", "q2"],
    }


def test_an_organisation_that_leaves_completes_its_items_and_the_others_go_on():
    play = Play(BODY, {"parties": PARTIES})

    play.leave("af")

    assert Counter(play.open) == {"answer": 2}
    play.do("answer", decision="x").do("answer", decision="y")
    assert play.variables["answers"] == ["x", None, "y"]


def test_terminate_in_a_called_process_ends_that_process_alone():
    play = Play(
        a_file(
            a_process(
                "p", start(), call("c", "inner"), user("z"), end(), path("start", "c", "z", "end")
            ),
            a_process(
                "inner",
                start(),
                both("split"),
                user("a"),
                user("b"),
                end("stop", event("terminate")),
                end(),
                path("start", "split", "a", "stop"),
                path("split", "b", "end"),
            ),
        )
    )

    assert play.do("a").open == ["z"]
    assert not play.ended


def test_an_error_is_caught_by_the_nearest_activity_around_it():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                call("c", "inner"),
                boundary("other", "c", event("error", "E2")),
                boundary("caught", "c", event("error", "E1")),
                user("z"),
                end(),
                path("start", "c", "end"),
                path("caught", "z"),
                path("other", "end"),
            ),
            a_process(
                "inner",
                start(),
                both("s"),
                user("a"),
                user("b"),
                end("bad", event("error", "E1")),
                path("start", "s", "a", "bad"),
                path("s", "b"),
            ),
            declared=error("E1") + error("E2"),
        )
    )

    assert play.do("a").open == ["z"]


def test_an_error_that_nothing_catches_changes_nothing():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                end("bad", event("error", "E1")),
                path("start", "a", "bad"),
            ),
            declared=error("E1"),
        )
    )

    with pytest.raises(StepFailed) as caught:
        play.do("a")

    assert caught.value.element == "bad"
    assert play.open == ["a"]


def test_a_service_may_throw_an_error_that_its_boundary_catches():
    def refuse(_inputs):
        raise ErrorThrown("E1")

    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                service("s", "x.y"),
                boundary("caught", "s", event("error", "E1")),
                user("z"),
                end(),
                path("start", "s", "end"),
                path("caught", "z"),
            ),
            declared=error("E1"),
        ),
        world=World(services={"x.y": refuse}),
    )

    assert play.open == ["z"]


def test_an_escalation_is_caught_outside_without_stopping_the_work():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "s",
                    start("in"),
                    user("a"),
                    throw("up", event("escalation", "E")),
                    user("b"),
                    end("out"),
                    path("in", "a", "up", "b", "out"),
                ),
                boundary("caught", "s", event("escalation", "E"), interrupting=False),
                user("m"),
                end(),
                end("e2"),
                path("start", "s", "end"),
                path("caught", "m", "e2"),
            ),
            declared=escalation("E"),
        )
    )

    assert play.do("a").open == ["b", "m"]
    assert play.last.escalations == []


def test_what_a_side_branch_only_took_over_cannot_undo_later_changes():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "body",
                    start("in"),
                    user("a", outputs={"x": "=x"}),
                    user("b", outputs={"x": "=x"}),
                    end("out"),
                    path("in", "a", "b", "out"),
                ),
                boundary("note", "body", event("message", "note"), interrupting=False),
                user("side", outputs={"y": "=x"}),
                user("z"),
                end(),
                end("e2"),
                path("start", "body", "end"),
                path("note", "side", "e2"),
            ),
            declared=message("note"),
        )
    )

    play.do("a", x=1).hear("note").do("b", x=2).do("side")

    assert play.ended
    assert play.variables == {"x": 2, "y": 1}


def test_an_escalation_that_nothing_catches_is_handed_out():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                throw("up", event("escalation", "E")),
                user("b"),
                end(),
                path("start", "a", "up", "b", "end"),
            ),
            declared=escalation("E"),
        )
    )

    assert play.do("a").open == ["b"]
    assert [(e.element.id, e.code) for e in play.last.escalations] == [("up", "E")]


def test_processes_that_call_each_other_too_deep_are_stopped():
    data = a_file(a_process("p", start(), call("c", "p"), end(), path("start", "c", "end")))

    with pytest.raises(StepFailed):
        Play(data)


def test_a_called_process_that_does_not_exist_is_named():
    data = a_file(a_process("p", start(), call("c", "nowhere"), end(), path("start", "c", "end")))

    with pytest.raises(DiagramError, match="nowhere"):
        Play(data)


def test_a_standard_loop_goes_on_with_what_the_last_round_left():
    loop = (
        "<bpmn:standardLoopCharacteristics loopMaximum='5'>"
        "<bpmn:loopCondition>=n &lt; 3</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a", inside=loop, outputs={"n": "=n + 1"}),
                user("z"),
                end(),
                path("start", "a", "z", "end"),
            )
        ),
        {"n": 0},
    )

    assert play.do("a").do("a").open == ["a"]
    assert play.do("a").open == ["z"]
    assert play.variables == {"n": 3}


def test_services_scripts_and_decisions_put_results_into_named_variables():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                script("s", "n", "=2 * x"),
                node(
                    "businessRuleTask",
                    "d",
                    extensions='<zeebe:calledDecision decisionId="D" resultVariable="d"/>',
                ),
                service(
                    "v", "a.b", inputs={"n": "=n"}, outputs={"presented": "={id: consent_id}"}
                ),
                user("z"),
                end(),
                path("start", "s", "d", "v", "z", "end"),
            )
        ),
        {"x": 4},
        world=World(
            services={"a.b": lambda i: {"consent_id": int(i["n"]) + 1}},
            decisions={"D": lambda v: v["n"] > 7},
        ),
    )

    assert play.variables == {"x": 4, "n": 8, "d": True, "presented": {"id": 9}}


def test_a_link_continues_where_it_is_caught():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                throw("out", link("L")),
                catch("in", link("L")),
                user("a"),
                end(),
                path("start", "out"),
                path("in", "a", "end"),
            )
        )
    )

    assert play.open == ["a"]
