"""A million instances on PostgreSQL: ``make bench-large``.

A hundred thousand of them are open, with steps, tokens, waits and history, in twenty thousand
open cases under consent. Measured are the first page of the task list of somebody to whose
organisation a tenth of all open steps goes, and the look-up of the sweep over due timers.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import event

from base import clock
from base.db import Session
from casework import parts, roles
from casework.access import Actor
from casework.tasks import store as task_store
from casework.tasks.rules import Held
from engine import releases, waits
from tests.bench.report import Report, p99, progress
from tests.bench.site import Town
from tests.bench.worlds import places

INSTANCES = 1_000_000
OPEN_INSTANCES = 100_000
#: Instances of one case, as the arena has them.
_PER_CASE = 5
_HISTORY = 2
#: Of a hundred open steps so many are for the organisation of the person who looks.
_OWN_SHARE = 10
_OTHERS = 150
_TIMES = 120
_MOST_MS = 50.0
_STATE = "\\\\x" + "5a" * 400
_NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - beside a real clock
_CASE, _INSTANCE, _TASK, _TOKEN, _CONSENT = (n << 100 for n in range(1, 6))


def main() -> int:
    """Fill, measure; 1 if a target is missed."""
    report = Report()
    with places("postgresql") as place:
        town = Town(place)
        town.furnish()
        begun = time.monotonic()
        _fill(town)
        report.section(f"{INSTANCES:,} instances, {OPEN_INSTANCES:,} of them open")
        report.figure("filled and analysed in", f"{time.monotonic() - begun:9.0f} s")
        _measure(report, town)
        town.close()
    return report.end()


@dataclass(frozen=True, slots=True)
class Known:
    """What rows refer to."""

    release_id: int
    programme_id: int
    group_id: int
    own: int
    others: list[int]
    account_id: int
    role: str


def _fill(town: Town) -> None:
    url = town.place.data.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        known = _known(town, connection)
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname "
            "LIKE 'ix\\_%' AND tablename IN ('case', 'consent', 'consent_party', 'instance', "
            "'instance_state', 'task', 'token', 'wait', 'history')"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        for table, columns, lines in _tables(known):
            _copy(connection, table, columns, lines)
        progress("indexes")
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("VACUUM (ANALYZE)")


def _known(town: Town, connection: psycopg.Connection[Any]) -> Known:
    with town.app.database.reading() as tx:
        release_id = releases.active_id(tx, "arena")
    connection.execute(
        "INSERT INTO organisation (code, title, kind, phone, mail, address) SELECT 'o' || n, "
        "'Organisation ' || n, 'municipality', '', '', '' FROM generate_series(1, %s) n",
        [_OTHERS],
    )
    own = town.actor.organisation_id
    assert own is not None
    found = connection.execute("SELECT id FROM organisation WHERE code ~ '^o[0-9]+$'").fetchall()
    programme = connection.execute("SELECT min(id) FROM programme").fetchone()
    group = next(m.group_id for m in town.actor.memberships if m.group_id is not None)
    assert programme is not None
    others = [row[0] for row in found]
    return Known(release_id, programme[0], group, own, others, town.actor.account_id, "referrer")


Lines = Iterator[str]


def _tables(known: Known) -> Iterator[tuple[str, str, Lines]]:
    yield (
        '"case"',
        "id,number,programme_id,group_id,procedure,pack_id,referrer_organisation_id,"
        "referrer_account_id,opened,status,priority,written_only,restricted",
        _cases(known),
    )
    yield (
        "consent",
        "id,case_id,purpose,version,status,valid_from,valid_until,ends_when,prepared_at,"
        "prepared_by,texts,form",
        _consents(known),
    )
    yield "consent_party", "consent_id,organisation_id", _parties(known)
    yield (
        "instance",
        "id,release_id,process,case_id,status,marking,rev,started",
        _instances(known),
    )
    yield "instance_state", "instance_id,blob", _states()
    yield (
        "task",
        "id,instance_id,case_id,release_id,process,element_id,kind,role,organisation_id,scope,"
        "status,created,due,priority,purpose,categories,done_by,done_at",
        _tasks(known),
    )
    yield "token", "instance_id,process,element_id,count,since", _tokens()
    yield (
        "wait",
        "instance_id,case_id,token_id,process,element_id,kind,name,due,held",
        _waits(),
    )
    yield (
        "history",
        "instance_id,case_id,process,element_id,event,by,at,token_id,detail",
        _histories(),
    )


def _copy(connection: psycopg.Connection[Any], table: str, columns: str, lines: Lines) -> None:
    begun, count, some = time.monotonic(), 0, []
    named = ",".join(f'"{column}"' for column in columns.split(","))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({named}) FROM STDIN".encode()) as copy,
    ):
        for line in lines:
            some.append(line)
            count += 1
            if len(some) == 5_000:
                copy.write("".join(some))
                some.clear()
        copy.write("".join(some))
    progress(f"{table}: {count:,} rows in {time.monotonic() - begun:.0f} s")


def _id(kind: int, number: int) -> str:
    return f"{kind | number:032x}"


def _organisation(known: Known, number: int) -> int:
    """Whose the step of an instance is: a tenth are the reader's own."""
    if number % 100 < _OWN_SHARE:
        return known.own
    return known.others[number % len(known.others)]


