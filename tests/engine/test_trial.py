"""A diagram tried out by commands."""

from datetime import UTC, datetime

from engine import diagram
from engine.trial import Trial, first_process
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    call,
    catch,
    each,
    end,
    event,
    flow,
    message,
    node,
    path,
    service,
    signal,
    start,
    throw,
    timer,
    user,
    xor,
)


def a_trial(data: bytes) -> Trial:
    processes = {p.id: p for p in diagram.read(data, "t.bpmn")}
    return Trial(processes, first_process(processes), now=datetime(2027, 2, 1, tzinfo=UTC))


DATA = a_file(
    a_process(
        "p",
        start(),
        user("a"),
        boundary("late", "a", timer("Duration", "P3D")),
        xor("g", default="g_b"),
        service("s", "any.thing"),
        node("businessRuleTask", "d", extensions='<zeebe:calledDecision decisionId="D"/>'),
        user("b"),
        catch("m", event("message", "news")),
        catch("w", event("signal", "stop")),
        user("c"),
        end(),
        end("e2"),
        path("start", "a", "g", "b", "m", "w", "end"),
        flow("g", "s", "=x > 1"),
        path("s", "d", "c", "e2"),
        flow("late", "c"),
    ),
    declared=message("news") + signal("stop"),
)


def said(*open: str, waiting: tuple[str, ...] = (), ended: bool = False) -> dict[str, object]:
    return {"open": list(open), "waiting": list(waiting), "ended": ended, "error": None}


def test_commands_lead_to_the_end():
    trial = a_trial(DATA)

    assert trial.start() == said("a", waiting=("late",))
    assert trial.command({"complete": "a", "variables": {"x": 0}}) == said("b")
    assert trial.command({"complete": "b"}) == said(waiting=("m",))
    assert trial.command({"message": "news", "variables": {"y": 1}}) == said(waiting=("w",))
    assert trial.command({"signal": "stop"}) == said(ended=True)


def test_services_and_decisions_complete_at_once():
    trial = a_trial(DATA)
    trial.start()

    assert trial.command({"complete": "a", "variables": {"x": 2}}) == said("c")


def test_the_clock_stops_at_every_due_moment():
    trial = a_trial(DATA)
    trial.start()

    assert trial.command({"advance": "P2D"}) == said("a", waiting=("late",))
    assert trial.command({"advance": "P2D"}) == said("c")


def test_a_refused_command_changes_nothing():
    trial = a_trial(DATA)
    begun = trial.start()

    for wrong in (
        {"complete": "b"},
        {"complete": "a", "index": 1},
        {"complete": "a", "index": "first"},
        {"complete": "a", "variables": [1]},
        {"message": "news"},
        {"signal": "stop"},
        {"advance": "soon"},
        {"dance": 1},
        "complete",
        None,
    ):
        answer = trial.command(wrong)
        assert answer["error"]
        assert {**answer, "error": None} == begun


def test_one_of_several_open_steps_is_picked_by_its_index():
    trial = a_trial(
        a_file(
            a_process(
                "p",
                start(),
                call(
                    "c",
                    "q",
                    inside=each("=[1, 2]", "n", results="got", result="=r"),
                    outputs={"r": "=r"},
                ),
                xor("g", default="g_no"),
                user("yes"),
                user("no"),
                path("start", "c", "g", "no"),
                flow("g", "yes", "=got = [null, 5]"),
            ),
            a_process("q", start(), user("a"), end(), path("start", "a", "end")),
        )
    )

    assert trial.start() == said("a", "a")
    assert trial.command({"complete": "a", "index": 1, "variables": {"r": 5}}) == said("a")
    assert trial.command({"complete": "a"}) == said("yes")


def test_a_diagram_that_cannot_start_says_why():
    failing = catch("late", timer("Duration", "=missing"))
    trial = a_trial(a_file(a_process("p", start(), failing, path("start", "late"))))

    answer = trial.start()

    assert answer["open"] == []
    assert "late" in str(answer["error"])


def test_what_is_not_there_completes_at_once():
    parts = [
        node("serviceTask", "s", outputs={"done": "=true"}),
        node("businessRuleTask", "d"),
        node("sendTask", "m"),
        call("c", "nowhere"),
    ]
    steps = path("start", "s", "d", "m", "c", "a", "end")
    trial = a_trial(a_file(a_process("p", start(), *parts, user("a"), end(), steps)))

    assert trial.start() == said("a")
    assert trial.command({"complete": "a"}) == said(ended=True)


def test_a_message_that_it_throws_itself_is_heard():
    trial = a_trial(
        a_file(
            a_process(
                "p",
                start(),
                node("parallelGateway", "g"),
                catch("m", event("message", "news")),
                user("a"),
                throw("t", event("message", "news")),
                user("b"),
                path("start", "g", "m", "b"),
                path("g", "a", "t"),
            ),
            declared=message("news"),
        )
    )
    trial.start()

    assert trial.command({"complete": "a"}) == said("b")
