"""Every course of a process is walked: what can get stuck is named with the way there."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagram import Process, read
from engine.soundness import Outcomes, check_soundness
from tests.builders_bpmn import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    catch,
    declared,
    end,
    first_of,
    message,
    on,
    service,
    some,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)

AROUND = (
    message("m"),
    declared("escalation", "late"),
    declared("error", "failed"),
    declared("error", "other"),
)


def the_process(*parts: str, path: str) -> Process:
    (process,) = read(a_file(*AROUND, a_process(start(), *parts, path=path)), "p.bpmn")
    return process


def found(*parts: str, path: str) -> list[tuple[str, str]]:
    return [(f.rule, f.element) for f in check_soundness(the_process(*parts, path=path))]


SOUND = {
    "a line": ((user("a"), end()), "s a e"),
    "a choice": ((xor("g"), user("a"), user("b"), xor("j"), end()), "s g a j e, g b j"),
    "both": ((both("g"), user("a"), user("b"), both("j"), end()), "s g a j e, g b j"),
    "some": ((some("g"), user("a"), user("b"), some("j"), end()), "s g a j e, g b j"),
    "some, with a default": (
        (some("g", default="g_b"), user("a"), user("b"), user("c"), some("j"), end()),
        "s g a j e, g b j, g c j",
    ),
    "a loop": ((xor("m"), user("a"), xor("g"), end()), "s m a g e, g m"),
    "both in a loop": (
        (xor("m"), both("g"), user("a"), user("b"), both("j"), xor("x"), end()),
        "s m g a j x e, g b j, x m",
    ),
    "some in a loop": (
        (xor("m"), some("g"), user("a"), user("b"), some("j"), xor("x"), end()),
        "s m g a j x e, g b j, x m",
    ),
    "some in a loop with a way out in the middle": (
        (
            xor("m"),
            some("g", default="g_j"),
            user("a"),
            xor("x"),
            user("b"),
            some("j"),
            xor("y"),
            end(),
        ),
        "s m g a x j y e, x a, g b j, g j, y m",
    ),
    "some around a loop around some": (
        (
            some("g"),
            xor("m"),
            some("h"),
            user("a"),
            user("b"),
            some("k"),
            xor("x"),
            user("c"),
            some("j"),
            end(),
        ),
        "s g m h a k x j e, h b k, x m, g c j",
    ),
    "a join whose own way back is empty": (
        (some("j"), user("a"), xor("x"), end()),
        "s j a x e, x j",
    ),
    "a timer that does not interrupt": (
        (user("a"), boundary("t", "a", timer(), interrupting=False), user("r"), end(), end("e2")),
        "s a e, t r e2",
    ),
    "a reminder that ends where the step ends": (
        (user("a"), boundary("t", "a", timer(), interrupting=False), user("r"), end()),
        "s a e, t r e",
    ),
    "a reminder that meets the step just before the end": (
        (user("a"), boundary("t", "a", timer(), interrupting=False), xor("j"), end()),
        "s a j e, t j",
    ),
    "reminders in parallel branches": (
        (
            both("g"),
            user("a"),
            user("b"),
            boundary("t", "a", timer(), interrupting=False),
            boundary("u", "b", timer(), interrupting=False),
            both("j"),
            end(),
            end("e2"),
            end("e3"),
        ),
        "s g a j e, g b j, t e2, u e3",
    ),
    "an interrupting timer": (
        (user("a"), boundary("t", "a", timer()), user("r"), end(), end("e2")),
        "s a e, t r e2",
    ),
    "a sub-process with parallel ways": (
        (
            sub("w", start("i"), both("g"), user("a"), user("b"), end("x"), path="i g a x, g b x"),
            end(),
        ),
        "s w e",
    ),
    "a sub-process that holds only one step and is interrupted": (
        (
            sub("w", start("i"), user("a"), end("x"), path="i a x"),
            boundary("t", "w", on("message", "m")),
            sub("v", start("k"), user("b"), end("y"), path="k b y"),
            end(),
            end("e2"),
        ),
        "s w e, t v e2",
    ),
    "a sub-process that is interrupted": (
        (
            sub("w", start("i"), both("g"), user("a"), user("b"), end("x"), path="i g a x, g b x"),
            boundary("t", "w", on("message", "m")),
            end(),
            end("e2"),
        ),
        "s w e, t e2",
    ),
    "terminate clears what is left": (
        (
            both("g"),
            user("a"),
            user("b"),
            boundary("t", "b", timer()),
            end("stop", on("terminate")),
            end(),
        ),
        "s g a stop, g b e, t e",
    ),
    "an error of a sub-process": (
        (
            sub(
                "w",
                start("i"),
                xor("g"),
                end("x"),
                end("bad", on("error", "failed")),
                path="i g x, g bad",
            ),
            boundary("t", "w", on("error", "failed")),
            end(),
            end("e2"),
        ),
        "s w e, t e2",
    ),
    "an escalation goes on beside": (
        (
            sub("w", start("i"), throw("t", on("escalation", "late")), end("x"), path="i t x"),
            boundary("b", "w", on("escalation", "late"), interrupting=False),
            end(),
            end("e2"),
        ),
        "s w e, b e2",
    ),
    "a call that may fail": (
        (call("c", "other"), boundary("t", "c", on("error", "failed")), end(), end("e2")),
        "s c e, t e2",
    ),
    "an error of a service in a sub-process": (
        (
            sub("w", start("i"), service("a"), end("x"), path="i a x"),
            boundary("t", "w", on("error", "failed")),
            end(),
            end("e2"),
        ),
        "s w e, t e2",
    ),
    "a message that interrupts everything": (
        (
            both("g"),
            user("a"),
            user("b"),
            both("j"),
            end(),
            aside("h", on("message", "m"), user("c"), end("x"), path="h_on c x"),
        ),
        "s g a j e, g b j",
    ),
    "notes beside everything": (
        (
            user("a"),
            end(),
            aside(
                "h", on("message", "m"), user("c"), end("x"), path="h_on c x", interrupting=False
            ),
        ),
        "s a e",
    ),
    "several things beside a sub-process": (
        (
            sub(
                "w",
                start("i"),
                user("a"),
                end("x"),
                aside("h", on("message", "m"), user("c"), end("h_x"), path="h_on c h_x"),
                aside("k", timer(), end("k_x"), path="k_on k_x", interrupting=False),
                path="i a x",
            ),
            end(),
        ),
        "s w e",
    ),
    "an error caught beside": (
        (
            user("a"),
            end("bad", on("error", "failed")),
            aside("h", on("error", "failed"), user("c"), end("x"), path="h_on c x"),
        ),
        "s a bad",
    ),
    "an escalation caught beside": (
        (
            throw("t", on("escalation", "late")),
            user("a"),
            end(),
            aside("h", on("escalation"), user("c"), end("x"), path="h_on c x", interrupting=False),
        ),
        "s t a e",
    ),
    "first of two": (
        (first_of("g"), catch("m1", on("message", "m")), catch("t1", timer()), end(), end("e2")),
        "s g m1 e, g t1 e2",
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_process_has_no_findings(name: str):
    parts, path = SOUND[name]

    assert found(*parts, path=path) == []


def test_a_choice_that_is_joined_as_parallel_gets_stuck():
    process = the_process(
        xor("g"), user("a", name="Ask"), user("b"), both("j"), end(), path="s g a j e, g b j"
    )

    (deadlock,) = check_soundness(process)

    assert (deadlock.rule, deadlock.element) == ("deadlock_parallel", "j")
    assert deadlock.severity == "error"
    assert deadlock.message == (
        "The case can get stuck: the parallel gateway “j” waits for a way on which nothing comes."
        " It happens after: s → g → Ask."
    )


def test_parallel_ways_that_meet_in_a_choice_are_not_synchronised():
    parts = (both("g"), user("a"), user("b"), xor("j"), both("k"), user("c"), end())

    rules = found(*parts, path="s g a j k c e, g b j, k e")

    assert rules == [("unsynchronised", "j")]


def test_parallel_ways_that_meet_just_before_the_end_are_not_synchronised():
    parts = (both("g"), user("a"), user("b"), xor("j"), end())

    assert found(*parts, path="s g a j e, g b j") == [("unsynchronised", "j")]


def test_a_reminder_that_leads_back_into_the_main_way_is_not_synchronised():
    timed = boundary("t", "a", timer(), interrupting=False)

    assert found(user("a"), timed, user("z"), end(), path="s a z e, t z") == [
        ("unsynchronised", "z")
    ]


def test_one_step_that_is_done_twice_at_once_is_named():
    parts = (both("g"), user("a"), user("b"), user("z"), boundary("t", "z", timer()), end())

    assert found(*parts, path="s g a z e, g b z, t e") == [("unsynchronised", "z")]


def test_what_no_flow_leads_to_is_named_once_per_chain():
    assert found(user("a"), user("o"), user("p"), end(), path="s a e, o p e") == [
        ("unreachable", "o")
    ]


def test_an_island_that_is_a_circle_is_named_too():
    assert found(user("a"), user("o"), user("p"), end(), path="s a e, o p o") == [
        ("unreachable", "o")
    ]


def test_a_step_after_an_interrupted_way_only_is_reachable():
    parts = (user("a"), boundary("t", "a", timer()), user("r"), end())

    assert found(*parts, path="s a e, t r e") == []


def test_a_circle_without_exit_cannot_finish():
    parts = (xor("m"), user("a"), user("b"), boundary("t", "a", timer()), end())

    assert found(*parts, path="s m a b m, t b") == [
        ("cannot_finish", "a"),
        ("unreachable", "e"),
    ]


def test_a_circle_of_steps_that_only_pass_on_cannot_finish():
    assert found(xor("m"), user("a"), end(), path="s m a m") == [
        ("cannot_finish", "a"),
        ("unreachable", "e"),
    ]


def test_a_circle_of_steps_that_send_tokens_on_two_ways_is_looked_at_to_its_end():
    rules = found(user("a"), user("b"), end(), path="s a b a, b e")

    assert ("unsynchronised", "a") in rules


def test_a_chain_of_steps_that_double_their_tokens_takes_no_time():
    names = [f"{letter}{n}" for n in range(40) for letter in "abc"]
    path = ", ".join(f"a{n} b{n} a{n + 1}, a{n} c{n} a{n + 1}" for n in range(39))
    began = process_time()

    rules = found(*map(user, names), end(), path=f"s a0, {path}, a39 b39 e, a39 c39 e")

    assert rules[0][0] == "unsynchronised"
    assert process_time() - began < 5


def test_a_deadlock_inside_a_sub_process_is_found():
    inner = sub(
        "w",
        start("i"),
        xor("g"),
        user("a"),
        user("b"),
        both("j"),
        end("x"),
        path="i g a j x, g b j",
    )

    assert found(inner, end(), path="s w e") == [("deadlock_parallel", "j")]


def test_a_join_fed_by_its_own_way_back_gets_stuck():
    assert found(both("m"), user("a"), xor("x"), end(), path="s m a x m, x e") == [
        ("deadlock_parallel", "m")
    ]


def test_joins_that_wait_for_one_another_get_stuck():
    parts = (both("g"), some("j"), some("k"), both("p"), both("q"), end(), end("e2"))

    rules = found(*parts, path="s g j p e, g k q e2, p k, q j")

    assert rules == [("deadlock_inclusive", "j")]


def test_joins_that_feed_one_another_in_a_loop_are_passed_twice():
    """The way back leads to full flows, too, so that neither join waits for the other."""
    parts = (xor("m"), both("g"), some("j"), some("k"), both("p"), both("q"), both("o"), xor("x"))

    process = the_process(*parts, end(), path="s m g j p o x e, g k q o, p k, q j, x m")

    rules = {found.rule for found in check_soundness(process, seconds=5)}

    assert rules == {"unsynchronised"}


def test_an_error_that_another_event_catches_leaves_the_handler_unreached():
    inner = sub("w", start("i"), end("bad", on("error", "failed")), path="i bad")
    parts = (inner, boundary("t", "w", on("error", "other")), end(), end("e2"))

    assert found(*parts, path="s w e, t e2") == [("unreachable", "t"), ("unreachable", "e")]


def test_a_deadlock_beside_everything_is_found():
    beside = aside(
        "h",
        on("message", "m"),
        xor("g"),
        user("b"),
        user("c"),
        both("j"),
        end("x"),
        path="h_on g b j x, g c j",
    )

    (deadlock,) = check_soundness(the_process(user("a"), end(), beside, path="s a e"))

    assert (deadlock.rule, deadlock.element) == ("deadlock_parallel", "j")
    assert "It happens after: s → a → e → h → h_on → g → b." in deadlock.message


def test_an_event_that_may_come_is_no_way_out_of_a_deadlock():
    stuck = (xor("g"), user("a"), user("b"), both("j"))
    beside = aside("h", on("message", "m"), end("x"), path="h_on x")
    inner = sub("w", start("i"), *stuck, end("o"), path="i g a j o, g b j")

    assert found(*stuck, end(), beside, path="s g a j e, g b j") == [("deadlock_parallel", "j")]
    assert found(inner, boundary("t", "w", timer()), end(), path="s w e, t e") == [
        ("deadlock_parallel", "j")
    ]


def test_an_error_that_nothing_raises_leaves_its_handling_unreached():
    beside = aside("h", on("error", "other"), user("c"), end("x"), path="h_on c x")
    parts = (user("a"), end("bad", on("error", "failed")), beside)

    assert found(*parts, path="s a bad") == [("unreachable", "h")]


def test_what_an_error_beside_interrupts_is_not_reached_again():
    beside = aside("h", on("error", "failed"), user("c"), end("x"), path="h_on c x")
    parts = (both("g"), user("a"), end("bad", on("error", "failed")), user("b"), user("z"), end())

    assert found(*parts, beside, path="s g a bad, g b z e") == []


def across(*parts: str, path: str, called: str) -> list[tuple[str, str, str]]:
    """What the caller is told of the process ``q`` that it calls."""
    caller = a_process(start(), *parts, path=path)
    both_read = {p.id: p for p in read(a_file(*AROUND, caller, called), "p.bpmn")}
    outcomes = Outcomes(both_read)
    findings = check_soundness(both_read["p"], calls=outcomes)
    return [(f.rule, f.element, f.facts.get("path", "")) for f in findings]


STUCK = a_process(
    start("q_s"),
    xor("g"),
    user("x", name="One"),
    user("y"),
    both("j"),
    end("q_e"),
    id="q",
    path="q_s g x j q_e, g y j",
)
FAILING = a_process(
    start("q_s"),
    xor("g"),
    end("q_e"),
    end("bad", on("error", "failed")),
    id="q",
    path="q_s g q_e, g bad",
)


def test_who_calls_what_gets_stuck_gets_stuck_with_it():
    assert across(call("c", "q"), end(), path="s c e", called=STUCK) == [
        ("deadlock_called", "c", "s → c → q_s → g → One")
    ]


def test_a_deadlock_is_seen_across_two_calls():
    middle = a_process(start("m_s"), call("d", "q"), end("m_e"), id="middle", path="m_s d m_e")

    assert across(call("c", "middle"), end(), path="s c e", called=STUCK + middle) == [
        ("deadlock_called", "c", "s → c → m_s → d → q_s → g → One")
    ]


def test_who_calls_what_never_ends_never_ends():
    circle = a_process(start("q_s"), xor("m"), user("x"), id="q", path="q_s m x m")

    assert across(call("c", "q"), end(), path="s c e", called=circle) == [
        ("endless_called", "c", "s → c → q_s → m → x")
    ]


def test_an_error_comes_out_of_a_call_where_it_is_caught():
    caught = boundary("t", "c", on("error", "failed"))
    parts = (call("c", "q"), caught, xor("m"), user("r"), end())

    assert across(*parts, path="s c e, t m r m", called=FAILING) == [
        ("cannot_finish", "r", "s → c → t → m → r")
    ]


def test_an_error_that_no_called_process_raises_is_waited_for_in_vain():
    parts = (call("c", "q"), boundary("t", "c", on("error", "other")), end(), end("e2"))

    assert across(*parts, path="s c e, t e2", called=FAILING) == [("unreachable", "t", "")]


def test_an_error_that_always_comes_leaves_nothing_to_come_after():
    failing = a_process(start("q_s"), end("bad", on("error", "failed")), id="q", path="q_s bad")
    caught = boundary("t", "c", on("error", "failed"))
    parts = (call("c", "q"), caught, user("a"), end(), end("e2"))

    assert across(*parts, path="s c a e, t e2", called=failing) == [("unreachable", "a", "")]


def test_a_called_process_whose_services_may_fail_raises_any_error():
    failing = a_process(start("q_s"), service("x"), end("q_e"), id="q", path="q_s x q_e")
    parts = (call("c", "q"), boundary("t", "c", on("error", "other")), end(), end("e2"))

    assert across(*parts, path="s c e, t e2", called=failing) == []


def test_an_escalation_comes_out_of_a_call_beside_everything():
    up = a_process(
        start("q_s"), throw("t", on("escalation", "late")), end("q_e"), id="q", path="q_s t q_e"
    )
    handled = aside("h", on("escalation", "late"), user("r"), end("x"), path="h_on r x")

    silent = a_process(start("q_s"), end("q_e"), id="q", path="q_s q_e")
    parts = (call("c", "q"), user("a"), end(), handled)

    assert across(*parts, path="s c a e", called=up) == []
    assert across(*parts, path="s c a e", called=silent) == [("unreachable", "h", "")]


def test_processes_that_call_each_other_are_walked_once():
    again = a_process(start("q_s"), call("d", "p"), end("q_e"), id="q", path="q_s d q_e")

    assert across(call("c", "q"), end(), path="s c e", called=again) == []


def test_a_walk_may_begin_at_a_given_marking():
    process = the_process(
        both("g"), user("a"), user("b"), both("j"), end(), path="s g a j e, g b j"
    )

    one = [f.rule for f in check_soundness(process, at=["a"])]
    two = [f.rule for f in check_soundness(process, at=["a", "b"])]
    waiting = [f.rule for f in check_soundness(process, at=["a_j", "b"])]

    assert (one, two, waiting) == (["deadlock_parallel"], [], [])


def many_branches(count: int) -> Process:
    names = [f"b{n}" for n in range(count)]
    parts = [user(name) for name in names] + [boundary(f"t{n}", n, timer()) for n in names]
    path = ", ".join(["s g", *(f"g {n} j" for n in names), *(f"t{n} j" for n in names), "j e"])
    return the_process(both("g"), some("j"), end(), *parts, path=path)


def test_a_walk_that_grows_too_large_stops_and_says_so():
    began = process_time()
    rules = [f.rule for f in check_soundness(many_branches(20), seconds=0.1)]

    assert rules == ["too_large"]
    assert process_time() - began < 1


@dataclass
class Drawing:
    """Draws nested blocks, each with one way in and one way out, so that the whole is sound."""

    numbers: Iterator[int] = field(default_factory=lambda: itertools.count())
    parts: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def new(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def draw(self, block: object) -> tuple[str, str]:
        """The first and the last element of a block."""
        if isinstance(block, str):
            return self._step(block)
        kind, inside = block  # type: ignore[misc]
        if kind == "line":
            return self._line(inside)
        if kind == "loop":
            return self._loop(inside)
        if kind == "inside":
            return self._inside(inside)
        return self._split(kind, inside)

    def _step(self, kind: str) -> tuple[str, str]:
        id = self.new("a")
        self.parts.append(user(id))
        if kind == "interrupted":
            late, join = self.new("t"), self.new("x")
            self.parts += [boundary(late, id, timer()), xor(join)]
            self.path += [f"{id} {join}", f"{late} {join}"]
            return id, join
        if kind == "reminded":
            late, over = self.new("t"), self.new("e")
            self.parts += [boundary(late, id, timer(), interrupting=False), end(over)]
            self.path.append(f"{late} {over}")
        return id, id

    def _line(self, blocks: list[object]) -> tuple[str, str]:
        drawn = [self.draw(block) for block in blocks]
        for (_, last), (first, _) in itertools.pairwise(drawn):
            self.path.append(f"{last} {first}")
        return drawn[0][0], drawn[-1][1]

    def _loop(self, block: object) -> tuple[str, str]:
        merge, choice = self.new("m"), self.new("c")
        self.parts += [xor(merge), xor(choice)]
        first, last = self.draw(block)
        self.path += [f"{merge} {first}", f"{last} {choice}", f"{choice} {merge}"]
        return merge, choice

    def _split(self, kind: str, blocks: list[object]) -> tuple[str, str]:
        gateway = {"xor": xor, "and": both, "or": some}[kind]
        opening, closing = self.new("g"), self.new("j")
        self.parts += [gateway(opening), gateway(closing)]
        for block in blocks:
            first, last = self.draw(block)
            self.path += [f"{opening} {first}", f"{last} {closing}"]
        return opening, closing

    def _inside(self, block: object) -> tuple[str, str]:
        whole, begin, over = self.new("w"), self.new("i"), self.new("o")
        inner = Drawing(self.numbers)
        first, last = inner.draw(block)
        parts = [start(begin), *inner.parts, end(over)]
        path = ", ".join([*inner.path, f"{begin} {first}", f"{last} {over}"])
        self.parts.append(sub(whole, *parts, path=path))
        return whole, whole


BLOCKS = st.recursive(
    st.sampled_from(["plain", "interrupted", "reminded"]),
    lambda inner: st.one_of(
        st.tuples(st.just("line"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("inside"), inner),
        st.tuples(st.sampled_from(["xor", "and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=7,
)


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_blocks_within_blocks_are_sound(block: object):
    drawing = Drawing()
    first, last = drawing.draw(block)
    path = ", ".join([*drawing.path, f"s {first}", f"{last} e"])
    process = the_process(*drawing.parts, end(), path=path)

    found = [f.rule for f in check_soundness(process, seconds=2)]

    assert [rule for rule in found if rule != "too_large"] == []
