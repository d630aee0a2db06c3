"""What happened is told by elements; the ways between them follow."""

from engine.coverage import Entry, Met, met, never_met
from engine.diagram import Process, read
from tests.builders_bpmn import a_file, a_process, both, end, start, user, xor


def the(*parts: str, path: str) -> Process:
    (process,) = read(a_file(a_process(start(), *parts, path=path)), "p.bpmn")
    return process


def told(process: Process, text: str, event: str = "passed") -> Met:
    trail = [Entry("i", "p", element, event) for element in text.split()]
    return met({"p": process}, trail)


CHOICE = (xor("g"), user("a"), user("b"), xor("j"), end())


def test_of_two_ways_into_one_that_which_was_taken_is_met():
    process = the(*CHOICE, path="s g a j e, g b j")

    found = told(process, "s g a j e")

    assert found.of("p") == dict.fromkeys(["s", "g", "a", "j", "e", "s_g", "g_a", "a_j", "j_e"], 1)
    assert never_met(process, found) == ("b", "g_b", "b_j")


def test_a_way_back_counts_each_time():
    process = the(user("a"), xor("g"), end(), path="s a g e, g a")

    found = told(process, "s a g a g e").of("p")

    assert (found["a"], found["s_a"], found["g_a"], found["g_e"]) == (2, 1, 1, 1)


def test_all_ways_into_a_join_are_met():
    process = the(both("g"), user("a"), user("b"), both("j"), end(), path="s g a j e, g b j")

    assert never_met(process, told(process, "s g a b j e")) == ()


def test_other_runs_and_what_is_drawn_no_more_say_nothing():
    process = the(*CHOICE, path="s g a j e, g b j")
    trail = [
        Entry("1", "p", "a", "passed"),
        Entry("2", "p", "b", "passed"),
        Entry("1", "p", "j", "passed"),
        Entry("1", "p", "gone", "passed"),
        Entry("1", "gone", "j", "passed"),
    ]

    assert met({"p": process}, trail).of("p") == {"a": 1, "b": 1, "j": 1, "a_j": 1}
