"""The page on ASVS names tests that exist, each requirement once, and says why where none does."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([\d., –]+) \| ([^|]+) \| ?([^|]*)\|?", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


@pytest.mark.parametrize(("path", "name"), sorted(set(_NAMED.findall(PAGE))))
def test_a_test_that_is_named_exists(path: str, name: str):
    assert (ROOT / path).exists()
    assert not name or name in named_in(path)


def test_every_requirement_stands_once_with_what_holds_it():
    held, _, missing = PAGE.partition("## Not met yet")
    rows = _ROW.findall(held)

    assert len([row for row in rows if _NAMED.search(row[2])]) >= 120
    ids = [row[0].strip() for row in [*rows, *_ROW.findall(missing)]]
    assert sorted(ids) == sorted(set(ids))
    assert [row[0] for row in rows if not (_NAMED.search(row[2]) or "by hand: " in row[2])] == []
