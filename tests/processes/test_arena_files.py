"""The arena's diagrams, tables, directory and scenarios hang together and can be read."""

import json
import re
import tomllib
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

import feel
from casework.releases.facts import SERVICES, PackForms
from engine import decisions
from engine.check import check
from engine.decisions import Decisions
from engine.diagram import Box, Element, Flow, MultiInstance, Process
from engine.packs import Pack, open_pack, read_folder

FOLDER = Path(__file__).parents[2] / "processes" / "arena"
PACK: Pack = open_pack(read_folder(FOLDER))
PROCESSES = sorted(PACK.diagrams.values(), key=lambda process: process.id)
STEPS = {
    "referral_to_party",
    "prepare_party",
    "document_own_system",
    "answer_invitation",
    "give_input",
    "confirm_measures",
    "report_measures",
    "outcome_per_party",
    "stop_use",
    "answer_report",
}
PER_PARTY = {f"ask_{step}" for step in STEPS}
FRAMES = {"sub_process"}
NEAREST = 20


def tables() -> dict[str, Decisions]:
    found: dict[str, Decisions] = {}
    for name in PACK.paths(".dmn"):
        table = decisions.read(PACK.files[name], name)
        found |= dict.fromkeys(table.ids, table)
    return found


def decide(id: str, **inputs: object) -> Any:
    return tables()[id].evaluate(id, inputs).value


def deadline_keys() -> frozenset[str]:
    file = (FOLDER / "deadline_policy.dmn").read_text()
    quoted = (
        part.partition("</text>")[0] for part in file.split('_in_key">\n          <text>"')[1:]
    )
    return frozenset(key.strip('"') for key in quoted)


def written_in(process: Process) -> list[str]:
    """Every FEEL expression of a process, without its equals sign."""
    found: list[str | None] = [flow.condition for flow in process.flows.values()]
    for element in process.nodes:
        found += [element.due, element.follow_up, element.priority]
        found += [mapping.source for mapping in (*element.inputs, *element.outputs)]
        found += [event.timer.expression for event in element.events if event.timer]
        found += [element.script.expression if element.script else None]
    return [text.removeprefix("=") for text in found if text and text.startswith("=")]


def ids_in(name: str) -> list[str]:
    """Every id of a file, as often as it stands there."""
    return re.findall(r' id="([^"]+)"', PACK.files[name].decode())


def elements(kind: str) -> list[tuple[Process, Element]]:
    return [(p, e) for p in PROCESSES for e in p.nodes if e.kind == kind]


def test_the_check_finds_nothing():
    assert check(PACK, forms=PackForms(PACK), services=SERVICES) == []


def test_every_process_lies_in_the_file_of_its_name():
    assert {process.id for process in PROCESSES} == {
        name.removesuffix(".bpmn") for name in PACK.paths(".bpmn")
    }
    assert {"case_lifecycle", "referral", "consent", "closure"} | PER_PARTY < set(PACK.diagrams)


