"""What is measured does what it should: all are planned, all that may be are moved."""

from base.db import Database
from tests.bench import moving_bench as bench


def test_every_case_is_planned_and_moved(database: Database):
    found = bench.measure(database, 40, 16)

    assert sum(len(group.instances) for group in found.groups) == 40
    assert len(found.groups) == 16
    assert {group.plan.kind for group in found.groups} == {"same"}
    assert found.done == 16
