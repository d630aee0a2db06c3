"""What is found in a form before it is used."""

from typing import Any

import pytest

from forms import Form, FormFinding, Kind, RecordField, lint
from tests.forms.build import a_choice, a_field, a_form


def rules(form: Form, **more: Any) -> list[tuple[str, str, str]]:
    return [(found.path, found.rule, found.severity) for found in lint(form, **more)]


FAULTS: list[tuple[list[dict[str, Any]], tuple[str, str, str]]] = [
    ([a_field(), a_field()], ("a", "duplicate-key", "error")),
    ([a_field(conditional={"hide": "=((("})], ("a", "bad-feel", "error")),
    ([a_field(conditional={"hide": "=zzz = 1"})], ("a", "unknown-name", "error")),
    ([a_field(description="Hej {{zzz}}")], ("a", "unknown-name", "error")),
    ([a_field(properties={"persnal": "true"})], ("a", "unknown-property", "warning")),
    ([a_field(label="")], ("a", "no-label", "error")),
    ([a_field(label="x" * 201)], ("a", "long-label", "warning")),
    ([a_choice("select", "a")], ("a", "no-options", "error")),
    ([a_choice("radio", "a", "x", "x")], ("a", "duplicate-option", "error")),
    ([a_choice("radio", "a", "x", defaultValue="y")], ("a", "default-not-offered", "error")),
    ([a_field("number", validate={"min": 3, "max": 2})], ("a", "no-room", "error")),
    ([a_field(readonly=True, validate={"required": True})], ("a", "fixed-blank", "warning")),
    (
        [a_field("dynamiclist", components=[a_field(key="b")], properties={"max": "60"})],
        ("a", "too-many-rows", "warning"),
    ),
    ([{"type": "text", "id": "t", "text": "Hej"}], ("", "no-questions", "warning")),
]


@pytest.mark.parametrize(("components", "found"), FAULTS)
def test_a_fault_is_found_where_it_is(
    components: list[dict[str, Any]], found: tuple[str, str, str]
):
    assert rules(a_form(*components)) == [found]


def test_names_of_the_form_the_row_and_the_case_are_known():
    inner = a_field(key="c", conditional={"hide": "=this.b = parent.a or i = 1 or case.lead = a"})
    rows = a_field("dynamiclist", "rows", components=[a_field(key="b"), inner])
    form = a_form(a_field(), rows)

    assert rules(form, known_names={"case"}) == []
    assert rules(form) == [("rows.c", "unknown-name", "error")]


def test_a_pattern_is_read_and_wants_an_explanation():
    form = a_form(a_field(validate={"pattern": "(?=a"}))

    assert rules(form) == [("a", "bad-pattern", "error"), ("a", "pattern-unexplained", "advice")]


def test_a_form_keeps_what_its_record_needs():
    schema = [
        RecordField("a", required=True, kinds=frozenset({Kind.DATE})),
        RecordField("b", required=True),
        RecordField("c"),
    ]
    form = a_form(a_field(), record="consent")

    assert lint(form, record_schema=schema) == [
        FormFinding(
            "a",
            "record-field-kind",
            "error",
            "“a” is a textfield; the record “consent” takes date.",
            "Use a component of such a kind.",
        ),
        FormFinding(
            "",
            "record-field-missing",
            "error",
            "The record “consent” needs “b”, which the form lacks.",
            "Add a field with the key “b”.",
        ),
    ]


def test_a_record_that_does_not_exist_is_found():
    assert rules(a_form(a_field(), record="zzz")) == [("", "unknown-record", "error")]


def test_words_without_translation_are_found():
    form = a_form(a_field(description="why"))

    assert rules(form, languages={"de": {"a/label"}, "en": {"a/label", "a/description"}}) == [
        ("a", "untranslated", "warning")
    ]
