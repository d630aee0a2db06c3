"""Each of the ten commonest changes, done as its page says, on a small routine that then runs."""

import json
from datetime import UTC, datetime, timedelta

from casework.handbook import writing
from casework.releases.checks import findings_of
from casework.releases.telling import changed_files
from casework.words import Words
from engine.decisions import read, with_result
from engine.decisions.model import DEADLINES, Rule, Table
from engine.differences import differences
from engine.packs import Pack, open_pack, read_folder
from forms import check, read_form
from tests.arena import ARENA
from tests.docs.tables import ROOT
from tests.engine.moving.crossings import foretold
from tests.engine.playing import Play
from tests.forms.build import PARTIES
from tests.web.test_thirty_mistakes import ASKS, SOUND, asked

NOW = datetime(2027, 2, 1, tzinfo=UTC)
PAGE = ROOT / "docs" / "bpmn" / "ten-changes.md"
FLOW = '<bpmn:sequenceFlow id="need_end" sourceRef="need" targetRef="end"></bpmn:sequenceFlow>'
SECOND = SOUND | {
    "pack.toml": SOUND["pack.toml"]
    + b'[roles.manager]\ntitle = "Manager"\nscope = "manager"\nmembers = ["manager"]\n'
}


def changed(*pairs: tuple[str, str], file: str = "routine.bpmn") -> dict[str, bytes]:
    """The small pack with words of one file replaced; each stood there, and no error came."""
    text = SECOND[file].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    files = {**SECOND, file: text.encode()}
    assert [f for f in findings_of(files) if f.severity == "error"] == []
    return files


def told(files: dict[str, bytes]) -> set[tuple[str, str, str]]:
    """Kind, what and id of each difference."""
    found = differences(open_pack(SECOND), open_pack(files))
    return {(each.kind, each.aspect, each.id) for each in found}


def play(files: dict[str, bytes]) -> Play:
    return Play(files["routine.bpmn"])


def drawn_in() -> dict[str, bytes]:
    return changed(
        (
            FLOW,
            '<bpmn:userTask id="look" name="Look again"/>'
            '<bpmn:sequenceFlow id="need_look" sourceRef="need" targetRef="look"/>'
            '<bpmn:sequenceFlow id="look_end" sourceRef="look" targetRef="end"/>',
        ),
        ("</bpmn:lane>", "<bpmn:flowNodeRef>look</bpmn:flowNodeRef></bpmn:lane>"),
    )


def test_the_page_has_ten_and_each_is_tested_here():
    headings = [line for line in PAGE.read_text().splitlines() if line.startswith("## ")]
    tests = [name for name in globals() if name.startswith("test_change_")]

    assert [int(line.split()[1].rstrip(".")) for line in headings] == list(range(1, 11))
    assert len(tests) == 10


def test_change_1_a_step_is_called_something_else_and_cases_stay():
    files = changed(('<bpmn:userTask id="need"', '<bpmn:userTask id="need" name="Ask first"'))

    assert told(files) == {("changed", "step", "need")}
    assert foretold(play(SECOND), files["routine.bpmn"]).kind == "same"


def test_change_2_a_step_is_drawn_in():
    files = drawn_in()

    running = play(files).do("need", amount=1)

    assert running.open == ["look"]
    assert running.do("look").ended
    assert foretold(play(SECOND), files["routine.bpmn"]).kind == "same"


def test_change_3_a_step_is_taken_out_and_who_waits_there_cannot_be_moved():
    before, after = drawn_in(), SECOND
    waiting = play(before).do("need", amount=1)

    [reason] = foretold(waiting, after["routine.bpmn"]).blocked

    assert (reason.code, reason.element) == ("gone", "look")
    assert foretold(play(before), after["routine.bpmn"]).kind == "same"
    assert play(after).do("need", amount=1).ended


def test_change_4_a_step_is_given_to_somebody_else():
    lane = (
        '<bpmn:lane id="lane_manager" name="manager"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="role" value="manager"/></zeebe:properties>'
        "</bpmn:extensionElements><bpmn:flowNodeRef>need</bpmn:flowNodeRef></bpmn:lane>"
    )
    files = changed(
        ("<bpmn:flowNodeRef>need</bpmn:flowNodeRef></bpmn:lane>", f"</bpmn:lane>{lane}")
    )

    assert writing.roles(open_pack(files)) == ["manager"]
    assert told(files) >= {("changed", "step", "need")}


