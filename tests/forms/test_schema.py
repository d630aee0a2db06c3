"""Reading form-js files."""

import json
from decimal import Decimal

import pytest

import forms
from forms import BadForm, Kind
from tests.forms.build import EXAMPLES, a_field, a_form, an_example


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
def test_the_examples_are_read_and_have_no_faults(name: str):
    form = an_example(name)

    findings = forms.lint(form, record_schema=[], known_names={"person"})

    assert form.id == name
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_a_form_knows_its_record_from_its_properties_or_beside_its_id():
    by_property = a_form(properties={"record": "consent"})
    beside_id = a_form(record="plan")

    assert (by_property.record, beside_id.record, a_form().record) == ("consent", "plan", None)


def test_a_field_keeps_what_samplan_adds():
    properties = {"category": "health", "personal": "true", "statutory": "true", "error": "Skriv"}
    form = a_form(a_field(properties=properties))

    field = form.fields[0]

    assert (field.category, field.personal, field.statutory, field.error) == (
        "health",
        True,
        True,
        "Skriv",
    )


def test_paths_name_groups_and_lists_but_no_rows():
    inner = a_field("group", "when", components=[a_field("datetime", "on", subtype="date")])
    unnamed = {"type": "group", "id": "g", "components": [a_field(key="b")]}
    form = a_form(a_field("dynamiclist", "goals", components=[inner]), unnamed)

    paths = [(field.path, field.kind) for field in forms.walk(form.fields)]

    assert paths == [
        ("goals", Kind.LIST),
        ("goals.when", Kind.GROUP),
        ("goals.when.on", Kind.DATE),
        ("g", Kind.GROUP),
        ("b", Kind.TEXT),
    ]


def test_bounds_are_exact_numbers():
    field = a_form(a_field("number", validate={"min": 0.1, "max": "7"})).fields[0]

    assert (field.limits.least, field.limits.most) == (Decimal("0.1"), Decimal(7))


def test_a_button_is_ignored():
    assert a_form({"type": "button", "id": "b", "label": "Send"}).fields == ()


@pytest.mark.parametrize(
    ("component", "message"),
    [
        ({"type": "html", "id": "h"}, "Component “h”: “html” is not used here"),
        ({"type": "iframe", "id": "h"}, "Component “h”: “iframe” is not used here"),
        ({"type": "hologram", "key": "a"}, "Component “a”: its type “hologram” is not known."),
        ({"type": "date", "key": "a"}, "Component “a”: its type “date” is not known."),
        (a_field(key="_csrf"), "Component “_csrf”: its key must be a letter"),
        (a_field(key="a.b"), "Component “a.b”: its key must be a letter"),
        (a_field("number", decimalDigits="two"), "Component “a”: “two” is not a whole number."),
        (a_field("number", increment="0"), "Component “a”: its increment must be larger"),
        (a_field("number", validate={"min": "NaN"}), "Component “a”: “NaN” is out of range."),
        (a_field("select", values=[{"label": "x"}]), "Component “a”: each of its values needs"),
        (a_field("select", properties={"picker": "pet"}), "Component “a”: its picker “pet”"),
        (a_field(properties={"picker": "unit"}), "Component “a”: a picker needs a select"),
        (a_field(validate="yes"), "Component “a”: its “validate” must be a JSON object."),
        (a_field(label=["x"]), "Component “a”: its “label” must be words."),
        ("text", "Component 1 is not a JSON object."),
    ],
)
def test_a_component_that_cannot_be_read_is_named(component: object, message: str):
    data = json.dumps({"schemaVersion": 19, "id": "f", "components": [component]}).encode()

    with pytest.raises(BadForm) as refusal:
        forms.read_form(data)

    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"id": "f", "schemaVersion": 20}',
        b'{"id": "../f"}',
        b'{"id": "f", "components": {}}',
        b'{"id": "f", "components": [NaN]}',
        b"[" * 100_000,
        b'{"id": "f", "x": "' + b"x" * 600_000 + b'"}',
    ],
)
def test_what_is_no_form_is_refused(data: bytes):
    with pytest.raises(BadForm):
        forms.read_form(data)


def test_a_form_may_not_nest_without_end_or_hold_thousands():
    nested = a_field()
    for _ in range(9):
        nested = {"type": "group", "id": "g", "components": [nested]}

    with pytest.raises(BadForm, match="nests more than"):
        a_form(nested)
    with pytest.raises(BadForm, match="more than 500 components"):
        a_form(*[a_field(key=f"a{number}") for number in range(501)])
