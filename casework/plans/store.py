"""All SQL of plans."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from base.db import Session
from casework.plans.tables import Measure, Plan


def latest(tx: Session, case_id: UUID) -> Plan | None:
    """The newest version, whatever its state."""
    query = select(Plan).where(Plan.case_id == case_id).order_by(Plan.version.desc()).limit(1)
    return tx.scalars(query).first()


def adopted(tx: Session, case_id: UUID) -> Plan | None:
    """The version in force."""
    return tx.scalars(
        select(Plan).where(Plan.case_id == case_id, Plan.state == "adopted")
    ).one_or_none()


def versions(tx: Session, case_id: UUID) -> Sequence[Plan]:
    """Oldest first."""
    return tx.scalars(select(Plan).where(Plan.case_id == case_id).order_by(Plan.version)).all()


def measure(tx: Session, plan_id: int, number: int) -> Measure | None:
    return tx.scalars(
        select(Measure).where(Measure.plan_id == plan_id, Measure.number == number)
    ).one_or_none()


def next_version(tx: Session, case_id: UUID) -> int:
    newest = tx.scalar(select(func.max(Plan.version)).where(Plan.case_id == case_id))
    return (newest or 0) + 1


def measures(tx: Session, plan_id: int) -> Sequence[Measure]:
    """In the order they were written."""
    query = select(Measure).where(Measure.plan_id == plan_id).order_by(Measure.number)
    return tx.scalars(query).all()


def mark_measures(tx: Session, plan_id: int, organisation_id: int, state: str) -> None:
    tx.execute(
        update(Measure)
        .where(Measure.plan_id == plan_id, Measure.organisation_id == organisation_id)
        .values(state=state)
    )


def supersede(tx: Session, case_id: UUID, version: int) -> None:
    """Everything adopted before this version is history."""
    tx.execute(
        update(Plan)
        .where(Plan.case_id == case_id, Plan.version < version, Plan.state == "adopted")
        .values(state="superseded")
    )


def mark_measure(tx: Session, plan_id: int, number: int, state: str) -> None:
    tx.execute(
        update(Measure)
        .where(Measure.plan_id == plan_id, Measure.number == number)
        .values(state=state)
    )
