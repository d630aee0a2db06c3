"""Due timers are found by their index, whatever else waits."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from base.clock import Fixed
from base.db import Database
from engine import waits
from tests.conftest import NOON
from tests.engine.drawing import a_file, a_process, catch, end, path, service, start, timer
from tests.engine.hosting import Office, a_pack

DUE = (
    "select wait.id from wait join instance on instance.id = wait.instance_id "
    "where wait.due <= :now and not wait.held and instance.status = 'running' "
    "order by wait.due, wait.id limit 50"
)


@pytest.mark.sqlite("its plan is read; `make bench` measures the other")
def test_due_timers_are_found_by_their_index(database: Database):
    with database.reading() as tx:
        found = tx.execute(text(f"explain query plan {DUE}"), {"now": NOON.isoformat()})
        plan = [str(row[3]) for row in found]

    assert any(line.startswith("SEARCH wait USING INDEX ix_wait_due") for line in plan), plan


@pytest.mark.both
def test_a_clock_set_back_fires_nothing_a_second_time(office: Office, clock: Fixed):
    parts = (start(), catch("w", timer("Duration", "PT2H")), service("s", "tell"), end())
    office.publish(a_pack(p=a_file(a_process("p", *parts, path("start", "w", "s", "end")))))
    office.start()

    for moved in (timedelta(hours=3), timedelta(hours=-1), timedelta(hours=2)):
        clock.move(moved)
        waits.sweep(office.database, office.host, lambda _tx, _case_id: True)

    assert len(office.host.calls) == 1
