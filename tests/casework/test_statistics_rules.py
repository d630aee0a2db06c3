from hypothesis import given
from hypothesis import strategies as st

from casework.statistics.rules import FEW, heat, show, show_all

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 30), max_size=8)


def test_one_to_four_is_written_as_less_than_five():
    assert [show(count) for count in (0, 1, 4, 5)] == ["0", FEW, FEW, "5"]


def test_a_single_small_count_takes_the_next_smallest_with_it():
    shown = show_all({"referral": 9, "consent": 3, "planning": 7, "closure": 0})

    assert shown == {"referral": "9", "consent": FEW, "planning": FEW, "closure": "0"}


@given(COUNTS)
def test_no_hidden_count_can_be_worked_out_from_the_total(counts):
    shown = show_all(counts)
    hidden = [key for key in counts if shown[key] == FEW]
    nonzero = [key for key, count in counts.items() if count]

    assert len(hidden) != 1 or len(nonzero) == 1


@given(st.integers(0, 100), st.integers(0, 100))
def test_heat_has_five_steps(count, largest):
    assert 0 <= heat(count, largest) <= 4
