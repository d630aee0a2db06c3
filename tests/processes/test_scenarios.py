"""Every scenario of every pack, and diagrams whose gateways were turned round."""

import shutil
import tomllib
from collections.abc import Callable
from datetime import datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from base.clock import Fixed
from base.settings import Settings
from casework.scenarios import Play, Played
from casework.stage import Stage
from tests.arena import opened
from tests.conftest import USUAL

PROCESSES = Path(__file__).parents[2] / "processes"
SCENARIOS = sorted(PROCESSES.glob("*/scenarios/*.toml"))
ARENA = PROCESSES / "arena"
#: Played there when all tests are.
ON_POSTGRESQL = [path for path in SCENARIOS if ARENA in path.parents and USUAL == "postgresql"]
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
#: A file of the arena, a flow whose condition is turned round, a scenario that must notice, and
#: the step at which it notices.
TURNED = [
    ("referral.bpmn", "wants_to_ask_for_consent", "ac_01_arena_straight", "prepare_consent"),
    ("consent.bpmn", "is_valid_to_is_known", "signature_does_not_match", "prepare_consent"),
    ("case_lifecycle.bpmn", "procedure_chosen_to_consult", "no_joint_planning", "prepare_consent"),
    ("joint_planning_sip.bpmn", "enough_attend_to_collect_input", "ac_05_sip_full", "give_input"),
]


@pytest.fixture(scope="session")
def stage_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Stage]:
    """One stage per pack and run; each scenario is played on a copy of its database."""
    return cache(lambda pack: Stage(pack, tmp_path_factory.mktemp(pack.name)))


@pytest.mark.sqlite("a stage is a pair of files; the next test plays on PostgreSQL")
@pytest.mark.parametrize(
    "path", SCENARIOS, ids=[f"{path.parts[-3]}/{path.stem}" for path in SCENARIOS]
)
def test_a_scenario_goes_as_it_says(path: Path, stage_of: Callable[[Path], Stage]):
    played = stage_of(path.parents[1]).play(path.read_text(encoding="utf-8"))

    assert played.failure is None


@pytest.mark.parametrize("path", ON_POSTGRESQL, ids=[path.stem for path in ON_POSTGRESQL])
def test_a_scenario_of_the_arena_goes_the_same_on_postgresql(path: Path, arena_settings: Settings):
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    moment = Fixed(datetime.combine(told["given"]["on"], time(9), ZoneInfo("Europe/Stockholm")))
    app = opened(arena_settings, moment)

    played = Play(app, moment, told).run()

    app.close()
    assert played.failure is None


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder of packs with a copy of the arena alone."""
    shutil.copytree(ARENA, tmp_path / "processes" / "arena")
    return tmp_path / "processes" / "arena"


@pytest.mark.parametrize(
    ("file", "flow", "scenario", "step"), TURNED, ids=[turned[1] for turned in TURNED]
)
def test_a_scenario_notices_a_condition_turned_round(
    copied: Path, tmp_path: Path, file: str, flow: str, scenario: str, step: str
):
    turn_round(copied / file, flow)

    played = play(copied, tmp_path / "room", scenario)

    assert played.failure is not None
    assert 0 < played.failure.step <= played.steps
    assert step in played.failure.message


def turn_round(path: Path, flow: str) -> None:
    """Negate the condition of a sequence flow."""
    tree = etree.parse(path)
    (found,) = (one for one in tree.iter(f"{_BPMN}sequenceFlow") if one.get("id") == flow)
    condition = found.find(f"{_BPMN}conditionExpression")
    assert condition is not None
    assert condition.text is not None
    condition.text = f"=not({condition.text.strip().removeprefix('=')})"
    tree.write(path, xml_declaration=True, encoding="UTF-8")


def play(pack: Path, room: Path, scenario: str) -> Played:
    room.mkdir()
    return Stage(pack, room).play((pack / "scenarios" / f"{scenario}.toml").read_text())
