"""What SpiffWorkflow 3.2.0 does wrong by itself, and what happens here: variables and items."""

from datetime import timedelta

from engine.check import check_file
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    each,
    end,
    event,
    flow,
    message,
    path,
    service,
    start,
    sub_process,
    timer,
    user,
    xor,
)
from tests.engine.playing import Play

DAY = timedelta(days=1)
PARTIES = ["fk", "af", "vc"]


def forked(first: str, second: str) -> bytes:
    """Two steps at once, a join, and a last step."""
    parts = (start(), both("split"), first, second, both("join"), user("z"))
    ways = path("start", "split", "a", "join") + path("split", "b", "join", "z")
    return a_file(a_process("p", *parts, ways))


def test_a_branch_that_never_touched_a_variable_cannot_undo_it():
    """Defect 4: whoever comes last to a join brings the old value back."""
    data = forked(user("a", outputs={"status": "=status"}), user("b"))
    play = Play(data, {"status": "new"})

    play.do("a", status="A").do("b")

    assert play.variables == {"status": "A"}


def test_a_list_is_one_value_at_a_join():
    """Defect 4: lists of contexts are merged item by item, and cut."""
    data = forked(user("a", outputs={"rows": "=rows"}), user("b"))
    play = Play(data, {"rows": [{"n": 1}, {"n": 2}]})

    play.do("a", rows=[{"n": 9}]).do("b")

    assert play.variables == {"rows": [{"n": 9}]}


def test_data_objects_are_documentation_alone():
    """Defect 9: reading a data object two sub-processes deep never ends."""
    inner = sub_process(
        "inner",
        start("s2"),
        user(
            "a",
            inside="<bpmn:dataInputAssociation><bpmn:sourceRef>r</bpmn:sourceRef>"
            "</bpmn:dataInputAssociation>",
        ),
        end("e2"),
        path("s2", "a", "e2"),
    )
    outer = sub_process("outer", start("s1"), inner, end("e1"), path("s1", "inner", "e1"))
    data = a_file(
        a_process(
            "p",
            '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="r" dataObjectRef="o"/>',
            start(),
            outer,
            end(),
            path("start", "outer", "end"),
        )
    )

    assert Play(data).do("a").ended


def test_what_a_branch_changes_inside_a_value_stays_in_that_branch():
    """Defect 10: branches share nested values, and completed steps with them."""
    data = forked(user("a", outputs={"case.person.name": "=name"}), user("b"))
    play = Play(data, {"case": {"person": {"name": "x"}, "n": 1}})
    play.do("a", name="y")

    (step,) = play.machine().open

    assert (step.element.id, step.variables["case"]) == ("b", {"person": {"name": "x"}, "n": 1})
    assert play.do("b").variables == {"case": {"person": {"name": "y"}, "n": 1}}


def test_data_that_looks_like_an_object_of_the_engine_stays_data():
    """Defect 11: a key called typename breaks the state or makes objects."""
    given = {"city": {"typename": "City"}, "id": {"typename": "UUID", "value": "1" * 32}}
    play = Play(a_file(a_process("p", start(), user("a"), path("start", "a"))), given)

    assert play.keep(play.machine()).variables == given


def test_the_same_item_name_serves_two_activities():
    """Defect 16: a second activity with the same item name cannot begin."""
    first, second = user("a", inside=each("=[1]", "n")), user("b", inside=each("=[2]", "n"))
    play = Play(a_file(a_process("p", start(), first, second, path("start", "a", "b"))))

    assert [step.variables["n"] for step in play.do("a").machine().open] == [2]


def test_a_second_entry_collects_anew():
    """Defect 17: an activity with an output collection cannot be entered again."""
    inside = each("=[1, 2]", "n", results="all", result="=k")
    asked = user("a", inside=inside, outputs={"k": "=k"})
    parts = (start(), xor("m"), asked, user("z", outputs={"more": "=more"}), xor("g", "g_e"))
    ways = path("start", "m", "a", "z", "g", "e") + flow("g", "m", "=more")
    play = Play(a_file(a_process("p", *parts, end("e"), ways)))

    play.do("a", k=1).do("a", k=2).do("z", more=True).do("a", k=3).do("a", k=4)

    assert play.variables["all"] == [3, 4]


