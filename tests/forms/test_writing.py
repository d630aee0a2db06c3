"""What an editor sends becomes the file again: nothing else changes with a change."""

import json
from pathlib import Path

import pytest

from forms import BadForm, form_id, new_form, read_form, write_form

FORMS = sorted((Path(__file__).parents[2] / "processes").glob("*/forms/*.form"))


def a_form(**more: object) -> dict[str, object]:
    field = {"type": "textfield", "id": "f_a", "key": "a", "label": "A", "ours": {"x": 1, "y": 2}}
    return {"type": "default", "id": "ask", "unknown": [1], "components": [field | more]}


def written(form: object) -> bytes:
    return (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_form_is_as_it_was_though_the_editor_orders_it_otherwise(path: Path) -> None:
    before = path.read_bytes()
    sent = json.dumps(json.loads(before), sort_keys=True).encode()

    assert write_form(sent, before) == before
    changed = json.loads(before) | {"properties": {"title": "Other"}}
    again = write_form(json.dumps(changed, sort_keys=True).encode(), before)
    assert json.loads(again)["components"] == json.loads(before)["components"]
    assert list(json.loads(again))[:2] == list(json.loads(before))[:2]


def test_one_change_changes_one_line() -> None:
    before = written(a_form())

    made = write_form(written(a_form(ours={"y": 2, "x": 1}, label="B")), before)

    assert made == before.replace(b'"label": "A"', b'"label": "B"')


def test_where_a_field_is_drawn_is_kept_only_where_the_file_said_so() -> None:
    layout = {"row": "Row_1", "columns": None}
    before, sent = written(a_form()), written(a_form(layout=layout))

    assert write_form(sent, before) == before
    assert write_form(sent, sent) == sent


def test_fields_in_lists_keep_their_order_too() -> None:
    inner = {"type": "number", "id": "f_n", "key": "n"}
    before = written({"id": "ask", "components": [{"id": "l", "components": [inner]}]})
    turned = {"key": "n", "id": "f_n", "type": "number"}

    sent = {"components": [{"components": [turned, {"id": "new"}], "id": "l"}], "id": "ask"}

    both = {"id": "ask", "components": [{"id": "l", "components": [inner, {"id": "new"}]}]}
    assert write_form(written(sent), before) == written(both)


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b"[" * 100_000])
def test_what_is_no_form_is_refused(sent: bytes) -> None:
    with pytest.raises(BadForm):
        write_form(sent, written(a_form()))


def test_a_new_form_asks_one_question() -> None:
    made = new_form("way_on", "Väg framåt?")

    assert form_id(made) == "way_on"
    assert [field.label for field in read_form(made).fields] == ["Väg framåt?"]
    assert write_form(made, made) == made
