"""What was recorded is followed in another version of a diagram."""

import pytest

from engine.diagram import Process, read
from engine.following import (
    ANEW,
    BESIDE,
    GONE,
    MOST_DIFFERENCES,
    SAME,
    UNREACHED,
    Fate,
    Line,
    follow,
)
from tests.builders_bpmn import a_file, a_process, end, flow, start, user, xor

PARTS = (xor("g"), user("a"), user("b"), end())
PATH = "s g a e, g b e"


def the(*parts: str, path: str) -> Process:
    (process,) = read(a_file(a_process(start(), *parts, path=path)), "p.bpmn")
    return process


def went(text: str, run: str = "1") -> list[Line]:
    return [Line(run, "p", element, "passed") for element in text.split()]


def followed(before: Process, after: Process, trail: list[Line]) -> Fate:
    return follow(trail, {"p": before}, {"p": after}).first


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


#: What the draft has, and all that would have been otherwise, in order; beside it the way.
LONG = (xor("g"), user("a"), user("b"), user("c"), user("d"), end())
WENT = "s g a c d e"
ON = [
    # The step after the new one is reached again, and so is what comes after what is gone.
    ("s g new a c d e, g b c", "s g a c d e", [Fate(BESIDE, "p", "new")]),
    ("s g new a d e, g b d", "s g a d e", [Fate(BESIDE, "p", "new"), Fate(GONE, "p", "c")]),
    ("s g d e", "s g d e", [Fate(GONE, "p", "a"), Fate(GONE, "p", "c")]),
    # Another way leads to an end: nobody can say whether it would have come to the rest.
    ("s g b c d e, k a", "s g c d e", [Fate(UNREACHED, "p", "a")]),
    ("s g b e, g d, k a c", "s g", [Fate(UNREACHED, "p", "a")]),
    ("s g b e, g d e, k a c", "s g e", [Fate(UNREACHED, "p", "a")]),
    ("s g b c new e, k a d", "s g c e", [Fate(UNREACHED, "p", "a"), Fate(UNREACHED, "p", "d")]),
]


@pytest.mark.parametrize(("path", "way", "fates"), ON, ids=[path for path, _, _ in ON])
def test_a_case_is_followed_on_where_every_way_leads(path: str, way: str, fates: list[Fate]):
    before = the(*LONG, path="s g a c d e, g b c")
    names = dict.fromkeys(path.replace(",", " ").split())
    parts = [xor("g") if name == "g" else user(name) for name in names if name not in "se"]

    found = follow(went(WENT), {"p": before}, {"p": the(*parts, end(), path=path)})

    assert list(found.differences) == fates
    assert found.been == {("p", element) for element in way.split()}


def test_a_case_that_goes_otherwise_often_is_told_of_a_few_times_only():
    names = [f"a{number}" for number in range(2 * MOST_DIFFERENCES)]
    before = the(*map(user, names), end(), path=f"s {' '.join(names)} e")

    found = follow(went(f"s {' '.join(names)} e"), {"p": before}, {"p": the(end(), path="s e")})

    assert found.differences == tuple(Fate(GONE, "p", name) for name in names[:MOST_DIFFERENCES])
