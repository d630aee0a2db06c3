"""Processes that a message sets off: within the case, when no instance waits for it."""

import pytest
from sqlalchemy import select

from engine import runtime, store
from engine.errors import Runaway
from engine.tables import Instance, Undelivered
from tests.engine.drawing import (
    a_file,
    a_process,
    catch,
    end,
    event,
    message,
    node,
    path,
    start,
    user,
)
from tests.engine.hosting import Office, a_pack

LEAD = {"case_lead": ["a", "b", "z"]}


def begun_by(name: str, *, outputs: dict[str, str] | None = None) -> str:
    return node("startEvent", "moved", inside=event("message", name), outputs=outputs)


def a_move(**more: dict[str, str]) -> bytes:
    """A routine that begins when somebody has moved."""
    parts = (begun_by("person_moved", **more), user("b"), end(), path("moved", "b", "end"))
    return a_file(a_process("move", *parts, lanes=LEAD), declared=message("person_moved"))


def a_case(*before: str) -> bytes:
    parts = (start(), *before, user("a"), end())
    way = path("start", *(["w"] if before else []), "a", "end")
    return a_file(a_process("p", *parts, way, lanes=LEAD), declared=message("person_moved"))


def processes(office: Office) -> list[str]:
    with office.database.reading() as tx:
        return [row.process for row in store.instances_of(tx, office.case_id)]


@pytest.mark.both
def test_a_message_that_nobody_waits_for_sets_off_what_begins_with_it(office: Office):
    office.publish(a_pack(p=a_case(), m=a_move()))
    office.start()

    outcome = office.hear("person_moved", moved_to="fk")

    assert outcome is not None
    assert office.titles() == ["a@varnamo", "b@varnamo"]
    with office.database.reading() as tx:
        (row,) = tx.scalars(select(Instance).where(Instance.process == "move"))
        seen = runtime.step_variables(tx, office.host, office.find("b"))
        assert tx.scalars(select(Undelivered)).all() == []
    assert (row.case_id, row.id) == (office.case_id, outcome.instance_id)
    assert seen == {"case_ref": str(office.case_id), "moved_to": "fk"}


def test_each_message_sets_off_an_instance_of_its_own(office: Office):
    office.publish(a_pack(p=a_case(), m=a_move()))
    office.start()

    office.hear("person_moved")
    office.hear("person_moved")

    assert sorted(processes(office)) == ["move", "move", "p"]


def test_whoever_waits_comes_first(office: Office):
    waiting = catch("w", event("message", "person_moved"))
    office.publish(a_pack(p=a_case(waiting), m=a_move()))
    office.start()

    office.hear("person_moved")

    assert (processes(office), office.titles()) == (["p"], ["a@varnamo"])


def test_output_mappings_of_the_start_pick_what_becomes_variables(office: Office):
    office.publish(a_pack(p=a_case(), m=a_move(outputs={"place": "=moved_to"})))
    office.start()

    office.hear("person_moved", moved_to="fk", other=1)

    with office.database.reading() as tx:
        seen = runtime.step_variables(tx, office.host, office.find("b"))
    assert seen == {"case_ref": str(office.case_id), "place": "fk"}


def test_a_diagram_sets_off_another_by_its_message(office: Office):
    throwing = a_file(
        a_process(
            "p",
            start(),
            user("a"),
            end("e", event("message", "person_moved")),
            path("start", "a", "e"),
            lanes=LEAD,
        ),
        declared=message("person_moved"),
    )
    beside = a_file(
        a_process("q", start(), user("z"), end(), path("start", "z", "end"), lanes=LEAD)
    )
    office.publish(a_pack(p=throwing, q=beside, m=a_move()))
    office.start("p")
    office.start("q")

    outcome = office.do("a")

    assert office.titles() == ["b@varnamo", "z@varnamo"]
    assert outcome.opened == (office.find("b"),)


def test_what_sets_itself_off_for_ever_is_stopped(office: Office):
    endless = a_file(
        a_process(
            "move",
            begun_by("person_moved"),
            end("e", event("message", "person_moved")),
            path("moved", "e"),
        ),
        declared=message("person_moved"),
    )
    office.publish(a_pack(p=a_case(), m=endless))
    office.start()

    with pytest.raises(Runaway):
        office.hear("person_moved")

    assert processes(office) == ["p"]


@pytest.mark.parametrize("how", ["rests", "has ended", "was never begun"])
def test_a_case_that_does_not_run_keeps_the_message(office: Office, how: str):
    office.publish(a_pack(p=a_case(), m=a_move()))
    if how != "was never begun":
        office.start()
    if how == "has ended":
        office.do("a")
    if how == "rests":
        with office.database.transaction() as tx:
            runtime.suspend(tx, office.case_id)

    assert office.hear("person_moved") is None

    assert "move" not in processes(office)
    with office.database.reading() as tx:
        assert [row.name for row in tx.scalars(select(Undelivered))] == ["person_moved"]
        assert runtime.heard(tx, office.case_id) == set()


def test_another_key_than_the_case_sets_nothing_off(office: Office):
    office.publish(a_pack(p=a_case(), m=a_move()))
    office.start()

    with office.database.transaction() as tx:
        told = runtime.message(
            tx,
            office.host,
            name="person_moved",
            case_id=office.case_id,
            variables={},
            by="anna",
            key="other",
        )

    assert (told, processes(office)) == (None, ["p"])


def test_the_newest_release_says_what_a_message_sets_off(office: Office):
    office.publish(a_pack(p=a_case()))
    office.start()
    assert office.hear("person_moved") is None
    office.publish(a_pack(p=a_case(), m=a_move()))

    with office.database.reading() as tx:
        assert runtime.heard(tx, office.case_id) == {"person_moved"}
    office.hear("person_moved")

    assert sorted(processes(office)) == ["move", "p"]
