"""All SQL of notifications."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from base import clock
from base.db import Session
from casework.accounts.tables import Account
from casework.cases.tables import Case
from casework.consent.store import ends_soon
from casework.consent.tables import Consent
from casework.notifications.tables import Mail, Notice, NoticeReader, Reminder
from casework.organisations.tables import Organisation
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


def count_running_out(tx: Session, on: date, until: date) -> Mapping[int, int]:
    """How many consents of the cases that each account leads run out by that day."""
    lead = func.coalesce(Case.lead_account_id, Case.referrer_account_id)
    rows = tx.execute(
        select(lead, func.count())
        .select_from(Case)
        .join(Consent, Consent.case_id == Case.id)
        .where(
            Case.status == "open",
            Case.restricted.is_(False),
            lead.is_not(None),
            ends_soon(on, until),
        )
        .group_by(lead)
    )
    return {row[0]: row[1] for row in rows}


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


def mark_sent(tx: Session, mail_id: int, digest: bytes) -> None:
    """Its words go."""
    left = {"sent": clock.now(tx), "bounced": None, "subject": "", "body": "", "digest": digest}
    tx.execute(update(Mail).where(Mail.id == mail_id).values(left))


def mark_refused(tx: Session, mail_id: int, kinds: Collection[str], digest: bytes) -> None:
    """Its words go, and its address, which may be what points at somebody."""
    gone = {"address": "", "subject": "", "body": "", "digest": digest}
    refused = update(Mail).where(Mail.id == mail_id)
    tx.execute(refused.values(refused=" ".join(kinds), **gone))


def mark_bounced(tx: Session, mail_id: int, code: str) -> None:
    tx.execute(update(Mail).where(Mail.id == mail_id).values(bounced=code))


def refused(tx: Session, limit: int) -> Sequence[Mail]:
    """The latest that were not sent because of what stands in them, newest first."""
    asked = select(Mail).where(Mail.refused.is_not(None)).order_by(Mail.id.desc())
    return tx.scalars(asked.limit(limit)).all()


def bounced(tx: Session, limit: int) -> Sequence[tuple[Mail, str]]:
    """The latest whose address was not taken, and whose it is; newest first."""
    asked = (
        select(Mail, func.coalesce(Account.name, Organisation.title))
        .outerjoin(Account, Account.id == Mail.account_id)
        .outerjoin(Organisation, Organisation.id == Mail.organisation_id)
        .where(Mail.bounced.is_not(None))
        .order_by(Mail.id.desc())
    )
    return [(row[0], row[1] or row[0].address) for row in tx.execute(asked.limit(limit))]


def mails(tx: Session, limit: int) -> Sequence[Mail]:
    """The latest that were not refused, newest first."""
    asked = select(Mail).where(Mail.refused.is_(None)).order_by(Mail.id.desc())
    return tx.scalars(asked.limit(limit)).all()


def reminders(tx: Session, case_id: UUID) -> Sequence[Reminder]:
    """Of a case, oldest first."""
    query = select(Reminder).where(Reminder.case_id == case_id).order_by(Reminder.id)
    return tx.scalars(query).all()


def add_notice(tx: Session, notice: Notice, readers: Collection[int]) -> None:
    """Two statements however many must hear of it."""
    tx.add(notice)
    tx.flush()
    if readers:
        rows = [{"notice_id": notice.id, "account_id": reader} for reader in sorted(readers)]
        tx.execute(insert(NoticeReader), rows)


def unread_notices(tx: Session, account_id: int, limit: int) -> Sequence[Notice]:
    """What somebody has not said they have read, latest first."""
    query = (
        select(Notice)
        .join(NoticeReader, NoticeReader.notice_id == Notice.id)
        .where(NoticeReader.account_id == account_id, NoticeReader.read.is_(None))
        .order_by(Notice.id.desc())
    )
    return tx.scalars(query.limit(limit)).all()


def count_unread(tx: Session) -> Mapping[int, int]:
    """How much each account has not read; those with nothing are left out."""
    rows = tx.execute(
        select(NoticeReader.account_id, func.count())
        .where(NoticeReader.read.is_(None))
        .group_by(NoticeReader.account_id)
    )
    return {row[0]: row[1] for row in rows}


def mark_read(tx: Session, account_id: int, up_to: int) -> None:
    """Everything up to this notice: what came while they read stays unread."""
    tx.execute(
        update(NoticeReader)
        .where(
            NoticeReader.account_id == account_id,
            NoticeReader.notice_id <= up_to,
            NoticeReader.read.is_(None),
        )
        .values(read=clock.now(tx))
    )
