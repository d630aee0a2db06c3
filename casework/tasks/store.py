"""All SQL of steps as people see them; the engine's own writes lie in the engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import aliased

from base import ready
from base.db import Session, UtcDateTime
from casework import parts
from casework.access import Actor
from casework.cases import queries as case_queries
from casework.cases.tables import Case
from casework.consent.queries import Day
from casework.tasks import queries
from casework.tasks.rules import Held
from engine.tables import History, Instance, Task

#: Views that say how many steps they hold.
_COUNTED = ("mine", "organisation", "others")


def in_view(
    tx: Session,
    actor: Actor,
    held: Held,
    view: str,
    *,
    on: date,
    limit: int,
    start: int = 0,
    case_ids: Collection[UUID] = (),
) -> Sequence[Task]:
    """The steps of a view, soonest due first; at most ``limit`` after ``start``.

    ``case_ids``: only of these cases, if there are any.
    """
    if view == "done":
        among = Task.case_id.in_(case_ids) if case_ids else true()
        return _done(tx, actor, limit, start, among)
    # A list of few cases is short; SQLite keeps to the index by itself.
    fenced = not case_ids and tx.get_bind().dialect.name == "postgresql"
    query = _soonest_first(actor, tuple(sorted(held.items())), view, fenced=fenced)
    if case_ids:
        query = query.where(Task.case_id.in_(case_ids))
    shown = query.limit(_plain(limit)).offset(_plain(start))
    return tx.scalars(shown, {"on": on}).all()


def _plain(number: int) -> BindParameter[int]:
    """Written into the statement: a plan for any number of rows is one for many."""
    return literal(number, Integer, literal_execute=True)


@lru_cache(maxsize=1024)
def _soonest_first(
    actor: Actor, held: tuple[tuple[str, frozenset[int]], ...], view: str, *, fenced: bool
) -> Select[Task]:
    """As `ix_task_open_due` has them, so that a first page ends long before the list does.

    Whose steps they are comes first and is fenced off: PostgreSQL would ask for consent to all of
    them before it sorts, taking it for rare.
    """
    on, by_due = bindparam("on", type_=Date), (Task.due.nulls_last(), Task.created, Task.id)
    if view == "others" or not fenced:
        return select(Task).where(_view(actor, dict(held), view, on)).order_by(*by_due)
    addressed = select(Task).where(queries.is_open(), _whose(actor, dict(held), view))
    step = aliased(Task, addressed.order_by(*by_due).offset(_plain(0)).subquery())
    return (
        select(step)
        .where(queries.open_now(actor, on, step))
        .order_by(step.due.nulls_last(), step.created, step.id)
    )


def counts(tx: Session, actor: Actor, held: Held, *, on: date) -> Mapping[str, int]:
    """How many steps each view holds, up to `parts.COUNTED`; one statement."""
    row = tx.execute(_counts(actor, tuple(sorted(held.items()))), {"on": on}).one()
    return {view: getattr(row, view) for view in _COUNTED} | {"done": 0}


@lru_cache(maxsize=1024)
def _counts(
    actor: Actor, held: tuple[tuple[str, frozenset[int]], ...]
) -> Select[*tuple[int, ...]]:
    on = bindparam("on", type_=Date)
    columns = [
        _counted(_view(actor, dict(held), view, on)).scalar_subquery().label(view)
        for view in _COUNTED
    ]
    return select(*columns)


def count_mine(tx: Session, actor: Actor, held: Held, *, on: date) -> int:
    """Up to `parts.COUNTED`."""
    query = _count_mine(actor, tuple(sorted(held.items())))
    return tx.scalar(query, {"on": on}) or 0


@lru_cache(maxsize=1024)
def _count_mine(actor: Actor, held: tuple[tuple[str, frozenset[int]], ...]) -> Select[int]:
    return _counted(_view(actor, dict(held), "mine", bindparam("on", type_=Date)))


def _counted(wanted: ColumnElement[bool]) -> Select[int]:
    """How many steps, up to `parts.COUNTED`; stops there."""
    some = select(Task.id).where(wanted).limit(parts.COUNTED).subquery()
    return select(func.count()).select_from(some)


def late_count(tx: Session, actor: Actor, held: Held, *, on: date, now: datetime) -> int:
    """Up to `parts.COUNTED`."""
    query = _count_late(actor, tuple(sorted(held.items())))
    return tx.scalar(query, {"on": on, "now": now}) or 0


@lru_cache(maxsize=1024)
def _count_late(actor: Actor, held: tuple[tuple[str, frozenset[int]], ...]) -> Select[int]:
    mine = _view(actor, dict(held), "mine", bindparam("on", type_=Date))
    return _counted(and_(mine, Task.due < bindparam("now", type_=UtcDateTime)))


def by_id(tx: Session, task_id: UUID) -> Task | None:
    return tx.get(Task, task_id)


def open_of_case(tx: Session, case_id: UUID) -> Sequence[Task]:
    """Every open step of a case, soonest due first."""
    query = (
        select(Task)
        .where(Task.case_id == case_id, Task.status == "open")
        .order_by(Task.due.is_(None), Task.due, Task.created, Task.id)
    )
    return tx.scalars(query).all()


def open_of_cases(tx: Session, case_ids: Collection[UUID]) -> Sequence[Task]:
    """Open steps of several cases, soonest due first; one statement."""
    query = (
        select(Task)
        .where(Task.case_id.in_(case_ids), Task.status == "open")
        .order_by(Task.due.is_(None), Task.due, Task.created, Task.id)
    )
    return tx.scalars(query).all()


def closed_of_case(tx: Session, case_id: UUID) -> Sequence[Task]:
    """Every step that was done, latest first; of one moment, as they happened."""
    left = (
        select(History.token_id, func.max(History.id).label("place"))
        .where(History.case_id == case_id, History.event == "left")
        .group_by(History.token_id)
        .subquery()
    )
    query = (
        select(Task)
        .outerjoin(left, left.c.token_id == Task.id)
        .where(Task.case_id == case_id, Task.status == "done")
        .order_by(Task.done_at.desc(), left.c.place.desc())
    )
    return tx.scalars(query).all()


def last_done(tx: Session, case_id: UUID, by: str) -> Task | None:
    """The step that somebody did last in a case, by what happened and not by the clock."""
    query = (
        select(Task)
        .join(History, History.token_id == Task.id)
        .where(
            History.case_id == case_id,
            History.event == "left",
            Task.status == "done",
            Task.done_by == by,
        )
        .order_by(History.id.desc())
        .limit(1)
    )
    return tx.scalars(query).first()


def answered_beside(tx: Session, case_id: UUID, asked: Sequence[Task]) -> Sequence[Task]:
    """Steps of the same kind, opened in the same moment, that others have done already."""
    if not asked:
        return []
    query = (
        select(Task)
        .where(
            Task.case_id == case_id,
            Task.status == "done",
            Task.element_id.in_({task.element_id for task in asked}),
            Task.created.in_({task.created for task in asked}),
        )
        .order_by(Task.done_at, Task.id)
    )
    return tx.scalars(query).all()


def next_for(
    tx: Session, actor: Actor, held: Held, case_id: UUID, *, on: date, now: datetime
) -> UUID | None:
    """A step of the same case that waits for the same person now."""
    query = _next_for(actor, tuple(sorted(held.items())))
    found = ready.rows(tx, query, {"of_case": case_id, "on": on, "now": now})
    return found[0][0] if found else None


@lru_cache(maxsize=1024)
def _next_for(actor: Actor, held: tuple[tuple[str, frozenset[int]], ...]) -> Select[UUID]:
    """Building such a statement takes longer than asking it."""
    return (
        select(Task.id)
        .where(
            Task.case_id == bindparam("of_case"),
            queries.open_now(actor, bindparam("on", type_=Date)),
            queries.addressed_to(actor, dict(held)),
            queries.shown_from(bindparam("now", type_=UtcDateTime)),
        )
        .order_by(Task.created, Task.due, Task.id)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Given:
    """An open step that somebody has; ``freed`` is the same as if nobody had it."""

    task_id: UUID
    case_id: UUID
    role: str
    organisation_id: int | None
    unit_id: int | None
    group_id: int | None
    case_group_id: int | None
    assignee_id: int | None

    @property
    def freed(self) -> "Given":
        return replace(self, assignee_id=None)


def given_to(tx: Session, account_id: int, organisation_id: int, group_id: int) -> list[Given]:
    """Open steps that this account has for an organisation in cases of a group."""
    return _given(
        tx,
        Task.assignee_id == account_id,
        Task.organisation_id == organisation_id,
        Case.group_id == group_id,
    )


def of_group(tx: Session, account_id: int, group_id: int) -> list[Given]:
    """Open steps that this account has as the group's convener."""
    return _given(tx, Task.assignee_id == account_id, Task.group_id == group_id)


