"""Decision tables: what holds for every table, and columns of all kinds."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import feel
from engine.decisions import Decisions, read
from tests.builders_dmn import a_decision, a_file, a_table

D = Decimal
INPUTS = [("n", "number"), ("t", "string"), ("b", "boolean")]
NUMBERS = ["-", "1", "2", "1, 3", "< 2", ">= 2", "[1..2]", "(1..3)", "not(2)", "? > 1 and ? < 3"]
TEXTS = ["-", '"a"', '"b"', '"a", "b"', 'not("a")', 'starts with(?, "a")', "null"]
FLAGS = ["-", "true", "false", "null"]
CELLS = st.tuples(*map(st.sampled_from, (NUMBERS, TEXTS, FLAGS)))
CASES = st.fixed_dictionaries(
    {
        "n": st.sampled_from([None, D(0), D(1), D("1.5"), D(2), D(3), D(9)]),
        "t": st.sampled_from([None, "a", "b", "ab", ""]),
        "b": st.sampled_from([None, True, False]),
    }
)


def a_table_of(policy: str, rows: list[tuple[str, ...]], **more: str) -> Decisions:
    numbered = [[*row, str(number)] for number, row in enumerate(rows, 1)]
    return read(a_file(a_decision("d", a_table(policy, INPUTS, ["r"], *numbered, **more))), "t")


def matching(rows: list[tuple[str, ...]], case: dict[str, Any]) -> list[int]:
    """The rules that match, by asking each cell of each row by itself."""
    return [
        number
        for number, row in enumerate(rows, 1)
        if all(
            cell == "-" or feel.unary(cell).matches(case[name], {}) is True
            for (name, _), cell in zip(INPUTS, row, strict=True)
        )
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=8), CASES)
def test_a_rule_matches_if_each_of_its_cells_does(
    rows: list[tuple[str, ...]], case: dict[str, Any]
):
    expected = matching(rows, case)

    assert a_table_of("COLLECT", rows).evaluate("d", case).value == (
        [D(number) for number in expected] or None
    )
    assert a_table_of("FIRST", rows).evaluate("d", case).value == (
        D(expected[0]) if expected else None
    )
    assert a_table_of("UNIQUE", rows).evaluate("d", case).value == (
        D(expected[0]) if len(expected) == 1 else None
    )


@settings(max_examples=150, deadline=None)
@example(rows=[("-", "null", "-")], case={"n": D(1), "t": "a", "b": True})
@example(rows=[("null", "-", "-")], case={"n": D(1), "t": "a", "b": True})
@given(
    st.lists(CELLS, min_size=1, max_size=6), CASES.filter(lambda case: None not in case.values())
)
def test_the_check_claims_what_the_evaluation_does(
    rows: list[tuple[str, ...]], case: dict[str, Any]
):
    kinds = {(found.kind, found.rule) for found in a_table_of("UNIQUE", rows).check()}
    expected = matching(rows, case)

    if not expected:
        assert ("gap", 0) in kinds or any("starts with" in row[1] for row in rows)
    if len(expected) > 1:
        known = [number for number in expected if "starts with" not in rows[number - 1][1]]
        assert len(known) < 2 or ("overlap", known[1]) in kinds
    assert not {("unreachable", number) for number in expected} & kinds


@settings(max_examples=150, deadline=None)
@given(
    st.lists(CELLS, min_size=1, max_size=6), CASES.filter(lambda case: None not in case.values())
)
def test_a_rule_that_is_never_reached_is_never_the_first(
    rows: list[tuple[str, ...]], case: dict[str, Any]
):
    kinds = {(found.kind, found.rule) for found in a_table_of("FIRST", rows).check()}

    assert ("unreachable", (matching(rows, case) or [0])[0]) not in kinds


def test_an_input_outside_the_allowed_values_is_null_and_says_so():
    table = a_table("FIRST", [("t", "string")], ["r"], ["null", "1"], ["-", "2"], allowed='"a"')

    outcome = read(a_file(a_decision("d", table)), "t").evaluate("d", {"t": "b"})

    assert outcome.value == D(1)
    assert [reason.message for reason in outcome.reasons] == [
        't: the value is not among "a".',
    ]


def test_an_input_of_another_type_is_null_and_says_so():
    outcome = a_table_of("FIRST", [("> 1", "-", "-")]).evaluate(
        "d", {"n": "x", "t": "", "b": True}
    )

    assert outcome.value is None
    assert outcome.reasons[0].message == "n: a string is not number."


def test_the_order_of_listed_results_ranks_whole_rows():
    table = (
        '<decisionTable hitPolicy="OUTPUT ORDER"><input id="i"><inputExpression typeRef="number">'
        '<text>n</text></inputExpression></input><output id="o1" name="risk"><outputValues>'
        '<text>"high", "low"</text></outputValues></output><output id="o2" name="step">'
        '<outputValues><text>"call", "wait"</text></outputValues></output>'
        + "".join(
            f'<rule id="r{number}"><inputEntry><text>-</text></inputEntry><outputEntry><text>'
            f'"{risk}"</text></outputEntry><outputEntry><text>"{step}"</text></outputEntry></rule>'
            for number, (risk, step) in enumerate(
                [("low", "call"), ("high", "wait"), ("high", "call")]
            )
        )
        + "</decisionTable>"
    )
    ranked = [
        {"risk": "high", "step": "call"},
        {"risk": "high", "step": "wait"},
        {"risk": "low", "step": "call"},
    ]
    priority = table.replace("OUTPUT ORDER", "PRIORITY")

    assert read(a_file(a_decision("d", table)), "t").evaluate("d", {"n": 1}).value == ranked
    assert read(a_file(a_decision("d", priority)), "t").evaluate("d", {"n": 1}).value == ranked[0]


def test_several_outputs_have_defaults_of_their_own():
    rule = (
        "<inputEntry><text>&gt; 5</text></inputEntry>"
        + "<outputEntry><text>1</text></outputEntry>" * 2
    )
    table = (
        '<decisionTable><input id="i"><inputExpression><text>n</text></inputExpression></input>'
        '<output id="a" name="a"><defaultOutputEntry><text>7</text></defaultOutputEntry></output>'
        f'<output id="b" name="b"/><rule id="r">{rule}</rule></decisionTable>'
    )
    decisions = read(a_file(a_decision("d", table)), "t")

    assert decisions.evaluate("d", {"n": 6}).value == {"a": D(1), "b": D(1)}
    assert decisions.evaluate("d", {"n": 5}).value == {"a": D(7), "b": None}


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", None), ("MIN", None), ("MAX", None), ("COUNT", D(2))]
)
def test_results_that_cannot_be_combined_are_null(aggregation: str, expected: object):
    table = a_table(f"COLLECT/{aggregation}", [("n", "")], ["r"], ["-", '"a"'], ["-", "1"])

    assert read(a_file(a_decision("d", table)), "t").evaluate("d", {"n": 1}).value == expected


def test_a_cell_reads_other_variables_and_decisions():
    table = a_table("FIRST", [("n", "number")], ["r"], ["> limit", '"above"'], ["-", '"below"'])
    data = a_file(
        a_decision("limit", "<literalExpression><text>base + 1</text></literalExpression>"),
        a_decision("d", table, "limit"),
    )
    decisions = read(data, "t")

    assert decisions.evaluate("d", {"n": 6, "base": 4}).value == "above"
    assert decisions.evaluate("d", {"n": 5, "base": 4}).value == "below"


def test_a_table_of_many_rules_is_bounded():
    rows = [["count(for x in 1..9000 return x) < 0 and ? > " + str(n), "1"] for n in range(60)]
    table = a_table("COLLECT", [("n", "number")], ["r"], *rows)
    decisions = read(a_file(a_decision("d", table)), "t")

    with pytest.raises(feel.FeelLimit) as caught:
        decisions.evaluate("d", {"n": 100})

    assert caught.value.limit == "steps"
