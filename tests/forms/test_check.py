"""What may be kept of the answers that were sent, and what is said about the rest."""

import contextlib
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms import Checked, Form, TooMuchSent, UnknownField
from tests.forms.build import (
    EXAMPLES,
    NOW,
    PARTIES,
    a_choice,
    a_field,
    a_form,
    an_example,
    checked,
)

COMING = {"attends": "yes", "who": "Eva Ek", "phone": "0370-37 70 00", "wishes": ""}


def required(**more: Any) -> dict[str, Any]:
    return {"validate": {"required": True, **more}}


def test_good_answers_are_kept():
    outcome = checked(an_example("answer_invitation"), COMING)

    assert outcome.errors == {}
    assert outcome.values == {
        "attends": "yes",
        "who": "Eva Ek",
        "phone": "0370-37 70 00",
        "wishes": None,
    }


def test_errors_name_the_field_and_stand_in_the_order_of_the_form():
    outcome = checked(an_example("answer_invitation"), {"phone": "0370-37"})

    assert list(outcome.errors.items()) == [
        ("attends", "Svara om ni kommer"),
        ("who", "Skriv vem som kommer"),
        ("phone", "“Telefon” has too few digits"),
    ]


def test_a_hidden_field_is_neither_required_nor_kept():
    outcome = checked(an_example("answer_invitation"), COMING | {"why_not": "Because"})

    assert outcome.errors == {}
    assert "why_not" not in outcome.values
    assert outcome.shown == {"attends", "who", "phone", "wishes"}


def test_an_answer_can_bring_up_a_required_field():
    outcome = checked(an_example("answer_invitation"), COMING | {"attends": "no"})

    assert outcome.errors == {"why_not": "Fill in “Varför inte?”"}
    assert "who" not in outcome.values


def test_what_hangs_on_a_hidden_answer_is_hidden_too():
    form = a_form(
        a_field(key="third", conditional={"hide": '=second != "x"'}, **required()),
        a_field(key="second", conditional={"hide": '=first != "x"'}),
        a_field(key="first"),
    )

    outcome = checked(form, {"first": "y", "second": "x", "third": ""})

    assert (outcome.errors, outcome.values) == ({}, {"first": "y"})


def test_a_hidden_answer_is_null_even_where_a_variable_has_its_name():
    form = a_form(
        a_field(key="decision", conditional={"hide": "=true"}),
        a_field(key="reason", conditional={"hide": '=decision != "no"'}),
    )

    assert checked(form, {"reason": "x"}, decision="no").values == {}


def test_everything_in_a_hidden_group_is_dropped():
    inside = a_field(key="b", **required())
    group = {"type": "group", "id": "g", "components": [inside], "conditional": {"hide": "=true"}}

    outcome = checked(a_form(a_field(), group), {"a": "1", "b": "2"})

    assert outcome.values == {"a": "1"}


@pytest.mark.parametrize("name", ["zzz", "a.b", "goals", "goals.0", "goals.x.text", "n", ".", ""])
def test_a_field_that_the_form_does_not_have_spoils_the_request(name: str):
    goals = a_field("dynamiclist", "goals", components=[a_field(key="text")])
    form = a_form(a_field(), goals, a_field("expression", "n", expression="=1"))

    with pytest.raises(UnknownField):
        checked(form, {"a": "x", name: "y"})


def test_names_of_the_page_itself_are_no_fields():
    assert checked(a_form(a_field()), {"a": "x", "_token": "t"}).values == {"a": "x"}


def test_more_than_a_megabyte_spoils_the_request():
    form = a_form(a_field())

    with pytest.raises(TooMuchSent):
        checked(form, {"a": "x" * 1_000_001})
    with pytest.raises(TooMuchSent):
        checked(form, {"a": ["x"] * 5_001})


def test_a_text_is_kept_without_what_cannot_be_seen():
    outcome = checked(a_form(a_field("textarea")), {"a": "  A\u030a\x00\r\nb\x1b "})

    assert outcome.values == {"a": "Å\nb"}