def of_organisation(tx: Session, account_id: int, organisation_id: int) -> list[Given]:
    """Open steps that this account has for an organisation."""
    return _given(tx, Task.assignee_id == account_id, Task.organisation_id == organisation_id)


def _given(tx: Session, *wanted: ColumnElement[bool]) -> list[Given]:
    columns = (
        Task.id,
        Task.case_id,
        Task.role,
        Task.organisation_id,
        Task.unit_id,
        Task.group_id,
        Case.group_id,
        Task.assignee_id,
    )
    asked = select(*columns).join(Case, Case.id == Task.case_id)
    rows = tx.execute(asked.where(queries.is_open(), *wanted).order_by(Task.id))
    return [Given(*row) for row in rows]


def lock_cases(tx: Session, case_ids: Collection[UUID]) -> None:
    """All of them, in the order of their ids; one statement."""
    locked = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    tx.execute(locked).all()


def runs(tx: Session, task: Task) -> bool:
    """Whether the step is open and its diagram runs."""
    if task.status != "open":
        return False
    status = tx.scalar(select(Instance.status).where(Instance.id == task.instance_id))
    return status == "running"


def running(tx: Session, instance_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these runs that neither rest nor have ended."""
    asked = select(Instance.id).where(Instance.id.in_(instance_ids), Instance.status == "running")
    return frozenset(tx.scalars(asked))


def _view(actor: Actor, held: Held, view: str, on: Day) -> ColumnElement[bool]:
    if view == "others":
        led = and_(case_queries.known_to(actor, on), case_queries.held_by(actor))
        return and_(
            # Consent names those who have the step; whoever leads only sees that it waits.
            queries.waiting_now(actor, on),
            queries.known_steps(actor, led),
            # A step that nobody has taken has no assignee: comparing gives NULL, not false.
            queries.addressed_to(actor, held).is_not(true()),
            queries.of_organisations(actor).is_not(true()),
        )
    return and_(queries.open_now(actor, on), _whose(actor, held, view))


def _whose(actor: Actor, held: Held, view: str) -> ColumnElement[bool]:
    if view == "mine":
        return queries.addressed_to(actor, held)
    return queries.of_organisations(actor) | queries.reachable(actor, held)


def _done(
    tx: Session, actor: Actor, limit: int, start: int, among: ColumnElement[bool]
) -> Sequence[Task]:
    """What the account did itself, latest first."""
    query = (
        select(Task)
        .where(
            Task.status == "done",
            Task.done_by == actor.pseudonym,
            queries.not_restricted(actor),
            among,
        )
        .order_by(Task.done_at.desc(), Task.id)
        .limit(limit)
        .offset(start)
    )
    return tx.scalars(query).all()


def reachable_among(
    tx: Session, actor: Actor, held: Held, task_ids: Collection[UUID], *, on: date
) -> set[UUID]:
    """Which of these steps the actor could open; one statement."""
    query = select(Task.id).where(
        Task.id.in_(task_ids),
        queries.open_now(actor, on),
        queries.reachable(actor, held)
        | queries.addressed_to(actor, held)
        | queries.of_organisations(actor),
    )
    return set(tx.scalars(query))