def _is_open_case(number: int) -> bool:
    return number < OPEN_INSTANCES // _PER_CASE


def _cases(known: Known) -> Lines:
    for number in range(INSTANCES // _PER_CASE):
        status = "open" if _is_open_case(number) else "closed"
        restricted = "t" if number % 500 == 1 else "f"
        yield (
            f"{_id(_CASE, number)}\tL-{number}\t{known.programme_id}\t{known.group_id}\tarena\t"
            f"arena\t{_organisation(known, number)}\t\\N\t{_NOW - timedelta(hours=number % 9000)}"
            f"\t{status}\tnormal\tt\t{restricted}\n"
        )


def _consents(known: Known) -> Lines:
    day = _NOW.date()
    for number in range(INSTANCES // _PER_CASE):
        status = "active" if _is_open_case(number) else "ended"
        yield (
            f"{_id(_CONSENT, number)}\t{_id(_CASE, number)}\tplanning\t1\t{status}\t"
            f"{day - timedelta(days=90)}\t{day + timedelta(days=90)}\tdate\t{_NOW}\t"
            f"{known.account_id}\t\\\\x00\tpaper\n"
        )


def _parties(known: Known) -> Lines:
    """Every organisation that has a step in the case, where the case is open; else two."""
    for number in range(INSTANCES // _PER_CASE):
        places = range(number * _PER_CASE, (number + 1) * _PER_CASE)
        named = {_organisation(known, place) for place in places}
        for organisation in sorted(named)[: None if _is_open_case(number) else 2]:
            yield f"{_id(_CONSENT, number)}\t{organisation}\n"


def _instances(known: Known) -> Lines:
    for number in range(INSTANCES):
        status = "running" if number < OPEN_INSTANCES else "ended"
        yield (
            f"{_id(_INSTANCE, number)}\t{known.release_id}\tjoint_planning_sip\t"
            f"{_id(_CASE, number // _PER_CASE)}\t{status}\t0123456789abcdef\t7\t{_NOW}\n"
        )


def _states() -> Lines:
    for number in range(INSTANCES):
        yield f"{_id(_INSTANCE, number)}\t{_STATE}\n"


def _tasks(known: Known) -> Lines:
    chance = random.Random(1)  # noqa: S311
    for number in range(INSTANCES):
        is_open = number < OPEN_INSTANCES
        created = _NOW - timedelta(minutes=chance.randrange(200_000))
        due = created + timedelta(days=chance.randrange(1, 200))
        done = "\\N\t\\N" if is_open else f"account:{number % 900}\t{_NOW}"
        purpose = "planning" if number % 2 else "\\N"
        yield (
            f"{_id(_TASK, number)}\t{_id(_INSTANCE, number)}\t{_id(_CASE, number // _PER_CASE)}\t"
            f"{known.release_id}\tjoint_planning_sip\tset_meeting\tstep\t{known.role}\t"
            f"{_organisation(known, number)}\t{{}}\t{'open' if is_open else 'done'}\t{created}\t"
            f"{due}\t50\t{purpose}\t[]\t{done}\n"
        )


def _tokens() -> Lines:
    for number in range(OPEN_INSTANCES):
        yield f"{_id(_INSTANCE, number)}\tjoint_planning_sip\tset_meeting\t1\t{_NOW}\n"


def _waits() -> Lines:
    """A timer and a message for each; two hundred are due."""
    for number in range(OPEN_INSTANCES):
        due = _NOW - timedelta(hours=1) if number % 500 == 0 else _NOW + timedelta(minutes=number)
        for kind, name, at in (("timer", "", str(due)), ("message", "withdrawn", "\\N")):
            yield (
                f"{_id(_INSTANCE, number)}\t{_id(_CASE, number // _PER_CASE)}\t"
                f"{_id(_TOKEN, 2 * number + (kind == 'timer'))}\tjoint_planning_sip\tevent\t"
                f"{kind}\t{name}\t{at}\tf\n"
            )


def _histories() -> Lines:
    for number in range(INSTANCES):
        for happened in ("entered", "left")[:_HISTORY]:
            yield (
                f"{_id(_INSTANCE, number)}\t{_id(_CASE, number // _PER_CASE)}\t"
                f"joint_planning_sip\tset_meeting\t{happened}\taccount:1\t{_NOW}\t"
                f"{_id(_TOKEN, number)}\t\n"
            )


def _measure(report: Report, town: Town) -> None:
    app, actor = town.app, town.actor
    with app.database.reading() as tx:
        held, today = roles.held_by(app.pack(tx).config, actor), clock.today(tx, app.zone)
        now = clock.now(tx)
        visible = task_store.counts(tx, actor, held, on=today)
        report.figure(
            "steps the reader can see", ", ".join(f"{k} {v}" for k, v in visible.items())
        )
        asked: dict[str, Callable[[], object]] = {
            f"first page, {view}": partial(_page, tx, actor, held, view, today)
            for view in ("mine", "organisation", "others")
        }
        asked["numbers beside the views"] = lambda: task_store.counts(tx, actor, held, on=today)
        asked["number of late steps"] = lambda: task_store.late_count(
            tx, actor, held, on=today, now=now
        )
        asked["sweep, look-up of what is due"] = lambda: waits.due_waits(tx, now, 50)
        for name, ask in asked.items():
            found = _milliseconds(ask)
            report.at_most(f"{name}, p99", found, _MOST_MS, "ms")
            if found > _MOST_MS:
                _explain(town, tx, ask)


def _page(tx: Session, actor: Actor, held: Held, view: str, today: date) -> object:
    return task_store.in_view(tx, actor, held, view, on=today, limit=parts.SHOWN + 1)


def _milliseconds(act: Callable[[], object], times: int = _TIMES) -> float:
    found = []
    for _ in range(times + 5):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return p99(found[5:])


def _explain(town: Town, tx: Session, ask: Callable[[], object]) -> None:
    """How the database finds it; on the error channel."""
    heard: list[tuple[str, Any]] = []

    def note(_c: object, _cu: object, statement: str, given: Any, *_rest: object) -> None:
        heard.append((statement, given))

    engine = town.app.database.engine
    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    statement, given = heard[-1]
    plan = tx.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", given)
    progress("\n    ".join(row[0] for row in plan))


if __name__ == "__main__":
    sys.exit(main())
