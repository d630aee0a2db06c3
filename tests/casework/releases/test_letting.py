"""Which step's answer would settle that a variable is missing."""

import pytest

from casework.releases.letting import Answer, answers_in
from engine.findings import finding
from engine.packs import open_pack, read_folder
from tests.arena import SCENARIOS

FILE = "joint_planning_sip.bpmn"
APPROVAL = Answer(FILE, "person_approval", "agrees", closed=False)


@pytest.mark.parametrize(
    ("place", "variable", "answer"),
    [
        ("person_agrees", "agrees", APPROVAL),
        ("person_approval", "agrees", APPROVAL),
        ("person_agrees", "own_voice", Answer(FILE, "record_plan", "own_voice", closed=True)),
        ("plan_wanted", "agrees", None),
        ("person_agrees", "nobody_asks", None),
        ("gone", "agrees", None),
    ],
)
def test_the_nearest_step_before_the_place_is_named(
    place: str, variable: str, answer: Answer | None
):
    pack = open_pack(read_folder(SCENARIOS.parent))
    missing = finding("never_written", FILE, place, name=place, variable=variable)

    assert answers_in(pack, [missing]) == ({(place, variable): answer} if answer else {})


def test_what_is_wrong_otherwise_is_settled_by_no_answer():
    pack = open_pack(read_folder(SCENARIOS.parent))
    other = finding("unknown_key", FILE, "person_agrees", key="agrees")

    assert answers_in(pack, [other]) == {}
