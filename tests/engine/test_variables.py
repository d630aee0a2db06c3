"""Variables are followed through every way, sub-process and call."""

import pytest

from engine.diagram import read
from engine.expressions import facts_of
from engine.variables import World, check_expressions, check_variables
from tests.builders_bpmn import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    catch,
    element,
    end,
    extension,
    flow,
    many,
    mapping,
    message,
    on,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
    zeebe,
)

WORLD = World(
    forms={"ask": frozenset({"wants", "parties"})},
    services={"plan.adopt": frozenset({"version"})},
    messages={"m": frozenset({"meeting_on"})},
    decisions={"who": frozenset({"age"})},
)


def ask(id: str, **outputs: str) -> str:
    form = zeebe("formDefinition", formId="ask")
    return element("userTask", id, extension(form, mapping(outputs=outputs)))


def reads(id: str, source: str) -> str:
    return script(id, source, f"{id}_result")


def found(
    *processes: str, started: dict[str, set[str]] | None = None, world: World = WORLD
) -> list[tuple[str, str, str]]:
    data = a_file(message("m"), *processes)
    begun = {"p": set()} | (started or {})
    return [
        (f.rule, f.element, f.facts["variable"])
        for f in check_variables(
            {process.id: process for process in read(data, "p.bpmn")},
            world,
            {id: frozenset(names) for id, names in begun.items()},
        )
    ]


def test_what_every_instance_has_may_be_read():
    source = "={a: case_ref, b: organisation, c: unit, d: deadlines.x, e: today()}"

    assert found(a_process(start(), reads("a", source), end(), path="s a e")) == []


def test_a_variable_that_nothing_writes_is_named_at_each_reader():
    process = a_process(start(), reads("a", "=x"), reads("b", "=x"), end(), path="s a b e")

    assert found(process) == [("never_written", "a", "x"), ("never_written", "b", "x")]


def test_a_variable_written_on_one_way_only_is_named_with_the_other_way():
    parts = (start(), xor("g", default="g_b"), ask("a", x="=wants"), user("b"), xor("j"))
    parts += (reads("c", "=x"), end(), flow("g", "a", "=true"))
    process = a_process(*parts, path="s g b j c e, a j")
    data = read(a_file(process), "p.bpmn")

    (missing,) = check_variables({"p": data[0]}, WORLD, {"p": frozenset()})

    assert (missing.rule, missing.element) == ("maybe_unwritten", "c")
    assert missing.message == (
        "“c” reads the variable “x”, which is not written on this way: s → g → b → j → c."
    )


def test_parallel_ways_bring_together_what_they_wrote():
    parts = (start(), both("g"), ask("a", x="=wants"), ask("b", y="=wants"), both("j"))
    process = a_process(*parts, reads("c", "=x and y"), end(), path="s g a j c e, g b j")

    assert found(process) == []


def test_a_loop_does_not_count_on_its_second_round():
    parts = (start(), xor("m"), reads("a", "=x"), ask("b", x="=wants"), xor("g", default="g_m"))
    process = a_process(*parts, end(), flow("g", "e", "=true"), path="s m a b g m")

    assert found(process) == [("maybe_unwritten", "a", "x")]


BESIDE = aside("h", on("message", "m"), reads("c", "=x"), end("h_e"), path="h_on c h_e")


def test_what_starts_beside_everything_knows_what_was_there_at_the_beginning():
    parts = (start(), ask("a", x="=wants"), BESIDE, end())

    assert found(a_process(*parts, path="s a e")) == [("maybe_unwritten", "c", "x")]
    assert found(a_process(*parts, path="s a e"), started={"p": {"x"}}) == []


def test_the_way_that_leads_beside_is_shown():
    process = a_process(start(), ask("a", x="=wants"), BESIDE, end(), path="s a e")
    data = read(a_file(message("m"), process), "p.bpmn")

    (missing,) = check_variables({"p": data[0]}, WORLD, {"p": frozenset()})

    assert "is not written on this way: s → h_on → c." in missing.message


def test_an_event_beside_everything_brings_what_it_brings():
    beside = aside("h", on("message", "m"), reads("c", "=meeting_on"), end("x"), path="h_on c x")

    assert found(a_process(start(), user("a"), beside, end(), path="s a e")) == []