@pytest.mark.parametrize("name", [*PACK.paths(".bpmn"), *PACK.paths(".dmn")])
def test_ids_are_given_once_in_a_file(name: str):
    ids = ids_in(name)

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.id)
class TestDiagram:
    def test_names_files_that_exist(self, process: Process):
        known = tables()
        missing = [
            name
            for element in process.nodes
            for name, there in (
                (element.called, PACK.diagrams),
                (element.form, PACK.form_ids),
                (element.decision.id if element.decision else None, known),
                (element.service.type if element.service else None, PACK.config.services or ()),
            )
            if name is not None and name not in there
        ]

        assert missing == []

    def test_names_roles_messages_and_milestones_of_the_pack(self, process: Process):
        config = PACK.config
        heard = {e.name for n in process.nodes for e in n.events if e.kind == "message"}
        reached = {n.properties.get("milestone") for n in process.nodes} - {None}

        assert {lane.role for lane in process.lanes.values()} <= set(config.roles)
        assert heard <= set(config.actions)
        assert reached <= {milestone.code for milestone in config.milestones}
        assert not process.duplicates

    def test_says_what_to_do_at_each_step(self, process: Process):
        steps = [n for n in process.nodes if n.kind in ("user_task", "manual_task")]

        assert [step.id for step in steps if len(step.documentation.split(". ")) < 2] == []
        assert [step.id for step in steps if process.role_of(step) is None] == []
        assert [step.id for step in steps if not step.name] == []

    def test_writes_feel_with_deadlines_of_the_table(self, process: Process):
        paths: set[str] = set()
        for text in written_in(process):
            paths |= feel.compile(text).paths

        used = {path.partition(".")[2] for path in paths if path.startswith("deadlines.")}
        assert used <= deadline_keys()

    def test_draws_everything_inside_its_lane(self, process: Process):
        shapes, edges = process.layout.shapes, process.layout.edges
        misplaced = [
            element.id
            for element in process.nodes
            if not element.parent
            and not contains(shapes[element.lane_id or ""].box, shapes[element.id].box)
        ]

        assert set(shapes) == {e.id for e in process.nodes} | set(process.lanes)
        assert set(edges) == set(process.flows)
        assert misplaced == []

    def test_keeps_shapes_apart(self, process: Process):
        crowded = [
            (a.id, b.id)
            for a, b in combinations(process.nodes, 2)
            if not related(a, b) and near(box_of(process, a), box_of(process, b), NEAREST)
        ]

        assert crowded == []

    def test_attaches_boundary_events_to_the_border(self, process: Process):
        loose = []
        for element in process.nodes:
            if element.attached_to:
                middle = centre(box_of(process, element))
                host = process.layout.shapes[element.attached_to].box
                if middle[1] not in (host.y, host.y + host.height):
                    loose.append(element.id)

        assert loose == []

    def test_draws_lines_from_border_to_border_and_through_nothing(self, process: Process):
        bad = []
        for flow in process.flows.values():
            points = process.layout.edges[flow.id].waypoints
            source, target = process.elements[flow.source], process.elements[flow.target]
            if not touches(box_of(process, source), points[0]):
                bad.append((flow.id, "begins elsewhere"))
            if not touches(box_of(process, target), points[-1]):
                bad.append((flow.id, "ends elsewhere"))
            bad += [(flow.id, other.id) for other in in_the_way(process, flow)]

        assert bad == []

    def test_draws_no_lines_across_each_other(self, process: Process):
        crossings = [
            (a, b)
            for a, b in combinations(process.layout.edges, 2)
            if cross(process.layout.edges[a].waypoints, process.layout.edges[b].waypoints)
        ]

        assert crossings == []


def box_of(process: Process, element: Element) -> Box:
    return process.layout.shapes[element.id].box


