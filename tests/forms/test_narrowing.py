"""A form without what may not be asked."""

from forms import kinds, left_out, narrowed, still_asked, walk
from tests.forms.build import a_choice, a_field, a_form

WORK, HEALTH = {"category": "work"}, {"category": "health"}


def test_only_what_may_be_asked_is_left() -> None:
    form = a_form(
        a_field(key="job", properties=WORK),
        a_field(key="ill", properties=HEALTH),
        a_field(
            "dynamiclist",
            "parts",
            components=[
                a_choice("select", "kind", "work", "health"),
                a_field("textarea", "known", properties={"category": "=kind"}),
            ],
        ),
        {"type": "group", "id": "g", "components": [a_field(key="pill", properties=HEALTH)]},
    )

    narrow = narrowed(form, lambda category: category == "work")

    assert [each.key for each in walk(narrow.fields)] == ["job", "parts", "kind", "known"]
    [kind] = [each for each in walk(narrow.fields) if each.key == "kind"]
    assert [option.value for option in kind.options] == ["work"]
    assert left_out(form, narrow) == {"ill": "health", "pill": "health"}
    assert narrowed(form, lambda category: True) is form


def test_answers_follow_what_is_still_asked() -> None:
    part = [a_field(key="job", properties=WORK), a_field(key="ill", properties=HEALTH)]
    form = a_form(
        *part,
        a_field("dynamiclist", "parts", components=part),
        {"type": "group", "id": "g", "components": [a_field(key="pill", properties=HEALTH)]},
    )
    row = {"job": "store", "ill": "back"}

    kept = still_asked(
        narrowed(form, lambda category: category == "work"),
        {**row, "pill": "two", "parts": [row, row]},
    )

    assert kept == {"job": "store", "parts": [{"job": "store"}, {"job": "store"}]}


def test_a_form_may_ask_for_every_kind_that_can_be_chosen() -> None:
    form = a_form(
        a_field(key="job", properties=WORK),
        a_choice("select", "colour", "red"),
        a_field(
            "dynamiclist",
            "parts",
            components=[
                a_choice("select", "kind", "health", "housing"),
                a_field("textarea", "known", properties={"category": "=kind"}),
            ],
        ),
    )

    assert kinds(form) == {"work", "health", "housing"}
