from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casework.statistics.rules import FEW, HIDDEN, heat, show, show_all, show_total

KEYS = ("a", "b", "c")


def test_one_to_four_is_written_as_less_than_five():
    assert [show(count) for count in (0, 1, 4, 5)] == ["0", FEW, FEW, "5"]


def test_a_single_small_count_takes_the_next_smallest_with_it():
    shown = show_all({"referral": 9, "consent": 3, "planning": 7, "closure": 0})

    assert shown == {"referral": "9", "consent": FEW, "planning": HIDDEN, "closure": "0"}


def test_two_small_counts_hide_each_other():
    assert show_all({"referral": 9, "consent": 3, "planning": 2}) == {
        "referral": "9",
        "consent": FEW,
        "planning": FEW,
    }


def test_a_total_that_leaves_only_one_reading_is_hidden():
    assert show_total({"referral": 4, "consent": 4}) == HIDDEN
    assert show_total({"referral": 9, "consent": 3, "planning": 7}) == "19"


def test_no_small_count_can_be_worked_out_from_what_is_shown():
    """Every set of counts that looks the same is a doubt left to the reader."""
    alike: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(13), repeat=3):
        named = dict(zip(KEYS, counts, strict=True))
        seen = (*show_all(named).values(), show_total(named))
        alike.setdefault(seen, []).append(counts)

    given_away = [
        sets
        for seen, sets in alike.items()
        for place in range(3)
        if seen[place] == FEW and len({counts[place] for counts in sets}) == 1
    ]

    assert given_away == []


@given(st.integers(0, 100), st.integers(0, 100))
def test_heat_has_five_steps(count, largest):
    assert 0 <= heat(count, largest) <= 4
