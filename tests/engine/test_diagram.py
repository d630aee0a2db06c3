"""What a BPMN file says is read whole, right or wrong."""

import pytest

from engine.diagram import (
    BadDiagram,
    Box,
    Decision,
    Edge,
    Lane,
    Mapping,
    MultiInstance,
    Pool,
    Process,
    Script,
    Service,
    Shape,
    StandardLoop,
    Timer,
    feel_source,
    read,
)
from tests.builders_bpmn import (
    a_file,
    a_process,
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
    many,
    mapping,
    message,
    on,
    properties,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
    zeebe,
)


def the_process(*parts: str, path: str = "", around: tuple[str, ...] = ()) -> Process:
    (process,) = read(a_file(*around, a_process(*parts, path=path)), "p.bpmn")
    return process


def test_a_user_task_carries_all_that_its_panel_sets():
    task = element(
        "userTask",
        "a",
        "<bpmn:documentation>Ask first.</bpmn:documentation>",
        extension(
            zeebe("userTask"),
            zeebe("formDefinition", formId="ask"),
            zeebe("assignmentDefinition", candidateGroups="case_lead"),
            zeebe("taskSchedule", dueDate="=now()", followUpDate="=today()"),
            zeebe("priorityDefinition", priority="70"),
            mapping(inputs={"x": "=y"}, outputs={"z": '=answer = "yes"'}),
            properties(consent__purpose="planning", milestone="meeting"),
        ),
        name="Ask",
    )

    a = the_process(task).elements["a"]

    assert (a.kind, a.name, a.documentation, a.form) == ("user_task", "Ask", "Ask first.", "ask")
    assert (a.candidate_groups, a.due, a.follow_up) == ("case_lead", "=now()", "=today()")
    assert (a.priority, a.foreign) == ("70", ())
    assert a.inputs == (Mapping("=y", "x"),)
    assert a.outputs == (Mapping('=answer = "yes"', "z"),)
    assert dict(a.properties) == {"consent.purpose": "planning", "milestone": "meeting"}


def test_services_scripts_decisions_and_calls_name_what_they_use():
    rule = zeebe("calledDecision", decisionId="eligibility", resultVariable="eligible")
    process = the_process(
        service("a", "plan.adopt"),
        script("b", "=1 + 1", "two"),
        element("businessRuleTask", "c", extension(rule)),
        call("d", "closure", loop=many()),
    )

    assert process.elements["a"].service == Service("plan.adopt", None)
    assert process.elements["b"].script == Script("=1 + 1", "two")
    assert process.elements["c"].decision == Decision("eligibility", "eligible")
    assert process.elements["d"].called == "closure"
    assert process.elements["d"].loop == MultiInstance(
        False, "=parties", "party", None, None, None
    )


