"""Draws small DMN files for tests."""

from collections.abc import Sequence
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
