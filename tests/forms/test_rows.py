"""A form as rows, ready for the template."""

from typing import Any

import forms
from forms import Form, Row
from forms.rows import everywhere
from tests.forms.build import NOW, a_choice, a_field, a_form, an_example, drawn


def by_name(rows: list[Row]) -> dict[str, Row]:
    return {row.name: row for row in everywhere(rows)}


def test_an_invitation_is_drawn_as_its_picture_shows_it():
    rows = by_name(drawn(an_example("answer_invitation")))

    assert [(row.name, row.kind, row.type, row.hint) for row in rows.values()] == [
        ("attends", "options", "text", ""),
        ("why_not", "input", "text", ""),
        ("who", "input", "text", ""),
        ("phone", "input", "tel", ""),
        ("wishes", "textarea", "text", "need not be filled in"),
    ]
    assert rows["phone"].short
    assert rows["phone"].autocomplete == "tel"
    assert (
        rows["who"].description == "Namn och roll. Personen behöver <strong>inget konto</strong>."
    )


def test_a_question_stands_under_the_answer_that_brings_it_up():
    attends = drawn(an_example("answer_invitation"))[0]

    assert [(choice.value, [row.name for row in choice.rows]) for choice in attends.choices] == [
        ("yes", []),
        ("digital", []),
        ("no", ["why_not"]),
    ]


def test_a_question_is_drawn_while_the_one_that_decides_is_open():
    form = an_example("answer_invitation")

    unanswered = by_name(drawn(form))["why_not"]
    settled = by_name(drawn(form, {"attends": "yes"}))["why_not"]
    brought_up = by_name(drawn(form, {"attends": "no"}))["why_not"]

    assert [row.hidden for row in (unanswered, settled, brought_up)] == [False, True, False]
    assert unanswered.shown_when == '{"field": "attends", "is": "no"}'


def test_what_the_page_can_bring_back_is_drawn_whole():
    rows = by_name(drawn(an_example("answer_invitation"), {"attends": "no", "who": "Eva"}))
    plan = by_name(drawn(with_hidden_list(), {"a": "no"}))

    assert (rows["who"].hidden, rows["who"].value, rows["who"].hint) == (True, "Eva", "")
    assert (plan["rows"].hidden, plan["rows.0.b"].required) == (True, True)


def with_hidden_list() -> Form:
    inside = [a_field(key="b", validate={"required": True})]
    rows = a_field("dynamiclist", "rows", components=inside, conditional={"hide": '=a != "yes"'})
    return a_form(a_choice("radio", "a", "yes", "no"), rows)


def test_what_the_page_cannot_bring_back_is_left_out_once_it_is_settled():
    form = a_form(a_field("number"), a_field(key="b", conditional={"hide": "=a > 1"}))

    assert list(by_name(drawn(form, {"a": 2}))) == ["a"]
    assert list(by_name(drawn(form, {"a": 1}))) == ["a", "b"]


def test_a_question_that_stands_apart_says_when_it_counts():
    decides = a_choice("select", "a", "yes", "no")
    depends = a_field(key="c", conditional={"hide": '=a != "yes"'})
    form = a_form(decides, a_field(key="b"), depends)

    row = by_name(drawn(form))["c"]

    assert (row.nested, row.when) == (True, "If the answer to “A” is “Yes”")
    assert row.described_by == "f-c-w"


def test_a_question_in_a_row_follows_the_answer_in_its_own_row():
    values = {"goals": [{"horizon": "short"}, {"horizon": "long"}]}

    rows = by_name(drawn(an_example("record_plan"), values))

    assert rows["goals.0.target_date"].hidden
    assert not rows["goals.1.target_date"].hidden
    assert rows["goals.1.target_date"].shown_when == ('{"field": "goals.1.horizon", "is": "long"}')


def test_a_list_begins_with_its_rows_and_keeps_its_least_number():
    row = by_name(drawn(an_example("record_plan")))["goals"]

    assert [(item.name, item.label, item.remove) for item in row.items] == [
        ("goals.0", "Mål 1", "")
    ]
    assert (row.add, row.add_label) == ("goals", "Lägg till ett mål")


def test_rows_can_be_added_and_removed_without_losing_what_was_typed():
    form = an_example("record_plan")
    typed = {"goals.0.text": ["One"], "goals.1.text": ["Two"], "own_voice": ["Mine"]}

    added = forms.change(form, typed | {"_add": ["goals"]})
    removed = forms.change(form, typed | {"_remove": ["goals:0"]})

    assert [row.get("text") for row in added["goals"]] == ["One", "Two", None]
    assert [row.get("text") for row in removed["goals"]] == ["Two"]
    assert removed["own_voice"] == "Mine"
    assert forms.asks_change({"_add": ["goals"]})
    assert not forms.asks_change(typed)


def test_a_button_that_names_no_row_changes_nothing():
    form = an_example("record_plan")
    typed = {"goals.0.text": ["One"]}

    for sent in ({"_add": ["zzz"]}, {"_remove": ["goals:9"]}, {"_remove": ["goals"]}):
        assert forms.change(form, typed | sent) == forms.read(form, typed)


