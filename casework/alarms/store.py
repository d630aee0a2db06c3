"""All SQL of alarms."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from base.db import Session
from casework.access import Actor
from casework.alarms.tables import CaseAlarm
from casework.cases import queries
from casework.cases.tables import Case


def of_case(tx: Session, case_id: UUID) -> Sequence[CaseAlarm]:
    """Latest first."""
    asked = select(CaseAlarm).where(CaseAlarm.case_id == case_id)
    return tx.scalars(asked.order_by(CaseAlarm.id.desc())).all()


def unseen_for(
    tx: Session, actor: Actor, managed: Collection[int]
) -> Sequence[tuple[CaseAlarm, str]]:
    """Nobody has seen these yet: of organisations they manage, or of cases they lead.

    With the case's number; a manager hears of somebody protected too, without more than that.
    """
    rows = tx.execute(
        select(CaseAlarm, Case.number)
        .join(Case, Case.id == CaseAlarm.case_id)
        .where(
            CaseAlarm.seen_at.is_(None),
            or_(CaseAlarm.organisation_id.in_(managed), queries.held_by(actor)),
        )
        .order_by(CaseAlarm.id.desc())
        .limit(50)
    )
    return [(alarm, number) for alarm, number in rows]


def by_id(tx: Session, alarm_id: int) -> CaseAlarm | None:
    return tx.get(CaseAlarm, alarm_id, with_for_update=True, populate_existing=True)


def emergency(tx: Session, case_id: UUID, account_id: int, now: datetime) -> CaseAlarm | None:
    """The administrator's look into this case that has not ended."""
    return tx.scalars(
        select(CaseAlarm).where(
            CaseAlarm.case_id == case_id,
            CaseAlarm.kind == "emergency",
            CaseAlarm.account_id == account_id,
            CaseAlarm.ends > now,
        )
    ).first()
