"""Patterns of owners, matched without going back."""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import pattern

_SHARED = [
    "^[A-Z]{2}-[0-9]+$",
    "^[0-9]{8}-?[0-9]{4}$",
    r"^\d{3}\s?\d{2}$",
    "a|bc|",
    "^(ab)*$",
    "^(?:a|b){2,3}c?$",
    "[^a-c]",
    r"^\+?[\d ]+$",
    "a.c",
    "^$",
    "(^a|b$)",
    r"[\w-]+@[\w.]+",
]


@pytest.mark.parametrize("source", _SHARED)
@given(text=st.text(alphabet="abcABC-012 3+.@\n", max_size=8))
def test_a_pattern_means_what_it_means_elsewhere(source: str, text: str):
    elsewhere = re.search(source.replace("$", r"\Z"), text, re.ASCII) is not None

    assert pattern.read(source).occurs_in(text) is elsewhere


@pytest.mark.parametrize("source", _SHARED)
def test_a_pattern_gives_an_example_of_itself(source: str):
    read = pattern.read(source)

    assert read.occurs_in(read.example())


def test_a_pattern_that_goes_back_elsewhere_takes_no_time_here():
    begun = time.perf_counter()

    found = pattern.read("^(a+)+$").occurs_in("a" * 2000 + "b")

    assert not found
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "source",
    ["(", "[", "a)", "*a", "a**", "(?=a)", r"\1", "a{2", "a{3,2}", "[z-a]", "[]", "a{999}"],
)
def test_a_pattern_that_cannot_be_read_is_refused(source: str):
    with pytest.raises(pattern.BadPattern):
        pattern.read(source)


def test_a_pattern_may_not_grow_without_end():
    with pytest.raises(pattern.BadPattern):
        pattern.read("(((a{99}){99}){99}){99}")
    with pytest.raises(pattern.BadPattern):
        pattern.read("(" * 400 + ")" * 99)


@given(st.text(max_size=30))
def test_no_text_makes_reading_a_pattern_fail_otherwise(source: str):
    with contextlib.suppress(pattern.BadPattern):
        pattern.read(source).occurs_in("abc")
