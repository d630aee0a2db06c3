"""All SQL of reports."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from base.db import Session
from base.errors import NotFound
from casework.access import Actor
from casework.reports import rules
from casework.reports.rules import Lived
from casework.reports.tables import Report, ReportAnswer


class NoSuchReport(NotFound):
    """There is no such report."""


def by_id(tx: Session, report_id: int) -> Report:
    """Raises NoSuchReport."""
    found = tx.get(Report, report_id)
    if found is None:
        raise NoSuchReport
    return found


def of_subject(tx: Session, case_id: UUID) -> Report:
    """The report whose steps hang on this. Raises NoSuchReport."""
    found = tx.scalars(select(Report).where(Report.case_id == case_id)).first()
    if found is None:
        raise NoSuchReport
    return found


def listed(
    tx: Session, actor: Actor, *, kind: str, status: str, limit: int, start: int = 0
) -> Sequence[Report]:
    """What the actor may see, newest first; ``kind`` and ``status`` empty: all."""
    asked: Select[Report] = select(Report).where(_seen_by(actor))
    if kind:
        asked = asked.where(Report.kind == kind)
    if status == "open":
        asked = asked.where(Report.status.not_in(rules.ENDS))
    elif status:
        asked = asked.where(Report.status == status)
    ordered = asked.order_by(Report.filed.desc(), Report.id.desc())
    return tx.scalars(ordered.limit(limit).offset(start)).all()


def dilemmas_of(tx: Session, group_id: int) -> Sequence[Report]:
    """Of a local group, oldest first: what its next meeting hears of (GG-36)."""
    asked = select(Report).where(Report.kind == "dilemma", Report.group_id == group_id)
    return tx.scalars(asked.order_by(Report.filed, Report.id)).all()


def lived(tx: Session) -> list[Lived]:
    """Every report as its indicators count it; one statement."""
    rows = tx.execute(
        select(Report.kind, Report.status, Report.filed, Report.closed, Report.solved_locally)
    )
    return [Lived(*row) for row in rows]


def lessons(tx: Session, limit: int) -> Sequence[Report]:
    """What was published, newest first."""
    asked = select(Report).where(Report.lesson != "")
    return tx.scalars(asked.order_by(Report.closed.desc(), Report.id.desc()).limit(limit)).all()


def answers(tx: Session, report_ids: Collection[int]) -> Sequence[ReportAnswer]:
    """In the order they came; one statement."""
    asked = select(ReportAnswer).where(ReportAnswer.report_id.in_(report_ids))
    return tx.scalars(asked.order_by(ReportAnswer.at, ReportAnswer.id)).all()


def answer_of(tx: Session, report_id: int, organisation_id: int) -> ReportAnswer | None:
    return tx.scalars(
        select(ReportAnswer).where(
            ReportAnswer.report_id == report_id, ReportAnswer.organisation_id == organisation_id
        )
    ).first()


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """`rules.may_see` for lists; a test holds the two equal."""
    if rules.keeps(actor):
        return Report.id.is_not(None)
    groups = {membership.group_id for membership in actor.memberships} - {None}
    return or_(
        Report.reporter_account_id == actor.account_id,
        and_(Report.kind == "dilemma", Report.group_id.in_(groups)),
    )
