"""The markup of a form."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

import forms
from tests.forms import preview
from tests.forms.build import EXAMPLES, a_field, a_form, an_example, checked, drawn

BAD = "\"><script>alert(1)</script>'{{ 7 * 7 }}"
ANSWERS: list[Mapping[str, Any]] = [
    {},
    {"attends": "no", "goals": [{"horizon": "long"}, {}], "categories": ["health_function"]},
]


def markup(name: str, values: Mapping[str, Any], *, wrong: bool) -> HtmlElement:
    form = an_example(name)
    errors = checked(form, {}).errors if wrong else {}
    return html.fromstring(f"<main>{preview.body(drawn(form, values, errors, person={}))}</main>")


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
@pytest.mark.parametrize("values", ANSWERS)
@pytest.mark.parametrize("wrong", [False, True])
def test_everything_is_named_and_every_reference_leads_somewhere(
    name: str, values: Mapping[str, Any], wrong: bool
):
    page = markup(name, values, wrong=wrong)
    ids = Counter(page.xpath("//@id"))
    controls = page.xpath("//input[not(@type='hidden')] | //textarea | //select")
    labelled = {label.get("for") for label in page.xpath("//label")}
    references = [
        each
        for attribute in page.xpath("//@aria-describedby | //@aria-labelledby")
        for each in attribute.split()
    ]
    anchors = [link.removeprefix("#") for link in page.xpath("//a[starts-with(@href,'#')]/@href")]

    assert [each for each, count in ids.items() if count > 1] == []
    assert {control.get("id") for control in controls} <= labelled
    assert set(references) | set(anchors) <= set(ids)
    assert page.xpath("//fieldset[not(legend)] | //script | //style | //@style") == []
    assert bool(anchors) == wrong


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES.glob("*.form")])
def test_the_page_sends_only_fields_that_the_form_has(name: str):
    form = an_example(name)
    page = markup(name, ANSWERS[1], wrong=False)
    sent = {str(each): ["x"] for each in page.xpath("//@name") if not str(each).startswith("_")}
    sent["_rows"] = [str(each) for each in page.xpath("//input[@name='_rows']/@value")]

    values = forms.read(form, sent)

    fields = {field.path for field in forms.walk(form.fields) if field.kind != "expression"}
    assert set(values) <= fields
    assert len(sent) > 1


def test_nothing_that_was_typed_or_drawn_becomes_markup():
    form = a_form(
        a_field(label=BAD, description=BAD, appearance={"prefixAdorner": BAD}),
        a_field("textarea", "b", properties={"hint": BAD}),
        a_field("select", "c", values=[{"label": BAD, "value": BAD}]),
        a_field("radio", "d", values=[{"label": BAD, "value": BAD}]),
        a_field("dynamiclist", "e", label=BAD, components=[a_field(key="f")]),
        a_field("group", "g", label=BAD, components=[a_field(key="h", disabled=True)]),
        {"type": "text", "id": "t", "text": BAD},
    )
    values = {"a": BAD, "b": BAD, "c": BAD, "d": BAD}

    page = html.fromstring(preview.body(drawn(form, values, {"a": BAD, "e": BAD}, h=BAD)))

    assert page.xpath("//script") == []
    assert page.xpath("string(//input[@name='a']/@value)") == BAD
    assert page.xpath("string(//textarea)").strip() == BAD
    assert page.xpath("string(//dd)").split() == BAD.split()


def test_a_line_break_at_the_start_of_a_text_is_not_lost():
    page = preview.body(drawn(a_form(a_field("textarea")), {"a": "\nx"}))

    assert ">\n\nx</textarea>" in page


def test_a_wrong_field_says_so_to_eyes_and_ears():
    page = markup("answer_invitation", {}, wrong=True)
    field = page.xpath("//input[@name='who']")[0]

    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "f-who-h f-who-e"
    assert page.xpath("string(id('f-who-e'))") == "Skriv vem som kommer"
    assert field.getparent().get("data-bad") == ""
