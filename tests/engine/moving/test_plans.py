"""What moving to another version means, and why it cannot be; in memory, on drawn diagrams."""

from datetime import timedelta

import pytest

from engine.moving import REASONS, Blocked, Plan
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    event,
    flow,
    message,
    node,
    path,
    script,
    some,
    start,
    sub_process,
    timer,
    user,
    xor,
)
from tests.engine.moving.crossings import foretold, move
from tests.engine.playing import NOON, Play

DAY = timedelta(days=1)
SOON = timer("Duration", "P3D")
PARTIES = ["fk", "af", "vc"]


def in_a_row(*ids: str, more: str = "") -> bytes:
    """User tasks one after the other."""
    return a_file(
        a_process("p", start(), end(), *(user(id) for id in ids), path("start", *ids, "end"), more)
    )


def codes(plan: Plan) -> list[tuple[str, str]]:
    return [(each.element, each.code) for each in plan.blocked]


def test_an_inserted_step_is_met_or_skipped_and_a_step_keeps_its_id_and_timer():
    late = boundary("late", "b", SOON, interrupting=False) + end("was_late")
    before = in_a_row("a", "b", more=late + path("late", "was_late"))
    after = in_a_row("x", "a", "y", "b", "z", more=late + path("late", "was_late"))
    play = Play(before).do("a")
    [step], [wait] = play.machine().open, play.machine().waiting
    play.world.now += DAY

    plan = move(play, after)

    assert plan == Plan(skipped=(("p", "x"), ("p", "y")))
    assert plan.kind == "steps"
    assert [s.id for s in play.machine().open] == [step.id]
    assert play.machine().waiting == [wait]
    assert wait.due == NOON + 3 * DAY
    assert play.do("b").open == ["z"]
    assert play.do("z").ended


def test_where_nothing_differs_for_a_case_nothing_is_foretold():
    play = Play(in_a_row("a", "b"))

    plan = move(play, in_a_row("a", "b", "c"))

    assert plan == Plan()
    assert plan.kind == "same"
    assert play.do("a").do("b").open == ["c"]


def test_a_step_that_comes_again_is_foretold():
    play = Play(in_a_row("a", "b", "c")).do("a")

    plan = move(play, in_a_row("b", "a", "c"))

    assert plan == Plan(repeated=(("p", "a"),))
    assert play.do("b").open == ["a"]


def test_a_step_that_was_before_the_case_and_now_lies_behind_it_is_skipped():
    plan = foretold(Play(in_a_row("a", "b", "c")), in_a_row("b", "a", "c"))

    assert plan == Plan(skipped=(("p", "b"),))


def many(id: str = "ask", result: str = "=answer", then: str = "z") -> bytes:
    return a_file(
        a_process(
            "p",
            start(),
            user(
                id,
                inside=each("=parties", "party", results="answers", result=result),
                outputs={"answer": "=answer"},
            ),
            user(then),
            end(),
            path("start", id, then, "end"),
        )
    )


def test_items_keep_who_they_are_and_what_was_answered():
    play = Play(many(), {"parties": PARTIES}).do("ask", 0, answer="yes")
    before = {(s.id, s.variables["party"]) for s in play.machine().open}

    plan = move(play, many("ask_all"), {("p", "ask"): "ask_all"})

    assert plan == Plan(renamed=((("p", "ask"), ("p", "ask_all")),))
    assert {(s.id, s.variables["party"]) for s in play.machine().open} == before
    assert {party for _, party in before} == {"af", "vc"}
    play.do("ask_all", 0, answer="no").do("ask_all", 0, answer="later")
    assert play.open == ["z"]
    assert play.variables["answers"] == ["yes", "no", "later"]


def called(*inside: str, as_called: bool) -> bytes:
    """Steps inside a called process or a sub-process, then one outside."""
    steps = (start("s"), end("e"), *(user(id) for id in inside), path("s", *inside, "e"))
    host = call("inner", "q") if as_called else sub_process("inner", *steps)
    outer = a_process("p", start(), host, user("z"), end(), path("start", "inner", "z", "end"))
    return a_file(outer, *([a_process("q", *steps)] if as_called else []))


