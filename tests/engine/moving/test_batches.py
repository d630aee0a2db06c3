"""Many instances moved one after the other by a worker that may be killed."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from base.errors import NotFound
from engine import moves
from engine.moving import Blocked
from engine.releases import Release
from engine.tables import Instance
from tests.engine.drawing import a_file, a_process, boundary, end, path, start, timer, user
from tests.engine.hosting import Office, a_pack

pytestmark = pytest.mark.both
ROOT = Path(__file__).parents[3]
LEAD = {"case_lead": ["a", "b", "z"]}


def drawn(*ids: str, due: str = "") -> bytes:
    """Steps in a row; ``due``: a timer on the first, whose moment is an expression."""
    beside = boundary("late", ids[0], timer("Duration", due)) + end("e") if due else ""
    return a_file(
        a_process(
            "p",
            *(start(), end(), *(user(id) for id in ids), path("start", *ids, "end")),
            *((beside, path("late", "e")) if due else ()),
            lanes=LEAD,
        )
    )


def a_batch(office: Office, release: Release, to: Release, **more: object) -> int:
    with office.database.transaction() as tx:
        return moves.begin(
            tx,
            process="p",
            from_release_id=release.id,
            to_release_id=to.id,
            by="owner",
            **more,  # type: ignore[arg-type]
        )


def sweep(office: Office, limit: int = 100) -> int:
    return moves.sweep(office.database, office.host, lambda tx, case_id: True, limit=limit)


def progress(office: Office, batch_id: int) -> tuple[str, int, int, int, int]:
    with office.database.reading() as tx:
        batch = moves.get(tx, batch_id)
    return batch.status, batch.todo, batch.done, batch.blocked, batch.failed


def releases_of(office: Office) -> Counter[int]:
    with office.database.reading() as tx:
        return Counter(instance.release_id for instance in tx.query(Instance))


def test_each_is_moved_or_says_why_not(office: Office):
    first = office.publish(a_pack(p=drawn("a", "b", "z")))
    ids = [office.start(days=n).instance_id for n in (1, 1, 1, 1, "none")]
    for _ in range(2):
        office.do("a")
    second = office.publish(
        a_pack(p=drawn("a", "z", due='=duration("P" + string(days + 0) + "D")'))
    )
    batch_id = a_batch(office, first, second)
    at_b = {task.instance_id for task in office.open() if task.element_id == "b"}
    assert progress(office, batch_id) == ("running", 5, 0, 0, 0)

    assert sweep(office) == 5

    wrong = ids[-1]
    failed = 0 if wrong in at_b else 1
    assert progress(office, batch_id) == ("done", 0, 3 - failed, 2, failed)
    with office.database.reading() as tx:
        items = {item.instance_id: item for item in moves.items(tx, batch_id)}
        blocked = moves.items(tx, batch_id, "blocked")
    assert {item.instance_id for item in blocked} == at_b
    assert blocked[0].reasons == (Blocked("p", "b", "gone", (("name", "b"),)),)
    if failed:
        [why] = items[wrong].reasons
        assert (why.code, why.element) == ("failed", "late")
        assert why.sentence == "It could not be carried out (StepFailed); nothing was changed."
    assert releases_of(office) == {first.id: 2 + failed, second.id: 3 - failed}


def test_a_batch_may_name_its_instances_and_give_new_names(office: Office):
    first = office.publish(a_pack(p=drawn("a")))
    ids = [office.start().instance_id for _ in range(3)]
    second = office.publish(a_pack(p=drawn("z")))

    batch_id = a_batch(office, first, second, instances=ids[:2], renames={("p", "a"): "z"})
    sweep(office)

    assert progress(office, batch_id) == ("done", 0, 2, 0, 0)
    assert office.titles() == ["a@varnamo", "z@varnamo", "z@varnamo"]
    with pytest.raises(NotFound), office.database.reading() as tx:
        moves.get(tx, batch_id + 1)


def test_a_batch_is_stopped_and_goes_on(office: Office):
    first = office.publish(a_pack(p=drawn("a")))
    for _ in range(4):
        office.start()
    second = office.publish(a_pack(p=drawn("a", "b")))
    batch_id = a_batch(office, first, second)

    assert sweep(office, limit=1) == 1
    with office.database.transaction() as tx:
        moves.stop(tx, batch_id)
    assert sweep(office) == 0
    assert progress(office, batch_id) == ("stopped", 3, 1, 0, 0)

    with office.database.transaction() as tx:
        moves.resume(tx, batch_id)
    assert sweep(office) == 3
    assert progress(office, batch_id) == ("done", 0, 4, 0, 0)


def test_a_busy_case_comes_in_a_later_round(office: Office):
    first = office.publish(a_pack(p=drawn("a")))
    office.start()
    second = office.publish(a_pack(p=drawn("a", "b")))
    batch_id = a_batch(office, first, second)

    assert moves.sweep(office.database, office.host, lambda tx, case_id: False) == 0
    assert progress(office, batch_id) == ("running", 1, 0, 0, 0)
    assert sweep(office) == 1


def test_a_batch_is_taken_back_where_cases_have_not_gone_on(office: Office):
    first = office.publish(a_pack(p=drawn("a")))
    for _ in range(3):
        office.start()
    second = office.publish(a_pack(p=drawn("a", "b")))
    batch_id = a_batch(office, first, second)
    sweep(office)
    office.do("a")

    with office.database.transaction() as tx:
        back = moves.revert(tx, batch_id, by="owner")
    sweep(office)

    assert progress(office, back) == ("done", 0, 2, 1, 0)
    assert releases_of(office) == {first.id: 2, second.id: 1}
    with office.database.transaction() as tx:
        assert [item.reasons[0].code for item in moves.items(tx, back, "blocked")] == ["gone_on"]
        assert [batch.id for batch in moves.batches(tx, ["p"])] == [back, batch_id]
        assert moves.purge(tx) == 1


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from base.clock import Fixed
from base.db import Database
from engine import moves
from tests.engine.hosting import SmallHost

database = Database(sys.argv[1], Fixed(datetime(2027, 2, 1, 11, tzinfo=UTC)))
host = SmallHost()
seen = []

def die(*args, **more):
    seen.append(args)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

host.moved = die
moves.sweep(database, host, lambda tx, case_id: True)
"""


def test_a_worker_that_is_killed_loses_nothing_and_the_next_goes_on(office: Office):
    first = office.publish(a_pack(p=drawn("a")))
    for _ in range(5):
        office.start()
    second = office.publish(a_pack(p=drawn("a", "b")))
    batch_id = a_batch(office, first, second)
    url = office.database.engine.url.render_as_string(hide_password=False)

    killed = subprocess.run([sys.executable, "-c", _KILLED, url], cwd=ROOT, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert progress(office, batch_id) == ("running", 3, 2, 0, 0)
    assert releases_of(office) == {first.id: 3, second.id: 2}
    assert sweep(office) == 3
    assert progress(office, batch_id) == ("done", 0, 5, 0, 0)
    assert len(office.host.moves) == 3
    assert office.do("a").opened == (office.find("b"),)
