"""Finds what is wrong with decisions before anybody's case depends on them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from engine.decisions import coverage
from engine.decisions.coverage import Coverage, Region, TooLarge
from engine.decisions.model import (
    DEADLINES,
    Box,
    Decision,
    Element,
    Empty,
    InputData,
    ItemType,
    Knowledge,
    Model,
    Rule,
    Service,
    Table,
    TestCell,
)
from engine.decisions.places import Place, places
from feel import tree, types
from feel.builtins import BUILTINS
from feel.sentence import sentence
from feel.values import Value, kind

Severity = Literal["error", "warning", "advice"]
_MOST_GAPS = 3
_MOST_OVERLAPS = 20
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class DecisionFinding:
    """One thing to look at, in a decision; ``rule`` counts from 1, 0 is the whole table.

    ``column`` is empty where the finding is about a whole row, or about the table.
    """

    decision: str
    rule: int
    column: str
    kind: str
    severity: Severity
    message: str
    remedy: str


def names(model: Model, key: str) -> frozenset[str]:
    """The variables that an element reads, with all that it requires."""
    return frozenset(_names(model, key, 0))


def _names(model: Model, key: str, depth: int) -> Iterator[str]:
    element = model.elements.get(key)
    if isinstance(element, InputData):
        yield element.name
    if not isinstance(element, Decision | Knowledge) or depth > _DEEPEST:
        return
    seen = _in_sight(model, element)
    for place in places(_box(element)):
        for read in place.reads():
            if read.name not in seen and read.name not in BUILTINS:
                yield read.name
    for required in dict.fromkeys(element.requires):
        yield from _names(model, required, depth + 1)


def _box(element: Element) -> Box:
    match element:
        case Decision():
            return element.box
        case Knowledge():
            return element.function
    return Empty()


def _in_sight(model: Model, element: Decision | Knowledge) -> frozenset[str]:
    found = {model.elements[key].name for key in element.requires if key in model.elements}
    return frozenset(found | {name for name in model.imports.values() if name} | {element.name})


def check(model: Model, known_names: Collection[str] | None) -> list[DecisionFinding]:
    """All findings of a file, in its order."""
    found: list[DecisionFinding] = []
    for key, element in model.elements.items():
        if model.is_own(key) and isinstance(element, Decision | Knowledge):
            found += _unreadable(element)
            found += _missing(model, element)
            found += _unknown(model, element, known_names)
            box = _box(element)
            if isinstance(element, Knowledge):
                box = element.function.body
            if isinstance(box, Table):
                found += _table(element.id, box)
        elif model.is_own(key) and isinstance(element, Service):
            found += _service(model, element)
    return [*_other_problems(model, {finding.message for finding in found}), *found]


def _other_problems(model: Model, told: Collection[str]) -> Iterator[DecisionFinding]:
    """What could not be read outside the cells: types, allowed values, hit policies."""
    for owner, message in dict.fromkeys(model.problems):
        if message not in told:
            remedy = sentence("Correct it in the decision editor.")
            yield DecisionFinding(owner, 0, "", "syntax", "error", message, remedy)


def _unreadable(element: Decision | Knowledge) -> Iterator[DecisionFinding]:
    for place in places(_box(element)):
        if place.cell.problem:
            yield DecisionFinding(
                element.id,
                place.rule,
                place.column,
                "syntax",
                "error",
                place.cell.problem,
                sentence("Correct the expression; the card of FEEL shows how it is written."),
            )
    if isinstance(_box(element), Empty):
        message = sentence("“{name}” has no table and no expression.", name=element.name)
        yield DecisionFinding(
            element.id, 0, "", "empty", "warning", message, sentence("Draw its decision table.")
        )


def _missing(model: Model, element: Decision | Knowledge) -> Iterator[DecisionFinding]:
    for key in element.requires:
        if key not in model.elements:
            message = sentence(
                "It requires “{name}”, which is not there.", name=key.rpartition("#")[2]
            )
            remedy = sentence("Remove the arrow, or draw what it comes from.")
            yield DecisionFinding(element.id, 0, "", "missing", "error", message, remedy)
    own = [key for key, each in model.elements.items() if each is element]
    if own and own[0] in _all_required(model, element.requires):
        message = sentence("“{name}” requires itself.", name=element.name)
        yield DecisionFinding(
            element.id, 0, "", "circle", "error", message, sentence("Break the circle of arrows.")
        )


def _all_required(model: Model, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(getattr(model.elements.get(key), "requires", ()))
    return found


def _service(model: Model, element: Service) -> Iterator[DecisionFinding]:
    for key in (*element.outputs, *element.encapsulated, *element.input_decisions):
        if key not in model.elements:
            message = sentence(
                "The service names “{name}”, which is not there.", name=key.rpartition("#")[2]
            )
            remedy = sentence("Remove it from the service.")
            yield DecisionFinding(element.id, 0, "", "missing", "error", message, remedy)


def _unknown(
    model: Model, element: Decision | Knowledge, known_names: Collection[str] | None
) -> Iterator[DecisionFinding]:
    seen = _in_sight(model, element)
    declared = {each.name for each in model.elements.values()}
    for place in places(_box(element)):
        for read in place.reads():
            unsure = read.in_filter or place.in_filter or read.name in BUILTINS
            if read.name in seen or unsure:
                continue
            if read.name in declared:
                yield _unconnected(element.id, place, read.name)
            elif known_names is not None and read.name not in known_names:
                yield _unknown_name(element.id, place, read.name, {*known_names, *seen})
    if known_names is not None:
        yield from _untold(model, element, known_names)


def _unconnected(decision: str, place: Place, name: str) -> DecisionFinding:
    message = sentence(
        "“{name}” is drawn, but no arrow leads from it to this decision.", name=name
    )
    remedy = sentence("Draw the arrow.")
    return DecisionFinding(
        decision, place.rule, place.column, "not connected", "warning", message, remedy
    )


def _unknown_name(
    decision: str, place: Place, name: str, known: Collection[str]
) -> DecisionFinding:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    remedy = (
        sentence("Did you mean “{guess}”?", guess=close[0])
        if close
        else sentence("Use the name of a variable that is set before.")
    )
    message = sentence("Unknown name “{name}”.", name=name)
    return DecisionFinding(
        decision, place.rule, place.column, "unknown name", "error", message, remedy
    )


def _untold(
    model: Model, element: Decision | Knowledge, known_names: Collection[str]
) -> Iterator[DecisionFinding]:
    for key in element.requires:
        told = model.elements.get(key)
        if isinstance(told, InputData) and told.name not in known_names:
            yield _unknown_name(
                element.id, Place(TestCell(""), frozenset()), told.name, known_names
            )


# ---- tables


def _table(decision: str, table: Table) -> Iterator[DecisionFinding]:
    yield from _wrong_types(decision, table)
    if any(len(rule.tests) != len(table.inputs) for rule in table.rules):
        message = sentence("A rule has not as many cells as the table has inputs.")
        remedy = sentence("Open and save the table in the editor.")
        yield DecisionFinding(decision, 0, "", "shape", "error", message, remedy)
        return
    if not table.inputs or not table.rules:
        return
    covered = coverage.coverage(table)
    yield from _never(decision, covered)
    yield from _overlaps(decision, table, covered)
    try:
        yield from _hidden(decision, table, covered)
        yield from _gaps(decision, table, covered)
    except TooLarge:
        message = sentence("The table has too many combinations to look for gaps.")
        remedy = sentence("Split it into smaller tables.")
        yield DecisionFinding(decision, 0, "", "too large", "advice", message, remedy)


def _never(decision: str, covered: Coverage) -> Iterator[DecisionFinding]:
    for rule, column in covered.never().items():
        message = sentence("Rule {rule} can never match.", rule=rule + 1)
        remedy = sentence("Compare its cells with the allowed values, or remove it.")
        yield DecisionFinding(
            decision, rule + 1, column, "unreachable", "warning", message, remedy
        )


def _overlaps(decision: str, table: Table, covered: Coverage) -> Iterator[DecisionFinding]:
    if table.policy not in "UA":
        return
    told = 0
    for first, second in covered.overlaps():
        one, other = table.rules[first], table.rules[second]
        alike = [cell.text for cell in one.results] == [cell.text for cell in other.results]
        if table.policy == "A" and alike:
            continue
        told += 1
        if told > _MOST_OVERLAPS:
            return
        example = _example(covered.together(first, second))
        message = sentence(
            "Rules {one} and {other} can match at the same time: {example}.",
            one=one.number,
            other=other.number,
            example=example,
        )
        remedy = sentence("Make them exclude each other, or choose the hit policy First.")
        column = _first_difference(table, one, other)
        yield DecisionFinding(decision, other.number, column, "overlap", "error", message, remedy)


def _example(regions: Iterable[Region]) -> str:
    return ", ".join(str(region) for region in regions)


def _first_difference(table: Table, one: Rule, other: Rule) -> str:
    """The column that could tell two rules apart; empty if their cells are the same."""
    for column, mine, yours in zip(table.inputs, one.tests, other.tests, strict=True):
        if mine.text != yours.text:
            return column.label
    return ""


def _hidden(decision: str, table: Table, covered: Coverage) -> Iterator[DecisionFinding]:
    if table.policy != "F":
        return
    never = covered.never()
    for rule in covered.hidden():
        if rule not in never:
            message = sentence(
                "Rule {rule} is never reached: the rules before it take every case.", rule=rule + 1
            )
            remedy = sentence("Move it up, or remove it.")
            yield DecisionFinding(
                decision, rule + 1, "", "unreachable", "warning", message, remedy
            )


def _gaps(decision: str, table: Table, covered: Coverage) -> Iterator[DecisionFinding]:
    if table.policy in "CRO" or any(output.default for output in table.outputs):
        return
    for gap in covered.gaps(_MOST_GAPS):
        if decision == DEADLINES and gap[0].sample == coverage.ANOTHER:
            continue  # A key that the table does not name is a finding where it is used.
        message = sentence("No rule matches {example}.", example=_example(gap))
        remedy = sentence("Add a rule for it, or a last rule with “-” in every cell.")
        yield DecisionFinding(decision, 0, "", "gap", "warning", message, remedy)


def _wrong_types(decision: str, table: Table) -> Iterator[DecisionFinding]:
    for rule in table.rules:
        for column, test in zip(table.inputs, rule.tests, strict=False):
            if coverage.is_plain(test):
                values = [value for value in coverage.literals(test) if value is not None]
                yield from _misfits(decision, rule.number, column.label, column.type, values)
        for output, result in zip(table.outputs, rule.results, strict=False):
            code = result.code
            if code is not None and isinstance(code.tree, tree.Literal | tree.Temporal):
                value = code.evaluate({})
                yield from _misfits(decision, rule.number, output.name, output.type, [value])
                yield from _not_among(decision, rule.number, output.name, output.values, value)


def _misfits(
    decision: str, rule: int, column: str, item: ItemType | None, values: list[Value]
) -> Iterator[DecisionFinding]:
    while item is not None and item.base is not None:
        item = item.base
    if item is None or not isinstance(item.type, types.Simple) or item.components:
        return
    for value in values:
        if types.coerce(value, item.type) is None and value is not None:
            named = kind(value)
            message = sentence(
                "The column holds {type}, but the cell a {named}.",
                type=item.type.name,
                named=named,
            )
            remedy = sentence("Write a {type}.", type=item.type.name)
            yield DecisionFinding(decision, rule, column, "type", "error", message, remedy)
            return


def _not_among(
    decision: str, rule: int, column: str, allowed: TestCell | None, value: Value
) -> Iterator[DecisionFinding]:
    if allowed is None or allowed.code is None or value is None:
        return
    if allowed.code.matches(value, {}) is False:
        message = sentence("The result is not among {allowed}.", allowed=allowed.text)
        remedy = sentence("Choose one of the values that the column allows.")
        yield DecisionFinding(decision, rule, column, "value", "warning", message, remedy)
