"""Mistakes that people draw, and the one finding that each must have."""

from dataclasses import dataclass

import pytest

from engine.check import check_file
from tests.builders_bpmn import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    declared,
    element,
    end,
    extension,
    flow,
    mapping,
    message,
    on,
    script,
    some,
    start,
    sub,
    timer,
    user,
    xor,
)

AROUND = (message("told"), '<bpmn:message id="nameless"/>', declared("error", "failed"))
MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputElement="party"/></bpmn:extensionElements>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)


@dataclass(frozen=True)
class Mistake:
    """What is drawn between a start event ``s`` and an end event ``e``; where it is found."""

    rule: str
    element: str
    parts: tuple[str, ...]
    path: str
    severity: str = "error"
    others: tuple[str, ...] = ()


def writes(id: str, variable: str) -> str:
    return user(id, extension(mapping(outputs={variable: "=true"})))


def chosen(gateway: str, *targets: str) -> tuple[str, ...]:
    """An exclusive gateway and its flows; the last target is the default."""
    *asked, last = targets
    flows = [flow(gateway, each, f"=x = {n}") for n, each in enumerate(asked)]
    default = f"{gateway}_{last}"
    return (xor(gateway, default=default), *flows, flow(gateway, last, id=default))


DEADLOCK = Mistake(
    "deadlock_parallel",
    "j",
    (*chosen("g", "a", "b"), user("a"), user("b"), both("j")),
    "s g, a j e, b j",
)
UNSYNCHRONISED = Mistake(
    "unsynchronised",
    "j",
    (both("g"), user("a"), user("b"), xor("j"), user("c")),
    "s g a j c e, g b j",
)
MISTAKES = {
    "a choice joined as parallel": DEADLOCK,
    "parallel ways that meet in a choice": UNSYNCHRONISED,
    "a step that nothing leads to": Mistake(
        "unreachable", "o", (user("a"), user("o")), "s a e, o e"
    ),
    "a circle without a way out": Mistake(
        "cannot_finish",
        "a",
        (*chosen("g", "m", "e"), xor("m"), user("a"), user("b")),
        "s g, m a b m",
    ),
    "a loop that waits for nobody and changes nothing": Mistake(
        "loop_endless",
        "g",
        (xor("m"), script("a", "=1", "y"), *chosen("g", "m", "e")),
        "s m a g",
    ),
    "a loop that waits for nobody, but counts": Mistake(
        "loop_unwaited",
        "g",
        (script("zero", "=0", "x"), xor("m"), script("a", "=x + 1", "x"), *chosen("g", "m", "e")),
        "s zero m a g",
        severity="warning",
    ),
    "conditions with a gap": Mistake(
        "no_default",
        "g",
        (
            writes("w", "x"),
            xor("g"),
            user("a"),
            user("b"),
            flow("g", "a", "=x > 5"),
            flow("g", "b", "=x < 5"),
        ),
        "s w g, a e, b e",
    ),
    "no default and one condition": Mistake(
        "missing_condition",
        "g",
        (writes("w", "x"), xor("g"), user("a"), flow("g", "a", "=x"), flow("g", "e")),
        "s w g, a e",
        others=("no_default",),
    ),
    "a variable that one way does not write": Mistake(
        "maybe_unwritten_here",
        "h",
        (
            *chosen("g", "a", "b"),
            writes("a", "y"),
            user("b"),
            xor("h", default="h_e"),
            user("c"),
            flow("h", "c", "=y"),
        ),
        "s g, a h, b h e, c e",
        severity="warning",
    ),
    "a variable that nothing writes": Mistake(
        "never_written_here",
        "g",
        (xor("g", default="g_e"), user("a"), flow("g", "a", "=gone")),
        "s g e, a e",
        severity="advice",
    ),
    "a condition after a step": Mistake(
        "condition_ignored",
        "a",
        (writes("a", "y"), user("b"), flow("a", "b", "=y")),
        "s a, b e",
    ),
    "what cannot be run": Mistake(
        "complex_gateway", "x", (element("complexGateway", "x"),), "s x e"
    ),
    "a step that is unheard of": Mistake(
        "unsupported_element", "x", (element("choreographyTask", "x"),), "s x e"
    ),
    "a flow to nowhere": Mistake(
        "dangling_flow", "f", (both("g"), flow("g", "gone", id="f")), "s g e"
    ),
    "a flow to a note": Mistake(
        "dangling_flow",
        "f",
        (both("g"), '<bpmn:textAnnotation id="note"/>', flow("g", "note", id="f")),
        "s g e",
    ),
    "one id for two steps": Mistake("duplicate_id", "a", (user("a"), user("a")), "s a e"),
    "an event on the border of nothing": Mistake(
        "boundary_detached",
        "t",
        (user("a"), boundary("t", "gone", timer()), user("b")),
        "s a e, t b e",
        others=("unreachable",),
    ),
    "an event on the border of a gateway": Mistake(
        "boundary_start",
        "t",
        (xor("g"), boundary("t", "g", timer()), user("b")),
        "s g e, t b e",
        others=("unreachable",),
    ),
    "an event on the border of another frame's step": Mistake(
        "boundary_detached",
        "t",
        (
            sub("w", start("i"), user("a"), end("x"), path="i a x"),
            boundary("t", "a", timer()),
            user("b"),
        ),
        "s w e, t b e",
        others=("unreachable",),
    ),
    "an error on the border of a step for a person": Mistake(
        "boundary_never",
        "t",
        (user("a"), boundary("t", "a", on("error", "failed")), user("b")),
        "s a e, t b e",
        others=("unreachable",),
    ),
    "a message without a name": Mistake(
        "event_nowhere", "c", (catch("c", on("message", "nameless")),), "s c e"
    ),
    "no message at all": Mistake(
        "event_without_reference", "c", (catch("c", on("message")),), "s c e"
    ),
    "a timer without a time": Mistake("timer_missing", "c", (catch("c", timer("")),), "s c e"),
    "a timer that means nothing": Mistake(
        "timer_wrong", "c", (catch("c", timer("two days")),), "s c e"
    ),
    "a call to nothing": Mistake("called_missing", "c", (element("callActivity", "c"),), "s c e"),
    "a call to elsewhere": Mistake(
        "called_elsewhere", "c", (call("c", "gone"),), "s c e", severity="warning"
    ),
    "a call of itself": Mistake("call_endless", "c", (call("c", "p"),), "s c e"),
    "a call of itself, perhaps": Mistake(
        "call_circle", "c", (*chosen("g", "c", "e"), call("c", "p")), "s g, c e", "warning"
    ),
    "once per nothing": Mistake("many_collection", "a", (user("a", MANY),), "s a e"),
    "joins that wait for one another in a loop": Mistake(
        "deadlock_inclusive",
        "j",
        (both("g"), some("j"), some("k"), both("v"), both("w"), end("e2")),
        "s g j v e, g k w e2, v k, w j",
    ),
    "a condition without an equals sign": Mistake(
        "literal_condition",
        "f",
        (xor("g", default="g_e"), user("a"), flow("g", "a", "x > 5", id="f")),
        "s g e, a e",
    ),
    "an expression of Camunda 7": Mistake(
        "juel",
        "f",
        (xor("g", default="g_e"), user("a"), flow("g", "a", "${x > 5}", id="f")),
        "s g e, a e",
    ),
}