TEXTS = [
    ({"validate": {"minLength": 3}}, "ab", "“A” needs at least 3 characters"),
    ({"validate": {"maxLength": 3}}, "abcde", "“A” takes 3 characters; take away 2"),
    ({"validate": {"maxLength": "=1 + 1"}}, "abc", "“A” takes 2 characters; take away 1"),
    ({}, "x" * 2001, "“A” takes 2000 characters; take away 1"),
    ({"validate": {"pattern": "^[0-9]+$"}}, "1a", "“A” is not written in the way"),
    ({"validate": {"validationType": "email"}}, "a@b", "“A” must be an e-mail address"),
    ({"validate": {"validationType": "phone"}}, "ring!", "“A” must be a telephone number"),
    ({"validate": {"required": "=true"}}, " ", "Fill in “A”"),
    ({"properties": {"check": '=a != "no"'}}, "no", "The answer to “A” does not fit"),
]


@pytest.mark.parametrize(("more", "sent", "sentence"), TEXTS)
def test_a_text_keeps_to_its_limits(more: dict[str, Any], sent: str, sentence: str):
    outcome = checked(a_form(a_field(**more)), {"a": sent})

    assert list(outcome.errors) == ["a"]
    assert outcome.errors["a"].startswith(sentence)
    assert outcome.values == {"a": None}


NUMBERS: list[tuple[dict[str, Any], str, object]] = [
    ({}, "12", 12),
    ({}, "12,50", "12.5"),
    ({}, "1\u00a0234", 1234),
    ({"serializeToString": True}, "12", "12"),
    ({}, "twelve", "“A” must be a number, such as 12"),
    ({}, "1e9", "“A” must be a number, such as 12"),
    ({"decimalDigits": 0}, "1.5", "“A” must be a whole number"),
    ({"decimalDigits": 1}, "1.25", "“A” takes at most 1 decimals"),
    ({"validate": {"min": 16}}, "15", "“A” must be 16 or more"),
    ({"validate": {"max": "=limit"}}, "71", "“A” must be 70 or less"),
    ({"increment": "0.5"}, "1.3", "“A” must go in steps of 0.5"),
    ({"increment": "0.1", "validate": {"min": 0.1}}, "0.3", "0.3"),
]


@pytest.mark.parametrize(("more", "sent", "expected"), NUMBERS)
def test_a_number_is_exact(more: dict[str, Any], sent: str, expected: object):
    outcome = checked(a_form(a_field("number", **more)), {"a": sent}, limit=70)

    assert expected in (outcome.errors.get("a"), outcome.values["a"])


MOMENTS: list[tuple[dict[str, Any], str, str]] = [
    ({"subtype": "date"}, "2027-02-16", "2027-02-16"),
    ({"subtype": "date"}, "16.2.2027", "2027-02-16"),
    ({"subtype": "time"}, "13.00", "13:00"),
    ({"subtype": "datetime"}, "2027-02-16T13:00", "2027-02-16T13:00"),
    ({"subtype": "date"}, "2027-02-30", "“A” must be a date, such as 2027-03-09"),
    ({"subtype": "time"}, "25:00", "“A” must be a time, such as 13:00"),
    ({"subtype": "datetime"}, "2027-02-16", "“A” must be a date and a time"),
    ({"disallowPassedDates": True}, "2027-02-15", "“A” must not lie in the past"),
    ({"disallowPassedDates": True}, "2027-02-16", "2027-02-16"),
    (
        {"subtype": "datetime", "disallowPassedDates": True},
        "2027-02-16T09:29",
        "“A” must not lie in the past",
    ),
    ({"subtype": "time", "timeInterval": 15}, "13:10", "“A” goes in steps of 15 minutes"),
    (
        {"properties": {"earliest": "=today()"}},
        "2027-02-15",
        "“A” must be Tuesday 16 February or later",
    ),
    (
        {"properties": {"latest": '=today() + duration("P1Y")'}},
        "2028-02-17",
        "“A” must be Wednesday 16 February 2028 or earlier",
    ),
    ({"properties": {"latest": "2027-02-20"}}, "2027-02-20", "2027-02-20"),
    (
        {"subtype": "datetime", "properties": {"earliest": "=now()"}},
        "2027-02-16T09:00",
        "“A” must be Tuesday 16 February 09:30 or later",
    ),
]


