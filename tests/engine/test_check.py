"""A pack is checked whole: what is missing, what contradicts, what nobody will understand."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.check import RULES, Finding, check, check_file, check_files
from engine.packs import open_pack, read_folder
from tests.builders_bpmn import (
    a_file,
    a_process,
    aside,
    boundary,
    call,
    catch,
    declared,
    drawn,
    element,
    end,
    extension,
    flow,
    lanes,
    mapping,
    message,
    on,
    properties,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
    zeebe,
)
from tests.engine.spiff.games import Maker

ARENA = Path(__file__).parents[2] / "processes" / "arena"

CONFIG = """
id = "small"
title = "Small"
language = "en"

[roles.referrer]
members = ["caseworker"]

[start.p]
roles = ["caseworker"]

[services]
allowed = ["plan.adopt"]

[milestones.begun]
title = "Begun"
"""

FORM = {"id": "ask", "components": []}


@dataclass(frozen=True)
class Forms:
    """A form with the keys ``wants`` (a choice) and ``note`` (a text)."""

    def stands_alone(self, form_id: str) -> bool:
        return False

    def exists(self, form_id: str) -> bool:
        return form_id == "ask"

    def keys(self, form_id: str) -> frozenset[str]:
        return frozenset({"wants", "note", "rows"})

    def unmappable(self, form_id: str) -> frozenset[str]:
        return frozenset({"note", "rows", "rows.text"})


@dataclass(frozen=True)
class Service:
    """A service as the application describes it."""

    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    remote: bool = False


SERVICES = {
    "plan.adopt": Service(),
    "mail.send": Service(remote=True),
    "consent.status": Service(inputs=frozenset({"purpose"})),
}
TABLE = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="deadline_policy" name="deadlines"><variable name="deadline_policy"/>
    <decisionTable hitPolicy="FIRST">
      <input id="i"><inputExpression typeRef="string"><text>key</text></inputExpression></input>
      <output id="o" name="value"/>
      <rule id="r"><inputEntry id="a"><text>"first_contact"</text></inputEntry>
        <outputEntry id="b"><text>duration("P3D")</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def files_of(
    *parts: str,
    path: str,
    around: tuple[str, ...] = (),
    config: str = "",
    others: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    process = a_process(start(), end(), *parts, path=path)
    ids = dict.fromkeys(re.findall(r'<bpmn:(?!lane|flowNode|process)\w+ id="([^"]+)"', process))
    shapes = [id for id in ids if f'sequenceFlow id="{id}"' not in process]
    edges = tuple(id for id in ids if id not in shapes)
    return {
        "pack.toml": (CONFIG + config).encode(),
        "p.bpmn": a_file(*around, process, drawn("p", *shapes, edges=edges)),
        "forms/ask.form": json.dumps(FORM).encode(),
        "deadlines.dmn": TABLE.encode(),
    } | dict(others or {})


def findings(
    *parts: str,
    path: str,
    around: tuple[str, ...] = (),
    config: str = "",
    others: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    files = files_of(*parts, path=path, around=around, config=config, others=others)
    found = check(open_pack(files), forms=Forms(), services=SERVICES)
    return [each for each in found if each.rule != "form_unused"]


def rules(*parts: str, **more: object) -> list[tuple[str, str]]:
    return [(f.rule, f.element) for f in findings(*parts, **more)]  # type: ignore[arg-type]


ROLE = zeebe("assignmentDefinition", candidateGroups="referrer")


def asked(id: str, *inner: str, **outputs: str) -> str:
    form = zeebe("formDefinition", formId="ask")
    return user(id, extension(form, ROLE, mapping(outputs=outputs), *inner))


def test_a_pack_in_order_has_no_findings():
    parts = (
        asked("a", properties(milestone="begun"), wants='=wants = "yes"'),
        boundary("t", "a", timer("=deadlines.first_contact")),
        service("b", "plan.adopt"),
        end("e2"),
    )

    assert rules(*parts, path="s a b e, t e2") == []


WRONG = {
    "role_unknown": (user("x", extension(zeebe("assignmentDefinition", candidateGroups="boss"))),),
    "no_role": (user("x", extension(zeebe("userTask"))),),
    "form_missing": (user("x", extension(zeebe("formDefinition", formId="gone"), ROLE)),),
    "service_missing": (element("serviceTask", "x"),),
    "service_unknown": (service("x", "plan.burn"),),
    "service_not_allowed": (service("x", "mail.send"),),
    "service_retries": (
        element(
            "serviceTask",
            "x",
            extension(zeebe("taskDefinition", type="plan.adopt", retries="often")),
        ),
    ),
    "decision_missing": (element("businessRuleTask", "x"),),
    "decision_unknown": (
        element(
            "businessRuleTask",
            "x",
            extension(zeebe("calledDecision", decisionId="gone", resultVariable="r")),
        ),
    ),
    "script_missing": (element("scriptTask", "x"),),
    "mapping_empty": (asked("x", n=""),),
    "called_missing": (element("callActivity", "x"),),
    "called_unknown": (call("x", "gone"),),
    "milestone_unknown": (asked("x", properties(milestone="gone")),),
    "document_unknown": (asked("x", properties(documents="gone")),),
    "property_unknown": (asked("x", properties(milesone="begun")),),
    "unknown_deadline": (script("x", "=deadlines.gone", "d"),),
    "answer_personal": (asked("x", n="=note"),),
    "no_documentation": (element("userTask", "x", extension(ROLE)),),
    "no_name": (user("x", extension(ROLE), name=""),),
    "due_wrong": (user("x", extension(ROLE, zeebe("taskSchedule", dueDate="soon"))),),
    "priority_wrong": (user("x", extension(ROLE, zeebe("priorityDefinition", priority="high"))),),
    "timer_missing": (catch("x", timer("")),),
    "timer_wrong": (catch("x", timer("two days")),),
    "timer_cycle": (catch("x", timer("R3/P1D", kind="timeCycle")),),
    "call_endless": (call("x", "p"),),
}
REPEATING = timer("R3/P1D", kind="timeCycle")


@pytest.mark.parametrize(
    ("interrupting", "expected"), [(True, [("timer_cycle", "h_on")]), (False, [])]
)
def test_a_timer_repeats_beside_where_it_does_not_interrupt(
    interrupting: bool, expected: list[tuple[str, str]]
):
    beside = aside("h", REPEATING, end("x"), path="h_on x", interrupting=interrupting)
    found = [(rule, id) for rule, id in rules(user("a"), beside, path="s a e") if "_on" in id]

    assert found == expected


def test_an_error_that_is_caught_beside_needs_nobody_else():
    beside = aside("h", on("error", "failed"), end("x"), path="h_on x")
    bad = end("bad", on("error", "failed"))
    around = (declared("error", "failed"),)
    found = rules(user("a"), bad, beside, path="s a bad", around=around)

    assert "error_uncaught" not in [rule for rule, _ in found]


@pytest.mark.parametrize("rule", WRONG)
def test_what_leads_nowhere_is_named_where_it_stands(rule: str):
    assert rules(*WRONG[rule], path="s x e") == [(rule, "x")]


NEVER_SET_OFF = {
    "timer_start": timer("2027-02-01T09:00:00Z", kind="timeDate"),
    "signal_start": on("signal", "all"),
    "message_start_computed": on("message", "guessed"),
    "message_start_twice": on("message", "moved"),
}


@pytest.mark.parametrize("rule", NEVER_SET_OFF)
def test_a_start_that_nothing_sets_off_is_named(rule: str):
    config = '[actions.moved]\ntitle = "Moved"\nroles = ["referrer"]\n'
    around = (
        declared("signal", "all"),
        message("guessed", "=guess"),
        message("moved"),
        a_process(start("y", on("message", "moved")), end("y_e"), path="y y_e", id="first"),
    )
    parts = (start("x", NEVER_SET_OFF[rule]),)

    found = rules(*parts, path="s e, x e", around=around, config=config)

    assert [each for each in found if each[0] == rule] == [(rule, "x")]


def test_a_process_that_a_message_sets_off_needs_no_caller():
    config = '[actions.moved]\ntitle = "Moved"\nroles = ["referrer"]\n'
    set_off = a_process(start("y", on("message", "moved")), end("y_e"), path="y y_e", id="move")

    found = rules(path="s e", around=(message("moved"), set_off), config=config)

    assert [each for each in found if each[0] in {"start_idle", "message_unheard"}] == []


def test_every_rule_of_the_catalogue_can_be_told_in_words():
    for rule in RULES.values():
        assert rule.message.endswith((".", "}"))
        assert rule.remedy


@pytest.mark.parametrize(
    ("source", "let_out"),
    [
        ("=note", True),
        ("=upper case(note)", True),
        ('=if wants = "yes" then note else null', True),
        ("=rows[1].text", True),
        ("=rows", True),
        ("=for row in rows return row.text", True),
        ('=note != ""', False),
        ("=count(rows)", False),
        ("=for row in rows return row.organisation", False),
        ("=rows.organisation", False),
        ('=some row in rows satisfies row.text = "x"', False),
        ("=is defined(note)", False),
    ],
)
def test_of_a_text_only_whether_and_how_many_becomes_a_variable(source: str, let_out: bool):
    found = rules(asked("x", n=source), path="s x e")

    assert found == ([("answer_personal", "x")] if let_out else [])


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("timeDuration", "P3D", True),
        ("timeDuration", "PT2H", True),
        ("timeDuration", "-P3D", False),
        ("timeDuration", "2027-02-01", False),
        ("timeDate", "2027-02-01", True),
        ("timeDate", "2027-02-01T09:00:00Z", True),
        ("timeDate", "2027-02-30", False),
        ("timeDate", "P3D", False),
    ],
)
def test_a_timer_says_what_its_kind_means(kind: str, text: str, right: bool):
    found = rules(catch("x", timer(text, kind=kind)), path="s x e")

    assert found == ([] if right else [("timer_wrong", "x")])


def test_a_repeated_reminder_belongs_on_the_border():
    late = boundary("t", "x", timer("R3/P1D", kind="timeCycle"), interrupting=False)

    assert rules(asked("x"), late, end("e2"), path="s x e, t e2") == []


def test_messages_are_declared_by_the_pack_or_sent_by_a_diagram():
    around = (message("m"), message("n"))
    heard = catch("x", on("message", "m"))
    sent = throw("y", on("message", "n"))

    assert rules(heard, path="s x e", around=around) == [("message_undeclared", "x")]
    assert rules(sent, path="s y e", around=around) == [("message_unsent", "y")]
    assert rules(heard, path="s x e", around=around, config="[actions.m]\ntitle = 'M'") == []
    assert rules(path="s e", config="[actions.m]\ntitle = 'M'") == [
        ("message_unheard", "actions.m")
    ]


def test_actions_name_roles_forms_and_conditions_that_exist():
    config = """
