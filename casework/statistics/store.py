"""All SQL of counts. Each question is one statement, however many cases there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, distinct, false, func, or_, select
from sqlalchemy.orm import aliased

from base.db import Session
from casework.access import PERSON, Actor, Membership
from casework.cases.tables import Case
from casework.tasks.queries import is_open, open_now
from engine.tables import Instance, Task, Token

_ALIVE = ("running", "suspended")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases: of the organisations asked for, and of all others."""

    key: str | None
    own: int
    others: int


@dataclass(frozen=True, slots=True)
class OpenSteps:
    """An organisation's open steps and how many are late."""

    organisation_id: int
    open: int
    late: int


def own_steps(
    tx: Session,
    actor: Actor,
    places: Sequence[Membership],
    *,
    on: date,
    task_id: UUID | None = None,
) -> list[tuple[Task, str]]:
    """Open steps at these places with their case's number, soonest due first."""
    # The gate's predicate asks for the case itself, so the number comes from another name for it.
    numbered = aliased(Case)
    query = (
        select(Task, numbered.number)
        .join(numbered, numbered.id == Task.case_id)
        .where(open_now(actor, on), or_(false(), *map(_at, places)))
        .order_by(Task.due.is_(None), Task.due, Task.created, Task.id)
        .limit(_MOST)
    )
    if task_id is not None:
        query = query.where(Task.id == task_id)
    return [(task, number) for task, number in tx.execute(query)]


def elsewhere(tx: Session, organisation_ids: Collection[int]) -> tuple[int, datetime | None]:
    """How many steps of these organisations' cases wait for others, and since when the oldest."""
    query = (
        select(func.count(), func.min(Task.created))
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(
            *_open_steps(),
            _held_by(organisation_ids),
            Case.subject == PERSON,
            Task.organisation_id.not_in(organisation_ids),
        )
    )
    count, oldest = tx.execute(query).one()
    return count, oldest


def cases_by_milestone(tx: Session, organisation_ids: Collection[int]) -> list[Counted]:
    """Cases that are not closed."""
    rows = tx.execute(
        select(Case.milestone.label("key"), *_parted(organisation_ids))
        .where(Case.status != "closed", Case.restricted.is_(False), Case.subject == PERSON)
        .group_by(Case.milestone)
    )
    return [Counted(row.key, row.own, row.others) for row in rows]


def steps_by_organisation(tx: Session, now: datetime) -> list[OpenSteps]:
    late = func.sum(case((Task.due < now, 1), else_=0))
    rows = tx.execute(
        select(Task.organisation_id, func.count().label("open"), late.label("late"))
        .select_from(Task)
        .join(Instance, Instance.id == Task.instance_id)
        .join(Case, Case.id == Task.case_id)
        .where(*_open_steps(), Task.organisation_id.is_not(None))
        .group_by(Task.organisation_id)
    )
    return [OpenSteps(row.organisation_id, row.open, row.late) for row in rows]


def cases_by_element(
    tx: Session, process: str, organisation_ids: Collection[int]
) -> list[Counted]:
    """Cases that stand at each element of a process."""
    rows = tx.execute(
        select(Token.element_id.label("key"), *_parted(organisation_ids))
        .join(Instance, Instance.id == Token.instance_id)
        .join(Case, Case.id == Instance.case_id)
        .where(
            Token.process == process,
            Token.count > 0,
            Instance.status.in_(_ALIVE),
            Case.restricted.is_(False),
        )
        .group_by(Token.element_id)
    )
    return [Counted(row.key, row.own, row.others) for row in rows]


def late_by_element(
    tx: Session, process: str, organisation_ids: Collection[int], now: datetime
) -> list[Counted]:
    """Cases that are late at each element of a process."""
    rows = tx.execute(
        select(Task.element_id.label("key"), *_parted(organisation_ids))
        .join(Instance, Instance.id == Task.instance_id)
        .join(Case, Case.id == Task.case_id)
        .where(*_open_steps(), Task.process == process, Task.due < now)
        .group_by(Task.element_id)
    )
    return [Counted(row.key, row.own, row.others) for row in rows]


def _at(place: Membership) -> ColumnElement[bool]:
    at = Task.organisation_id == place.organisation_id
    if place.unit_id is None:
        return at
    return and_(at, or_(Task.unit_id.is_(None), Task.unit_id == place.unit_id))


def _open_steps() -> tuple[ColumnElement[bool], ...]:
    """Those of people whose identity is protected count nowhere; the case is joined."""
    return is_open(), Instance.status == "running", Case.restricted.is_(False)


def _held_by(organisation_ids: Collection[int]) -> ColumnElement[bool]:
    """Cases that these organisations lead, or have raised while nobody leads."""
    holder = func.coalesce(Case.lead_organisation_id, Case.referrer_organisation_id)
    return holder.in_(organisation_ids)


def _parted(organisation_ids: Collection[int]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many cases are these organisations', and how many are not."""
    held = _held_by(organisation_ids)
    own = func.count(distinct(case((held, Case.id))))
    return own.label("own"), (func.count(distinct(Case.id)) - own).label("others")