def found(*processes: str) -> list[tuple[str, str, str]]:
    rows = check_file(a_file(*AROUND, *processes), "p.bpmn")
    return [(f.rule, f.element, f.severity) for f in rows]


def expect(mistake: Mistake, *processes: str) -> None:
    rows = found(*processes)
    wanted = (mistake.rule, mistake.element, mistake.severity)
    others = {r for r in rows if r[2] == "error" and r != wanted and r[0] not in mistake.others}
    assert wanted in rows
    assert others == set()


def drawn(mistake: Mistake, *, ends: bool = True) -> tuple[tuple[str, ...], str]:
    return (start("s"), *mistake.parts, *((end("e"),) if ends else ())), mistake.path


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_where_it_is_and_nothing_else(name: str):
    parts, path = drawn(MISTAKES[name])

    expect(MISTAKES[name], a_process(*parts, path=path))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_within_a_frame_is_named_there(name: str):
    parts, path = drawn(MISTAKES[name])
    frame = sub("frame", *parts, path=path)

    outer = a_process(start("s0"), frame, end("e0"), path="s0 frame e0")

    expect(MISTAKES[name], outer)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_within_a_called_process_is_named_there(name: str):
    parts, path = drawn(MISTAKES[name])
    outer = a_process(start("s0"), call("c0", "p"), end("e0"), id="outer", path="s0 c0 e0")
    rows = found(a_process(*parts, path=path), outer)

    assert (MISTAKES[name].rule, MISTAKES[name].element, MISTAKES[name].severity) in rows


def test_without_mistakes_there_are_no_errors():
    parts = (user("a"), *chosen("g", "a", "e"), xor("m"))

    rows = found(a_process(start("s"), *parts, end("e"), path="s m g, a m"))

    assert [row for row in rows if row[2] == "error"] == []