def centre(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


def contains(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def near(a: Box, b: Box, gap: float) -> bool:
    return (
        a.x < b.x + b.width + gap
        and b.x < a.x + a.width + gap
        and a.y < b.y + b.height + gap
        and b.y < a.y + a.height + gap
    )


def related(a: Element, b: Element) -> bool:
    """A boundary event lies on its host, a sub-process around what it holds."""
    siblings = a.attached_to is not None and a.attached_to == b.attached_to
    return siblings or a.id in (b.attached_to, b.parent) or b.id in (a.attached_to, a.parent)


def touches(box: Box, point: tuple[float, float]) -> bool:
    x, y = point
    inside = box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
    return inside and (x in (box.x, box.x + box.width) or y in (box.y, box.y + box.height))


Points = tuple[tuple[float, float], ...]


def pieces(points: Points) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(pairwise(points))


def in_the_way(process: Process, flow: Flow) -> list[Element]:
    points = process.layout.edges[flow.id].waypoints
    source = process.elements[flow.source]
    ends = {flow.source, flow.target, source.attached_to, source.parent}
    return [
        element
        for element in process.nodes
        if element.id not in ends
        and element.kind not in FRAMES
        and any(runs_through(piece, box_of(process, element)) for piece in pieces(points))
    ]


def runs_through(piece: tuple[tuple[float, float], tuple[float, float]], box: Box) -> bool:
    (x1, y1), (x2, y2) = piece
    line = Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
    return near(line, box, -1)


def cross(one: Points, other: Points) -> bool:
    return any(pierces(a, b) or pierces(b, a) for a in pieces(one) for b in pieces(other))


def pierces(
    level: tuple[tuple[float, float], tuple[float, float]],
    upright: tuple[tuple[float, float], tuple[float, float]],
) -> bool:
    """Whether an upright line goes right through a level one."""
    (x1, y), (x2, y_end) = level
    (x, y1), (x_end, y2) = upright
    if y != y_end or x != x_end:
        return False
    return min(x1, x2) < x < max(x1, x2) and min(y1, y2) < y < max(y1, y2)


def test_asks_each_organisation_by_a_call_that_says_which():
    asking = [e for _, e in elements("call_activity") if e.called in PER_PARTY]

    passed = [{m.target: m.source for m in e.inputs} for e in asking]
    assert {e.called for e in asking} == PER_PARTY
    assert all(isinstance(e.loop, MultiInstance) for e in asking)
    assert {p["organisation"] for p in passed} == {"=party.organisation"}
    assert {p["unit"] for p in passed} == {"=party.unit"}


@pytest.mark.parametrize("id", sorted(STEPS))
def test_an_answer_takes_the_managers_step_away(id: str):
    process = PACK.diagrams[f"ask_{id}"]

    (after,) = process.outgoing(id)
    assert [e.kind for e in process.elements[after.target].events] == ["terminate"]
    assert [process.role_of(process.elements[i]) for i in (id, f"see_to_{id}")] == [
        "party",
        "manager",
    ]


def test_steps_before_the_person_has_agreed_carry_no_purpose():
    for id in ("referral", "consent", "consent_withdrawal", "consent_lapse", "closure"):
        for element in PACK.diagrams[id].nodes:
            assert "consent.purpose" not in element.properties


def test_only_the_case_has_a_frame_and_no_step_lies_in_it():
    framed = [(p.id, e.id) for p, e in elements("sub_process")]

    assert framed == [("case_lifecycle", "case_body")]
    assert [
        e.id for e in PACK.diagrams["case_lifecycle"].children("case_body") if "user" in e.kind
    ] == []


def test_every_decision_is_asked_for_but_the_deadlines():
    asked = {e.decision.id for _, e in elements("business_rule_task") if e.decision}

    assert set(tables()) == asked | {"deadline_policy"}
    assert [p for table in tables().values() for p in table.model.problems] == []


def test_two_units_of_one_municipality_are_not_two_organisations():
    case = {"age_ok": True, "procedure": "arena", "health_or_multi": True, "zero_placed": True}

    alone = decide(
        "eligibility", organisation="gislaved", organisations_marked=["gislaved"], **case
    )
    together = decide(
        "eligibility", organisation="gislaved", organisations_marked=["gislaved", "fk"], **case
    )

    assert (alone["result"], alone["reason"]) == ("not_eligible", "fewer_than_two_parties")
    assert (together["result"], together["priority"]) == ("eligible", "high")


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"consent_organisations": ["varnamo"]}, ["fewer_than_two_parties"]),
        ({"consent_organisations": ["fk", "af"]}, ["own_organisation_missing"]),
        ({"within_validity": False}, ["valid_too_long"]),
        ({"category_count": 12}, ["all_categories"]),
        ({"category_count": 0}, ["no_categories"]),
    ],
)
def test_a_consent_must_be_specific(change: dict[str, object], reasons: list[str]):
    consent = {
        "consent_organisations": ["varnamo", "fk"],
        "organisation": "varnamo",
        "procedure": "arena",
        "within_validity": True,
        "consent_months": 6,
        "category_count": 3,
    }

    specific = decide("consent_specific", **consent | change)

    assert specific == {"ok": not reasons, "reasons": reasons}


@pytest.mark.parametrize(
    ("kinds", "count", "form"),
    [
        (["social_services", "psychiatry"], 2, "sip"),
        (["employment_service", "social_services"], 2, "joint_plan"),
        (["psychiatry"], 1, "single_org_plan"),
    ],
)
def test_the_law_asks_for_a_sip_where_care_and_social_services_meet(
    kinds: list[str], count: int, form: str
):
    parties = [{"organisation": f"o{number}"} for number in range(count)]

    assert decide("plan_form", kinds=kinds, parties=parties, consent_in_force=True) == form