def test_a_standard_loop_keeps_its_bound():
    inner = (
        '<bpmn:standardLoopCharacteristics loopMaximum="3" testBefore="true">'
        "<bpmn:loopCondition>=again</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )

    assert the_process(user("a", inner)).elements["a"].loop == StandardLoop(True, "=again", 3)


def test_events_are_resolved_to_what_the_file_declares():
    process = the_process(
        catch("m", on("message", "m1")),
        boundary("t", "a", timer("=deadlines.x"), interrupting=False),
        boundary("x", "a", on("escalation", "late")),
        end("gone", on("error", "nowhere")),
        around=(message("m1", "placed"), declared("escalation", "late", "no_answer")),
    )

    m, t, x, gone = (process.elements[id].event for id in ("m", "t", "x", "gone"))

    assert m
    assert (m.kind, m.name, m.correlation) == ("message", "placed", "=case_ref")
    assert t
    assert t.timer == Timer("duration", "=deadlines.x")
    assert (process.elements["t"].attached_to, process.elements["t"].interrupting) == ("a", False)
    assert x
    assert (x.name, x.code) == ("late", "no_answer")
    assert gone
    assert (gone.kind, gone.reference, gone.name) == ("error", "nowhere", None)


def test_flows_know_their_condition_and_their_sub_process():
    process = the_process(
        start(),
        xor("g", default="g_e"),
        sub("w", start("s2"), end("e2"), path="s2 e2"),
        end(),
        flow("g", "w", "=x > 1"),
        path="s g e, w e",
    )

    assert process.flows["g_w"].condition == "=x > 1"
    assert process.elements["g"].default_flow == "g_e"
    assert process.flows["s2_e2"].parent == "w"
    assert [flow.id for flow in process.incoming("e")] == ["g_e", "w_e"]
    assert [flow.target for flow in process.outgoing("g")] == ["w", "e"]
    assert [element.id for element in process.children("w")] == ["s2", "e2"]
    assert [element.id for element in process.starts("w")] == ["s2"]


def test_the_innermost_lane_wins_and_sub_processes_pass_theirs_on():
    process = the_process(
        lanes(referrer="s w", manager="a"),
        start(),
        sub("w", user("a"), user("b")),
        boundary("t", "w", timer()),
    )

    roles = {id: process.role_of(element) for id, element in process.elements.items()}

    assert roles == dict.fromkeys(("s", "w", "a", "b", "t"), "referrer")
    assert process.lanes["lane_manager"] == Lane(
        "lane_manager", "manager", "manager", None, None, ("a",)
    )


def test_the_layout_is_read_and_what_has_no_finite_place_is_left_out():
    data = a_file(
        '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="All" processRef="p"/>'
        "</bpmn:collaboration>",
        a_process(start(), end(), path="s e"),
        drawn("c", "pool", "s", edges=("s_e",)).replace('x="150"', 'x="inf"'),
    )

    (process,) = read(data, "p.bpmn")

    assert process.pool == Pool("pool", "All")
    assert dict(process.layout.shapes) == {
        "pool": Shape("pool", Box(0, 100, 100, 80), None, None, True, "c")
    }
    assert dict(process.layout.edges) == {"s_e": Edge("s_e", ((0, 0), (10, 0)), None, "c")}


def test_ids_given_twice_are_named_and_the_first_is_kept():
    process = the_process(user("a", name="First"), end("a"))

    assert process.duplicates == ("a",)
    assert process.elements["a"].name == "First"


def test_what_this_notation_has_no_meaning_for_is_named():
    task = element(
        "userTask",
        "a",
        extension(
            zeebe("formDefinition", formKey="x"),
            zeebe("assignmentDefinition", candidateUsers="eva"),
            zeebe("executionListeners"),
            "<camunda:formData/>",
        ),
        **{"camunda:assignee": "eva"},
    )

    assert the_process(task).elements["a"].foreign == (
        ("camunda:assignee", "eva"),
        ("zeebe:formDefinition/formKey", "x"),
        ("zeebe:assignmentDefinition/candidateUsers", "eva"),
        ("zeebe:executionListeners", ""),
        ("camunda:formData", ""),
    )


def test_kinds_that_are_not_supported_are_kept():
    process = the_process(
        element("adHocSubProcess", "a", user("b")),
        element("complexGateway", "c"),
        sub("d", triggeredByEvent="true"),
        '<bpmn:textAnnotation id="t"><bpmn:text>Why</bpmn:text></bpmn:textAnnotation>',
    )

    kinds = {id: element.kind for id, element in process.elements.items()}

    assert kinds == {
        "a": "ad_hoc_sub_process",
        "b": "user_task",
        "c": "complex_gateway",
        "d": "event_sub_process",
        "t": "text_annotation",
    }
    assert [node.id for node in process.nodes] == ["a", "b", "c", "d"]
    assert process.elements["t"].name == "Why"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html/>", "This is not a BPMN 2.0 file: its root is not bpmn:definitions."),
        (a_file(), "The file holds no process."),
    ],
)
def test_a_file_without_a_process_is_refused(data: bytes, why: str):
    with pytest.raises(BadDiagram) as refusal:
        read(data, "p.bpmn")

    assert (str(refusal.value), refusal.value.file) == (why, "p.bpmn")


@pytest.mark.parametrize(
    ("text", "source"), [("=x + 1", "x + 1"), (" = x", "x"), ("P1D", None), (None, None)]
)
def test_a_leading_equals_sign_makes_feel(text: str | None, source: str | None):
    assert feel_source(text) == source