[actions.m]
title = "M"
roles = ["boss"]
form = "gone"
when = "=1 +"
"""
    parts = (catch("x", on("message", "m")),)

    found = findings(*parts, path="s x e", around=(message("m"),), config=config)

    assert [(f.rule, f.file, f.element) for f in found] == [
        ("action_role_unknown", "pack.toml", "actions.m"),
        ("feel", "pack.toml", "actions.m"),
        ("form_missing", "pack.toml", "actions.m"),
    ]


def test_the_outputs_of_an_action_let_out_no_text():
    config = """
[actions.m]
form = "ask"
outputs = { note = "=note" }
"""
    parts = (catch("x", on("message", "m")),)

    assert rules(*parts, path="s x e", around=(message("m"),), config=config) == [
        ("answer_personal", "actions.m")
    ]


def test_the_configuration_names_processes_and_members_that_exist():
    config = "[start.gone]\nroles = []\n[roles.idle]\nmember = ['x']"

    assert rules(path="s e", config=config) == [
        ("start_unknown", "start.gone"),
        ("unknown_key", "roles.idle.member"),
        ("role_members", "roles.idle"),
    ]


def test_a_report_names_a_form_and_a_process_that_begins_without_a_case():
    config = """
[start.q]
case = "none"
[reports.deviation]
form = "gone"
process = "p"
"""

    assert rules(path="s e", config=config) == [
        ("report_start", "reports.deviation"),
        ("report_form", "reports.deviation"),
        ("start_unknown", "start.q"),
    ]


def test_lanes_name_roles():
    lane = lanes(boss="x").replace('value="boss"', 'value=""')

    assert rules(lanes(boss="a"), path="s e") == [("role_unknown", "lane_boss")]
    assert rules(lane, path="s e") == [("lane_without_role", "lane_boss")]


def test_a_process_that_nothing_starts_is_mentioned():
    other = a_file(
        a_process(start("s2"), end("e2"), id="q", path="s2 e2"),
        drawn("q", "s2", "e2", edges=("s2_e2",)),
    )

    assert rules(path="s e", others={"q.bpmn": other}) == [("start_idle", "q")]


def test_a_process_with_a_message_start_cannot_be_called():
    other = a_file(
        message("m"),
        a_process(start("s2", on("message", "m")), end("e2"), id="q", path="s2 e2"),
        drawn("q", "s2", "e2", edges=("s2_e2",)),
    )
    sent = throw("y", on("message", "m"))

    found = rules(
        call("x", "q"), sent, path="s x y e", around=(message("m"),), others={"q.bpmn": other}
    )

    assert found == [("called_start", "x")]


def test_an_error_is_caught_by_every_caller_or_named():
    other = a_file(
        declared("error", "failed"),
        a_process(start("s2"), end("bad", on("error", "failed")), id="q", path="s2 bad"),
        drawn("q", "s2", "bad", edges=("s2_bad",)),
    )
    caught = boundary("t", "x", on("error", "failed"))
    parts = (call("x", "q"), user("never"), end("e2"))
    around = (declared("error", "failed"),)
    others = {"q.bpmn": other}

    assert rules(call("x", "q"), path="s x e", others=others) == [
        ("unreachable", "e"),
        ("error_uncaught", "bad"),
    ]
    assert rules(*parts, caught, path="s x never e, t e2", around=around, others=others) == [
        ("unreachable", "never")
    ]


def test_the_same_process_in_two_files_is_named():
    files = files_of(path="s e")
    files["q.bpmn"] = files["p.bpmn"]

    found = check(open_pack(files), forms=Forms(), services=SERVICES)

    assert [(f.rule, f.file) for f in found if f.severity == "error"] == [
        ("process_twice", "q.bpmn")
    ]


def test_the_same_decision_in_two_files_is_named():
    assert rules(path="s e", others={"more.dmn": TABLE.encode()}) == [
        ("decision_twice", "deadline_policy")
    ]


def test_files_that_cannot_be_read_are_named_and_the_rest_is_checked():
    others = {"q.bpmn": b"<x", "r.dmn": b"", "forms/b.form": b"{", "lang/de.po": b"\xff"}

    found = findings(element("task", "x"), path="s x e", others=others)

    assert [(f.rule, f.file) for f in found] == [
        ("unreadable", "forms/b.form"),
        ("unreadable", "lang/de.po"),
        ("abstract_task", "p.bpmn"),
        ("unreadable", "q.bpmn"),
        ("unreadable", "r.dmn"),
    ]


def test_what_is_no_pack_at_all_has_one_finding():
    (found,) = check_files({"pack.toml": b"id = 3"}, forms=None, services=None)

    assert (found.rule, found.file, found.message) == (
        "unreadable",
        "pack.toml",
        "pack.toml cannot be read: id: A text is needed here.",
    )


def test_missing_translations_are_counted_per_file_and_language():
    config = "\n"
    files = files_of(path="s e", config=config)
    files["pack.toml"] = files["pack.toml"].replace(
        b'language = "en"', b'language = "en"\nlanguages = ["en", "de"]'
    )
    files["lang/de.po"] = b'msgctxt "p.bpmn#s/name"\nmsgid "s"\nmsgstr "Anfang"\n'

    found = [
        (each.file, each.message)
        for each in check(open_pack(files), forms=Forms(), services=SERVICES)
        if each.rule == "words_missing"
    ]

    assert found == [
        ("deadlines.dmn", "1 of 1 texts have no translation into “de”, first “deadlines”."),
        ("p.bpmn", "2 of 3 texts have no translation into “de”, first “A process”."),
        ("pack.toml", "4 of 4 texts have no translation into “de”, first “Small”."),
    ]


def test_what_is_not_drawn_is_named_unless_its_sub_process_is_closed():
    process = a_process(start(), sub("w", start("i"), end("x"), path="i x"), end(), path="s w e")
    open_drawn = drawn("p", "s", "w", "e", edges=("s_w",)).replace(
        'bpmnElement="w"', 'bpmnElement="w" isExpanded="true"'
    )
    closed = drawn("p", "s", "w", "e", edges=("s_w",))

    def missing(layout: str) -> list[str]:
        found = check_file(a_file(process, layout), "p.bpmn")
        return [f.element for f in found if f.rule == "not_drawn"]

    assert missing(closed) == ["w_e"]
    assert missing(open_drawn) == ["i", "x", "w_e", "i_x"]


def test_a_bare_file_is_checked_for_what_it_holds_itself():
    parts = (start(), user("a", extension(zeebe("formDefinition", formId="x"))), end())
    data = a_file(a_process(*parts, path="s a e"))

    assert [(f.rule, f.severity) for f in check_file(data, "p.bpmn")] == [
        ("layout_missing", "warning")
    ]


def test_a_finding_carries_all_that_a_screen_needs():
    parts = (start(), xor("g"), user("a"), end(), flow("g", "a", "=x"), flow("g", "e", "=y"))
    data = a_file(a_process(*parts, path="s g, a e"))

    found = next(f for f in check_file(data, "p.bpmn") if f.severity == "error")

    assert (found.file, found.element, found.rule) == ("p.bpmn", "g", "no_default")
    assert found.message == (
        "All conditions after “g” can be false at once; then the case would stand still."
    )
    assert found.remedy == "Make one of the flows the default flow."


def test_very_many_findings_are_cut_off():
    parts = [element("task", f"t{n}") for n in range(400)]
    path = " ".join(["s", *(f"t{n}" for n in range(400)), "e"])

    found = check_file(a_file(a_process(start(), *parts, end(), path=path)), "p.bpmn")

    assert (len(found), found[-1].rule) == (301, "too_much")


def test_too_large_a_process_is_refused_at_once():
    parts = [user(f"t{n}") for n in range(2001)]
    began = process_time()

    found = check_file(a_file(a_process(start(), *parts, end())), "p.bpmn")

    assert [f.rule for f in found] == ["too_many"]
    assert process_time() - began < 3


# Strangers' files.


def mutant(data: bytes, seed: int) -> bytes:
    """A diagram with a few things broken."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    if chance.random() < 0.2:
        cut = sorted(chance.randrange(len(data)) for _ in range(2))
        return data[: cut[0]] + data[cut[1] :]
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 6)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)][1:]
        chance.choice(BREAKING)(chance, chance.choice(nodes), nodes)
    return etree.tostring(root)