@pytest.mark.parametrize("as_called", [True, False])
def test_what_runs_inside_goes_on_inside(as_called: bool):
    play = Play(called("a", "b", as_called=as_called)).do("a")

    plan = move(play, called("a", "b", "c", as_called=as_called))

    assert plan == Plan()
    assert play.do("b").open == ["c"]
    assert play.do("c").do("z").ended


def test_a_sub_process_may_have_another_id():
    before = called("a", as_called=False)
    play = Play(before)

    plan = move(play, before.replace(b"inner", b"within"), {("p", "inner"): "within"})

    assert plan == Plan(renamed=((("p", "inner"), ("p", "within")),))
    assert play.do("a").do("z").ended


def looping(*body: str) -> bytes:
    return a_file(
        a_process(
            "p",
            start(),
            xor("again"),
            *(user(id, outputs={id: f"={id}"}) for id in body),
            xor("enough", "enough_end"),
            end(),
            path("start", "again", *body, "enough", "end"),
            flow("enough", "again", f"={body[-1]} = 1"),
        )
    )


def test_a_loop_that_is_under_way_goes_on():
    play = Play(looping("a", "b")).do("a").do("b", b=1).do("a")

    plan = move(play, looping("a", "x", "b"))

    assert plan == Plan()
    assert play.do("b", b=1).do("a").open == ["x"]
    assert play.do("x").do("b", b=2).ended


def forked(*branches: str, join: str = "j", more: str = "") -> bytes:
    return a_file(
        a_process(
            "p",
            start(),
            both("s"),
            both(join),
            end(),
            path("start", "s"),
            path(join, "end"),
            *(user(id, outputs={id: f"={id}"}) + path("s", id, join) for id in branches),
            more,
        )
    )


def test_what_waits_at_a_join_keeps_its_way_and_what_it_brings():
    play = Play(forked("a", "b")).do("a", a=1)

    plan = move(play, forked("a", "b", join="k"), {("p", "j"): "k", ("p", "a_j"): "a_k"})

    assert plan == Plan(renamed=((("p", "j"), ("p", "k")),))
    assert play.do("b", b=2).ended
    assert play.variables == {"a": 1, "b": 2}


def test_a_step_drawn_into_a_way_that_was_gone_already_is_skipped():
    after = a_file(
        a_process(
            "p",
            start(),
            both("s"),
            both("j"),
            end(),
            *(user(id) for id in ("a", "x", "b")),
            path("start", "s", "b", "j", "end"),
            path("s", "a"),
            flow("a", "x", id="a_j"),
            flow("x", "j", id="fresh"),
        )
    )
    play = Play(forked("a", "b")).do("a")

    plan = move(play, after)

    assert plan == Plan(skipped=(("p", "x"),))
    assert play.do("b").ended


def test_a_branch_drawn_into_an_open_block_is_refused_with_the_path():
    play = Play(forked("a", "b")).do("a")

    plan = move(play, forked("a", "b", "c"))

    [blocked] = plan.blocked
    assert (blocked.process, blocked.element, blocked.code) == ("p", "j", "deadlock")
    assert blocked.sentence == "From where the case stands it would wait for ever: j."
    assert play.open == ["b"]


def test_a_join_that_waits_for_nothing_more_goes_on():
    after = a_file(
        a_process(
            "p",
            start(),
            both("s"),
            both("j"),
            user("z"),
            end(),
            end("alone"),
            *(user(id) for id in "abc"),
            path("start", "s"),
            path("j", "z", "end"),
            path("s", "a", "j"),
            path("s", "b", "j"),
            path("s", "c", "alone"),
        )
    )
    play = Play(forked("a", "b", "c")).do("a", a=1).do("b", b=1)

    plan = move(play, after)

    assert plan == Plan(fires=(("p", "j"),))
    assert play.open == ["c", "z"]
    assert play.do("c").do("z").ended
    assert play.variables == {"a": 1, "b": 1}


