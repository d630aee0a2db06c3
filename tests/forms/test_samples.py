"""Valid answers made from the form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms
from forms import Form, Picker
from tests.forms.build import EXAMPLES, NOW, SomeChoices, a_choice, a_field, a_form, an_example

CHOICES = SomeChoices(**{picker.value: ("one", "two", "three") for picker in Picker})
SHIPPED = sorted((Path(__file__).parents[2] / "processes").glob("*/forms/*.form"))


def errors_in_sample(form: Form, named: Mapping[str, Any] | None = None) -> Mapping[str, str]:
    answers = forms.sample(form, CHOICES, NOW, {}, named=named)
    sent = forms.posted(form, answers)
    return forms.check(form, sent, {}, choices=CHOICES, now=NOW, language="en").errors


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
def test_the_examples_accept_their_samples(name: str):
    assert errors_in_sample(an_example(name)) == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_accepts_its_sample(path: Path):
    assert errors_in_sample(forms.read_form(path.read_bytes())) == {}


def test_what_is_named_stays_and_brings_up_what_it_needs():
    named = {"attends": "no", "phone": "0370-37 70 00"}

    answers = forms.sample(an_example("answer_invitation"), CHOICES, NOW, {}, named=named)

    assert answers == {**named, "why_not": "Example"}


def test_named_rows_are_filled_and_no_others_made():
    named = {"goals": [{"horizon": "long"}, {"text": "Two"}]}

    answers = forms.sample(an_example("record_plan"), CHOICES, NOW, {}, named=named)

    assert answers["goals"] == [
        {"text": "Example", "horizon": "long", "target_date": "2027-02-16"},
        {"text": "Two", "horizon": "short"},
    ]


def test_a_name_that_the_form_lacks_is_refused():
    with pytest.raises(forms.UnknownField):
        forms.sample(an_example("record_plan"), CHOICES, NOW, {}, named={"zzz": 1})


BOUNDS = st.integers(-40, 40)
REQUIRED = {"required": True}


@given(low=st.none() | BOUNDS, room=st.none() | st.integers(0, 30), digits=st.integers(0, 2))
def test_numbers_are_made_within_bounds(low: int | None, room: int | None, digits: int):
    high = None if room is None else (low or 0) + room
    limits = REQUIRED | {"min": low, "max": high}

    assert errors_in_sample(a_form(a_field("number", validate=limits, decimalDigits=digits))) == {}


@given(low=st.integers(0, 60), room=st.none() | st.integers(0, 9))
def test_texts_are_made_within_bounds(low: int, room: int | None):
    limits = REQUIRED | {"minLength": low, "maxLength": None if room is None else low + room or 1}

    assert errors_in_sample(a_form(a_field(validate=limits))) == {}


@given(
    kind=st.sampled_from(["date", "time", "datetime"]),
    low=st.none() | BOUNDS,
    room=st.integers(1, 9),
    minutes=st.sampled_from([None, 15, 60]),
)
def test_dates_and_times_are_made_within_bounds(
    kind: str, low: int | None, room: int, minutes: int | None
):
    bounds = (
        {}
        if low is None
        else {
            "earliest": f'=today() + duration("P{low}D")'.replace("P-", "-P"),
            "latest": f'=today() + duration("P{low + room}D")'.replace("P-", "-P"),
        }
    )
    field = a_field(
        "datetime",
        subtype=kind,
        validate=REQUIRED,
        timeInterval=minutes,
        properties={} if kind == "time" else bounds,
    )

    assert errors_in_sample(a_form(field)) == {}


def test_choices_are_made_in_sufficient_number():
    form = a_form(
        a_choice("checklist", "a", *"xyz", validate=REQUIRED, properties={"min": "2"}),
        a_field("taglist", "b", validate=REQUIRED, properties={"picker": "party", "min": "3"}),
        a_field("checkbox", "c", validate=REQUIRED),
        a_field(key="d", validate=REQUIRED | {"pattern": "^[A-Z]{2}-[0-9]+$"}),
        a_field(key="e", validate=REQUIRED | {"validationType": "phone"}),
    )

    assert forms.sample(form, CHOICES, NOW, {}) == {
        "a": ["x", "y"],
        "b": ["one", "two", "three"],
        "c": True,
        "d": "AA-0",
        "e": "0370-37 70 00",
    }