def _remove(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    parent = node.getparent()
    if parent is not None and parent.getparent() is not None:
        parent.remove(node)


def _move(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    target = chance.choice(nodes)
    if node not in list(target.iterancestors()) and target is not node:
        target.append(node)


def _rename(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    node.tag = chance.choice(nodes).tag


def _change(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    others = [value for other in nodes for value in other.attrib.values()]
    for key in node.attrib:
        if chance.random() < 0.5:
            node.set(key, chance.choice([*others, "", "=", "=x", "${y}", "P1D", "NaN", "9" * 50]))


def _drop(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    for key in list(node.attrib):
        if chance.random() < 0.5:
            del node.attrib[key]


def _say(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    node.text = chance.choice(["", "=", "=1 +", "R/P1D", "=deadlines", "x" * 300, "{}", "{0}"])


BREAKING = (_remove, _move, _rename, _change, _drop, _say)


@pytest.mark.parametrize("batch", range(4))
def test_broken_diagrams_are_checked_without_failing(batch: int):
    sources = sorted(ARENA.glob("*.bpmn"))
    for seed in range(batch * 50, batch * 50 + 50):
        data = mutant(sources[seed % len(sources)].read_bytes(), seed)
        began = process_time()

        found = check_file(data, "x.bpmn")

        assert process_time() - began < 1
        assert all(each.message and each.remedy for each in found)


def test_a_pack_of_broken_diagrams_is_checked_without_failing():
    files = dict(read_folder(ARENA))
    for seed, name in enumerate(sorted(name for name in files if name.endswith(".bpmn"))):
        files[name] = mutant(files[name], 1000 + seed)

    found = check_files(files, forms=None, services=None)

    assert {each.severity for each in found} >= {"error"}


def test_random_sound_diagrams_lack_nothing_but_their_layout():
    for seed in range(60):
        maker = Maker(random.Random(seed))  # noqa: S311 - repeatable
        data = maker.file(maker.whole())

        found = {each.rule for each in check_file(data, "x.bpmn") if each.severity != "advice"}

        # On a busy machine a walk may be cut short, which is said.
        assert found - {"too_large"} == {"layout_missing"}, seed


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_no_bytes_make_the_check_fail(data: bytes):
    assert [each.rule for each in check_file(data, "x.bpmn")] == ["unreadable"]


def test_the_arena_has_no_errors():
    pack = open_pack(read_folder(ARENA))

    found = check(pack, forms=None, services=None)

    assert [(f.file, f.element, f.message) for f in found if f.severity != "advice"] == []
