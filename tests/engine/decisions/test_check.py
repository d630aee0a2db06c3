"""What the check of a decision finds, with rule and column."""

import pytest

from engine.decisions import read
from tests.builders_dmn import a_decision, a_file, a_table, an_input, literal

TWO = [("age", "number"), ("open", "boolean")]


def found(data: bytes, known: set[str] | None = None) -> list[tuple[str, int, str, str]]:
    return [
        (finding.kind, finding.rule, finding.column, finding.message)
        for finding in read(data, "test.dmn").check(known)
    ]


def a_file_with(policy: str, *rows: list[str], **more: str) -> bytes:
    return a_file(a_decision("d", a_table(policy, TWO, ["r"], *rows, **more)))


COMPLETE = [["< 18", "-", "1"], [">= 18", "true", "2"], [">= 18", "false", "3"]]


def test_a_complete_table_is_clean():
    assert found(a_file_with("UNIQUE", *COMPLETE), {"age", "open"}) == []


def test_an_overlap_names_both_rules_and_an_example():
    rows = [*COMPLETE, ["[17..20]", "true", "4"]]

    assert found(a_file_with("UNIQUE", *rows)) == [
        (
            "overlap",
            4,
            "age",
            "Rules 1 and 4 can match at the same time: age = 17, open = true.",
        ),
        (
            "overlap",
            4,
            "age",
            "Rules 2 and 4 can match at the same time: age = 18, open = true.",
        ),
    ]


def test_an_overlap_is_shown_in_the_column_that_could_tell_the_rules_apart():
    rows = [["< 18", "true", "1"], ["< 18", "-", "2"], [">= 18", "-", "3"]]

    assert [each[:3] for each in found(a_file_with("UNIQUE", *rows))] == [("overlap", 2, "open")]


def test_an_overlap_with_equal_results_is_fine_under_any():
    rows = [["-", "-", "1"], ["> 5", "-", "1"]]

    assert found(a_file_with("ANY", *rows)) == []
    assert [each[0] for each in found(a_file_with("ANY", *rows, ["> 7", "-", "2"]))] == [
        "overlap",
        "overlap",
    ]


def test_a_gap_is_shown_as_an_example():
    rows = [["< 18", "-", "1"], ["> 18", "-", "2"]]

    assert found(a_file_with("UNIQUE", *rows)) == [
        ("gap", 0, "", "No rule matches age = 18, open = true.")
    ]


def test_a_default_closes_every_gap():
    assert found(a_file_with("UNIQUE", ["< 18", "-", "1"], default="0")) == []


def test_allowed_values_bound_the_gaps():
    table = a_table(
        "UNIQUE", [("town", "string")], ["r"], ['"a"', "1"], ['"b"', "2"], allowed='"a", "b"'
    )

    assert found(a_file(a_decision("d", table))) == []


def test_a_rule_behind_a_wider_one_is_unreachable():
    rows = [["> 10", "-", "1"], ["> 20", "true", "2"], ["-", "-", "3"]]

    assert found(a_file_with("FIRST", *rows)) == [
        (
            "unreachable",
            2,
            "",
            "Rule 2 is never reached: the rules before it take every case.",
        )
    ]


def test_rules_that_cover_together_hide_a_later_one():
    rows = [["> 10", "-", "1"], ["<= 10", "-", "2"], ["5", "true", "3"]]

    assert [each[:2] for each in found(a_file_with("FIRST", *rows))] == [("unreachable", 3)]


def test_a_rule_outside_the_allowed_values_never_matches():
    table = a_table(
        "FIRST",
        [("town", "string")],
        ["r"],
        ['"a"', "1"],
        ['"x"', "2"],
        allowed='"a", "b"',
        default="0",
    )

    assert found(a_file(a_decision("d", table))) == [
        ("unreachable", 2, "town", "Rule 2 can never match.")
    ]


def test_cells_with_variables_claim_nothing():
    rows = [["> limit", "-", "1"], ["<= limit", "-", "2"]]

    assert found(a_file_with("UNIQUE", *rows), {"age", "open", "limit"}) == []


