"""Runs the suites of a DMN TCK folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

import feel
from base.errors import SamplanError
from engine import xml
from engine.decisions.decisions import Decisions, read
from engine.decisions.evaluation import Outcome
from engine.decisions.model import Literals
from feel import temporal
from feel.values import Value, same

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_CLOSE = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One expected result of one case; ``literal`` if its decision is a literal expression."""

    case: str
    decision: str
    passed: bool
    literal: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """All cases of one suite."""

    name: str
    cases: tuple[CaseResult, ...]


def run(folder: Path) -> Iterator[SuiteResult]:
    """Run every suite in or below a folder, at any depth, in the order of their names."""
    for suite in sorted({path.parent for path in folder.rglob("*.xml") if _is_suite(path)}):
        yield SuiteResult(suite.name, tuple(_cases(suite)))


def _is_suite(path: Path) -> bool:
    return b"testCases" in path.read_bytes()[:20_000] and any(path.parent.glob("*.dmn"))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) in names)


def _cases(suite: Path) -> Iterator[CaseResult]:
    for path in sorted(suite.glob("*.xml")):
        if not _is_suite(path):
            continue
        root = xml.parse(path.read_bytes(), name=path.name)
        model = next(_named(root, "modelName"), None)
        named = "" if model is None else (model.text or "").strip()
        try:
            decisions = _open(suite, named)
        except SamplanError as error:
            decisions, problem = None, str(error)
        else:
            problem = ""
        for case in _named(root, "testCase"):
            yield from _case(case, decisions, problem)


def _open(suite: Path, named: str) -> Decisions:
    """The model of a suite with all that it imports, in whatever order the files stand."""
    waiting = {path: path.read_bytes() for path in sorted(suite.glob("*.dmn"))}
    done: dict[str, Decisions] = {}
    found: dict[str, Decisions] = {}
    while waiting:
        ready = [path for path, data in waiting.items() if _imports(data, path) <= set(done)]
        for path in ready or list(waiting):
            decisions = read(waiting.pop(path), path.name, imports=done)
            done[decisions.model.namespace] = decisions
            found[path.name] = decisions
    return found.get(named) or next(reversed(found.values()))


def _imports(data: bytes, path: Path) -> set[str]:
    root = xml.parse(data, name=path.name)
    return {each.get("namespace") or "" for each in _named(root, "import")}


def _case(case: etree._Element, decisions: Decisions | None, problem: str) -> Iterator[CaseResult]:
    inputs = {(node.get("name") or ""): _value(node) for node in _named(case, "inputNode")}
    for node in _named(case, "resultNode"):
        identity, name = case.get("id") or "", node.get("name") or ""
        literal = decisions is not None and _is_literal(decisions, name)
        if decisions is None:
            yield CaseResult(identity, name, False, literal, problem)
            continue
        try:
            outcome = _outcome(case, decisions, name, inputs)
        except (SamplanError, feel.FeelError) as error:
            outcome, message = None, str(error)
        else:
            message = ""
        yield _judged(identity, node, outcome, message, literal=literal)


def _is_literal(decisions: Decisions, name: str) -> bool:
    try:
        return isinstance(decisions.decision(name).box, Literals)
    except SamplanError:
        return False


def _outcome(
    case: etree._Element, decisions: Decisions, name: str, inputs: Mapping[str, Value]
) -> Outcome:
    called = case.get("invocableName")
    if called and (case.get("type") or "").lower() in ("decisionservice", "bkm"):
        return decisions.invoke(called, inputs)
    return decisions.evaluate(name, inputs, now=temporal.read_moment("2026-07-01T12:00:00Z"))


def _judged(
    case: str,
    node: etree._Element,
    outcome: Outcome | None,
    problem: str,
    *,
    literal: bool,
) -> CaseResult:
    name = node.get("name") or ""
    expected = next(_named(node, "expected"), None)
    wanted = None if expected is None else _value(expected)
    if outcome is None:
        return CaseResult(case, name, node.get("errorResult") == "true", literal, problem)
    if node.get("errorResult") == "true":
        # An error must be known as one: null, and a reason for it.
        passed = outcome.value is None and bool(outcome.reasons)
    else:
        passed = _alike(outcome.value, wanted)
    message = "" if passed else f"expected {wanted!r}, found {outcome.value!r}"
    return CaseResult(case, name, passed, literal, message)


def _alike(found: Value, wanted: Value) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) < _CLOSE
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_alike, found, wanted))
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return set(found) == set(wanted) and all(_alike(found[key], wanted[key]) for key in found)
    return type(found) is type(wanted) and (found == wanted or same(found, wanted))


def _value(node: etree._Element) -> Value:
    """The value that a node of the expectations describes."""
    components = list(_named(node, "component"))
    if components:
        return {(each.get("name") or ""): _value(each) for each in components}
    listed = next(_named(node, "list"), None)
    if listed is not None:
        return [_value(item) for item in _named(listed, "item")]
    value = next(_named(node, "value"), None)
    return None if value is None else _scalar(value)


def _scalar(element: etree._Element) -> Value:
    if element.get(f"{_INSTANCE}nil") == "true":
        return None
    text = element.text or ""
    kind = (element.get(f"{_INSTANCE}type") or "string").rpartition(":")[2]
    readers: Mapping[str, Any] = {
        "boolean": lambda text: text.strip() == "true",
        "date": temporal.read_date,
        "time": temporal.read_time,
        "dateTime": temporal.read_moment,
        "duration": temporal.read_duration,
    }
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return feel.value(Decimal(text.strip()))
    reader = readers.get(kind)
    return text if reader is None else reader(text.strip())