def test_what_interrupts_a_sub_process_may_end_it_without_what_it_would_have_written():
    def inner(*, interrupting: bool) -> str:
        beside = aside("h", on("message", "m"), end("x"), path="h_on x", interrupting=interrupting)
        return sub("w", start("i"), ask("a", x="=wants"), end("o"), beside, path="i a o")

    def rules(*, interrupting: bool) -> list[tuple[str, str, str]]:
        parts = (start(), inner(interrupting=interrupting), reads("b", "=x"), end())
        return found(a_process(*parts, path="s w b e"))

    assert rules(interrupting=True) == [("maybe_unwritten", "b", "x")]
    assert rules(interrupting=False) == []


def test_what_interrupts_a_called_process_may_end_it_without_its_answer():
    beside = aside("h", on("message", "m"), end("x"), path="h_on x")
    asks = a_process(start("i"), ask("a", x="=wants"), end("o"), beside, id="q", path="i a o")
    calling = call("c", "q", mapping(outputs={"y": "=x"}))

    assert found(a_process(start(), calling, end(), path="s c e"), asks) == [
        ("output_unwritten", "c", "x")
    ]


def test_a_boundary_event_knows_nothing_of_what_its_host_would_have_written():
    parts = (start(), ask("a", x="=wants"), boundary("t", "a", timer()), reads("b", "=x"))
    process = a_process(*parts, end(), end("e2"), path="s a e, t b e2")

    assert found(process) == [("maybe_unwritten", "b", "x")]


@pytest.mark.parametrize(
    "source",
    ['=if x = null then "none" else x', "=is defined(x) and x", "=get or else(x, 1)"],
)
def test_a_variable_whose_absence_is_dealt_with_may_be_missing(source: str):
    assert found(a_process(start(), reads("a", source), end(), path="s a e")) == []


def test_entries_of_filtered_items_are_no_variables():
    parts = (ask("a", parties="=parties"), reads("b", '=count(parties[organisation_kind = "x"])'))

    assert found(a_process(start(), *parts, end(), path="s a b e")) == []


def test_output_mappings_read_the_answers_and_nothing_that_the_form_does_not_ask():
    process = a_process(start(), ask("a", x="=wants", y="=gone"), end(), path="s a e")

    assert found(process) == [("never_written", "a", "gone")]


def test_what_a_service_answers_is_known():
    task = service("a", "plan.adopt", mapping(outputs={"v": "=version", "w": "=gone"}))

    assert found(a_process(start(), task, end(), path="s a e")) == [("never_written", "a", "gone")]


def test_what_a_message_brings_is_known():
    parts = (start(), catch("a", on("message", "m")), reads("b", "=meeting_on"), end())

    assert found(a_process(*parts, path="s a b e")) == []


def test_what_a_decision_reads_must_exist():
    rule = zeebe("calledDecision", decisionId="who", resultVariable="lead")
    task = element("businessRuleTask", "a", extension(rule))

    assert found(a_process(start(), task, end(), path="s a e")) == [("never_written", "a", "age")]


def test_an_embedded_sub_process_without_mappings_shares_all():
    inner = sub("w", start("i"), ask("a", x="=wants"), end("z"), path="i a z")
    process = a_process(start(), inner, reads("b", "=x"), end(), path="s w b e")

    assert found(process) == []


def test_an_embedded_sub_process_with_mappings_knows_only_what_they_name():
    mapped = extension(mapping(inputs={"y": "=x"}))
    inner = sub("w", mapped, start("i"), reads("a", "=y and x"), end("z"), path="i a z")
    process = a_process(start(), ask("b", x="=wants"), inner, end(), path="s b w e")

    assert found(process) == [("maybe_unwritten", "a", "x")]


def test_only_the_single_item_knows_itself():
    task = element(
        "scriptTask",
        "a",
        extension(zeebe("script", expression="=party.organisation", resultVariable="o")),
        many(),
    )
    asked = ask("b", parties="=parties")
    process = a_process(start(), asked, task, reads("c", "=party"), end(), path="s b a c e")

    assert found(process) == [("never_written", "c", "party")]


def test_the_output_collection_is_known_afterwards():
    loop = zeebe(
        "loopCharacteristics",
        inputCollection="=parties",
        inputElement="party",
        outputCollection="answers",
        outputElement="=x",
    )
    tag = "bpmn:multiInstanceLoopCharacteristics"
    wrapped = f"<{tag}>{extension(loop)}</{tag}>"
    calls = call("a", "q", mapping(outputs={"x": "=y"}), loop=wrapped)
    called = a_process(start("s1"), ask("k", y="=wants"), end("e1"), id="q", path="s1 k e1")
    asked = ask("b", parties="=parties")
    process = a_process(start(), asked, calls, reads("c", "=answers"), end(), path="s b a c e")

    assert found(process, called) == []


