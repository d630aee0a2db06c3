"""What the engine asks of the database for one step does not grow with the case."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm.attributes import set_committed_value

from base.db import Database
from engine import runtime, store
from engine.errors import StepFailed
from tests.bench import models
from tests.engine.hosting import Office, a_pack

pytestmark = pytest.mark.both
LOOP = models.loop("p", python=False)


@contextmanager
def listening(database: Database) -> Iterator[list[str]]:
    heard: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            heard.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def completing(office: Office) -> list[str]:
    [task] = office.open()
    with office.database.transaction() as tx, listening(office.database) as heard:
        runtime.complete(tx, office.host, task.id, answers={"x": 1}, by="anna")
    return heard


def test_a_step_after_two_hundred_asks_what_the_first_asked(office: Office):
    office.publish(a_pack(p=LOOP))
    office.start(x=1)
    first = completing(office)
    completing(office)
    with office.database.transaction() as tx:
        for _ in range(198):
            [task] = store.open_tasks(tx, office.case_id)
            runtime.complete(tx, office.host, task.id, answers={"x": 1}, by="anna")

    later = completing(office)

    assert later == first
    assert len(first) <= 12, first


def test_a_state_that_was_stepped_since_it_was_read_is_not_overwritten(office: Office):
    office.publish(a_pack(p=LOOP))
    office.start(x=1)
    task_id = office.find("a")

    with office.database.transaction() as tx:
        seen = runtime.visit(tx, office.host, task_id, by="anna")
        runtime.complete(tx, office.host, task_id, answers={"x": 1}, by="bo")
        # As if another session had read the step before.
        set_committed_value(seen.task, "status", "open")
        with pytest.raises(StepFailed):
            runtime.finish(seen, {"x": 2})

    assert office.titles() == ["b@varnamo"]
