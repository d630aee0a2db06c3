"""Commands on instances that rest in a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event

from base.clock import Fixed
from base.db import Database, Session
from base.errors import Conflict, SamplanError
from engine import commands, runtime, store, waits
from engine.errors import (
    InstanceEnded,
    NoSuchTask,
    NotWaiting,
    StepFailed,
    Suspended,
    TaskTaken,
)
from engine.spiff import BadValue, TooMuch
from engine.tables import Instance, Task
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    escalation,
    event,
    flow,
    message,
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
from tests.engine.hosting import Office, a_pack

pytestmark = pytest.mark.both
DAY = timedelta(days=1)
PARTIES = [{"organisation": code, "unit": None} for code in ("fk", "af", "vc")]
LEAD = {"case_lead": ["a", "b", "go_on", "wind_up", "z"]}
ASK = a_process(
    "ask",
    start(),
    user("answer", form="answer_form", outputs={"decision": "=decision"}),
    boundary("remind", "answer", timer("Cycle", "R3/P7D"), interrupting=False),
    service("send_reminder", "party.remind", inputs={"organisation": "=organisation"}),
    boundary("escalate", "answer", timer("Duration", "P14D"), interrupting=False),
    user("see_to_answer"),
    end("done", event("terminate")),
    end("reminded"),
    end("seen"),
    path("start", "answer", "done"),
    path("remind", "send_reminder", "reminded"),
    path("escalate", "see_to_answer", "seen"),
    lanes={"party": ["answer"], "manager": ["see_to_answer"]},
)
BODY = a_file(
    a_process(
        "p",
        start(),
        sub_process(
            "body",
            start("in"),
            call(
                "ask_all",
                "ask",
                inside=each("=parties", "party", results="answers", result="=decision"),
                inputs={"organisation": "=party.organisation", "unit": "=party.unit"},
                outputs={"decision": "=decision"},
                properties={"milestone": "asking"},
            ),
            user("go_on", groups="case_lead"),
            end("out"),
            path("in", "ask_all", "go_on", "out"),
        ),
        boundary("withdrawn", "body", event("message", "consent_withdrawn")),
        user("wind_up"),
        end(),
        end("end2"),
        path("start", "body", "end"),
        path("withdrawn", "wind_up", "end2"),
        lanes={"case_lead": ["wind_up"]},
    ),
    ASK,
    declared=message("consent_withdrawn"),
)
SIMPLE = a_file(
    a_process(
        "p",
        start(),
        user("a", outputs={"x": "=x"}, properties={"milestone": "first"}),
        user("b", due='=today() + duration("P2D")', properties={"consent.purpose": "planning"}),
        end(),
        path("start", "a", "b", "end"),
        lanes=LEAD,
    )
)


def statuses(database: Database) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with database.reading() as tx:
        for task in tx.query(Task).order_by(Task.element_id):
            found.setdefault(task.element_id, []).append(task.status)
    return {element: sorted(each) for element, each in found.items()}


def sweep(office: Office) -> waits.Swept:
    return waits.sweep(office.database, office.host, lambda tx, case_id: True)


def test_an_instance_goes_from_start_to_end(office: Office):
    office.publish(a_pack(p=SIMPLE))

    started = office.start()
    assert office.titles() == ["a@varnamo"]
    assert office.host.milestones == ["first"]

    moved = office.do("a", x=1, text="not a variable")
    assert office.titles() == ["b@varnamo"]
    [task] = office.open()
    assert moved.opened == (task.id,)
    assert (task.purpose, task.due) == ("planning", datetime(2027, 2, 3, 22, 59, tzinfo=UTC))

    assert office.do("b").ended
    assert office.host.ends == [("p", "end")]
    assert statuses(office.database) == {"a": ["done"], "b": ["done"]}
    with office.database.reading() as tx:
        instance = tx.get_one(Instance, started.instance_id)
        events = [(h.element_id, h.event, h.by) for h in store.history_of(tx, instance.id)]
        assert (instance.status, instance.end_event, instance.rev) == ("ended", "end", 3)
        assert store.tokens_of(tx, [instance.id]) == []
    assert ("a", "entered", "anna") in events
    assert ("end", "ended", "anna") in events


def test_a_step_that_is_done_tells_who_did_it(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()
    task_id = office.find("a")
    office.do("a", _by="berit")

    with pytest.raises(TaskTaken) as caught, office.database.transaction() as tx:
        runtime.complete(tx, office.host, task_id, answers={}, by="anna")

    assert caught.value.done_by == "berit"
    assert caught.value.done_at == datetime(2027, 2, 1, 11, tzinfo=UTC)


def test_a_step_that_does_not_exist_is_not_found(office: Office):
    with pytest.raises(NoSuchTask), office.database.transaction() as tx:
        runtime.complete(tx, office.host, uuid4(), answers={}, by="anna")


def test_a_step_that_fails_changes_nothing(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            user("a", outputs={"x": "=x"}),
            xor("g"),
            end(),
            end("e2"),
            path("start", "a", "g"),
            flow("g", "end", "=x = 1"),
            flow("g", "e2", "=x = 2"),
            lanes=LEAD,
        )
    )
    office.publish(a_pack(p=data))
    office.start()

    with pytest.raises(StepFailed) as caught:
        office.do("a", x=9)

    assert caught.value.element == "g"
    assert office.titles() == ["a@varnamo"]
    assert office.do("a", x=1).ended


def test_variables_hold_sixteen_kilobytes_and_no_objects(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()

    with pytest.raises(TooMuch):
        office.do("a", x=["code"] * 5000)
    with pytest.raises(BadValue):
        office.do("a", x=object())

    assert office.titles() == ["a@varnamo"]


def test_withdrawal_in_the_middle_of_three_parties_closes_everything_and_goes_on(
    office: Office, clock: Fixed
):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES)
    assert office.titles() == ["answer@af", "answer@fk", "answer@vc"]
    assert office.host.milestones == ["asking"]
    office.do("answer", decision="yes")
    clock.move(15 * DAY)
    sweep(office)

    heard = office.hear("consent_withdrawn", scope="all")

    assert heard is not None
    assert len(heard.withdrawn) == 4
    assert office.titles() == ["wind_up@varnamo"]
    assert statuses(office.database)["answer"] == ["done", "withdrawn", "withdrawn"]
    assert statuses(office.database)["see_to_answer"] == ["withdrawn", "withdrawn"]
    with office.database.reading() as tx:
        assert waits.due_waits(tx, clock.now() + 999 * DAY) == []
        [token] = store.tokens_of(tx, [heard.instance_id])
        assert (token.element_id, token.count) == ("wind_up", 1)
    assert office.do("wind_up").ended


def test_a_message_that_nobody_waits_for_is_kept(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()

    assert office.hear("consent_withdrawn", scope="all") is None

    with office.database.reading() as tx:
        [kept] = store.undelivered_of(tx, office.case_id)
        assert (kept.name, kept.by) == ("consent_withdrawn", "anna")


def test_a_message_reaches_exactly_one_of_two_that_wait(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            catch("m", event("message", "news")),
            user("a"),
            path("start", "m", "a"),
            lanes=LEAD,
        ),
        declared=message("news"),
    )
    office.publish(a_pack(p=data))
    first, second = office.start(), office.start()

    heard = office.hear("news")

    assert heard is not None
    assert heard.instance_id == first.instance_id
    assert office.titles() == ["a@varnamo"]
    heard = office.hear("news")
    assert heard is not None
    assert heard.instance_id == second.instance_id
    assert office.hear("news") is None


def test_a_message_for_another_case_is_not_heard(office: Office):
    data = a_file(
        a_process("p", start(), catch("m", event("message", "news")), path("start", "m")),
        declared=message("news"),
    )
    office.publish(a_pack(p=data))
    office.start()

    with office.database.transaction() as tx:
        assert (
            runtime.message(tx, office.host, name="news", case_id=uuid4(), variables={}, by="x")
            is None
        )


def test_instances_of_a_case_talk_by_messages(office: Office):
    listener = a_file(
        a_process(
            "q",
            start(),
            catch("m", event("message", "news")),
            user("b"),
            path("start", "m", "b"),
            lanes=LEAD,
        ),
        declared=message("news"),
    )
    teller = a_file(
        a_process(
            "p",
            start(),
            user("a"),
            throw("t", event("message", "news"), inputs={"n": "=1"}),
            end(),
            path("start", "a", "t", "end"),
            lanes=LEAD,
        ),
        declared=message("news"),
    )
    office.publish(a_pack(p=teller, q=listener))
    office.start("q")
    office.start("p")

    told = office.do("a")

    assert told.ended
    assert office.titles() == ["b@varnamo"]
    assert len(told.opened) == 1


def test_reminders_missed_over_a_long_stop_are_sent_once(office: Office, clock: Fixed):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES[:1])

    clock.move(13 * DAY)
    assert sweep(office) == waits.Swept(fired=1)
    assert [c.inputs["organisation"] for c in office.host.calls] == ["fk"]
    assert sweep(office) == waits.Swept()

    clock.move(30 * DAY)
    assert sweep(office).fired == 2
    assert len(office.host.calls) == 2
    assert office.titles() == ["answer@fk", "see_to_answer@fk"]
    assert sweep(office) == waits.Swept()


def test_a_suspended_case_rests_and_fires_once_on_resume(office: Office, clock: Fixed):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES[:1])
    with office.database.transaction() as tx:
        assert runtime.suspend(tx, office.case_id) == 1
    clock.move(30 * DAY)

    assert sweep(office) == waits.Swept()
    with pytest.raises(Suspended):
        office.do("answer", decision="yes")

    with office.database.transaction() as tx:
        runtime.resume(tx, office.host, office.case_id)
    assert sweep(office).fired == 2
    assert len(office.host.calls) == 1
    office.do("answer", decision="yes")
    assert office.titles() == ["go_on@varnamo"]


def test_a_timer_that_fails_becomes_an_incident_and_stops_nobody(office: Office, clock: Fixed):
    def refuse(tx: Session, call: object) -> dict[str, object]:
        raise SamplanError("the directory does not answer")

    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES[:2])
    office.host.services["party.remind"] = refuse  # type: ignore[assignment]
    clock.move(8 * DAY)

    assert sweep(office) == waits.Swept(failed=2)
    assert sweep(office) == waits.Swept()

    incidents = office.incidents()
    assert [i.why for i in incidents] == ["the directory does not answer"] * 2
    del office.host.services["party.remind"]
    with office.database.transaction() as tx:
        runtime.retry(tx, office.host, incidents[0].id)
    assert [i.id for i in office.incidents()] == [incidents[1].id]
    assert len(office.host.calls) == 3


def test_a_step_for_nobody_is_an_incident_and_the_rest_goes_on(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            both("s"),
            user("a"),
            user("answer"),
            end(),
            path("start", "s", "a", "end"),
            path("s", "answer", "end"),
            lanes={"case_lead": ["a"], "party": ["answer"]},
        )
    )
    office.publish(a_pack(p=data))
    office.host.vacant = {"party"}

    office.start(organisation="fk")
    assert office.titles() == ["a@varnamo"]
    [incident] = office.incidents()
    assert (incident.kind, incident.element_id) == ("unaddressed", "answer")

    office.host.vacant = set()
    with office.database.transaction() as tx:
        runtime.retry(tx, office.host, incident.id)
    assert office.titles() == ["a@varnamo", "answer@fk"]
    office.do("answer")
    assert office.do("a").ended


def test_tokens_that_nothing_can_move_are_an_incident(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            user("a"),
            xor("g", default="g_j"),
            both("j"),
            end(),
            path("start", "a", "g", "j", "end"),
            flow("g", "j", "=false", id="never"),
            lanes=LEAD,
        )
    )
    office.publish(a_pack(p=data))
    office.start()

    office.do("a")

    [incident] = office.incidents()
    assert (incident.kind, incident.element_id) == ("stuck", "j")


def test_an_escalation_that_nothing_catches_is_a_step_for_the_manager(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            user("a"),
            throw("up", event("escalation", "late")),
            user("b"),
            end(),
            path("start", "a", "up", "b", "end"),
            lanes=LEAD,
        ),
        declared=escalation("late"),
    )
    office.publish(a_pack(p=data))
    office.start(organisation="fk")

    office.do("a")

    assert office.titles() == ["b@varnamo", "up@fk"]
    office.do("up")
    assert office.titles() == ["b@varnamo"]
    assert office.do("b").ended


def test_an_organisation_that_leaves_is_not_waited_for(office: Office):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES)

    with office.database.transaction() as tx:
        runtime.leave(tx, office.host, case_id=office.case_id, organisation="af", by="engine")

    assert office.titles() == ["answer@fk", "answer@vc"]
    assert statuses(office.database)["answer"] == ["left", "open", "open"]


def test_a_cancelled_instance_leaves_nothing_open(office: Office):
    office.publish(a_pack(p=BODY))
    instance_id = office.start(parties=PARTIES).instance_id

    with office.database.transaction() as tx:
        runtime.cancel(tx, office.host, instance_id, "wound_up")

    assert office.titles() == []
    assert office.hear("consent_withdrawn") is None
    with pytest.raises(InstanceEnded), office.database.transaction() as tx:
        runtime.cancel(tx, office.host, instance_id, "again")


def test_a_service_can_end_the_other_instances_of_its_case(office: Office):
    def cancel_running(tx: Session, call: object) -> dict[str, object]:
        gone = runtime.cancel_case(tx, office.case_id, besides=call.instance_id, by="anna")  # type: ignore[attr-defined]
        return {"count": len(gone)}

    closing = a_file(
        a_process(
            "q",
            start(),
            service("s", "case.cancel_running"),
            user("z"),
            path("start", "s", "z"),
            lanes=LEAD,
        )
    )
    office.publish(a_pack(p=SIMPLE, q=closing))
    office.start("p")
    office.host.services["case.cancel_running"] = cancel_running  # type: ignore[assignment]

    office.start("q")

    assert office.titles() == ["z@varnamo"]


def test_a_service_cannot_step_the_instance_that_called_it(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            both("g"),
            catch("m", event("message", "news")),
            user("a"),
            service("s", "loop"),
            end(),
            path("start", "g", "m", "end"),
            path("g", "a", "s", "end"),
            lanes=LEAD,
        ),
        declared=message("news"),
    )
    office.publish(a_pack(p=data))
    office.start()

    def loop(tx: Session, call: object) -> dict[str, object]:
        runtime.message(tx, office.host, name="news", case_id=office.case_id, variables={}, by="x")
        return {}

    office.host.services["loop"] = loop  # type: ignore[assignment]
    with pytest.raises(StepFailed):
        office.do("a")
    assert office.titles() == ["a@varnamo"]


def test_a_signal_wakes_every_case_that_waits(office: Office):
    waiting = a_file(
        a_process(
            "q",
            start(),
            catch("w", event("signal", "wind_down")),
            user("z"),
            path("start", "w", "z"),
            lanes=LEAD,
        ),
        declared=signal("wind_down"),
    )
    throwing = a_file(
        a_process(
            "p",
            start(),
            user("a"),
            end("e", event("signal", "wind_down")),
            path("start", "a", "e"),
            lanes=LEAD,
        ),
        declared=signal("wind_down"),
    )
    office.publish(a_pack(p=throwing, q=waiting))
    office.start("q")
    office.start("q")
    office.start("p")

    thrown = office.do("a")
    with office.database.reading() as tx:
        targets = runtime.signal_targets(tx, "wind_down", besides=thrown.instance_id)
    for _case_id, instance_id in targets:
        with office.database.transaction() as tx:
            runtime.signal(tx, office.host, "wind_down", instance_id=instance_id, by="clock")

    assert office.titles() == ["z@varnamo", "z@varnamo"]


def test_steps_are_claimed_given_back_and_handed_over(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()
    task_id = office.find("a")

    with office.database.transaction() as tx:
        runtime.claim(tx, task_id, account_id=7)
    with pytest.raises(TaskTaken), office.database.transaction() as tx:
        runtime.claim(tx, task_id, account_id=8)
    with office.database.transaction() as tx:
        runtime.release(tx, task_id)
        runtime.claim(tx, task_id, account_id=8)
        runtime.assign(tx, task_id, account_id=9)

    assert office.open()[0].assignee_id == 9


def test_steps_follow_the_lead_of_the_case(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()
    office.host.lead = "fk"

    with office.database.transaction() as tx:
        assert runtime.readdress(tx, office.host, office.case_id) == (office.find("a"),)

    assert office.titles() == ["a@fk"]


def test_an_instance_keeps_the_release_it_started_with(office: Office):
    office.publish(a_pack(p=SIMPLE))
    office.start()
    changed = (
        SIMPLE.replace(b'id="b"', b'id="c"')
        .replace(b'"b"', b'"c"')
        .replace(b">b<", b">c<")
        .replace(b"a_b", b"a_c")
    )
    office.publish(a_pack(p=changed))

    office.do("a")
    assert office.titles() == ["b@varnamo"]

    office.start()
    office.do("a")
    assert {t.element_id for t in office.open()} >= {"b"}


def test_a_withdrawn_step_no_longer_waits(office: Office):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES)
    task_id = office.find("answer")
    office.hear("consent_withdrawn")

    with pytest.raises(NotWaiting), office.database.transaction() as tx:
        runtime.complete(tx, office.host, task_id, answers={}, by="anna")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    sql_event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sql_event.remove(database.engine, "before_cursor_execute", note)


def test_a_completion_takes_twelve_statements_at_most_however_old_the_case(office: Office):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES)
    ids = [office.find("answer", i) for i in range(3)]
    counts = []

    for task_id in ids:
        with office.database.transaction() as tx, counted(office.database) as seen:
            runtime.complete(tx, office.host, task_id, answers={"decision": "x"}, by="anna")
        counts.append(len(seen))

    assert max(counts) <= 12, counts
    assert counts[0] == counts[1]


def test_the_first_answer_is_given_again_to_the_same_key_and_body(office: Office):
    asked = {"account_id": 1, "command": "complete", "target": "t", "key": "k"}
    with office.database.transaction() as tx:
        assert commands.once(tx, **asked, digest="d") is None
        commands.answer(tx, **asked, result={"to": "/tasks"})

    with office.database.transaction() as tx:
        assert commands.once(tx, **asked, digest="d") == commands.Earlier({"to": "/tasks"})
        assert commands.once(tx, **{**asked, "account_id": 2}, digest="d") is None
    with pytest.raises(Conflict), office.database.transaction() as tx:
        commands.once(tx, **asked, digest="other")


def test_answers_are_forgotten_after_thirty_days(office: Office, clock: Fixed):
    with office.database.transaction() as tx:
        commands.once(tx, account_id=1, command="c", target="t", key="k", digest="d")
    clock.move(31 * DAY)

    with office.database.transaction() as tx:
        assert commands.purge(tx) == 1


def test_a_case_s_state_is_sealed(office: Office):
    office.publish(a_pack(p=BODY))
    instance_id = office.start(parties=PARTIES).instance_id

    with office.database.transaction() as tx:
        resting = store.lock_instance(tx, instance_id)

    assert resting is not None
    assert resting.blob.startswith(f"{office.case_id}/instance/{instance_id}".encode())
