"""Lists of steps: rows with titles, names as far as the reader may know them, and pressure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from base import clock
from base.db import Session
from casework import naming, parts, roles
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.organisations import store as organisations
from casework.parts import Part, part_of
from casework.tasks import rules, store
from casework.tasks.model import TaskList, TaskRow, View
from casework.tasks.rules import Held
from casework.words import Words
from engine import releases
from engine.tables import Task


@dataclass(frozen=True, slots=True)
class Names:
    """What rows need besides the steps themselves; looked up once for the whole list."""

    cases: Mapping[UUID, Case]
    who: Mapping[UUID, str]
    accounts: Mapping[int, str]
    organisations: Mapping[int, str]


def build(
    tx: Session, app: Application, actor: Actor, *, view: View, query: str = "", part: int = 1
) -> TaskList:
    """A part of a view of steps; statements do not grow with its length."""
    today = clock.today(tx, app.zone)
    held = roles.held_by(app.pack(tx).config, actor)
    rows, shown = _part(tx, app, actor, held, view, query, part)
    counts = {View(name): n for name, n in store.counts(tx, actor, held, on=today).items()}
    late = store.late_count(tx, actor, held, on=today, now=clock.now(tx))
    begins = view is View.MINE and shown.number == 1 and not query
    first = rows[0] if rows and begins else None
    rest = rows[1:] if first else rows
    return TaskList(
        view=view,
        first=first,
        late=tuple(row for row in rest if view is not View.DONE and row.pressure == "late"),
        this_week=tuple(row for row in rest if _in_week(row, view, app, today)),
        later=tuple(row for row in rest if _is_later(row, view, app, today)),
        counts=counts,
        late_count=late,
        query=query,
        part=shown,
    )


def _part(
    tx: Session, app: Application, actor: Actor, held: Held, view: View, query: str, part: int
) -> tuple[list[TaskRow], Part]:
    today = clock.today(tx, app.zone)
    if not query.strip():
        start = Part(part).start
        found = store.in_view(tx, actor, held, view, on=today, limit=parts.SHOWN + 1, start=start)
        return describe(tx, app, actor, found[: parts.SHOWN]), Part(part, len(found) > parts.SHOWN)
    named = naming.cases_named(tx, actor, query, on=today)
    found = store.in_view(
        tx, actor, held, view, on=today, limit=parts.SEARCHED + 1, case_ids=named
    )
    rows = describe(tx, app, actor, found[: parts.SEARCHED])
    matching = rows if named else _matching(rows, query)
    return part_of(matching, part, narrow=len(found) > parts.SEARCHED)


def describe(tx: Session, app: Application, actor: Actor, tasks: Sequence[Task]) -> list[TaskRow]:
    """Steps as rows, in the same order."""
    names = _names(tx, app, actor, tasks)
    return [_row(tx, app, actor, task, names) for task in tasks]


def _names(tx: Session, app: Application, actor: Actor, tasks: Sequence[Task]) -> Names:
    found = case_store.by_ids(tx, {task.case_id for task in tasks})
    today = clock.today(tx, app.zone)
    holders = {task.assignee_id for task in tasks if task.assignee_id is not None}
    places = {task.organisation_id for task in tasks if task.organisation_id is not None}
    titles = organisations.organisations_by_id(tx, places)
    return Names(
        cases=found,
        who=naming.who_in(tx, actor, found, on=today),
        accounts=accounts.names(tx, holders),
        organisations={id_: organisation.title for id_, organisation in titles.items()},
    )


def _row(tx: Session, app: Application, actor: Actor, task: Task, names: Names) -> TaskRow:
    words = Words(releases.load(tx, task.release_id), actor.language)
    today = clock.today(tx, app.zone)
    day = naming.local_day(task.due, app.zone)
    return TaskRow(
        id=task.id,
        title=words.element(task.process, task.element_id),
        case_id=task.case_id,
        case_number=names.cases[task.case_id].number,
        who=names.who.get(task.case_id),
        process=words.process(task.process),
        organisation=names.organisations.get(task.organisation_id or 0),
        holder=names.accounts.get(task.assignee_id or 0),
        mine=task.assignee_id == actor.account_id,
        due=task.due,
        pressure=rules.pressure(task.due, clock.now(tx), day=day, today=today),
        days_late=rules.days_late(day, today),
    )


def _matching(rows: list[TaskRow], query: str) -> list[TaskRow]:
    """By title, name, alias or part of a case number."""
    wanted = query.casefold().split()
    return [row for row in rows if all(part in _text(row) for part in wanted)]


def _text(row: TaskRow) -> str:
    return f"{row.title} {row.case_number} {row.who or ''}".casefold()


def _in_week(row: TaskRow, view: View, app: Application, today: date) -> bool:
    if view is View.DONE or row.pressure == "late":
        return False
    return rules.this_week(naming.local_day(row.due, app.zone), today)


def _is_later(row: TaskRow, view: View, app: Application, today: date) -> bool:
    if view is View.DONE:
        return True
    return row.pressure != "late" and not _in_week(row, view, app, today)
