"""What the code has, the documentation names, and the other way round."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from base.settings import Settings
from casework.services import CATALOGUE
from engine.findings import RULES
from engine.profile import ELEMENTS, PROPERTIES
from tests.docs.tables import DOCS, ROOT, filled, pages

PAGES = list(pages())
_FIRST_CELL = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
_SETTING = re.compile(r"\bSAMPLAN_([A-Z_]+)\b")
#: Read by the tests, not by Samplan.
_FOR_TESTS = {"TEST_DATABASE", "PICTURES"}
#: Names the file in which the settings stand.
_OF_THE_FILE = {"SETTINGS"}


def first_cells(page: Path) -> set[str]:
    return set(_FIRST_CELL.findall(page.read_text(encoding="utf-8")))


def second_cells(page: Path, heading: str) -> set[str]:
    """The codes in the second column of the table under a heading of columns."""
    table = page.read_text(encoding="utf-8").split(heading, 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"^\| [^|]+ \| `([^`]+)` \|", table, re.MULTILINE))


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_tables_say_what_the_code_says(document: Path):
    text = document.read_text(encoding="utf-8")

    assert text == filled(text), "old tables: run python -m tests.docs.tables"


def test_every_setting_is_documented_and_no_other_is_named():
    named = {name for page in PAGES for name in _SETTING.findall(page.read_text("utf-8"))}

    assert named - _FOR_TESTS - _OF_THE_FILE == {name.upper() for name in Settings.model_fields}
    table = first_cells(DOCS / "reference" / "settings.md")
    assert table == {f"SAMPLAN_{name.upper()}" for name in Settings.model_fields}


def test_every_finding_is_documented():
    assert first_cells(DOCS / "bpmn" / "findings.md") == set(RULES)


def test_every_finding_in_forms_is_documented():
    documented = {
        name for name in first_cells(DOCS / "bpmn" / "form.md") if name.startswith("form.")
    }

    assert documented == {f"form.{rule}" for rule in rules_of_forms()}


def rules_of_forms() -> set[str]:
    """What the lint of forms, alone or in their pack, passes to whatever makes a finding."""
    sources = [ROOT / "forms" / "lint.py", ROOT / "casework" / "releases" / "facts.py"]
    trees = [ast.parse(source.read_text(encoding="utf-8")) for source in sources]
    calls = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call)]
    makers = {"_error", "_warning", "FormFinding"}
    rules = [
        call.args[1]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in makers and len(call.args) > 1
    ]
    said = {rule.value for rule in rules if isinstance(rule, ast.Constant)}
    return said | set(import_module("forms.lint")._FEEL_REMEDIES)


def test_every_service_is_said_in_words():
    page = (DOCS / "reference" / "services.md").read_text(encoding="utf-8")
    said = page.split("| service | what it does |", 1)[1]

    assert set(_FIRST_CELL.findall(said)) == set(CATALOGUE)


def test_every_element_that_runs_is_in_the_table_of_what_may_be_drawn():
    page = DOCS / "bpmn" / "may-be-drawn.md"

    assert second_cells(page, "| draw | id in the code | for |") == ELEMENTS


def test_every_property_of_elements_is_documented():
    assert first_cells(DOCS / "bpmn" / "may-be-drawn.md") == PROPERTIES


def test_the_rules_of_the_agreement_point_at_tests_and_scenarios_that_exist():
    text = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (GG-\d\d) \| .+ \| (.+) \|$", text, re.MULTILINE)

    assert [number for number, _ in rows] == [f"GG-{number:02}" for number in range(1, 39)]
    assert [number for number, shown in rows if not _shown(shown)] == []


def _shown(cell: str) -> bool:
    places = [each for each in re.findall(r"`([^`]+)`", cell) if "/" in each]
    return bool(places or "open" in cell) and all(map(_exists, places))


def _exists(place: str) -> bool:
    path, _, test = place.partition("::")
    file = ROOT / path
    return file.is_file() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))


def named(pattern: str) -> set[str]:
    """What the pages name in code, line by line."""
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    return {name for line in lines for name in re.findall(pattern, line)}


def test_targets_of_make_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert named(r"(?:`|^|&& )make ([a-z]+)") - targets == set()


def test_commands_that_are_named_exist():
    assert named(r"-m cli ([a-z-]+)") - commands() == set()
    assert named(r"`samplan ([a-z-]+)`") - commands() == set()


def commands() -> set[str]:
    documented = first_cells(DOCS / "reference" / "commands.md")
    return {cell.split("-m cli ")[1].split()[0] for cell in documented if "-m cli" in cell}


def test_the_readme_opens_with_the_two_commands_of_the_makefile():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.+?)\n```", text, re.DOTALL)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert blocks == ["make demo", "make test"]
    assert all(f"\n{block.split()[1]}:" in makefile for block in blocks)


def test_the_panel_of_the_editor_offers_no_property_that_nothing_acts_on():
    text = (DOCS / "bpmn" / "may-be-drawn.md").read_text(encoding="utf-8")
    idle = set(re.findall(r"^\| `([^`]+)` \| .* not (?:yet )?acted on \|$", text, re.MULTILINE))
    panel = (ROOT / "web" / "editor" / "src" / "panel.js").read_text(encoding="utf-8")
    offered = set(re.findall(r"name: '([\w.]+)'", panel))

    assert {"consent.purpose", "milestone"} <= offered
    assert idle == {"procedure", "review"}
    assert offered & idle == set()


def test_every_target_of_make_stands_among_the_commands():
    listed = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    rows = text.split("## make\n", 1)[1]

    missing = [target for target in listed if f"`make {target}`" not in rows]

    assert len(listed) > 10
    assert missing == []
