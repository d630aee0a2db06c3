"""What a completed step asks of the database, however old its case and however long the list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import event, insert, select

from base.db import core
from casework import parts
from engine.tables import History, Task
from tests.web.world import Site

WHO = "sara.lindqvist"
MOST = 30
#: The demonstration's movable clock; nobody else asks for it.
_CLOCK = "clock_offset"


@dataclass
class Heard:
    """Statements in order, of the cases' database and of the key store, and commits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def listening(site: Site) -> Iterator[Heard]:
    heard = Heard()
    data, keys = site.database.engine, site.application.keys_database.engine

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN") and _CLOCK not in statement:
            heard.statements.append(statement)

    def note_commit(_connection: object) -> None:
        heard.commits += 1

    for engine in (data, keys):
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "commit", note_commit)
    try:
        yield heard
    finally:
        for engine in (data, keys):
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "commit", note_commit)


def describing(site: Site) -> tuple[UUID, UUID]:
    """A new case and its first step."""
    case_id = site.case_as_in("ac_01_arena_straight")
    return case_id, site.open_step(case_id, "describe_need")


def completing(site: Site, task_id: UUID) -> Heard:
    client = site.client(WHO)
    sent = {"_do": "complete", "_key": uuid4().hex, **site.answers(WHO, task_id)}
    with listening(site) as heard:
        answer = client.post(f"/tasks/{task_id}", data=sent)

    assert answer.status_code == 303, answer.text
    return heard


def grow_old(site: Site, task_id: UUID, steps: int) -> None:
    """So many completed steps more, as rows of the same instance."""
    tasks, history = core(Task), core(History)
    with site.database.transaction() as tx:
        row = dict(tx.execute(select(tasks).where(tasks.c.id == task_id)).one()._mapping)
        event_row = tx.execute(
            select(history).where(history.c.instance_id == row["instance_id"]).limit(1)
        ).one()
        entry = {name: value for name, value in event_row._mapping.items() if name != "id"}
        closed = {"status": "done", "done_by": "account:1", "done_at": row["created"]}
        tx.execute(insert(tasks), [{**row, **closed, "id": uuid4()} for _ in range(steps)])
        tx.execute(insert(history), [entry] * (2 * steps))


def grow_long(site: Site, task_id: UUID, steps: int) -> None:
    """So many more open steps in the same person's list."""
    tasks = core(Task)
    with site.database.transaction() as tx:
        row = dict(tx.execute(select(tasks).where(tasks.c.id == task_id)).one()._mapping)
        tx.execute(insert(tasks), [{**row, "id": uuid4()} for _ in range(steps)])


def test_a_completion_takes_thirty_statements_and_one_commit(site: Site) -> None:
    _, task_id = describing(site)

    heard = completing(site, task_id)

    assert len(heard.statements) <= MOST, "\n".join(heard.statements)
    assert heard.commits == 1


def test_the_age_of_the_case_and_the_length_of_the_list_do_not_matter(site: Site) -> None:
    first, old = describing(site)[1], describing(site)[1]
    young = completing(site, first)
    grow_old(site, old, 200)
    other = describing(site)[1]
    grow_long(site, other, 100)

    aged = completing(site, old)

    assert aged.statements == young.statements
    assert aged.commits == young.commits


def test_a_list_of_a_hundred_steps_asks_as_much_as_one_of_one(site: Site) -> None:
    _, task_id = describing(site)
    client = site.client(WHO)
    client.get("/tasks")
    with listening(site) as short:
        client.get("/tasks")
    grow_long(site, task_id, 99)

    with listening(site) as long:
        page = client.get("/tasks")

    assert page.text.count('href="/tasks/') >= parts.SHOWN
    assert len(long.statements) == len(short.statements)
