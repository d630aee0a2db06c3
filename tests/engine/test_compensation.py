"""What is drawn of compensation either runs or is refused where it stands."""

import pytest

from engine.compensation import check_compensation
from engine.diagram import Process, read
from engine.findings import RULES
from engine.profile import check_profile
from engine.soundness import check_soundness
from engine.structure import check_structure
from engine.variables import World, check_variables
from tests.builders_bpmn import (
    a_file,
    a_process,
    aside,
    boundary,
    element,
    end,
    extension,
    many,
    mapping,
    on,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)

EVERYTHING = on("compensate")


def line(source: str, target: str) -> str:
    return f'<bpmn:association id="l_{source}" sourceRef="{source}" targetRef="{target}"/>'


def undone(host: str, *inner: str) -> str:
    """A compensation event on a step, and the step that puts it right."""
    handler = user(f"undo_{host}", *inner, isForCompensation="true")
    return boundary(f"c_{host}", host, EVERYTHING) + handler + line(f"c_{host}", f"undo_{host}")


def undoing(activity: str) -> str:
    return f'<bpmn:compensateEventDefinition activityRef="{activity}"/>'


def the_process(*parts: str, path: str) -> Process:
    (process,) = read(a_file(a_process(start(), *parts, path=path)), "p.bpmn")
    return process


def found(*parts: str, path: str = "s a t e") -> list[tuple[str, str]]:
    process = the_process(*parts, path=path)
    checks = (check_profile, check_structure, check_soundness, check_compensation)
    return [(f.rule, f.element) for check in checks for f in check(process)]


RIGHT = {
    "everything": (user("a"), undone("a"), throw("t", EVERYTHING), end()),
    "one activity": (user("a"), undone("a"), throw("t", undoing("a")), end()),
    "at the end": (user("a"), undone("a"), user("t"), end("e", EVERYTHING)),
    "a sub-process as a whole": (
        sub("a", start("i"), user("b"), undone("b"), end("o"), path="i b o"),
        undone("a"),
        throw("t", EVERYTHING),
        end(),
    ),
    "what an event sub-process interrupts": (
        user("a"),
        undone("a"),
        user("t"),
        end(),
        aside("h", timer(), throw("u", EVERYTHING), end("x"), path="h_on u x"),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_can_be_put_right_has_no_findings(name: str):
    assert found(*RIGHT[name]) == []


WRONG = {
    "an event that leads nowhere": (
        (boundary("c_a", "a", EVERYTHING), throw("t", EVERYTHING)),
        [("compensation_handler", "c_a")],
    ),
    "a step that nothing leads to": (
        (user("x", isForCompensation="true"), undone("a"), throw("t", EVERYTHING)),
        [("compensation_alone", "x")],
    ),
    "an event on the border of what puts right": (
        (undone("a"), boundary("x", "undo_a", timer()), end("x_e"), throw("t", EVERYTHING)),
        [
            ("no_way_on", "x"),
            ("unreachable", "x"),
            ("unreachable", "x_e"),
            ("compensation_flow", "undo_a"),
        ],
    ),
    "more than a step": (
        (
            boundary("c_a", "a", EVERYTHING),
            sub("x", start("i"), end("o"), path="i o", isForCompensation="true"),
            line("c_a", "x"),
            throw("t", EVERYTHING),
        ),
        [("compensation_kind", "x")],
    ),
    "a repeated step that puts right": (
        (undone("a", many()), throw("t", EVERYTHING)),
        [("compensation_kind", "undo_a")],
    ),
    "an activity that has no event": (
        (throw("t", undoing("a")),),
        [("compensation_nothing", "t")],
    ),
    "nothing to put right": ((throw("t", EVERYTHING),), [("compensation_nothing", "t")]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_put_right_is_named_where_it_stands(name: str):
    parts, expected = WRONG[name]

    assert found(user("a"), end(), *parts) == expected


def test_a_repeated_step_is_not_put_right():
    parts = (element("serviceTask", "a", many()), undone("a"), throw("t", EVERYTHING), end())

    assert found(*parts) == [("compensation_many", "c_a")]
    assert "Move the repeated step into a process of its own" in RULES["compensation_many"].remedy


def test_what_lies_in_a_sub_process_is_put_right_there_or_as_a_whole():
    inner = sub("a", start("i"), user("b"), undone("b"), end("o"), path="i b o")

    assert found(inner, throw("t", EVERYTHING), end()) == [("compensation_inside", "t")]


def test_what_does_not_wait_is_refused():
    careless = '<bpmn:compensateEventDefinition waitForCompletion="false"/>'
    process = the_process(user("a"), undone("a"), throw("t", careless), end(), path="s a t e")

    (refusal,) = check_profile(process)

    assert (refusal.rule, refusal.element) == ("unread", "t")


def test_an_event_that_begins_with_compensation_is_told_what_can_stand_there():
    beside = aside("h", EVERYTHING, end("x"), path="h_on x")

    assert found(user("a"), beside, end(), path="s a e") == [("unsupported_event", "h_on")]


def test_what_puts_right_knows_what_was_known_when_the_step_was_done():
    def missing(written_by: str) -> list[tuple[str, str]]:
        handler = script("undo_a", "=x", "y").replace(
            '<bpmn:scriptTask id="undo_a"', '<bpmn:scriptTask id="undo_a" isForCompensation="true"'
        )
        outputs = extension(mapping(outputs={"x": "=1"}))
        parts = [
            user(id, *((outputs,) if id == written_by else ())) for id in ("before", "a", "later")
        ]
        event = boundary("c_a", "a", EVERYTHING) + handler + line("c_a", "undo_a")
        process = the_process(
            *parts, event, throw("t", EVERYTHING), end(), path="s before a later t e"
        )
        found = check_variables({"p": process}, World(), {"p": frozenset()})
        return [(f.rule, f.element) for f in found]

    assert missing("before") == []
    assert missing("a") == []
    assert missing("later") == [("maybe_unwritten", "undo_a")]
