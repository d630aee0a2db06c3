"""The list of SpiffWorkflow's defects names tests that exist and say their number."""

import ast
import re
from pathlib import Path

from tests.docs.tables import DOCS, ROOT

_ROW = re.compile(r"^\| (\d+) \| .* \| ([^|]+) \|$", re.MULTILINE)
_TESTS = [ROOT / "tests/engine/spiff" / f"test_defects{part}.py" for part in ("", "_data")]


def told() -> dict[str, str]:
    """The docstring of each test of a defect."""
    found: dict[str, str] = {}
    for file in _TESTS:
        for node in ast.parse(Path(file).read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found[node.name] = ast.get_docstring(node) or ""
    return found


def test_each_defect_has_a_test_that_names_it():
    rows = _ROW.findall((DOCS / "why" / "spiffworkflow.md").read_text("utf-8"))
    docstrings = told()
    listed = {
        (number, name) for number, names in rows for name in re.findall(r"`(test_\w+)`", names)
    }

    assert [int(number) for number, _ in rows] == list(range(1, 22))
    assert {number for number, _ in listed} == {number for number, _ in rows}
    for number, name in listed:
        assert re.match(rf"Defect {number}\b", docstrings[name]), name


def test_each_test_of_a_defect_is_listed():
    text = (DOCS / "why" / "spiffworkflow.md").read_text("utf-8")

    assert [n for n, said in told().items() if said.startswith("Defect") and n not in text] == []