@pytest.mark.parametrize(("more", "sent", "expected"), MOMENTS)
def test_a_date_or_time_keeps_to_its_limits(more: dict[str, Any], sent: str, expected: str):
    outcome = checked(a_form(a_field("datetime", **more)), {"a": sent})

    assert expected in (outcome.errors.get("a"), outcome.values["a"])


def test_an_option_keeps_the_type_that_the_owner_gave():
    form = a_form(a_choice("radio", "a", True, False), a_choice("checklist", "b", 1, 2, "x"))

    outcome = checked(form, {"a": "false", "b": ["2", "x", "2"]})

    assert outcome.values == {"a": False, "b": [2, "x"]}


@pytest.mark.parametrize("kind", ["radio", "select", "checklist", "taglist"])
def test_only_what_is_offered_can_be_chosen(kind: str):
    outcome = checked(a_form(a_choice(kind, "a", "x", "y")), {"a": "z"})

    assert outcome.errors == {"a": "Choose one of the answers that “A” offers"}


def test_options_can_come_from_the_case_or_from_casework():
    units = [{"value": "u1", "label": "Unit 1"}, {"value": "u2", "label": "Unit 2"}]
    by_feel = a_field("select", "a", valuesExpression="=case.units")
    picked = a_field("select", "b", properties={"picker": "party"})

    outcome = checked(a_form(by_feel, picked), {"a": "u2", "b": "iv"}, case={"units": units})

    assert (outcome.errors, outcome.values) == ({}, {"a": "u2", "b": "iv"})


def test_enough_and_not_too_much_must_be_chosen():
    form = a_form(a_choice("checklist", "a", *"xyz", properties={"min": "2", "max": "2"}))

    assert checked(form, {"a": ["x"]}).errors == {"a": "Choose at least 2 answers to “A”"}
    assert checked(form, {"a": ["x", "y", "z"]}).errors == {"a": "Choose at most 2 answers to “A”"}
    assert checked(form, {"a": ["x", "y"]}).values == {"a": ["x", "y"]}


def test_a_required_box_must_be_ticked():
    form = a_form(a_field("checkbox", **required()))

    assert checked(form).errors == {"a": "Tick “A” to go on"}
    assert checked(form, {"a": "true"}).values == {"a": True}


def test_a_field_that_is_fixed_takes_nothing_from_the_request():
    form = a_form(
        a_field(key="purpose", readonly=True),
        a_field(key="by", disabled=True, defaultValue="=case.lead"),
    )

    outcome = checked(
        form, {"purpose": "guest", "by": "me"}, purpose="planning", case={"lead": "fk"}
    )

    assert outcome.values == {"purpose": "planning", "by": "fk"}


def test_rows_are_checked_one_by_one_and_blank_ones_dropped():
    sent = {
        "own_voice": "Jag vill arbeta",
        "goals.0.text": "",
        "goals.3.text": "Praktik",
        "goals.3.horizon": "long",
        "goals.3.target_date": "",
        "goals.7.text": "Bostad",
        "goals.7.horizon": "short",
        "follow_up.at": "2027-03-09T13:00",
        "follow_up.minutes": "90",
    }

    wrong = checked(an_example("record_plan"), sent)
    right = checked(an_example("record_plan"), sent | {"goals.3.target_date": "2027-05-01"})

    assert wrong.errors == {"goals.1.target_date": "Give a date or time for “Senast”"}
    assert right.errors == {}
    assert right.values["goals"] == [
        {"text": "Praktik", "horizon": "long", "target_date": "2027-05-01"},
        {"text": "Bostad", "horizon": "short"},
    ]
    assert right.values["follow_up"] == {"at": "2027-03-09T13:00", "minutes": 90}


def test_a_list_needs_its_least_number_of_rows():
    rows = a_field("dynamiclist", "rows", components=[a_field()], properties={"min": "1"})

    with_field = checked(an_example("record_plan"), {"_rows": ["goals.0"]}).errors
    without = checked(a_form(rows)).errors

    assert with_field["goals.0.text"] == "Fill in “Vad ska bli annorlunda?”"
    assert without == {"rows": "“ROWS” needs at least 1"}


