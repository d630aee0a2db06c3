"""FEEL alone evaluates what an owner writes; Python and SpiffWorkflow's engines never do."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import (
    BasePythonScriptEngineEnvironment,
    TaskDataEnvironment,
)
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser
from SpiffWorkflow.dmn.specs.business_rule_task_mixin import BusinessRuleTaskMixin

import feel
from casework.stage import Stage
from engine.decisions import read

ROOT = Path(__file__).parents[2]
PACKAGES = ["base", "feel", "engine", "forms", "casework", "web", "cli"]
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
PACKS = sorted(path.parent for path in (ROOT / "processes").glob("*/pack.toml"))
ARENA = ROOT / "processes" / "arena"
FOREIGN = [
    PythonScriptEngine,
    BasePythonScriptEngineEnvironment,
    TaskDataEnvironment,
    DMNEngine,
    DMNParser,
    BusinessRuleTaskMixin,
]


class ForeignEngineCalled(Exception):
    """SpiffWorkflow was about to evaluate something itself."""


@pytest.fixture
def no_foreign_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """All methods of SpiffWorkflow's script and DMN engines refuse, constructors too."""

    def refuse(*arguments: object, **named: object) -> None:
        raise ForeignEngineCalled(arguments)

    for engine in FOREIGN:
        for name, member in vars(engine).items():
            if callable(member):
                monkeypatch.setattr(engine, name, refuse)


@pytest.mark.usefixtures("no_foreign_engine")
@pytest.mark.parametrize("engine", FOREIGN, ids=[engine.__name__ for engine in FOREIGN])
def test_a_foreign_engine_that_is_called_would_be_noticed(engine: type[Any]):
    method = next(name for name, member in vars(engine).items() if callable(member))

    with pytest.raises(ForeignEngineCalled):
        getattr(engine, method)(None)


@pytest.mark.usefixtures("no_foreign_engine")
@pytest.mark.parametrize(
    "scenario", ["ac_01_arena_straight", "ac_05_sip_full", "consent_too_general"]
)
def test_a_case_runs_without_a_foreign_engine(scenario: str, tmp_path: Path):
    text = (ARENA / "scenarios" / f"{scenario}.toml").read_text(encoding="utf-8")

    played = Stage(ARENA, tmp_path).play(text)

    assert played.failure is None
    assert played.steps > 0


# ---- our own code

EVALUATORS = {"eval", "exec", "compile", "__import__"}
CARRIERS = {"pickle", "marshal", "shelve", "runpy", "code", "codeop"}


def evaluated(tree: ast.Module) -> Iterator[str]:
    """What a module calls to run text as Python, and what it imports that could."""
    defined = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in EVALUATORS - defined:
                yield name
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in EVALUATORS:
                yield f"builtins.{name}"
            case ast.Import(names=names):
                yield from (each.name for each in names if is_carrier(each.name))
            case ast.ImportFrom(module=str(module)) if is_carrier(module):
                yield module


def is_carrier(module: str) -> bool:
    return (
        module.partition(".")[0] in CARRIERS
        or module.startswith("SpiffWorkflow.dmn")
        or "script_engine" in module
    )


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_module_runs_no_text_as_python(path: Path):
    assert list(evaluated(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "run = exec",
        "compile('1', '', 'eval')",
        "__import__('os')",
        "import builtins\nbuiltins.eval('1')",
        "import pickle",
        "from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine",
        "from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine",
    ],
)
def test_a_module_that_did_would_be_noticed(text: str):
    assert len(list(evaluated(ast.parse(text)))) == 1


# ---- packs

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def of_diagram(path: Path) -> Iterator[str]:
    """The expressions of a diagram: its conditions, and whatever else begins with a sign."""
    for element in etree.parse(path).iter(etree.Element):
        text = (element.text or "").strip()
        if element.tag == f"{BPMN}conditionExpression" or text.startswith("="):
            yield text
        yield from (str(each) for each in element.attrib.values() if str(each).startswith("="))


def of_form(found: Any) -> Iterator[str]:
    """The expressions of a form."""
    if isinstance(found, dict):
        for each in found.values():
            yield from of_form(each)
    elif isinstance(found, list):
        for each in found:
            yield from of_form(each)
    elif isinstance(found, str) and found.startswith("="):
        yield found


@pytest.mark.parametrize("pack", PACKS, ids=[pack.name for pack in PACKS])
def test_every_expression_of_a_pack_is_feel(pack: Path):
    diagrams = [text for path in pack.glob("*.bpmn") for text in of_diagram(path)]
    forms = [
        text
        for path in pack.glob("forms/*.form")
        for text in of_form(json.loads(path.read_text(encoding="utf-8")))
    ]

    for text in (*diagrams, *forms):
        feel.compile(text.removeprefix("="))

    assert diagrams
    assert forms


@pytest.mark.parametrize("pack", PACKS, ids=[pack.name for pack in PACKS])
def test_every_decision_of_a_pack_is_feel(pack: Path):
    decisions = [read(path.read_bytes(), path.name) for path in pack.glob("*.dmn")]

    assert [each.model.problems for each in decisions] == [()] * len(decisions)