def test_change_5_a_deadline_is_longer_for_every_step_that_names_it():
    files = dict(read_folder(ARENA))
    file = open_pack(files).decisions[DEADLINES].name
    [rule] = [r for r in rows(files[file]) if r.tests[0].text == '"first_contact_after_referral"']

    files[file] = with_result(files[file], rule.id, 'duration("P99D")')

    pack = open_pack(files)
    books = (writing.chapters(Words(pack, "en"), role) for role in writing.roles(pack))
    steps = [step for book in books for chapter in book for step in chapter.steps]
    assert {step.title for step in steps if step.when == "99 days"} == {
        Words(pack, "en").element(process.id, step.id)
        for process in pack.diagrams.values()
        for step in process.nodes
        if step.due == "=now() + deadlines.first_contact_after_referral"
    }


def rows(data: bytes) -> tuple[Rule, ...]:
    table = read(data, "deadlines.dmn").decision(DEADLINES).box
    assert isinstance(table, Table)
    return table.rules


def test_change_6_one_more_question_is_asked_and_answered():
    drawn = json.loads(SECOND["forms/need.form"])
    more = {"type": "checkbox", "id": "f_urgent", "key": "urgent", "label": "Urgent"}
    drawn["components"].append(more)
    files = {**SECOND, "forms/need.form": json.dumps(drawn).encode()}

    form = read_form(files["forms/need.form"])
    sent = {"amount": ["3"], "urgent": ["true"]}
    checked = check(form, sent, {}, choices=PARTIES, now=NOW, language="en")

    assert [f for f in findings_of(files) if f.severity == "error"] == []
    assert checked.values["urgent"] is True
    assert told(files) == {("added", "field", "urgent")}


def test_change_7_the_routine_goes_two_ways():
    files = changed(
        (
            FLOW,
            '<bpmn:exclusiveGateway id="g" default="g_end"/><bpmn:userTask id="more"/>'
            '<bpmn:sequenceFlow id="need_g" sourceRef="need" targetRef="g"/>'
            '<bpmn:sequenceFlow id="g_end" sourceRef="g" targetRef="end"/>'
            '<bpmn:sequenceFlow id="g_more" sourceRef="g" targetRef="more">'
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt; 5'
            "</bpmn:conditionExpression></bpmn:sequenceFlow>"
            '<bpmn:sequenceFlow id="more_end" sourceRef="more" targetRef="end"/>',
        ),
        ("</bpmn:lane>", "<bpmn:flowNodeRef>more</bpmn:flowNodeRef></bpmn:lane>"),
    )

    assert play(files).do("need", amount=9).open == ["more"]
    assert play(files).do("need", amount=1).ended


def test_change_8_somebody_is_reminded_and_the_step_stays_open():
    files = changed(
        (
            FLOW,
            f'{FLOW}<bpmn:boundaryEvent id="late" attachedToRef="need" cancelActivity="false">'
            "<bpmn:timerEventDefinition><bpmn:timeDuration>P7D</bpmn:timeDuration>"
            '</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:userTask id="remind"/>'
            '<bpmn:endEvent id="reminded"/>'
            '<bpmn:sequenceFlow id="late_on" sourceRef="late" targetRef="remind"/>'
            '<bpmn:sequenceFlow id="remind_on" sourceRef="remind" targetRef="reminded"/>',
        ),
        ("</bpmn:lane>", "<bpmn:flowNodeRef>remind</bpmn:flowNodeRef></bpmn:lane>"),
    )

    assert play(files).advance(timedelta(days=6)).open == ["need"]
    assert play(files).advance(timedelta(days=8)).open == ["need", "remind"]


def test_change_9_guidance_stands_in_the_handbook():
    files = changed(
        (
            '<bpmn:userTask id="need">',
            '<bpmn:userTask id="need"><bpmn:documentation>Ask twice.</bpmn:documentation>',
        )
    )

    [chapter] = writing.chapters(Words(open_pack(files), "en"), "case_lead")

    assert [step.guidance for step in chapter.steps] == ["Ask twice."]


def test_change_10_a_row_decides_otherwise_and_the_diagram_stays():
    table = asked(("< 10", '"small"'), (">= 10", '"big"'))
    before = {**SECOND, "routine.bpmn": ASKS, "size.dmn": table}
    box = read(table, "size.dmn").decision("size").box
    assert isinstance(box, Table)

    after = {**before, "size.dmn": with_result(table, box.rules[0].id, '"big"')}

    packs: tuple[Pack, Pack] = (open_pack(before), open_pack(after))
    [file] = changed_files(*packs, "en", first="routine")
    found = packs[1].decisions["size"].evaluate("size", {"amount": 3}, now=NOW)
    assert file.path == "size.dmn"
    assert [f for f in findings_of(after) if f.severity == "error"] == []
    assert found.value == "big"