def test_collections_elements_and_conditions_are_expressions():
    """Defect 18: only names can be given, and completion knows no numbers."""
    inside = each(
        '=parties[item != "af"]',
        "party",
        results="said",
        result='=party + ":" + string(loopCounter)',
        until="=numberOfCompletedInstances >= numberOfInstances - 1",
    )
    parts = (start(), user("a", inside=inside), user("z"), path("start", "a", "z"))
    play = Play(a_file(a_process("p", *parts)), {"parties": PARTIES})

    assert [step.variables["party"] for step in play.machine().open] == ["fk", "vc"]
    assert play.do("a", 1).open == ["z"]
    assert play.variables["said"] == [None, "vc:2"]


ASK = a_process(
    "ask",
    start(),
    user("answer"),
    boundary("remind", "answer", timer("Duration", "P7D"), interrupting=False),
    service("send", "party.remind", inputs={"organisation": "=organisation"}),
    end("done", event("terminate")),
    end("reminded"),
    path("start", "answer", "done"),
    path("remind", "send", "reminded"),
)
ASK_ALL = call(
    "ask_all", "ask", inside=each("=parties", "party"), inputs={"organisation": "=party"}
)


def test_an_interruption_of_many_calls_leaves_no_orphan():
    """Defect 19: the called processes of an interrupted body stay, and break the state."""
    body = sub_process("body", start("s"), ASK_ALL, end("e"), path("s", "ask_all", "e"))
    stop = boundary("stop", "body", event("message", "withdrawn"))
    parts = (start(), body, stop, user("z"), end(), path("start", "body", "end"))
    data = a_file(a_process("p", *parts, path("stop", "z")), ASK, declared=message("withdrawn"))
    play = Play(data, {"parties": PARTIES}).do("answer")

    play.hear("withdrawn")

    assert (play.open, play.waiting, play.machine().size) == (["z"], [], 2)
    assert play.do("z").ended


def test_an_event_on_the_border_of_many_steps_is_refused():
    """Defect 20: it fires once for all and knows no item."""
    asked = user("a", inside=each("=parties", "party"))
    late = boundary("late", "a", timer("Duration", "P7D"), interrupting=False)
    parts = (start(), asked, late, end(), end("e2"), path("start", "a", "end"))
    data = a_file(a_process("p", *parts, path("late", "e2")))

    errors = [found for found in check_file(data, "p.bpmn") if found.severity == "error"]

    assert [(found.rule, found.element) for found in errors] == [("boundary_many", "late")]
    assert errors[0].remedy == (
        "Call a small process once per item, and draw the event in that process."
    )


def test_an_event_in_a_process_called_once_per_item_knows_its_item():
    """Defect 20: what to draw instead."""
    data = a_file(a_process("p", start(), ASK_ALL, path("start", "ask_all")), ASK)
    play = Play(data, {"parties": PARTIES}).do("answer", 1)

    play.advance(8 * DAY)

    assert [inputs["organisation"] for _, inputs in play.world.asked] == ["fk", "vc"]


def test_a_call_knows_and_returns_what_is_named():
    """Defect 21: every variable goes into a called process, and comes back."""
    asked = user("a", outputs={"n": "=n", "own": "=1"})
    inner = a_process("q", start(), asked, path("start", "a"))
    calling = call("c", "q", inputs={"given": "=n"}, outputs={"n": "=n"})
    outer = a_process("p", start(), calling, user("z"), path("start", "c", "z"))
    play = Play(a_file(outer, inner), {"n": 1, "secret": 2})

    (step,) = play.machine().open

    assert dict(step.variables) == {"case_ref": "c", "given": 1}
    assert play.do("a", n=5).variables == {"n": 5, "secret": 2}
