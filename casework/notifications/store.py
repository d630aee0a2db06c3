"""All SQL of notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from base import clock
from base.db import Session
from casework.cases.tables import Case
from casework.notifications.tables import Mail, Reminder
from engine.tables import Instance, Task


@dataclass(frozen=True, slots=True)
class Pile:
    """Open steps at one address; ``soonest`` is the nearest due moment among them."""

    role: str
    organisation_id: int | None
    unit_id: int | None
    group_id: int | None
    case_group_id: int | None
    assignee_id: int | None
    count: int
    soonest: datetime | None


def piles(tx: Session, now: datetime) -> list[Pile]:
    """Open steps by address, those of restricted cases left out; one statement."""
    columns = (
        Task.role,
        Task.organisation_id,
        Task.unit_id,
        Task.group_id,
        Case.group_id,
        Task.assignee_id,
    )
    rows = tx.execute(
        select(*columns, func.count(), func.min(Task.due))
        .join(Case, Case.id == Task.case_id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(
            Task.status == "open",
            Instance.status == "running",
            Case.restricted.is_(False),
            (Task.follow_up.is_(None)) | (Task.follow_up <= now),
        )
        .group_by(*columns)
    )
    return [Pile(*row) for row in rows]


def mailed(tx: Session, day: date) -> set[int]:
    """Accounts that have had their mail of that day."""
    return set(tx.scalars(select(Mail.account_id).where(Mail.day == day)))


def add_mail(tx: Session, mail: Mail) -> bool:
    """False if its reader has a mail of that day already; waits for whoever writes it."""
    try:
        with tx.begin_nested():
            tx.add(mail)
    except IntegrityError:
        return False
    return True


def mail(tx: Session, mail_id: int) -> Mail | None:
    return tx.get(Mail, mail_id)


def mail_of_organisation(tx: Session, organisation_id: int, day: date) -> Mail | None:
    return tx.scalars(
        select(Mail).where(Mail.organisation_id == organisation_id, Mail.day == day)
    ).first()


def mark_sent(tx: Session, mail_id: int) -> None:
    tx.execute(update(Mail).where(Mail.id == mail_id).values(sent=clock.now(tx)))


def mails(tx: Session, limit: int) -> Sequence[Mail]:
    """The latest, newest first."""
    return tx.scalars(select(Mail).order_by(Mail.id.desc()).limit(limit)).all()


def reminders(tx: Session, case_id: UUID) -> Sequence[Reminder]:
    """Of a case, oldest first."""
    query = select(Reminder).where(Reminder.case_id == case_id).order_by(Reminder.id)
    return tx.scalars(query).all()
