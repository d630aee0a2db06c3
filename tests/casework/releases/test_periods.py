"""Lengths of time are said and written in plain units."""

import gettext
from datetime import UTC, datetime

import pytest

from casework.releases.periods import (
    Period,
    Unit,
    in_plain_units,
    read_period,
    write_period,
)
from engine.decisions.deadlines import Deadlines
from engine.decisions.decisions import read
from feel import Calendar
from tests.builders_dmn import a_decision, a_file, a_table

WORDS = gettext.NullTranslations()


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.WEEKS])
def test_what_is_written_is_read_again(unit: Unit):
    assert read_period(write_period(Period(3, unit))) == Period(3, unit)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('duration("P14D")', "14 days"),
        ("P1M", "1 month"),
        ("R3/P7D", "R3/7 days"),
        ('=now() + duration("PT12H")', "=now() + 12 hours"),
        ("add working days(today(), 10) - today()", "10 working days"),
        ("=PLAN1Y", "=PLAN1Y"),
        ('duration("P1Y6M")', 'duration("P1Y6M")'),
    ],
)
def test_a_length_within_a_text_is_said_plainly(text: str, plain: str):
    assert in_plain_units(text, WORDS) == plain


@pytest.mark.parametrize(("unit", "days"), [(Unit.WORKING_DAYS, 14), (Unit.WEEKS, 70)])
def test_a_written_length_is_a_deadline(unit: Unit, days: int):
    rule = ('"answer"', write_period(Period(10, unit)))
    table = a_table("FIRST", [("key", "string")], ["value"], rule)
    monday = datetime(2027, 2, 1, 8, tzinfo=UTC)

    found = Deadlines(read(a_file(a_decision("deadline_policy", table)), "d.dmn"))

    assert found.of({}, now=monday, calendar=Calendar())["answer"].days == days