CALLED = a_process(start("s1"), reads("k", "=purpose"), end("e1"), id="q", path="s1 k e1")


def test_a_called_process_knows_only_what_is_passed():
    caller = a_process(start(), ask("b", purpose="=wants"), call("a", "q"), end(), path="s b a e")

    assert found(caller, CALLED) == [("caller_unwritten", "a", "purpose")]


def test_what_one_of_two_callers_passes_is_missing_at_the_other():
    one = call("a", "q", mapping(inputs={"purpose": '="planning"'}))
    caller = a_process(start(), one, call("b", "q"), end(), path="s a b e")

    assert found(caller, CALLED) == [("caller_unwritten", "b", "purpose")]


def test_a_process_that_is_called_and_started_needs_it_both_ways():
    caller = a_process(
        start(), call("a", "q", mapping(inputs={"purpose": "=1"})), end(), path="s a e"
    )

    assert found(caller, CALLED, started={"q": set()}) == [("start_unwritten", "k", "purpose")]
    assert found(caller, CALLED, started={"q": {"purpose"}}) == []


def test_an_output_that_the_called_process_does_not_always_write_is_named():
    parts = (start("s1"), xor("g", default="g_e1"), ask("k", y="=wants"), end("e1"), end("e2"))
    called = a_process(*parts, flow("g", "k", "=true"), id="q", path="s1 g e1, k e2")
    caller = a_process(start(), call("a", "q", mapping(outputs={"x": "=y"})), end(), path="s a e")

    assert found(caller, called) == [("output_unwritten", "a", "y")]


def test_a_reminder_beside_the_main_way_takes_nothing_away():
    late = boundary("t", "k", timer(), interrupting=False)
    parts = (start("s1"), ask("k", y="=wants"), late, end("e1"), end("e2"))
    called = a_process(*parts, id="q", path="s1 k e1, t e2")
    caller = a_process(start(), call("a", "q", mapping(outputs={"x": "=y"})), end(), path="s a e")

    assert found(caller, called) == []


def test_outside_a_pack_anything_may_be_passed_in_so_it_is_advice_only():
    (process,) = read(a_file(a_process(start(), reads("a", "=x"), end(), path="s a e")), "p")

    findings = check_variables({"p": process}, World(), None)

    assert [(f.rule, f.element, f.severity) for f in findings] == [
        ("never_written_here", "a", "advice")
    ]


EXPRESSIONS = {
    "=1 +": "feel",
    "=nonsense(1)": "feel",
    "${x > 1}": "juel",
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_texts_that_are_no_feel_are_named(text: str):
    (process,) = read(a_file(a_process(reads("a", text))), "p.bpmn")

    assert [(f.rule, f.element) for f in check_expressions(process)] == [(EXPRESSIONS[text], "a")]


def test_an_expression_of_camunda_7_is_told_in_feel():
    (process,) = read(a_file(a_process(xor("g"), flow("g", "g", "${x > 1}", id="f"))), "p.bpmn")

    (refusal,) = check_expressions(process)

    assert (refusal.element, refusal.remedy) == (
        "f",
        "Write FEEL with a leading equals sign: =x > 1",
    )


@pytest.mark.parametrize(
    ("text", "rule", "remedy"),
    [
        ("x > 5", "literal_condition", "Write =x > 5"),
        ("x == 'a b' && !done", "literal_condition", 'Write =x = "a b" and not(done)'),
        ("x >", "literal_condition", "Write =x >"),
        (
            "${amount >= 100 || kind eq 'b'}",
            "juel",
            'Write FEEL with a leading equals sign: =amount >= 100 or kind = "b"',
        ),
        ("#{approved}", "juel", "Write FEEL with a leading equals sign: =approved"),
    ],
)
def test_a_condition_that_is_no_feel_is_told_what_it_would_be(text: str, rule: str, remedy: str):
    (process,) = read(a_file(a_process(xor("g"), flow("g", "g", text, id="f"))), "p.bpmn")

    (found,) = check_expressions(process)

    assert (found.element, found.rule, found.severity) == ("f", rule, "error")
    assert found.remedy == remedy


def test_a_target_that_is_no_name_is_refused():
    (process,) = read(a_file(a_process(ask("a", **{"a b": "=1"}))), "p.bpmn")

    assert [(f.rule, f.facts["variable"]) for f in check_expressions(process)] == [
        ("bad_variable_name", "a b")
    ]


def test_deadlines_are_found_by_their_keys():
    assert facts_of("now() + deadlines.first_contact").deadlines == ("first_contact",)
