"""What may not be drawn is refused where it stands, and the rest is left alone."""

import pytest

from engine.diagram import Process, read
from engine.findings import RULES
from engine.profile import check_profile
from engine.structure import check_structure, cover_everything
from tests.builders_bpmn import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    catch,
    declared,
    element,
    end,
    extension,
    first_of,
    flow,
    lanes,
    many,
    mapping,
    message,
    on,
    service,
    some,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
    zeebe,
)

AROUND = (
    message("m"),
    declared("signal", "all"),
    declared("error", "failed"),
    declared("escalation", "late"),
)
LINK = '<bpmn:linkEventDefinition name="there"/>'


def the_process(*parts: str, path: str = "") -> Process:
    (process,) = read(a_file(*AROUND, a_process(*parts, path=path)), "p.bpmn")
    return process


def refused(*parts: str) -> list[tuple[str, str]]:
    return [(f.rule, f.element) for f in check_profile(the_process(*parts))]


def loose(*parts: str, path: str = "") -> list[tuple[str, str]]:
    return [(f.rule, f.element) for f in check_structure(the_process(*parts, path=path))]


ALLOWED = {
    "starts": (
        start("a"),
        start("b", on("message", "m")),
        start("c", timer()),
        start("d", on("signal", "all")),
    ),
    "ends": (
        end("a"),
        end("b", on("message", "m")),
        end("c", on("signal", "all")),
        end("d", on("error", "failed")),
        end("f", on("escalation", "late")),
        end("g", on("terminate")),
    ),
    "tasks": (
        user("a"),
        element("manualTask", "b"),
        service("c"),
        element("sendTask", "d", messageRef="m"),
        element("receiveTask", "f", messageRef="m"),
        element("scriptTask", "g"),
        element("businessRuleTask", "h"),
        call("i", "other"),
    ),
    "gateways": (xor("a"), both("b"), some("c"), first_of("d")),
    "catching": (
        catch("a", on("message", "m")),
        catch("b", timer()),
        catch("c", on("signal", "all")),
        catch("d", LINK),
        throw("f", LINK),
    ),
    "throwing": (
        throw("a", ""),
        throw("b", on("message", "m")),
        throw("c", on("signal", "all")),
        throw("d", on("escalation", "late")),
    ),
    "boundaries": (
        sub("w", start("i"), end("x"), path="i x"),
        boundary("a", "w", on("message", "m")),
        boundary("b", "w", timer(), interrupting=False),
        boundary("c", "w", on("signal", "all")),
        boundary("d", "w", on("error")),
        boundary("f", "w", on("escalation", "late"), interrupting=False),
        boundary("g", "w", on("message", "m"), interrupting=False),
        service("s"),
        boundary("h", "s", on("error", "failed")),
    ),
    "beside": (
        aside("a", on("message", "m"), end("a_e")),
        aside("b", timer(), end("b_e"), interrupting=False),
        aside("c", on("signal", "all"), end("c_e")),
        aside("d", on("error"), end("d_e")),
        aside("f", on("error", "failed"), end("f_e")),
        aside("g", on("escalation"), end("g_e"), interrupting=False),
        sub("w", aside("h", on("escalation", "late"), end("h_e"))),
    ),
    "repeated": (
        user("a", many()),
        call("b", "other", loop=many(sequential=True)),
        sub("c", many(), start("i"), end("x")),
        user(
            "d",
            '<bpmn:standardLoopCharacteristics loopMaximum="3"/>',
        ),
    ),
    "information": (
        element("dataObject", "a"),
        element("dataStoreReference", "b"),
        element("group", "c"),
        "<bpmn:textAnnotation id='t'/>",
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_be_drawn_has_no_findings(name: str):
    assert refused(*ALLOWED[name]) == []


CONDITIONAL = (
    "<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition>"
)
REFUSED = {
    "abstract_task": (element("task", "x"),),
    "complex_gateway": (element("complexGateway", "x"),),
    "ad_hoc": (element("adHocSubProcess", "x"),),
    "transaction": (element("transaction", "x"),),
    "unsupported_element": (element("choreographyTask", "x"),),
    "conditional_event": (catch("x", CONDITIONAL),),
    "several_events": (catch("x", timer() + on("message", "m")),),
    "unsupported_event": (catch("x", on("error", "failed")),),
    "event_nowhere": (catch("x", on("message", "gone")),),
    "event_without_reference": (element("receiveTask", "x"),),
    "no_event": (catch("x", ""),),
    "error_kept": (
        sub("w", start("x", on("error"), isInterrupting="false"), triggeredByEvent="true"),
    ),
    "link_alone": (throw("x", LINK),),
    "link_twice": (throw("x", LINK), catch("b", LINK), catch("c", LINK)),
    "boundary_never": (user("a"), boundary("x", "a", on("escalation", "late"))),
    "boundary_many": (user("a", many()), boundary("x", "a", timer())),
    "boundary_start": (start("a"), boundary("x", "a", timer())),
    "many_collection": (user("x", many(collection="parties")),),
    "many_output": (
        user(
            "x",
            "<bpmn:multiInstanceLoopCharacteristics>"
            + extension(
                zeebe("loopCharacteristics", inputCollection="=ps", outputCollection="all")
            )
            + "</bpmn:multiInstanceLoopCharacteristics>",
        ),
    ),
    "many_kind": (xor("x").replace("></bpmn:", f">{many()}</bpmn:"),),
    "loop_unbounded": (user("x", "<bpmn:standardLoopCharacteristics/>"),),
    "instantiate": (element("receiveTask", "x", messageRef="m", instantiate="true"),),
    "form_key": (user("x", extension(zeebe("formDefinition", formKey="f"))),),
    "person_named": (user("x", extension(zeebe("assignmentDefinition", assignee="eva"))),),
    "propagate_all": (
        element(
            "callActivity",
            "x",
            extension(zeebe("calledElement", processId="p", propagateAllParentVariables="true")),
        ),
    ),
    "process_expression": (
        element("callActivity", "x", extension(zeebe("calledElement", processIdExpression="p"))),
    ),
    "called_element": (element("callActivity", "x", calledElement="p"),),
    "plain_script": (element("scriptTask", "x", "<bpmn:script>x = 1</bpmn:script>"),),
    "unread_data": (user("x", "<bpmn:dataInputAssociation/>"),),
    "camunda_7": (user("x", **{"camunda:formRef": "f"}),),
    "unread": (user("x", extension(zeebe("executionListeners"))),),
}
QUIETLY = {
    "several tokens": user("x", startQuantity="2"),
    "several tokens out": user("x", completionQuantity="2"),
    "all events": element("eventBasedGateway", "x", eventGatewayType="Parallel"),
    "what is thrown per item": user(
        "x",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:complexBehaviorDefinition/>"
        + extension(zeebe("loopCharacteristics", inputCollection="=ps"))
        + "</bpmn:multiInstanceLoopCharacteristics>",
    ),
}


@pytest.mark.parametrize("name", QUIETLY)
def test_what_would_mean_something_else_is_not_passed_over(name: str):
    assert refused(QUIETLY[name]) == [("unread", "x")]


def test_a_list_named_in_plain_bpmn_is_refused():
    plain = "<bpmn:loopDataInputRef>d</bpmn:loopDataInputRef>"
    loop = many().replace("</bpmn:multi", f"{plain}</bpmn:multi")

    assert refused(user("x", loop)) == [("unread_data", "x")]


def test_several_events_at_once_are_refused():
    part = start("x", on("message", "m"), timer(), parallelMultiple="true")

    assert refused(part) == [("unread", "x"), ("several_events", "x")]


@pytest.mark.parametrize("rule", REFUSED)
def test_a_refusal_names_the_element_and_says_what_to_do(rule: str):
    (refusal,) = check_profile(the_process(*REFUSED[rule]))

    assert "“x”" in refusal.message
    assert refusal.message.endswith(".")
    assert len(refusal.remedy.split()) > 1
    assert refusal.remedy.endswith((".", "="))


@pytest.mark.parametrize("rule", REFUSED)
def test_what_may_not_be_drawn_is_refused_where_it_stands(rule: str):
    assert refused(*REFUSED[rule]) == [(rule, "x")]


ASIDES = {
    "a plain start": (aside("h", ""), ("no_event", "h_on")),
    "a terminate": (aside("h", on("terminate")), ("unsupported_event", "h_on")),
    "two events": (aside("h", timer() + on("error")), ("several_events", "h_on")),
    "a repetition": (aside("h", timer(), many()), ("many_kind", "h")),
    "a mapping": (aside("h", timer(), extension(mapping(inputs={"a": "=b"}))), ("unread", "h")),
    "an event on its border": (
        aside("h", timer()) + boundary("x", "h", timer()),
        ("boundary_start", "x"),
    ),
}


@pytest.mark.parametrize("name", ASIDES)
def test_an_event_sub_process_begins_with_one_event_and_shares_what_is_around_it(name: str):
    part, expected = ASIDES[name]

    assert refused(part) == [expected]


def test_an_error_on_the_border_interrupts():
    part = boundary("x", "a", on("error", "failed"), interrupting=False)

    assert refused(call("a", "b"), part) == [("error_kept", "x")]


def test_a_refusal_says_why_and_what_to_draw_instead():
    (refusal,) = check_profile(the_process(element("complexGateway", "x", name="All or two?")))

    assert (refusal.severity, refusal.message, refusal.remedy) == (
        "error",
        "“All or two?” is a complex gateway; its rule cannot be checked.",
        "Use an exclusive, parallel or inclusive gateway.",
    )
    assert RULES[refusal.rule].message.format_map(refusal.facts) == refusal.message


def test_an_event_that_does_not_belong_there_is_told_what_does():
    (refusal,) = check_profile(the_process(catch("x", on("error", "failed"))))

    assert refusal.message == "“x” has an error event, which cannot stand here."
    assert refusal.remedy == "What can stand here: message, timer, signal, link."


WELL_FORMED = (start("s"), user("a"), end("e"))


def test_a_line_of_connected_steps_hangs_together():
    assert loose(*WELL_FORMED, path="s a e") == []


LOOSE = {
    "no_start": ((user("a"), end("e")), "a e", "p"),
    "several_starts": ((*WELL_FORMED, start("s2")), "s a e, s2 a", "p"),
    "no_end": ((start("s"), user("a"), xor("g")), "s a g a", "p"),
    "sub_process_start": ((*WELL_FORMED, sub("w", end("x"))), "s a w e", "w"),
    "event_sub_process_start": (
        (*WELL_FORMED, aside("w", timer(), start("i", timer()), end("x"), path="w_on x, i x")),
        "s a e",
        "w",
    ),
    "event_sub_process_flow": (
        (*WELL_FORMED, aside("w", timer(), end("x"), path="w_on x")),
        "s a w",
        "w",
    ),
    "dangling_flow": ((*WELL_FORMED, both("g"), flow("g", "gone", id="f")), "s a g e", "f"),
    "flow_into_start": ((*WELL_FORMED, both("g")), "s a g e, g s", "s"),
    "no_way_on": ((*WELL_FORMED, user("b"), both("g")), "s a g e, g b", "b"),
    "several_ways_on": ((*WELL_FORMED, end("e2")), "s a e, a e2", "a"),
    "boundary_detached": ((*WELL_FORMED, boundary("b", "x", timer())), "s a e, b e", "b"),
    "default_elsewhere": (
        (
            *WELL_FORMED,
            xor("g", default="s_a"),
            end("e2"),
            flow("g", "e", "=x"),
            flow("g", "e2", "=not(x)"),
        ),
        "s a g",
        "g",
    ),
    "missing_condition": (
        (*WELL_FORMED, xor("g", default="g_e"), end("e2")),
        "s a g e, g e2",
        "g",
    ),
    "no_default": (
        (*WELL_FORMED, xor("g"), end("e2"), flow("g", "e", "=x"), flow("g", "e2", "=y")),
        "s a g",
        "g",
    ),
    "default_condition": (
        (
            *WELL_FORMED,
            xor("g", default="g_e"),
            end("e2"),
            flow("g", "e", "=x"),
            flow("g", "e2", "=y"),
        ),
        "s a g",
        "g",
    ),
    "condition_ignored": ((*WELL_FORMED[:2], end("e"), flow("a", "e", "=x")), "s a", "a"),
    "event_gateway_target": (
        (*WELL_FORMED, first_of("g"), catch("c", timer())),
        "s g a e, g c e",
        "g",
    ),
    "event_gateway_timers": (
        (start("s"), end("e"), first_of("g"), catch("c", timer()), catch("d", timer())),
        "s g c e, g d e",
        "g",
    ),
    "event_gateway_shared": (
        (
            *WELL_FORMED,
            xor("x", default="x_a"),
            flow("x", "c", "=y"),
            first_of("g"),
            catch("c", timer()),
        ),
        "s x a g c e",
        "c",
    ),
    "lane_conflict": (
        (
            lanes(referrer="s w e", manager="a"),
            start("s"),
            end("e"),
            sub("w", start("i"), user("a"), end("x"), path="i a x"),
        ),
        "s w e",
        "a",
    ),
}


@pytest.mark.parametrize("rule", LOOSE)
def test_what_does_not_hang_together_is_named(rule: str):
    parts, path, id = LOOSE[rule]

    assert loose(*parts, path=path) == [(rule, id)]


def test_a_flow_across_the_border_of_a_sub_process_is_named():
    inner = sub("w", start("i"), user("a"), end("x"), path="i a x")

    assert loose(start("s"), inner, end("e"), flow("a", "e", id="f"), path="s w e") == [
        ("flow_crosses", "f"),
        ("several_ways_on", "a"),
    ]


def test_ids_given_twice_are_named():
    twice = (*WELL_FORMED, user("a"))

    assert loose(*twice, path="s a e") == [("duplicate_id", "a")]


def test_a_step_with_the_id_of_its_process_is_named():
    assert loose(start("s"), user("p"), end("e"), path="s p e") == [("shared_id", "p")]


@pytest.mark.parametrize(
    ("conditions", "covered"),
    [
        (["=x", "=not(x)"], True),
        (["=x = true", "=x = false"], True),
        (['=a = "y"', '=a != "y"'], True),
        (["=a >= 2", "=a < 2"], True),
        (["=a > 2", "=a < 2"], False),
        (['=a = "y"', '=a = "n"'], False),
        (["=true", "=x"], True),
        (["=x +"], False),
    ],
)
def test_conditions_that_leave_nothing_out_need_no_default(conditions: list[str], covered: bool):
    assert cover_everything(conditions) is covered