def test_unknown_names_are_found_with_rule_and_column():
    rows = [["> limti", "-", "fee"], ["-", "-", "2"]]

    assert found(a_file_with("FIRST", *rows), {"age", "opne", "limit"}) == [
        ("unknown name", 0, "open", "Unknown name “open”."),
        ("unknown name", 1, "age", "Unknown name “limti”."),
        ("unknown name", 1, "r", "Unknown name “fee”."),
    ]


def test_a_guess_is_offered():
    data = a_file_with("FIRST", ["> limti", "-", "1"], ["-", "-", "2"])

    remedies = [finding.remedy for finding in read(data, "t").check({"age", "open", "limit"})]

    assert remedies == ["Did you mean “limit”?"]


def test_names_that_are_local_are_known():
    box = (
        '<context><contextEntry><variable name="a"/>' + literal("1") + "</contextEntry>"
        "<contextEntry>" + literal("a + 1") + "</contextEntry></context>"
    )

    assert found(a_file(a_decision("d", box)), set()) == []


def test_an_input_that_nobody_sets_is_found():
    data = a_file(an_input("age", "number"), a_decision("d", literal("age + 1"), "?age"))

    assert found(data, {"agee"}) == [("unknown name", 0, "", "Unknown name “age”.")]
    assert found(data, {"age"}) == []


def test_a_missing_arrow_is_found():
    data = a_file(an_input("age", "number"), a_decision("d", literal("age + 1")))

    assert [each[0] for each in found(data)] == ["not connected"]


def test_arrows_from_nowhere_and_in_circles_are_found():
    data = a_file(a_decision("d", literal("e"), "e", "gone"), a_decision("e", literal("d"), "d"))

    assert [each[0] for each in found(data)] == ["missing", "circle", "circle"]


def test_wrong_types_are_found():
    rows = [['"old"', "-", "1"], ["-", "-", "2"]]

    assert found(a_file_with("FIRST", *rows))[0] == (
        "type",
        1,
        "age",
        "The column holds number, but the cell a string.",
    )


def test_results_outside_the_listed_ones_are_found():
    rows = [["-", "-", '"c"']]

    assert [each[:3] for each in found(a_file_with("FIRST", *rows, values='"a", "b"'))] == [
        ("value", 1, "r")
    ]


def test_a_cell_that_cannot_be_read_is_found():
    rows = [["> > 1", "-", "1"], ["-", "-", "2"]]

    assert [each[:3] for each in found(a_file_with("FIRST", *rows))] == [("syntax", 1, "age")]


def test_a_type_that_cannot_be_read_is_found():
    item = (
        '<itemDefinition name="t"><typeRef>string</typeRef><allowedValues><text>"a" "b"</text>'
        "</allowedValues></itemDefinition>"
    )

    assert [each[0] for each in found(a_file(item, a_decision("d", literal("1"))))] == ["syntax"]


def test_an_empty_decision_is_found():
    assert [each[0] for each in found(a_file(a_decision("d", "")))] == ["empty"]


def test_two_columns_with_one_question_are_seen_together():
    inputs = [("age", "number"), ("age", "number")]
    table = a_table(
        "UNIQUE", inputs, ["r"], ["> 10", "< 20", "1"], ["<= 10", "-", "2"], ["-", ">= 20", "3"]
    )

    assert found(a_file(a_decision("d", table))) == []


DATES = [
    ['< date("2027-01-01")', "1"],
    ['[date("2027-01-01")..@"2027-06-30"]', "2"],
    ['> date("2027-06-30")', "3"],
]


def test_dates_have_regions_too():
    table = a_table("UNIQUE", [("day", "date")], ["r"], *DATES)
    gap = a_table("UNIQUE", [("day", "date")], ["r"], *DATES[::2])

    assert found(a_file(a_decision("d", table))) == []
    assert [each[0] for each in found(a_file(a_decision("d", gap)))] == ["gap"]


@pytest.mark.parametrize("count", [20, 100])
def test_a_large_table_is_checked_in_reasonable_time(count: int):
    inputs = [(f"x{index}", "number") for index in range(6)]
    rows = [[f"> {index % (7 + column)}" for column in range(6)] + ["1"] for index in range(count)]
    table = a_table("FIRST", inputs, ["r"], *rows, ["-"] * 6 + ["0"])

    assert {each[0] for each in found(a_file(a_decision("d", table)))} <= {
        "unreachable",
        "too large",
    }
