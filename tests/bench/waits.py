"""Finding what is due among two hundred thousand waits."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from base.db import Session, core
from engine import waits
from engine.tables import Instance, Wait
from tests.bench.report import Report, progress
from tests.bench.worlds import World

MANY = 200_000
_SOME = 10_000
_TIMES = 200
_MOST_MS = 1.0


def measure(report: Report, world: World) -> None:
    """Look for due timers when fifty are due among the many, and when none is."""
    kind = world.place.kind
    world.open(hasty=True)
    progress(f"{kind}: {MANY} waits")
    now = world.clock.now()
    with world.database.transaction() as tx:
        for first in range(0, MANY, _SOME):
            _add(tx, range(first, first + _SOME), now)
    world.close()
    world.open()
    with world.database.reading() as tx:
        assert len(waits.due_waits(tx, now, 100)) == 50
        some = _milliseconds(lambda: waits.due_waits(tx, now, 50))
        none = _milliseconds(lambda: waits.due_waits(tx, now - timedelta(days=400), 50))
    report.section(f"{kind}: due timers among {MANY} waits")
    report.at_most("look-up, 50 are due", some, _MOST_MS, "ms")
    report.at_most("look-up, none is due", none, _MOST_MS, "ms")
    world.close()


def _add(tx: Session, numbers: Sequence[int], now: datetime) -> None:
    tx.connection().execute(insert(core(Instance)), list(_instances(numbers, now)))
    tx.connection().execute(insert(core(Wait)).inline(), list(_waits(numbers, now)))


def _instances(numbers: Sequence[int], now: datetime) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "id": UUID(int=number),
            "release_id": 1,
            "process": "waiting",
            "case_id": UUID(int=number),
            "status": "running",
            "marking": "",
            "rev": 1,
            "started": now,
        }


def _waits(numbers: Sequence[int], now: datetime) -> Iterator[dict[str, Any]]:
    """Fifty are due now, spread over all of them; the rest in the months to come."""
    for number in numbers:
        due = now if number % (MANY // 50) == 0 else now + timedelta(minutes=1 + number)
        yield {
            "instance_id": UUID(int=number),
            "case_id": UUID(int=number),
            "token_id": UUID(int=number),
            "process": "waiting",
            "element_id": "pause",
            "kind": "timer",
            "name": "",
            "key": None,
            "due": due,
            "held": False,
        }


def _milliseconds(act: Callable[[], object]) -> float:
    found = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return median(found)
