"""A DMN file as things: decisions, the columns of their tables, and the rules."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from engine import decisions
from engine.decisions.model import Cell, Decision, Rule, Table, TestCell
from engine.differences.model import Setting, Thing

#: Hit policies for which it matters which rule comes first.
_ORDERED = frozenset({"F", "P", "R", "O"})


def things(data: bytes, path: str) -> Iterator[Thing]:
    """Raises SamplanError for a file that cannot be read."""
    file = decisions.read(data, path)
    for id in file.ids:
        yield from _decision(file.decision(id), path)


def _decision(decision: Decision, path: str) -> Iterator[Thing]:
    table = decision.box
    settings: dict[Setting, str] = {("name", ""): decision.label}
    if isinstance(table, Table):
        settings["policy", ""] = f"{table.policy}{table.aggregation}"
    else:
        settings["logic", ""] = " · ".join(_texts(table))
    yield Thing("decision", path, decision.id, decision.id, decision.label, settings)
    if isinstance(table, Table):
        yield from _columns(table, decision.id, path)
        yield from (_rule(table, rule, decision.id, path) for rule in table.rules)


def _columns(table: Table, owner: str, path: str) -> Iterator[Thing]:
    for input in table.inputs:
        settings = {
            ("label", ""): input.label,
            ("expression", ""): input.expression.text,
            ("values", ""): input.values.text if input.values else "",
        }
        yield Thing("column", path, owner, input.id, input.label or input.id, _said(settings))
    for output in table.outputs:
        settings = {
            ("name", ""): output.name,
            ("values", ""): output.values.text if output.values else "",
        }
        yield Thing("column", path, owner, output.id, output.name or output.id, _said(settings))


def _rule(table: Table, rule: Rule, owner: str, path: str) -> Thing:
    settings: dict[Setting, str] = {}
    for input, test in zip(table.inputs, rule.tests, strict=False):
        settings["if", input.label or input.expression.text] = test.text
    for output, cell in zip(table.outputs, rule.results, strict=False):
        settings["then", output.name] = cell.text
    settings["remark", ""] = rule.annotation
    name = rule.annotation or " | ".join(test.text for test in rule.tests) or str(rule.number)
    row = owner if table.policy in _ORDERED else None
    return Thing("rule", path, owner, rule.id, name, _said(settings), row=row)


def _texts(value: object) -> Iterator[str]:
    """The FEEL of any boxed logic, outside in."""
    if isinstance(value, Cell | TestCell):
        yield value.text
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))


def _said(settings: dict[Setting, str]) -> dict[Setting, str]:
    return {setting: text for setting, text in settings.items() if text}
