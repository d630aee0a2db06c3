# ruff: noqa: T201 - it prints what it measured
"""Moving cases: the dry run over ten thousand of them, and how many a worker moves in a second.

The numbers are of one process on SQLite, which waits for the disk at every commit. Cases that are
only planned are copies of those that were begun.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from base.clock import SystemClock
from base.db import Database, Session, Table
from engine import moves, releases, runtime, store
from engine.runtime import Group
from engine.runtime.stepping import place_of
from engine.tables import Instance, InstanceState, Task
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    each,
    end,
    path,
    start,
    timer,
    user,
)
from tests.engine.hosting import SmallHost, a_pack

INSTANCES = 10_000
#: Each stands in a way of its own.
BEGUN = 216
MOST_SECONDS = 2.0
LEAST_WAYS = 200
_PARTIES = [{"organisation": code, "unit": None} for code in ("varnamo", "fk", "vc")]
#: Branches side by side, and how many steps each has: so many ways in which a case can stand.
_BRANCHES = ("a", "b", "c")
_LONG = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the dry run and what it found; moves in a second."""

    planned: float
    groups: tuple[Group, ...]
    rate: float
    done: int


def drawn(*more: str) -> bytes:
    """Many calls with timers beside branches of steps, then ``more`` steps at the end."""
    last = ("agree", *more)
    branches = [[f"{name}{n}" for n in range(_LONG)] for name in _BRANCHES]
    side = [id for branch in branches for id in branch]
    return a_file(
        a_process(
            "p",
            start(),
            user("need", due="=today()"),
            both("split"),
            both("join"),
            call(
                "ask_all",
                "ask",
                inside=each("=parties", "party", results="answers", result="=decision"),
                inputs={"organisation": "=party.organisation"},
                outputs={"decision": "=decision"},
            ),
            *(user(id) for id in side),
            *(user(id) for id in last),
            end(),
            path("start", "need", "split", "ask_all", "join", *last, "end"),
            *(path("split", *branch, "join") for branch in branches),
            lanes={"case_lead": ["need", *side, *last]},
        ),
        a_process(
            "ask",
            start("begun"),
            user("answer", outputs={"decision": "=decision"}),
            boundary("remind", "answer", timer("Cycle", "R3/P7D"), interrupting=False),
            end("answered"),
            end("reminded"),
            path("begun", "answer", "answered"),
            path("remind", "reminded"),
            lanes={"party": ["answer"]},
        ),
    )


def measure(database: Database, instances: int, begun: int) -> Measured:
    """Begin some cases, copy them, plan a move of all, and move those that were begun."""
    host = SmallHost()
    with database.transaction() as tx:
        first = releases.publish(tx, a_pack(p=drawn()), by="bench")
        ids = [_start(tx, host, number) for number in range(begun)]
    with database.transaction() as tx:
        for copy in range(begun, instances, begun):
            _copy(tx, host, ids[: instances - copy])
        second = releases.publish(tx, a_pack(p=drawn("review")), by="bench")
    begin = time.perf_counter()
    with database.reading() as tx:
        groups = runtime.plan_migration(
            tx, host, release_id=first.id, process="p", to_release_id=second.id
        )
    planned = time.perf_counter() - begin
    with database.transaction() as tx:
        batch_id = moves.begin(
            tx,
            process="p",
            from_release_id=first.id,
            to_release_id=second.id,
            instances=ids,
            by="bench",
        )
    begin = time.perf_counter()
    while moves.sweep(database, host, lambda tx, case_id: True, limit=begun):
        pass
    took = time.perf_counter() - begin
    with database.reading() as tx:
        done = moves.get(tx, batch_id).done
    return Measured(planned, groups, done / took, done)


def _copy(tx: Session, host: SmallHost, ids: list[UUID]) -> None:
    """The same instances once more, of other cases."""
    rows, states = [], []
    for id in ids:
        resting = store.lock_instance(tx, id)
        instance = store.get_instance(tx, id)
        assert resting is not None
        assert instance is not None
        new, case_id = uuid4(), uuid4()
        plain = host.unseal(tx, resting.case_id, resting.blob, place_of(id))
        row = {c.key: getattr(instance, c.key) for c in Instance.__table__.columns}
        rows.append({**row, "id": new, "case_id": case_id})
        sealed = host.seal(tx, case_id, plain, place_of(new))
        states.append({"instance_id": new, "blob": sealed})
    store.insert_rows(tx, Instance, rows)
    store.insert_rows(tx, InstanceState, states)


def _start(tx: Session, host: SmallHost, number: int) -> UUID:
    """The steps done on each branch are the digits of the number."""
    case_id = uuid4()
    begun = runtime.start(
        tx,
        host,
        pack_id="test",
        process="p",
        case_id=case_id,
        variables={"parties": _PARTIES},
        by="bench",
    )
    _do(tx, host, case_id, "need")
    for place, name in enumerate(_BRANCHES):
        for n in range(number // (_LONG + 1) ** place % (_LONG + 1)):
            _do(tx, host, case_id, f"{name}{n}")
    return begun.instance_id


def _do(tx: Session, host: SmallHost, case_id: UUID, element: str) -> None:
    open_steps = tx.query(Task).filter_by(case_id=case_id, status="open", element_id=element)
    runtime.complete(tx, host, open_steps.one().id, answers={}, by="bench")


@contextmanager
def _a_database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db", SystemClock())
        Table.metadata.create_all(database.engine)
        yield database
        database.close()


def main() -> int:
    """Print what was measured; 1 if the dry run takes longer than is promised."""
    with _a_database() as database:
        found = measure(database, INSTANCES, BEGUN)
    count = sum(len(group.instances) for group in found.groups)
    print(
        f"moving cases: plan over {count} cases that stand in {len(found.groups)} ways"
        f" {found.planned:.2f} s; {found.done} moved, {found.rate:.0f} a second"
    )
    if len(found.groups) < LEAST_WAYS:
        print(f"They should stand in {LEAST_WAYS} ways at least.")
        return 1
    if found.planned > MOST_SECONDS:
        print(f"Slower than promised: the plan may take {MOST_SECONDS} s.")
        return 1
    return 0
