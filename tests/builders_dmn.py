"""Draws small DMN files for tests."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def a_file(*elements: str, namespace: str = NAMESPACE) -> bytes:
    """A DMN file with these elements."""
    inner = "".join(elements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{namespace}" '
        f'namespace="urn:test" name="test" id="test">{inner}</definitions>'
    ).encode()


def a_decision(identity: str, box: str, *requires: str, type_ref: str = "") -> str:
    """A decision with some logic; requirements are ids, with ``!`` before knowledge."""
    needs = "".join(map(_requirement, requires))
    return (
        f'<decision id="{identity}" name="{identity}"><variable name="{identity}" '
        f'typeRef="{type_ref}"/>{needs}{box}</decision>'
    )


def _requirement(key: str) -> str:
    if key.startswith("!"):
        return (
            f'<knowledgeRequirement><requiredKnowledge href="#{key[1:]}"/></knowledgeRequirement>'
        )
    kind = "requiredInput" if key.startswith("?") else "requiredDecision"
    return f'<informationRequirement><{kind} href="#{key.strip("?")}"/></informationRequirement>'


def an_input(name: str, type_ref: str = "") -> str:
    """Something that a decision is told."""
    return (
        f'<inputData id="{name}" name="{name}"><variable name="{name}" '
        f'typeRef="{type_ref}"/></inputData>'
    )


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def a_table(
    policy: str,
    inputs: Sequence[tuple[str, str]],
    outputs: Sequence[str],
    *rows: Sequence[str],
    values: str = "",
    default: str = "",
    allowed: str = "",
) -> str:
    """A decision table: inputs are (expression, type); rows are cells, inputs first."""
    head, _, aggregation = policy.partition("/")
    parts = [f'<decisionTable hitPolicy="{head}" aggregation="{aggregation}">']
    for text, of in inputs:
        listed = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
        parts.append(
            f'<input id="in_{escape(text)}" label="{escape(text)}">'
            f'<inputExpression typeRef="{of}">'
            f"<text>{escape(text)}</text></inputExpression>{listed}</input>"
        )
    for name in outputs:
        listed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        fallback = (
            f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
            if default
            else ""
        )
        parts.append(f'<output id="out_{name}" name="{name}">{listed}{fallback}</output>')
    for number, row in enumerate(rows, 1):
        tests, results = row[: len(inputs)], row[len(inputs) :]
        cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in tests)
        cells += "".join(
            f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in results
        )
        parts.append(f'<rule id="rule_{number}">{cells}</rule>')
    return "".join([*parts, "</decisionTable>"])


def a_conformance_suite(folder: Path) -> None:
    """A suite as the TCK has them: five cases, of which three pass."""
    folder.mkdir(parents=True)
    table = a_table("FIRST", [("age", "number")], ["r"], ["> 18", "1"], ["-", "0"])
    (folder / "m.dmn").write_bytes(
        a_file(
            a_decision("sum", literal("1 + 1")),
            a_decision("broken", literal("1 / 0")),
            a_decision("group", table),
        )
    )
    age = '<inputNode name="age"><value xsi:type="xsd:decimal">20</value></inputNode>'
    cases = [
        _a_case("sum", "sum", expected="2"),
        _a_case("wrong", "sum", expected="3"),
        _a_case("error", "broken"),
        _a_case("no error", "sum"),
        _a_case("table", "group", expected="1", inputs=age),
    ]
    head = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    (folder / "m-test-01.xml").write_text(
        f"<testCases {head}><modelName>m.dmn</modelName>{''.join(cases)}</testCases>",
        encoding="utf-8",
    )


def _a_case(identity: str, decision: str, *, expected: str = "", inputs: str = "") -> str:
    """A case that expects a number, or an error where none is named."""
    if expected:
        value = f'<expected><value xsi:type="xsd:decimal">{expected}</value></expected>'
    else:
        value = '<expected><value xsi:nil="true"/></expected>'
    error = "" if expected else ' errorResult="true"'
    return (
        f'<testCase id="{identity}">{inputs}'
        f'<resultNode name="{decision}"{error}>{value}</resultNode></testCase>'
    )
