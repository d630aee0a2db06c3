"""Timers, messages and signals."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.errors import DiagramError, NotWaiting, StepFailed
from feel import YearsMonthsDuration
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    catch,
    end,
    escalation,
    event,
    flow,
    message,
    node,
    path,
    service,
    signal,
    start,
    sub_process,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.playing import NOON, Play, World

DAY = timedelta(days=1)


def a_wait(kind: str, expression: str) -> bytes:
    return a_file(
        a_process(
            "p",
            start(),
            catch("w", timer(kind, expression)),
            user("a"),
            end(),
            path("start", "w", "a", "end"),
        )
    )


def due(play: Play) -> datetime:
    [waiting] = play.machine().waiting
    assert waiting.due is not None
    return waiting.due


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("Duration", "P14D", NOON + 14 * DAY),
        ("Duration", "PT90M", NOON + timedelta(minutes=90)),
        ("Duration", "P1M", datetime(2027, 3, 1, 11, tzinfo=UTC)),
        ("Duration", "=deadlines.soon", NOON + 3 * DAY),
        ("Date", "2027-02-03", datetime(2027, 2, 2, 23, tzinfo=UTC)),
        ("Date", "2027-02-03T08:00:00", datetime(2027, 2, 3, 7, tzinfo=UTC)),
        ("Date", "2027-02-03T08:00:00Z", datetime(2027, 2, 3, 8, tzinfo=UTC)),
        ("Date", '=meeting_on - duration("P1D")', datetime(2027, 3, 9, 23, tzinfo=UTC)),
        ("Date", "=now() + deadlines.soon", NOON + 3 * DAY),
    ],
)
def test_a_timer_is_due_by_the_pack_s_clock(kind: str, expression: str, expected: datetime):
    assert due(Play(a_wait(kind, expression), {"meeting_on": date(2027, 3, 11)})) == expected


def test_whole_days_keep_the_hour_over_the_change_to_summer_time():
    play = Play(a_wait("Duration", "P60D"))

    assert due(play) == datetime(2027, 4, 2, 10, tzinfo=UTC)


def test_the_last_day_of_february_stands_for_the_thirtieth():
    world = World(now=datetime(2028, 1, 31, 11, tzinfo=UTC))

    assert due(Play(a_wait("Duration", "P1M"), world=world)) == datetime(
        2028, 2, 29, 11, tzinfo=UTC
    )


def test_a_timer_without_meaning_names_its_element():
    with pytest.raises(StepFailed) as caught:
        Play(a_wait("Duration", "=missing"))

    assert caught.value.element == "w"


def test_an_interrupting_timer_takes_the_step_away():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                boundary("late", "a", timer("Duration", "P1D")),
                user("b"),
                end(),
                path("start", "a", "end"),
                path("late", "b"),
            )
        )
    )

    assert play.advance(DAY).open == ["b"]
    assert play.waiting == []


def test_a_cycle_reminds_its_number_of_times_and_missed_ones_count_as_one():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                boundary("r", "a", timer("Cycle", "R4/P1D"), interrupting=False),
                service("s", "remind"),
                end(),
                path("start", "a"),
                path("r", "s", "end"),
            )
        )
    )

    play.advance(DAY)
    assert len(play.world.asked) == 1
    play.advance(2 * DAY)
    assert len(play.world.asked) == 2
    play.advance(DAY)
    assert len(play.world.asked) == 3
    assert play.waiting == []
    assert play.open == ["a"]


def test_a_single_timer_beside_a_step_fires_once():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                boundary("r", "a", timer("Duration", "P1D"), interrupting=False),
                service("s", "remind"),
                end(),
                path("start", "a"),
                path("r", "s", "end"),
            )
        )
    )

    play.advance(DAY).advance(DAY)

    assert len(play.world.asked) == 1
    assert play.do("a").ended


def test_a_boundary_message_is_heard_as_often_as_it_comes():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                user("a"),
                boundary("m", "a", event("message", "note"), interrupting=False),
                user("b"),
                path("start", "a"),
                path("m", "b"),
            ),
            declared=message("note"),
        )
    )

    play.hear("note").hear("note")

    assert play.open == ["a", "b", "b"]
    assert play.do("a").waiting == []


def test_the_first_event_decides():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                node("eventBasedGateway", "g"),
                catch("paper", event("message", "paper")),
                catch("late", timer("Duration", "P30D")),
                catch("later", timer("Duration", "P31D")),
                user("a"),
                user("b"),
                user("c"),
                path("start", "g", "paper", "a"),
                path("g", "late", "b"),
                path("g", "later", "c"),
            ),
            declared=message("paper"),
        )
    )

    assert play.waiting == ["late", "later", "paper"]
    assert Play.hear(play, "paper", signed_on="x").open == ["a"]
    assert play.waiting == []
    assert play.variables == {"signed_on": "x"}


def test_a_message_with_mappings_brings_what_they_name():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                catch("m", event("message", "x"), outputs={"scope": "=scope"}),
                user("a"),
                path("start", "m", "a"),
            ),
            declared=message("x", "=case_ref"),
        )
    )

    assert play.machine().waiting[0].key == "c"
    assert play.hear("x", scope="all", text="secret").variables == {"scope": "all"}


def test_what_no_longer_waits_is_refused():
    play = Play(a_wait("Duration", "P1D"))
    machine = play.machine()
    token = machine.waiting[0].id
    play.advance(DAY)

    with pytest.raises(NotWaiting):
        play.machine().catch(token, {})


def test_a_signal_is_caught_inside_and_handed_out():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                both("s"),
                user("a"),
                throw("t", event("signal", "wind_down")),
                user("b"),
                boundary("w", "b", event("signal", "wind_down")),
                user("z"),
                end(),
                end("e2"),
                path("start", "s", "a", "t", "end"),
                path("s", "b", "end"),
                path("w", "z", "e2"),
            ),
            declared=signal("wind_down"),
        )
    )

    play.do("a")

    assert play.open == ["z"]
    assert [(t.kind, t.name) for t in play.last.thrown] == [("signal", "wind_down")]


def test_a_signal_end_event_is_thrown():
    play = Play(
        a_file(
            a_process(
                "p", start(), user("a"), end("e", event("signal", "g")), path("start", "a", "e")
            ),
            declared=signal("g"),
        )
    )

    assert [t.name for t in play.do("a").last.thrown] == ["g"]


STARTS = a_file(
    a_process(
        "p",
        start(),
        node(
            "startEvent",
            "moved",
            inside=event("message", "moved"),
            outputs={"unit": "=to", "since": "=today()"},
        ),
        node("startEvent", "daily", inside=timer("Cycle", "R/P1D"), outputs={"by": '="clock"'}),
        node("startEvent", "all", inside=event("signal", "all")),
        user("a"),
        user("b"),
        user("c"),
        end(),
        path("start", "a", "end"),
        path("moved", "b", "end"),
        path("daily", "c", "end"),
        path("all", "a"),
    ),
    declared=message("moved") + signal("all"),
)


@pytest.mark.parametrize(
    ("element", "expected", "variables"),
    [
        (None, ["a"], {"n": 1, "to": "x", "secret": 2}),
        ("moved", ["b"], {"n": 1, "unit": "x", "since": date(2027, 2, 1)}),
        ("daily", ["c"], {"n": 1, "by": "clock"}),
        ("all", ["a"], {"n": 1, "to": "x", "secret": 2}),
    ],
)
def test_the_event_chooses_where_a_process_starts_and_brings_what_is_mapped(
    element: str | None, expected: list[str], variables: dict[str, object]
):
    brought = {"to": "x", "secret": 2}
    play = Play(STARTS, {"n": 1}, element=element, brought=brought)

    assert play.open == expected
    assert play.waiting == []
    assert play.variables == variables


def test_a_process_starts_at_a_start_event_alone():
    with pytest.raises(DiagramError, match="b"):
        Play(STARTS, element="b")


def beside_a(inside: str, *parts: str, declared: str) -> Play:
    return Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process("s", start("in"), *parts, end("out")),
                boundary("x", "s", inside, interrupting=False),
                user("b"),
                user("z"),
                end(),
                end("e2"),
                path("start", "s", "z", "end"),
                path("x", "b", "e2"),
            ),
            declared=declared,
        ),
    )


def test_a_boundary_signal_is_heard_as_often_as_it_comes():
    play = beside_a(event("signal", "g"), user("a"), path("in", "a", "out"), declared=signal("g"))

    assert play.signal("g").signal("g").open == ["a", "b", "b"]
    assert play.do("b").do("a").signal("g").open == ["b", "z"]


def test_a_boundary_escalation_is_heard_as_often_as_it_comes():
    play = beside_a(
        event("escalation", "E"),
        throw("t", event("escalation", "E")),
        user("a"),
        end("u", event("escalation", "E")),
        path("in", "t", "a", "u"),
        declared=escalation("E"),
    )

    assert play.open == ["a", "b"]
    assert play.do("a").open == ["b", "b", "z"]


def test_an_escalation_end_event_that_interrupts_takes_its_scope_away():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                sub_process(
                    "s",
                    start("in"),
                    both("g"),
                    user("a"),
                    user("c"),
                    end("up", event("escalation", "E")),
                    end("out"),
                    path("in", "g", "a", "up"),
                    path("g", "c", "out"),
                ),
                boundary("x", "s", event("escalation")),
                user("b"),
                end(),
                end("e2"),
                path("start", "s", "end"),
                path("x", "b", "e2"),
            ),
            declared=escalation("E"),
        )
    )

    assert play.do("a").open == ["b"]
    assert play.do("b").ended


def test_terminate_ends_its_sub_process_alone():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                both("g"),
                sub_process(
                    "s",
                    start("in"),
                    both("h"),
                    user("a"),
                    user("c"),
                    end("stop", event("terminate")),
                    end("out"),
                    path("in", "h", "a", "stop"),
                    path("h", "c", "out"),
                ),
                boundary("x", "s", timer("Duration", "P1D")),
                user("b"),
                user("z"),
                end(),
                path("start", "g", "s", "z", "end"),
                path("g", "b", "end"),
                path("x", "end"),
            )
        )
    )

    assert play.do("a").open == ["b", "z"]
    assert play.waiting == []


def test_what_went_beside_several_times_undoes_nothing_of_the_main_way():
    """Two of them end before the main way does, which had set what they only took over."""
    play = beside_a(
        event("message", "note"),
        user("a", outputs={"x": "=x"}),
        user("c"),
        path("in", "a", "c", "out"),
        declared=message("note"),
    )
    play.do("a", x=1)

    play.hear("note").do("b").hear("note").do("b").do("c")

    assert play.variables == {"x": 1}
    assert play.do("z").ended
    assert play.variables == {"x": 1}


def test_user_data_that_looks_like_an_engine_object_stays_data():
    given = {"typename": "UUID", "value": "12345678123456781234567812345678"}
    play = Play(a_wait("Duration", "P1D"), {"form": given})

    assert play.variables == {"form": given}


def test_values_come_back_as_they_were():
    given = {
        "n": None,
        "t": True,
        "i": 3,
        "big": 10**30,
        "d": Decimal("1.10"),
        "s": "å",
        "day": date(2027, 2, 1),
        "moment": datetime(2027, 2, 1, 8, tzinfo=ZoneInfo("Europe/Stockholm")),
        "utc": NOON,
        "span": timedelta(days=3, microseconds=7),
        "months": YearsMonthsDuration(14),
        "time": time(8, 30),
        "l": [1, {"a": [False]}],
    }

    back = Play(a_wait("Duration", "P1D"), given).variables

    assert back == given
    assert {k: type(v) for k, v in back.items()} == {k: type(v) for k, v in given.items()}
    assert str(back["d"]) == "1.10"
    assert back["moment"].tzinfo.key == "Europe/Stockholm"


def test_notes_beside_a_loop_cost_no_memory():
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                xor("again"),
                user("a", outputs={"n": "=n"}),
                boundary("m", "a", event("message", "note"), interrupting=False),
                user("b", outputs={"seen": "=n"}),
                xor("g", default="g_end"),
                end(),
                end("e2"),
                path("start", "again", "a", "g", "end"),
                flow("g", "again", "=n > 0"),
                path("m", "b", "e2"),
            ),
            declared=message("note"),
        ),
        {"n": 0},
    )
    sizes = set()

    for n in range(1, 40):
        play.hear("note").do("b").do("a", n=n)
        if n > 2:
            sizes.add(play.machine().size)

    assert len(sizes) == 1
    assert play.variables == {"n": 39, "seen": 38}
