"""What stands in the documentation as an example can be run."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import feel
from casework.stage import Stage
from engine.packs.config import read_config
from engine.sentences import judge_all, read_sentences
from feel import Calendar
from tests.docs.tables import ROOT, arena, pages

NOW = datetime(2027, 2, 1, 11, 30, tzinfo=UTC)
CALENDAR = Calendar("Europe/Stockholm", holidays=frozenset({date(2027, 1, 6)}))
_BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ARROW = "   → "


def blocks(kind: str) -> list[pytest.param]:
    """The blocks of one kind, named by page and number."""
    found = []
    for page in pages():
        texts = [text for info, text in _BLOCK.findall(page.read_text("utf-8")) if info == kind]
        for number, text in enumerate(texts, 1):
            found.append(pytest.param(text, id=f"{page.relative_to(ROOT)}-{number}"))
    return found


@pytest.mark.parametrize("text", blocks("feel"))
def test_expressions_give_what_they_say(text: str):
    given: object = {}
    wrong = []
    for line in text.splitlines():
        if line.startswith("given "):
            given = value_of(line.removeprefix("given "), {})
            continue
        source, arrow, gives = line.partition(_ARROW)
        if not arrow or value_of(source, given) != value_of(gives, {}):
            wrong.append(line)

    assert wrong == []


def value_of(source: str, given: object) -> object:
    return feel.compile(source).evaluate(given, now=NOW, calendar=CALENDAR)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    room: Path = tmp_path_factory.mktemp("stage")
    return Stage(ROOT / "processes" / "arena", room)


@pytest.mark.parametrize("text", blocks("toml scenario"))
def test_scenarios_can_be_played(text: str, stage: Stage):
    assert stage.play(text).failure is None


@pytest.mark.parametrize("text", blocks("toml pack"))
def test_parts_of_a_pack_mean_something(text: str):
    whole = text if text.startswith("id =") else f'id = "a"\ntitle = "A"\n{text}'

    assert read_config(whole.encode()).unknown == ()
    assert tomllib.loads(text)


def test_there_are_examples_of_every_kind():
    assert all(blocks(kind) for kind in ("feel", "toml scenario", "toml pack"))


@pytest.mark.parametrize("text", blocks("toml sentences"))
def test_sentences_hold_as_they_say(text: str):
    verdicts = judge_all(read_sentences(text.encode()), arena().diagrams)

    assert {verdict.status for verdict in verdicts} == {"holds"}