def test_a_full_list_offers_no_more_rows():
    form = an_example("record_plan")
    values = {"goals": [{"text": "x"}] * 50}

    assert by_name(drawn(form, values))["goals"].add == ""
    assert len(forms.change(form, forms.posted(form, values) | {"_add": ["goals"]})["goals"]) == 50


def test_a_new_row_can_be_where_typing_begins():
    rows = forms.draw(
        an_example("record_plan"),
        values={"goals": [{"text": "One"}, {}]},
        errors={},
        context={},
        choices=forms.NoChoices(),
        now=NOW,
        language="en",
        focus="goals.1",
    )

    assert [row.name for row in everywhere(rows) if row.focus] == ["goals.1.text"]


def test_what_was_typed_is_shown_again_even_where_it_is_wrong():
    form = a_form(a_field("number"), a_field("datetime", "b"), a_choice("checklist", "c", 1, 2))
    values = forms.read(form, {"a": ["twelve"], "b": ["soon"], "c": ["2"]})

    rows = by_name(drawn(form, values))

    assert (rows["a"].value, rows["b"].value) == ("twelve", "soon")
    assert [choice.selected for choice in rows["c"].choices] == [False, True]


def test_a_default_fills_only_what_was_never_answered():
    form = a_form(
        a_field(defaultValue="=case.lead"),
        a_choice("checklist", "b", "x", "y", defaultValue=["y"]),
        a_field("datetime", "c", defaultValue="=today()"),
    )

    fresh = by_name(drawn(form, case={"lead": "fk"}))
    cleared = by_name(drawn(form, forms.read(form, {"a": [""], "c": [""]}), case={"lead": "fk"}))

    assert (fresh["a"].value, fresh["c"].value) == ("fk", "2027-02-16")
    assert [choice.selected for choice in fresh["b"].choices] == [False, True]
    assert (cleared["a"].value, cleared["c"].value) == ("", "")
    assert [choice.selected for choice in cleared["b"].choices] == [False, False]


def test_a_fixed_answer_is_said_in_words():
    row = by_name(drawn(an_example("prepare_consent"), purpose="planning", person={}))["purpose"]

    assert (row.kind, row.value) == ("fixed", "Planung")


def test_a_date_offers_only_days_that_are_allowed():
    values = {"valid_from": "2027-03-01"}

    row = by_name(drawn(an_example("prepare_consent"), values, person={}))["valid_until"]

    assert (row.type, row.min, row.max, row.statutory) == (
        "date",
        "2027-03-01",
        "2028-03-01",
        True,
    )


def test_the_error_summary_leads_to_what_can_be_typed_in():
    errors = {"attends": "Svara om ni kommer", "who": "Skriv vem som kommer"}

    found = forms.problems(drawn(an_example("answer_invitation"), errors=errors))

    assert [(problem.anchor, problem.sentence) for problem in found] == [
        ("f-attends-1", "Svara om ni kommer"),
        ("f-who", "Skriv vem som kommer"),
    ]


def static(text: str, **context: object) -> str:
    return drawn(a_form({"type": "text", "id": "t", "text": text}), **context)[0].html


def test_words_are_markdown_and_never_html():
    assert static("# A\n**b** <script>x</script> [c](javascript:d) [e](https://f)") == (
        "<h2>A</h2>\n<p><strong>b</strong> &lt;script&gt;x&lt;/script&gt; [c](javascript:d) "
        '<a href="https://f" rel="noopener noreferrer">e</a></p>\n'
    )


def test_what_an_expression_gives_is_never_markup():
    person = {"name": "<b>*Åsa* [x](https://evil)"}

    assert static("Hej {{person.name}}", person=person) == (
        "<p>Hej &lt;b&gt;*Åsa* [x](https://evil)</p>\n"
    )


def test_values_in_words_are_said_as_people_say_them():
    written = static('={"a": [today(), 2.50, null, true]}.a')

    assert written == "<p>Tuesday 16 February, 2.5, yes</p>\n"


def test_numbers_have_a_comma_where_readers_write_one():
    form = a_form({"type": "text", "id": "t", "text": "{{2.5}} {{1000}}"})
    rows = [
        forms.draw(
            form,
            values={},
            errors={},
            context={},
            choices=forms.NoChoices(),
            now=NOW,
            language=language,
        )
        for language in ("sv", "en")
    ]

    assert [row.html for (row,) in rows] == ["<p>2,5 1000</p>\n", "<p>2.5 1000</p>\n"]


def test_words_are_translated_by_path_before_they_are_filled():
    asked: list[str] = []

    def word(path: str, source: str) -> str:
        asked.append(path)
        return {"a/label": "Namn på {{x}}", "b/values.no": "Nej"}.get(path, source)

    form = a_form(a_field(description="why"), a_choice("radio", "b", "no"))
    rows: Any = forms.draw(
        form,
        values={},
        errors={},
        context={"x": "barnet"},
        choices=forms.NoChoices(),
        now=NOW,
        language="sv",
        words=word,
    )

    assert (rows[0].label, rows[1].choices[0].label) == ("Namn på barnet", "Nej")
    assert set(asked) == {"a/label", "a/description", "b/label", "b/values.no"}
    assert [path for path, _ in forms.sources(form.fields[1])] == ["b/label", "b/values.no"]
