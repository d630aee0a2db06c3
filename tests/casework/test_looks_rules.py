"""What stands out in a log, and who is drawn. Pure."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casework.looks import rules
from casework.looks.rules import Signal


def test_what_is_unusual_stands_out_and_what_is_usual_does_not():
    cases = {1: 4, 2: 5, 3: 5, 4: 16, 5: 46}

    assert rules.signals(cases, {1: 4, 2: 5}, {3: 1}, {1: 2}) == (
        Signal(3, "name", 1),
        Signal(2, "refused", 5),
        Signal(4, "many", 16),
        Signal(5, "many", 46),
        Signal(1, "reason", 2),
    )
    assert rules.signals({1: 40, 2: 45}, {}, {}, {}) == ()
    assert rules.signals({}, {}, {}, {}) == ()


@given(st.lists(st.integers(1, 10_000), unique=True, max_size=30))
def test_five_are_drawn_whatever_the_order_and_others_next_month(accounts: list[int]):
    drawn = rules.sample(accounts, 3, date(2027, 2, 1))

    assert drawn == rules.sample(accounts[::-1], 3, date(2027, 2, 1))
    assert len(drawn) == min(5, len(accounts))
    assert set(drawn) <= set(accounts)


def test_everybody_is_drawn_some_time():
    months = [date(year, month, 1) for year in (2027, 2028) for month in range(1, 13)]

    assert {each for month in months for each in rules.sample(range(12), 3, month)} == set(
        range(12)
    )


def test_a_family_name_is_the_last_word():
    assert rules.same_family("Sara Berg", "Anna BERG")
    assert not rules.same_family("Berg Andersson", "Anna Berg")
    assert not rules.same_family("", "")


def test_months_are_over_when_the_next_begins():
    first = date(2027, 11, 20)

    assert rules.months_over(first, date(2027, 11, 30)) == ()
    assert rules.months_over(first, date(2027, 12, 1)) == (date(2027, 11, 1),)
    assert rules.months_over(first, date(2028, 2, 3)) == (
        date(2028, 1, 1),
        date(2027, 12, 1),
        date(2027, 11, 1),
    )
    assert len(rules.months_over(first, date(2030, 1, 1))) == 12
