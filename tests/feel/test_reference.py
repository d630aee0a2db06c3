"""The examples of the reference and of the card are true."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import feel
from feel import Calendar
from feel.builtins import BUILTINS
from feel.builtins.conversion import written

DOCS = Path(__file__).resolve().parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "feel.md").read_text(encoding="utf-8")
CARD = (DOCS / "bpmn" / "feel-card.md").read_text(encoding="utf-8")
NOW = datetime(2027, 2, 1, 11, 30, tzinfo=UTC)
CALENDAR = Calendar(
    "Europe/Stockholm",
    holidays=frozenset({date(2027, 1, 6), date(2027, 3, 26), date(2027, 3, 29)}),
)
ROW = re.compile(r"^\| (`.+`) \| `(.+)` \| `(.+)` \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
EXAMPLES = [(example, gives) for _, example, gives in ROW.findall(REFERENCE)]


@pytest.mark.parametrize(("example", "gives"), EXAMPLES, ids=[each for each, _ in EXAMPLES])
def test_an_example_of_the_reference_gives_what_it_says(example: str, gives: str):
    value = feel.compile(example).evaluate({}, now=NOW, calendar=CALENDAR)

    run = feel.Run({}, None, None, None)
    assert written(run, value, inside=True) == gives


USE = re.search(r"```python\n(import feel\n.*?)```", REFERENCE, re.DOTALL)
STATED = re.compile(r"^(.+?) +# (True|None|'.*'|frozenset.*)$", re.MULTILINE)


def test_the_use_that_is_shown_gives_what_it_says():
    assert USE is not None
    names: dict[str, object] = {}

    exec(USE[1], names)  # noqa: S102 - our own page

    stated = STATED.findall(USE[1])
    assert len(stated) == 5
    for expression, gives in stated:
        value = eval(expression, names)  # noqa: S307 - our own page
        assert value == eval(gives), expression  # noqa: S307 - our own page


def test_the_reference_names_every_function():
    named = {name for name in BUILTINS if f"`{name}(" in REFERENCE}

    assert set(BUILTINS) - named == set()


def _column(table: str, column: int) -> list[str]:
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [snippet for row in rows[1:] for snippet in CODE.findall(row[column])]


EXPRESSIONS, CELLS = CARD.split("**Cells of a decision table**")


@pytest.mark.parametrize("source", _column(EXPRESSIONS, 1))
def test_an_expression_of_the_card_can_be_read(source: str):
    assert [finding.kind for finding in feel.check(source, VARIABLES)] == []


@pytest.mark.parametrize("source", _column(CELLS, 0))
def test_a_cell_of_the_card_can_be_read(source: str):
    assert feel.check_unary(source, ()) == []


VARIABLES = [
    "age",
    "answers",
    "case_ref",
    "closed",
    "consent",
    "deadlines",
    "due",
    "fee",
    "parties",
    "party",
    "status",
    "town",
    "zero_placed",
]
