"""File pickers as owners write them, and what is found about them."""

import json
from datetime import UTC, datetime

import pytest

from forms import (
    BadForm,
    Field,
    Form,
    FormFinding,
    Kind,
    Option,
    check,
    draw,
    lint,
    personal_or_text,
    read_form,
)

NOW = datetime(2027, 2, 1, 8, tzinfo=UTC)


class Attached:
    """Two files lie at the step."""

    def options(self, picker: str, field: Field) -> list[Option]:
        assert picker == "file"
        return [Option("1", "one.pdf"), Option("2", "two.png")]


def a_form(*, inside: bool = False, **more: object) -> Form:
    picker = {"type": "filepicker", "key": "scan", "label": "Scan", **more}
    rows = {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [picker]}
    schema = {"id": "f", "schemaVersion": 19, "components": [rows if inside else picker]}
    return read_form(json.dumps(schema).encode())


def errors(form: Form, *chosen: str) -> dict[str, str]:
    checked = check(form, {"scan": list(chosen)}, {}, choices=Attached(), now=NOW, language="en")
    return dict(checked.errors)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("", ()),
        (".pdf, .JPEG", (".pdf", ".jpg")),
        ("image/*", (".png", ".jpg")),
        (".exe,.pdf", (".pdf",)),
    ],
)
def test_endings_are_those_that_can_be_kept(written: str, taken: tuple[str, ...]) -> None:
    assert a_form(accept=written).fields[0].accept == taken


def test_one_file_unless_several_are_asked_for() -> None:
    several = a_form(multiple=True, properties={"max": "2"})

    assert errors(a_form(), "1") == {}
    assert list(errors(a_form(), "1", "2")) == ["scan"]
    assert errors(several, "1", "2") == {}
    assert list(errors(several, "3")) == ["scan"]


def test_a_file_that_is_needed_is_asked_for() -> None:
    assert errors(a_form(validate={"required": True})) == {"scan": "Attach a file to “Scan”"}


def test_it_is_drawn_with_what_was_attached() -> None:
    [row] = draw(
        a_form(accept=".pdf"),
        values={"scan": ["2"]},
        errors={},
        context={},
        choices=Attached(),
        now=NOW,
        language="en",
    )

    assert (row.kind, row.accept) == ("files", ".pdf")
    assert [(one.label, one.selected) for one in row.choices] == [
        ("one.pdf", False),
        ("two.png", True),
    ]


def test_it_lies_in_no_list_and_no_diagram_knows_of_it() -> None:
    with pytest.raises(BadForm, match="does not lie in a list"):
        a_form(inside=True)

    assert a_form().fields[0].kind is Kind.FILE
    assert personal_or_text(a_form()) == {"scan"}


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ({"properties": {"category": "own"}}, []),
        ({}, ["file-stays"]),
        ({"properties": {"category": "own", "max": "30"}}, ["too-many-files"]),
    ],
)
def test_what_is_found(written: dict[str, object], rules: list[str]) -> None:
    found: list[FormFinding] = lint(a_form(**written))

    assert [one.rule for one in found] == rules
