"""When the time of a case has come. Pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.retention import rules
from engine.packs import BadPack, config
from engine.packs.config import Period, Retention

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
PERIODS = st.builds(Period, st.integers(0, 240), st.integers(0, 400))


@pytest.mark.parametrize(
    ("ended", "after", "goes"),
    [
        (date(2027, 2, 1), "P5Y", date(2032, 2, 1)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28)),
        (date(2027, 8, 31), "P18M", date(2029, 2, 28)),
        (date(2027, 12, 31), "P1D", date(2028, 1, 1)),
        (date(2027, 1, 31), "P1Y1M1D", date(2028, 3, 1)),
    ],
)
def test_a_period_is_counted_in_months_and_days(ended: date, after: str, goes: date):
    assert rules.due(ended, rules.period(after)) == goes


@pytest.mark.parametrize("text", ["", "P", "5Y", "P5", "PT5H", "P-1Y", "P1D1Y", "P1W", "p5y "])
def test_only_a_period_is_a_period(text: str):
    if text.strip().upper() == "P5Y":
        assert rules.period(text) == Period(60, 0)
        return
    with pytest.raises(rules.BadPeriod):
        rules.period(text)


@given(DAYS, PERIODS)
def test_the_cutoff_is_the_last_day_that_may_go_today(today: date, after: Period):
    last = rules.cutoff(today, after)

    assert rules.due(last, after) <= today < rules.due(last + timedelta(1), after)


def test_the_programmes_decision_stands_before_the_packs_period():
    five = Retention("case", "Case", "case", Period(60, 0), "P5Y", (), "")

    [changed] = rules.in_force([five], {"case": ("P10Y", "KS 2027/14"), "gone": ("P1Y", "x")})

    assert (changed.after, changed.reference) == (Period(120, 0), "KS 2027/14")
    assert rules.in_force([five], {}) == (rules.Rule(five),)


@pytest.mark.parametrize(
    ("line", "place"),
    [('after = "5 years"', "x.after"), ('after = "P5Y"\nof = "files"', "x.of")],
)
def test_a_class_that_cannot_be_is_named(line: str, place: str):
    told = f'id = "p"\ntitle = "P"\n[retention.x]\n{line}\n'

    with pytest.raises(BadPack) as refused:
        config.read_config(told.encode())

    assert place in str(refused.value)
