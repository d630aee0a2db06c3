"""Why a diagram does not go on is said in the reader's language, whatever stands in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.reasons import REASONS, reason, said

ENGINE = Path(__file__).parents[2] / "engine"
RAISED = {"DiagramError", "StepFailed", "Runaway"}


def bracketed(text: str) -> str:
    """A language in which every reason stands in brackets."""
    return f"<{text}>" if text in REASONS.values() else text


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_is_read_back_and_said_otherwise(code: str):
    names = set(re.findall(r"\{(\w+)\}", REASONS[code]))
    written = reason(code, **{name: f"“{name}” 1 % {{x}}" for name in names})

    assert said(written, bracketed) == f"<{written}>"


def test_a_place_is_said_by_its_name_also_within_another_reason():
    inner = reason("no_start", place="talk")
    whole = reason("step", place="ask", why=inner)

    found = said(whole, bracketed, {"ask": "Ask them", "talk": "Talk"}.__getitem__)

    assert found == (
        "<The step “Ask them” could not be carried out: <Talk: there is no start event.>>"
    )


def test_any_other_sentence_is_said_as_it_is_translated():
    assert said("Not: this", lambda text: text.replace("Not", "Inte")) == "Inte: this"
    assert said("Nothing at all", str) == "Nothing at all"


def test_what_somebody_wrote_at_great_length_is_not_taken_apart():
    """It would take minutes: each fact could end at each colon."""
    long = reason("no_condition", place="to", text=" is no condition: write =" * 5_000)

    assert said(long, bracketed) == long


def raised() -> Iterator[tuple[str, ast.expr]]:
    for path in sorted(ENGINE.rglob("*.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if any(f"{n}(" in text for n in RAISED) else ():
            match node:
                case ast.Call(func=ast.Name(id=name), args=[*_, why]) if name in RAISED:
                    yield f"{path.name}:{node.lineno}", why


def test_everything_that_stops_a_diagram_says_why_by_a_reason():
    found = list(raised())

    plain = [place for place, why in found if isinstance(why, ast.JoinedStr | ast.Constant)]

    assert plain == []
    assert len(found) > 40
