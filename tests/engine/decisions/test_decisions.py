"""Decisions: hit policies, boxes, requirements, types, and what they leave for the trace."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import feel
from engine.decisions import BadDecisions, MatchedRule, NoSuchDecision, read
from engine.decisions.deadlines import Deadlines
from engine.xml import UnreadableXml
from feel import YearsMonthsDuration
from tests.builders_dmn import a_decision, a_file, a_table, an_input, literal

D = Decimal
AGE = [("age", "number")]
ROWS = [[">= 18", '"adult"'], ["< 18", '"child"'], [">= 0", '"adult"'], ["> 90", '"old"']]


def decide(data: bytes, inputs: dict[str, object], decision: str = "d") -> object:
    return read(data, "test.dmn").evaluate(decision, inputs).value


def a_policy(policy: str, *rows: list[str], values: str = "", default: str = "") -> bytes:
    table = a_table(policy, AGE, ["result"], *(rows or ROWS), values=values, default=default)
    return a_file(a_decision("d", table))


NUMBERS = [[">= 18", "1"], ["> 20", "5"], ["> 30", "2"]]
POLICIES = {
    "UNIQUE": (NUMBERS[:1], 25, D(1)),
    "unique, broken": (NUMBERS, 25, None),
    "ANY": ([[">= 18", "1"], ["> 20", "1"]], 25, D(1)),
    "any, broken": (NUMBERS, 25, None),
    "FIRST": (NUMBERS, 25, D(1)),
    "PRIORITY": (NUMBERS, 40, D(5)),
    "RULE ORDER": (NUMBERS, 40, [D(1), D(5), D(2)]),
    "OUTPUT ORDER": (NUMBERS, 40, [D(5), D(2), D(1)]),
    "COLLECT": (NUMBERS, 25, [D(1), D(5)]),
    "COLLECT/SUM": (NUMBERS, 40, D(8)),
    "COLLECT/MIN": (NUMBERS, 40, D(1)),
    "COLLECT/MAX": (NUMBERS, 40, D(5)),
    "COLLECT/COUNT": (NUMBERS, 40, D(3)),
}


@pytest.mark.parametrize(("policy", "case"), POLICIES.items(), ids=POLICIES)
def test_a_hit_policy_chooses(policy: str, case: tuple[list[list[str]], int, object]):
    rows, age, expected = case
    policy = policy.partition(",")[0].upper()

    assert decide(a_policy(policy, *rows, values="5, 2, 1"), {"age": age}) == expected


def test_a_broken_policy_tells_which_rules_match():
    outcome = read(a_policy("UNIQUE", *NUMBERS), "test.dmn").evaluate("d", {"age": 40})

    assert outcome.value is None
    assert [reason.message for reason in outcome.reasons] == [
        "Only one rule may match, but rules 1, 2, 3 do."
    ]


def test_without_a_match_the_default_counts():
    assert decide(a_policy("UNIQUE", *NUMBERS, default="0"), {"age": 1}) == D(0)
    assert decide(a_policy("UNIQUE", *NUMBERS), {"age": 1}) is None


def test_several_outputs_make_a_context():
    table = a_table("UNIQUE", AGE, ["group", "fee"], [">= 18", '"adult"', "10"])

    assert decide(a_file(a_decision("d", table)), {"age": 20}) == {"group": "adult", "fee": D(10)}


def test_the_matched_rules_are_kept_for_the_trace():
    outcome = read(a_policy("COLLECT", *NUMBERS), "test.dmn").evaluate("d", {"age": 25})

    assert outcome.matched == (
        MatchedRule("d", "rule_1", 1, (D(1),)),
        MatchedRule("d", "rule_2", 2, (D(5),)),
    )


def test_a_decision_uses_what_it_requires():
    data = a_file(
        an_input("age", "number"),
        a_decision(
            "group", a_table("FIRST", AGE, ["g"], ["< 18", '"child"'], ["-", '"adult"']), "?age"
        ),
        a_decision("d", literal('group + "!"'), "group"),
    )

    assert decide(data, {"age": 5}) == "child!"


def test_a_knowledge_model_is_called_and_may_call_itself():
    logic = (
        '<businessKnowledgeModel id="fact" name="fact"><variable name="fact"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>'
        + literal("if n < 2 then 1 else n * fact(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )

    assert decide(a_file(logic, a_decision("d", literal("fact(5)"), "!fact")), {}) == D(120)


def test_recursion_without_an_end_is_a_limit():
    logic = (
        '<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>'
        '<formalParameter name="n"/>' + literal("f(n)") + "</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )

    with pytest.raises(feel.FeelLimit):
        decide(a_file(logic, a_decision("d", literal("f(5)"), "!f")), {})


def test_decisions_that_require_each_other_end_in_null():
    data = a_file(a_decision("d", literal("e"), "e"), a_decision("e", literal("d"), "d"))

    outcome = read(data, "test.dmn").evaluate("d", {})

    assert outcome.value is None
    assert "“d” requires itself." in [reason.message for reason in outcome.reasons]


def _entry(name: str, box: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{box}</contextEntry>"


BOXES = {
    "context": (
        f"<context>{_entry('a', literal('1'))}{_entry('b', literal('a + 1'))}</context>",
        {"a": D(1), "b": D(2)},
    ),
    "context with a result": (
        f"<context>{_entry('a', literal('1'))}{_entry('', literal('a + 5'))}</context>",
        D(6),
    ),
    "list": (f"<list>{literal('1')}{literal('2')}</list>", [D(1), D(2)]),
    "relation": (
        f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row>'
        "</relation>",
        [{"a": D(1), "b": D(2)}],
    ),
    "conditional": (
        f"<conditional><if>{literal('x > 1')}</if><then>{literal('1')}</then>"
        f"<else>{literal('2')}</else></conditional>",
        D(1),
    ),
    "filter": (
        f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>",
        [D(2), D(3)],
    ),
    "for over a list": (
        f'<for iteratorVariable="i"><in>{literal("[1..3]")}</in>'
        f"<return>{literal('i * x')}</return></for>",
        [D(3), D(6), D(9)],
    ),
    "some": (
        f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in>'
        f"<satisfies>{literal('i > 1')}</satisfies></some>",
        True,
    ),
    "every": (
        f'<every iteratorVariable="i"><in>{literal("[1, 2]")}</in>'
        f"<satisfies>{literal('i > 1')}</satisfies></every>",
        False,
    ),
    "function": (
        "<context>"
        + _entry(
            "f",
            '<functionDefinition><formalParameter name="n"/>'
            + literal("n + x")
            + "</functionDefinition>",
        )
        + _entry("", literal("f(1)"))
        + "</context>",
        D(4),
    ),
    "invocation": (
        "<context>"
        + _entry("f", literal("function(a, b) a - b"))
        + _entry(
            "",
            f"<invocation>{literal('f')}<binding><parameter name='b'/>{literal('1')}</binding>"
            f"<binding><parameter name='a'/>{literal('x')}</binding></invocation>",
        )
        + "</context>",
        D(2),
    ),
}


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
@pytest.mark.parametrize(("box", "expected"), BOXES.values(), ids=BOXES)
def test_a_box_is_evaluated(box: str, expected: object, namespace: str):
    assert decide(a_file(a_decision("d", box), namespace=namespace), {"x": 3}) == expected


def test_a_service_is_called_with_its_inputs():
    data = a_file(
        an_input("x", "number"),
        a_decision("double", literal("x * 2"), "?x"),
        '<decisionService id="s" name="s"><outputDecision href="#double"/>'
        '<inputData href="#x"/></decisionService>',
        a_decision("d", literal("s(4)"), "!s"),
    )
    decisions = read(data, "test.dmn")

    assert decisions.evaluate("d", {}).value == D(8)
    assert decisions.invoke("s", {"x": 5}).value == D(10)


def test_a_service_decides_with_what_it_is_given():
    data = a_file(
        an_input("x", "number"),
        a_decision("double", literal("x * 2"), "?x"),
        a_decision("sum", literal("double + offset"), "double", "offset"),
        a_decision("offset", literal("1")),
        a_decision("half", literal("double / 4"), "double"),
        '<decisionService id="s" name="s"><outputDecision href="#sum"/>'
        '<outputDecision href="#half"/><encapsulatedDecision href="#double"/>'
        '<inputDecision href="#offset"/><inputData href="#x"/></decisionService>',
    )

    outcome = read(data, "test.dmn").invoke("s", {"x": 2, "offset": 10})

    assert outcome.value == {"sum": D(14), "half": D(1)}


CONSTRAINED = {
    "allowed values": (
        '<itemDefinition name="t"><typeRef>number</typeRef>'
        "<allowedValues><text>[1..5]</text></allowedValues></itemDefinition>",
        D(5),
        D(6),
    ),
    "constraint of a list": (
        '<itemDefinition name="t" isCollection="true"><typeRef>number</typeRef>'
        "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>",
        [D(1), D(2)],
        [D(1), D(2), D(3)],
    ),
    "allowed values of a list": (
        '<itemDefinition name="t" isCollection="true"><typeRef>number</typeRef>'
        "<allowedValues><text>&lt; 3</text></allowedValues></itemDefinition>",
        [D(1), D(2)],
        [D(1), D(3)],
    ),
    "parts": (
        '<itemDefinition name="t"><itemComponent name="a"><typeRef>string</typeRef>'
        "</itemComponent></itemDefinition>",
        {"a": "x"},
        {"a": D(1)},
    ),
    "a type of a type": (
        '<itemDefinition name="u"><typeRef>string</typeRef>'
        '<allowedValues><text>"a"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="t"><typeRef>u</typeRef></itemDefinition>',
        "a",
        "b",
    ),
}


@pytest.mark.parametrize(("types", "fits", "not_"), CONSTRAINED.values(), ids=CONSTRAINED)
def test_an_item_definition_constrains_inputs_and_results(types: str, fits: object, not_: object):
    data = a_file(
        types,
        an_input("x", "t"),
        an_input("y"),
        a_decision("told", literal("x"), "?x"),
        a_decision("found", literal("y"), "?y", type_ref="t"),
    )

    assert decide(data, {"x": fits}, "told") == fits
    assert decide(data, {"x": not_}, "told") is None
    assert decide(data, {"y": fits}, "found") == fits
    assert decide(data, {"y": not_}, "found") is None


def test_types_are_kept():
    types = (
        '<itemDefinition name="grade"><typeRef>string</typeRef>'
        '<allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="grades" isCollection="true"><typeRef>grade</typeRef>'
        "</itemDefinition>"
    )
    data = a_file(
        types,
        an_input("x", "grade"),
        a_decision("one", literal("x"), "?x", type_ref="grade"),
        a_decision("many", literal("x"), "?x", type_ref="grades"),
        a_decision("wrong", literal("1"), type_ref="grade"),
    )

    assert decide(data, {"x": "a"}, "one") == "a"
    assert decide(data, {"x": "c"}, "one") is None
    assert decide(data, {"x": "a"}, "many") == ["a"]
    assert decide(data, {}, "wrong") is None


def test_types_that_double_at_every_step_are_refused():
    types = '<itemDefinition name="t0"><typeRef>string</typeRef></itemDefinition>' + "".join(
        f'<itemDefinition name="t{n}"><itemComponent name="a"><typeRef>t{n - 1}</typeRef>'
        f'</itemComponent><itemComponent name="b"><typeRef>t{n - 1}</typeRef></itemComponent>'
        "</itemDefinition>"
        for n in range(1, 60)
    )

    decisions = read(a_file(types, an_input("x", "t59"), a_decision("d", literal("1"))), "t.dmn")

    assert "too large" in decisions.model.problems[0][1]


def test_a_type_that_holds_itself_can_be_used():
    types = (
        '<itemDefinition name="t"><itemComponent name="a"><typeRef>t</typeRef></itemComponent>'
        '<itemComponent name="b"><typeRef>t</typeRef></itemComponent></itemDefinition>'
    )
    data = a_file(types, an_input("x", "t"), a_decision("d", literal("x.a"), "?x"))

    assert decide(data, {"x": {"a": {"a": 1}, "b": None}}) == {"a": D(1)}


def test_a_chain_of_decisions_that_is_too_long_is_a_limit():
    chain = [a_decision(f"d{n}", literal(f"d{n - 1}"), f"d{n - 1}") for n in range(1, 1000)]

    with pytest.raises(feel.FeelLimit):
        decide(a_file(a_decision("d0", literal("1")), *chain), {}, "d999")


def test_a_cell_that_cannot_be_read_is_null_and_does_not_match():
    table = a_table("FIRST", AGE, ["r"], ["> > 3", "1"], ["-", "2"])

    outcome = read(a_file(a_decision("d", table)), "test.dmn").evaluate("d", {"age": 5})

    assert outcome.value == D(2)
    assert len(outcome.reasons) == 1


def test_variables_that_nobody_drew_are_in_sight():
    assert decide(a_file(a_decision("d", literal("age + 1"))), {"age": 1}) == D(2)


def test_the_clock_and_the_calendar_are_passed_on():
    data = a_file(a_decision("d", literal("add working days(today(), 1)")))
    friday = datetime(2027, 1, 29, 12, tzinfo=UTC)

    outcome = read(data, "t.dmn").evaluate("d", {}, now=friday, calendar=feel.Calendar())

    assert outcome.value == date(2027, 2, 1)


def test_a_decision_lists_what_it_reads():
    data = a_file(
        an_input("age", "number"),
        a_decision(
            "group", a_table("FIRST", [*AGE, ("town", "string")], ["g"], ["-", "-", "z"]), "?age"
        ),
        a_decision("d", literal("group + suffix"), "group"),
    )
    decisions = read(data, "test.dmn")

    assert decisions.names("d") == {"age", "town", "z", "suffix"}
    assert decisions.ids == ("group", "d")


def test_what_is_no_dmn_is_refused():
    with pytest.raises(BadDecisions):
        read(b"<definitions/>", "test.dmn")
    with pytest.raises(UnreadableXml):
        read(b"<definitions", "test.dmn")
    with pytest.raises(UnreadableXml):
        read(b"<!DOCTYPE a><a/>", "test.dmn")
    with pytest.raises(NoSuchDecision):
        read(a_file(), "test.dmn").evaluate("d", {})


# ---- deadlines


def a_policy_table(*rows: list[str], policy: str = "FIRST", first: str = "key") -> bytes:
    table = a_table(policy, [(first, "string"), ("age", "number")], ["value"], *rows)
    return a_file(a_decision("deadline_policy", table))


DEADLINES = [
    ['"response"', "> 65", 'duration("P30D")'],
    ['"response", "contact"', "-", '"P14D"'],
    ['"plan"', "-", '"P6M"'],
    ['"rounds"', "-", "3"],
    ['"until"', "-", 'date("2027-12-31")'],
    ["-", "-", "1"],
]


def test_deadlines_are_decided_when_they_are_asked_for():
    deadlines = Deadlines(read(a_policy_table(*DEADLINES), "t.dmn"), {"age": 70})
    now = datetime(2027, 2, 1, 12, tzinfo=UTC)

    value = feel.compile("now() + deadlines.contact").evaluate({"deadlines": deadlines}, now=now)

    assert value == now + timedelta(days=14)
    assert dict(deadlines) == {
        "response": timedelta(days=30),
        "contact": timedelta(days=14),
        "plan": YearsMonthsDuration(6),
        "rounds": D(3),
        "until": date(2027, 12, 31),
    }


def test_a_deadline_that_the_table_does_not_name_is_not_there():
    deadlines = Deadlines(read(a_policy_table(*DEADLINES), "t.dmn"))

    result = feel.compile("deadlines.tomorrow").evaluate_with_reasons({"deadlines": deadlines})

    assert result.value is None
    assert result.reasons[0].message == "There is no entry “tomorrow”."


def test_a_policy_must_give_one_answer_for_one_key():
    with pytest.raises(BadDecisions, match="First"):
        Deadlines(read(a_policy_table(*DEADLINES, policy="UNIQUE"), "t.dmn"))
    with pytest.raises(BadDecisions, match="key"):
        Deadlines(read(a_policy_table(*DEADLINES, first="name"), "t.dmn"))