@pytest.mark.parametrize("path", ["deceased", "consent_withdrawn", "single_party"])
def test_nothing_more_is_shared_where_the_consent_is_gone(path: str):
    closing = decide("closure_path", path=path, talk_result="not_asked", consent_in_force=True)

    assert closing["path"] == path
    assert [closing[key] for key in ("talk", "sharing", "hand_over")] == [False, False, False]


def test_reached_goals_close_the_case_as_such():
    closing = decide(
        "closure_path", path="completed", talk_result="goals_reached", consent_in_force=True
    )

    assert closing["path"] == "goals_reached"
    assert closing["sharing"] is True
    assert closing["needs_manager_approval"] is False


def test_every_deadline_has_a_value():
    values = {key: decide("deadline_policy", key=key) for key in deadline_keys()}

    assert len(values) > 30
    assert None not in values.values()
    assert str(values["consent_lapse_close"]) == "60 days, 0:00:00"


def test_the_calendar_knows_the_holidays_of_three_years():
    holidays = PACK.config.calendar.holidays

    assert {day.year for day in holidays} == {2026, 2027, 2028}
    assert {
        date(2026, 4, 3),  # Good Friday
        date(2027, 5, 6),  # Ascension Day
        date(2027, 6, 25),  # Midsummer's Eve
        date(2028, 4, 17),  # Easter Monday
        date(2028, 11, 4),  # All Saints' Day
    } <= holidays


def test_the_directory_names_only_what_it_holds():
    directory = tomllib.loads((FOLDER / "demonstration" / "directory.toml").read_text())
    units = {o["code"]: {"", *o.get("units", ())} for o in directory["organisations"]}
    groups = {group["code"] for group in directory["groups"]}
    accounts = {account["user_name"]: account for account in directory["accounts"]}
    members = {code for role in PACK.config.roles.values() for code in role.members}

    assert {group["convener"] for group in directory["groups"]} <= set(accounts)
    for account in accounts.values():
        assert account["unit"] in units[account["organisation"]]
        assert set(account["groups"]) <= groups
    for seat in directory["seats"]:
        assert seat["group"] in groups
        assert seat["unit"] in units[seat["organisation"]]
        assert {seat["account"], seat["deputy"]} - {""} <= set(accounts)
    assert members <= {role for account in accounts.values() for role in account["roles"]}
    managed = {a["organisation"] for a in accounts.values() if "manager" in a["roles"]}
    assert managed == set(units)
    assert [len([s for s in directory["seats"] if s["group"] == g]) for g in groups] == [5] * 4


def scenarios() -> list[Path]:
    return sorted((FOLDER / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("path", scenarios(), ids=lambda path: path.stem)
def test_a_scenario_speaks_of_steps_and_messages_that_exist(path: Path):
    scenario = tomllib.loads(path.read_text())
    steps = {n.id for p in PROCESSES for n in p.nodes if n.kind in ("user_task", "manual_task")}
    milestones = {milestone.code for milestone in PACK.config.milestones}

    for step in scenario["step"]:
        do, then = step.get("do", {}), step.get("then", {})
        assert do or "advance" in step
        named = [*then.get("open", ()), *([do["task"]] if "task" in do else ())]
        assert {name.partition("@")[0] for name in named} <= steps
        assert do.get("hears", "person_moved") in PACK.config.actions
        assert do.get("meeting", "placed") in ("placed", "begins", "concluded", "held")
        assert then.get("milestone", "consent") in milestones
        assert feel.compile(f'duration("{step.get("advance", "P1D")}")').evaluate({}) is not None


def test_the_template_asks_each_party_by_one_of_the_small_processes():
    (template,) = json.loads((FOLDER / "templates" / "ask_each_party.json").read_text())

    chosen, *inputs = template["properties"]
    assert {choice["value"] for choice in chosen["choices"]} == PER_PARTY
    assert {i["binding"]["name"]: i["value"] for i in inputs} == {
        "organisation": "=party.organisation",
        "unit": "=party.unit",
    }
