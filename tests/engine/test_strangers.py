"""Files of strangers, whole and broken: always an answer, and what passes the check runs."""

import random
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from time import process_time

import pytest

from engine import diagram
from engine.check import check_file
from engine.findings import Finding
from engine.trial import Trial, called_from, first_process, refusal
from tests.engine.mutations import mutant
from tests.engine.spiff.games import Maker
from tests.engine.strangers import STRANGERS

ARENA = Path(__file__).parents[2] / "processes" / "arena"
NOW = datetime(2027, 2, 1, tzinfo=UTC)
_MOST_SECONDS = 2.0
_SOME = [{"advance": "P40D"}, {"advance": "P1D"}, {"message": "paid"}, {"signal": "x"}]


def sources() -> list[bytes]:
    """Our own diagrams, those of strangers, and random sound ones."""
    found = [path.read_bytes() for path in sorted(ARENA.glob("*.bpmn"))]
    found += [make() for make, _ in STRANGERS.values()] * 2
    for seed in range(6):
        maker = Maker(random.Random(seed), budget=7)  # noqa: S311 - repeatable
        found.append(maker.file(maker.whole()))
    return found


def checked(data: bytes) -> list[Finding]:
    began = process_time()
    found = check_file(data, "x.bpmn")
    assert process_time() - began < _MOST_SECONDS
    assert all(each.message and each.remedy for each in found)
    return found


def played(data: bytes, found: list[Finding], seed: int) -> bool:
    """Whether a trial began; it may refuse steps, but never breaks."""
    if any(each.rule == "unreadable" for each in found):
        return False
    processes = {process.id: process for process in diagram.read(data, "x.bpmn")}
    first = first_process(processes)
    if refusal(found, called_from(first, processes)) is not None:
        return False
    chance = random.Random(seed)  # noqa: S311 - repeatable
    trial = Trial(processes, first, now=NOW)
    said = trial.start({"place": [], "order": {"sum": 1, "items": [1, 2], "id": 7}})
    for _ in range(6):
        element = chance.choice(said["open"] or ["none"])
        said = trial.command(chance.choice([*_SOME, {"complete": element}, {"complete": element}]))
    return True


def broken(first: int, count: int) -> tuple[int, int, int]:
    """How many mutants had findings, errors, and were played."""
    some = errors = runs = 0
    for number, data in enumerate(islice(cycle(sources()), count)):
        seed = first + number
        changed = mutant(data, seed)
        found = checked(changed)
        some += bool(found)
        errors += any(each.severity == "error" for each in found)
        runs += played(changed, found, seed)
    return some, errors, runs


@pytest.mark.parametrize("name", STRANGERS)
def test_files_of_strangers_are_understood(name: str):
    make, runs = STRANGERS[name]
    data = make()

    found = checked(data)

    errors = {(f.rule, f.element) for f in found if f.severity == "error"}
    assert errors == (set() if runs else {("juel", "f3")})
    assert played(data, found, 1) is runs


def test_the_diagrams_of_the_arena_have_no_errors_one_by_one():
    for path in sorted(ARENA.glob("*.bpmn")):
        found = check_file(path.read_bytes(), path.name)

        assert [f for f in found if f.severity == "error"] == [], path.name
        assert played(path.read_bytes(), found, 1)


@pytest.mark.parametrize(
    "batch", [*range(3), *(pytest.param(n, marks=pytest.mark.wide) for n in range(3, 10))]
)
def test_broken_files_are_answered_and_what_passes_runs(batch: int):
    some, errors, runs = broken(batch * 100, 100)

    assert some > 80
    assert errors > 50
    assert runs > 3


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(20))
def test_twenty_thousand_broken_files_are_answered(batch: int):
    some, errors, runs = broken(1_000_000 + batch * 1000, 1000)

    assert min(some, errors, runs) > 0
