"""Statements that are written once know their types whichever module was imported first."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Modules that write statements at import.
WRITERS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for part in ("base", "casework", "engine")
    for path in (ROOT / part).rglob("*.py")
    if re.search(r"^\S.*(?<!\w)bindparam\(|^    .*bindparam\(", path.read_text(), re.M)
    and "migrations" not in path.parts
)
LOOK = """
import importlib, sys
from sqlalchemy import BindParameter, ClauseElement
from sqlalchemy.sql import visitors
module = importlib.import_module(sys.argv[1])
for name, value in vars(module).items():
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, ClauseElement) and not isinstance(one, BindParameter):
            for part in visitors.iterate(one):
                if part.__visit_name__ == "bindparam" and part.type._isnull and not part.value:
                    print(name, part.key)
"""


@pytest.mark.parametrize("module", WRITERS)
def test_a_statement_knows_the_types_of_what_it_is_given(module: str):
    done = subprocess.run(
        [sys.executable, "-c", LOOK, module], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == ""