def chosen(*ways: str) -> bytes:
    """Inclusive: any of the ways, each a step; the later ones are new branches beside."""
    return a_file(
        a_process(
            "p",
            start(),
            some("s", "s_j"),
            some("j"),
            user("z"),
            end(),
            path("start", "s"),
            flow("s", "j"),
            path("j", "z", "end"),
            *(user(id) + flow("s", id, "=true") + flow(id, "j") for id in ways),
        )
    )


def test_an_inclusive_join_waits_for_no_branch_that_came_later():
    play = Play(chosen("a", "b")).do("a")

    plan = move(play, chosen("a", "b", "c"))

    assert plan == Plan(skipped=(("p", "c"),))
    assert play.do("b").open == ["z"]


def test_an_inclusive_join_that_nobody_comes_to_any_more_goes_on():
    after = chosen("a", "b").replace(b'targetRef="j"', b'targetRef="end"')
    after = after.replace(
        b'id="a_j" sourceRef="a" targetRef="end"', b'id="a_j" sourceRef="a" targetRef="j"'
    ).replace(b'id="s_j" sourceRef="s" targetRef="end"', b'id="s_j" sourceRef="s" targetRef="j"')
    play = Play(chosen("a", "b")).do("a")

    plan = move(play, after)

    assert plan == Plan(fires=(("p", "j"),))
    assert play.open == ["b", "z"]


def test_events_that_are_new_are_waited_for_and_those_gone_are_not():
    old = boundary("old", "a", event("message", "m"), interrupting=False) + end("e1")
    new = boundary("new", "a", SOON) + user("late") + end("e2")
    declared = message("m")
    before = a_file(
        a_process(
            "p", start(), user("a"), end(), path("start", "a", "end"), old, path("old", "e1")
        ),
        declared=declared,
    )
    after = a_file(
        a_process(
            "p",
            *(start(), user("a"), end(), path("start", "a", "end")),
            *(new, path("new", "late", "e2")),
        )
    )
    play = Play(before)
    play.world.now += DAY

    plan = move(play, after)

    assert plan == Plan(armed=(("p", "new"),), taken=(("p", "old"),))
    assert plan.kind == "waits"
    [wait] = play.machine().waiting
    assert (wait.element, wait.due) == ("new", NOON + 4 * DAY)
    assert play.advance(3 * DAY).open == ["late"]


def test_an_event_that_has_come_already_is_not_waited_for_again():
    def drawn(name: str) -> bytes:
        return in_a_row(
            "a",
            more=boundary("once", "a", SOON, interrupting=False)
            + user(name)
            + end("e1")
            + path("once", name, "e1"),
        )

    play = Play(drawn("x")).advance(4 * DAY).do("x")

    assert move(play, drawn("y")) == Plan()
    assert play.waiting == []
    assert play.do("a").ended


def test_what_an_event_beside_brings_undoes_nothing():
    def drawn(more: str) -> bytes:
        return a_file(
            a_process(
                "p",
                start(),
                user("first", outputs={"x": "=x"}),
                user("a", outputs={"x": "=x"}),
                end(),
                path("start", "first", "a", "end"),
                more,
            )
        )

    beside = boundary("beside", "a", SOON, interrupting=False) + user("b") + end("e1")
    play = Play(drawn(""), {"x": 0}).do("first", x=1)

    move(play, drawn(beside + path("beside", "b", "e1")))

    play.advance(4 * DAY).do("a", x=2).do("b")
    assert play.ended
    assert play.variables == {"x": 2}


def raced(*events: tuple[str, str]) -> bytes:
    """An event-based gateway before these messages, each followed by a step."""
    return a_file(
        a_process(
            "p",
            start(),
            node("eventBasedGateway", "g"),
            path("start", "g"),
            *(
                catch(id, event("message", name))
                + user(f"t_{id}")
                + end(f"e_{id}")
                + path("g", id, f"t_{id}", f"e_{id}")
                for id, name in events
            ),
        ),
        declared="".join(message(name) for name in dict(events).values()),
    )


def test_events_behind_a_gateway_come_and_go_and_one_still_decides():
    play = Play(raced(("a", "m"), ("b", "n")))

    plan = move(play, raced(("a", "m"), ("c", "o")))

    assert plan == Plan(armed=(("p", "c"),), taken=(("p", "b"),))
    assert play.waiting == ["a", "c"]
    assert play.hear("o").open == ["t_c"]
    assert play.waiting == []


