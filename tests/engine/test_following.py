"""What was recorded is followed in another version of a diagram."""

import pytest

from engine.diagram import Process, read
from engine.following import ANEW, BESIDE, GONE, SAME, UNREACHED, Fate, Line, follow
from tests.builders_bpmn import a_file, a_process, end, flow, start, user, xor

PARTS = (xor("g"), user("a"), user("b"), end())
PATH = "s g a e, g b e"


def the(*parts: str, path: str) -> Process:
    (process,) = read(a_file(a_process(start(), *parts, path=path)), "p.bpmn")
    return process


def went(text: str, run: str = "1") -> list[Line]:
    return [Line(run, "p", element, "passed") for element in text.split()]


def followed(before: Process, after: Process, trail: list[Line]) -> Fate:
    return follow(trail, {"p": before}, {"p": after})


#: What the draft has, how the case went, and what would have been otherwise.
DRAFTS = [
    (PARTS, PATH, "s g a e", Fate(SAME)),
    ((xor("g"), user("b"), end()), "s g b e", "s g a e", Fate(GONE, "p", "a")),
    ((*PARTS, user("new")), "s g new a e, g b e", "s g a e", Fate(BESIDE, "p", "new")),
    ((*PARTS, xor("x"), user("new")), "s g x new a e, g b e", "s g a e", Fate(BESIDE, "p", "new")),
    ((*PARTS, user("new")), "s g new a e, g b e", "s g b e", Fate(SAME)),
    (PARTS, "s g b e, a e", "s g a e", Fate(UNREACHED, "p", "a")),
    ((*PARTS, user("k")), "s g b e, k a e", "s g a e", Fate(UNREACHED, "p", "a")),
]


@pytest.mark.parametrize(("parts", "path", "trail", "fate"), DRAFTS)
def test_the_first_thing_that_goes_otherwise_is_told(
    parts: tuple[str, ...], path: str, trail: str, fate: Fate
):
    assert followed(the(*PARTS, path=PATH), the(*parts, path=path), went(trail)) == fate


def test_a_condition_that_is_another_one_decides_anew():
    def the_choice(condition: str) -> Process:
        ways = (flow("g", "a", condition), flow("g", "b"))
        return the(*PARTS, *ways, path="s g, a e, b e")

    before, after = the_choice("=x"), the_choice("=not(x)")

    assert followed(before, after, went("s g a e")) == Fate(ANEW, "p", "g")
    assert followed(before, before, went("s g a e")) == Fate(SAME)
    assert followed(before, after, went("s")) == Fate(SAME)


def test_a_case_on_an_older_version_would_have_come_to_what_that_did_not_have():
    used = the(*PARTS, user("new"), path="s g new a e, g b e")

    assert followed(used, used, went("s g a e")) == Fate(BESIDE, "p", "new")
    assert followed(used, used, went("s g new a e")) == Fate(SAME)


def test_runs_are_followed_one_by_one():
    drawn = the(*PARTS, path=PATH)
    mixed = [
        line for pair in zip(went("s g a e"), went("s g b e", "2"), strict=True) for line in pair
    ]

    assert followed(drawn, drawn, mixed) == Fate(SAME)