def test_a_list_takes_fifty_rows_at_most():
    form = a_form(a_field("dynamiclist", "rows", components=[a_field()]))

    outcome = checked(form, {f"rows.{number}.a": "x" for number in range(51)})

    assert outcome.errors == {"rows": "“ROWS” takes at most 50"}


def test_a_row_sees_itself_its_number_and_what_is_around_it():
    inner = a_field(key="b", conditional={"hide": "=i = 1 or parent.a = this.c"})
    rows = a_field("dynamiclist", "rows", components=[a_field(key="c"), inner])
    form = a_form(a_field(), rows)
    sent = {f"rows.{at}.{key}": text for at, text in enumerate("xyz") for key in "cb"}

    outcome = checked(form, sent | {"a": "z"})

    assert outcome.values["rows"] == [{"c": "x"}, {"c": "y", "b": "y"}, {"c": "z"}]


def test_what_is_computed_is_kept_beside_the_answers():
    form = a_form(a_field("number"), a_field("expression", "twice", expression="=a * 2.25"))

    assert checked(form, {"a": "2"}).values == {"a": 2, "twice": "4.5"}


def test_feel_reads_answers_in_their_own_types():
    form = an_example("record_plan")
    sent = {"own_voice": "x", "follow_up.at": "2027-03-09T13:00", "follow_up.minutes": "7,5"}

    typed = forms.typed(form, forms.read(form, {k: [v] for k, v in sent.items()}), NOW)

    assert typed["follow_up"]["at"].isoformat() == "2027-03-09T13:00:00+01:00"
    assert str(typed["follow_up"]["minutes"]) == "7.5"


def test_a_bad_expression_neither_hides_nor_fails():
    form = a_form(a_field(conditional={"hide": "=((("}, validate={"required": "=1 +"}))

    assert checked(form, {"a": "x"}).values == {"a": "x"}


def test_sentences_are_in_the_language_of_the_reader():
    swedish = {"Fill in “{label}”": "Fyll i ”{label}”"}
    outcome = forms.check(
        a_form(a_field(**required())),
        {},
        {},
        choices=PARTIES,
        now=NOW,
        language="sv",
        translate=lambda text: swedish.get(text, text),
        words=lambda path, source: {"a/label": "Namn"}.get(path, source),
    )

    assert outcome.errors == {"a": "Fyll i ”Namn”"}


NAMES = st.sampled_from(
    [
        "attends",
        "who",
        "phone",
        "categories",
        "parties",
        "valid_from",
        "valid_until",
        "own_voice",
        "goals.0.text",
        "goals.0.horizon",
        "goals.49.target_date",
        "goals.999.text",
        "_rows",
        "_add",
        "follow_up.at",
        "follow_up.minutes",
        "has_crisis_plan",
        "crisis_plan",
        "necessity_reason",
    ]
)
TEXT = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(), max_size=5),
    st.sampled_from(["yes", "no", "health_function", "2027-03-09", "12", "-1", "true", "goals.0"]),
    st.datetimes().map(lambda moment: moment.isoformat()[:16]),
    st.decimals(allow_nan=True).map(str),
)


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
@settings(max_examples=150, deadline=None)
@given(sent=st.dictionaries(st.one_of(NAMES, st.text(max_size=6)), st.lists(TEXT, max_size=3)))
def test_whatever_is_sent_is_checked_or_refused(name: str, sent: Mapping[str, list[str]]):
    form = an_example(name)
    known = {field.path for field in forms.walk(form.fields)} | {"_rows", "_add"}
    fitting = {key: sent[key] for key in sent if re.sub(r"\.[0-9]+", "", key) in known}

    for pairs in (sent, fitting):
        with contextlib.suppress(UnknownField):
            outcome = checked(form, pairs, person={"alias": "D.F."})
            assert set(outcome.errors) <= outcome.shown
            if not outcome.errors:
                assert_good_answers_pass_again(form, outcome)


def assert_good_answers_pass_again(form: Form, outcome: Checked) -> None:
    answers = {key: each for key, each in outcome.values.items() if key != "goal_count"}
    again = checked(form, forms.posted(form, answers))
    assert (again.errors, again.values) == ({}, outcome.values)