def test_an_event_that_stays_listens_for_its_new_name():
    play = Play(raced(("a", "m"), ("b", "n")))

    plan = move(play, raced(("a", "other"), ("b", "n")))

    assert plan == Plan(heard=(("p", "a"),))
    assert play.hear("other").open == ["t_a"]


def test_inputs_that_are_drawn_otherwise_are_looked_up_again():
    def drawn(source: str) -> bytes:
        return a_file(
            a_process(
                "p", start(), user("a", inputs={"y": source}), end(), path("start", "a", "end")
            )
        )

    play = Play(drawn("=x"), {"x": 1})

    move(play, drawn("=x + 1"))

    assert play.machine().open[0].variables["y"] == 2


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (in_a_row("b", "c"), ("a", "gone")),
        (
            a_file(
                a_process("p", start(), script("a", "x", "=1"), end(), path("start", "a", "end"))
            ),
            ("a", "other_kind"),
        ),
        (called("a", as_called=False), ("a", "other_scope")),
        (
            a_file(
                a_process(
                    "p",
                    start(),
                    user("a", inside=each("=parties", "party")),
                    end(),
                    path("start", "a", "end"),
                )
            ),
            ("a", "repeats"),
        ),
        (in_a_row("a", "b").replace(b'id="p"', b'id="other"'), ("", "process_gone")),
    ],
)
def test_a_token_without_a_place_is_a_reason(after: bytes, found: tuple[str, str]):
    play = Play(in_a_row("a", "b"))

    plan = move(play, after)

    assert plan.kind == "blocked"
    assert codes(plan) == [found]
    assert play.open == ["a"]


def test_a_manual_task_is_a_step_too():
    play = Play(in_a_row("a", "b"))

    assert move(play, in_a_row("a", "b").replace(b"userTask", b"manualTask")) == Plan()
    assert play.do("a").do("b").ended


def test_items_in_another_order_or_of_another_name_are_refused():
    play = Play(many(), {"parties": PARTIES})

    one_by_one = many().replace(b"Characteristics>", b'Characteristics isSequential="true">', 1)
    assert codes(foretold(play, one_by_one.replace(b'"party"', b'"who"'))) == [("ask", "repeats")]


def test_a_call_of_another_process_is_refused():
    before = called("a", as_called=True)
    both_drawn = before.replace(b"</bpmn:definitions>", b"") + (
        a_process("r", start(), end(), path("start", "end")).encode() + b"</bpmn:definitions>"
    )
    after = both_drawn.replace(b'processId="q"', b'processId="r"')

    assert codes(foretold(Play(before), after)) == [("inner", "calls_other")]


def test_an_event_of_another_kind_is_refused():
    before = a_file(a_process("p", start(), catch("m", SOON), end(), path("start", "m", "end")))
    after = a_file(
        a_process(
            "p", start(), catch("m", event("message", "x")), end(), path("start", "m", "end")
        ),
        declared=message("x"),
    )

    assert codes(foretold(Play(before), after)) == [("m", "other_event")]


def test_a_join_that_is_none_any_more_is_refused():
    after = a_file(
        a_process(
            "p",
            start(),
            both("s"),
            both("j"),
            end(),
            end("e2"),
            *(user(id) for id in "ab"),
            path("start", "s", "a", "j", "end"),
            path("s", "b", "e2"),
        )
    )

    assert codes(foretold(Play(forked("a", "b")).do("a"), after)) == [("j", "no_join")]


def test_two_unclear_ways_into_a_join_are_refused():
    after = forked("x", "y", "b", more="")
    play = Play(forked("a", "b")).do("a")

    assert codes(foretold(play, after)) == [("j", "join_way")]


def test_every_reason_can_be_said():
    facts = (("name", "n"), ("path", "p"), ("process", "q"), ("error", "e"))

    said = [Blocked("p", "e", code, facts).sentence for code in REASONS]

    assert len(set(said)) == len(REASONS)
    assert not any("{" in sentence for sentence in said)
