"""What a diagram may know of a form's answers."""

import forms
from forms import Kind
from tests.forms.build import a_choice, a_field, a_form, an_example


def test_texts_and_personal_fields_are_closed():
    form = a_form(
        a_field(key="name"),
        a_field("textarea", "story"),
        a_choice("radio", "decision", "yes", "no"),
        a_choice("select", "person", "p1", properties={"personal": "true"}),
        a_field("number", "birth_year", properties={"personal": "true"}),
        a_field("number", "count"),
    )

    assert forms.personal_or_text(form) == {"name", "story", "person", "birth_year"}


def test_what_holds_or_computes_something_closed_is_closed():
    rows = a_field("dynamiclist", "goals", components=[a_field(key="text")])
    dates = a_field("group", "dates", components=[a_field("datetime", "on")])
    form = a_form(
        rows,
        dates,
        a_field("expression", "first", expression="=goals[1]"),
        a_field("expression", "again", expression="=first"),
        a_field("expression", "day", expression="=dates.on"),
    )

    assert forms.personal_or_text(form) == {"goals", "goals.text", "first", "again"}


def test_a_personal_group_closes_all_within():
    inside = [a_field("datetime", "born"), a_field("number", "children")]
    form = a_form(a_field("group", "family", components=inside, properties={"personal": "true"}))

    assert forms.personal_or_text(form) == {"family", "family.born", "family.children"}


def test_kinds_and_keys_are_known_by_name():
    form = an_example("record_plan")

    assert forms.kind_of(form, "goals") is Kind.LIST
    assert forms.kind_of(form, "goals.horizon") is Kind.RADIO
    assert forms.kind_of(form, "zzz") is None
    assert forms.keys(form) == {
        "own_voice",
        "goals",
        "goal_count",
        "follow_up",
        "has_crisis_plan",
        "crisis_plan",
    }
