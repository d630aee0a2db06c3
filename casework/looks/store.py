"""All SQL of looks. Counted in the database: a case may have been opened ten thousand times."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Session, core
from casework.audit.tables import AccessListed, AccessLog, Audit
from casework.looks.tables import LogReview, LookReason, NamesStaff
from casework.meetings.tables import AgendaItem, Meeting

_log, _listed, _audit = core(AccessLog), core(AccessListed), core(Audit)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one account saw of a case on one day in one way, and how often."""

    day: date
    organisation_id: int | None
    account_id: int
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What one account did in a month."""

    account_id: int
    cases: int
    looks: int


def of_case(tx: Session, case_id: UUID, limit: int) -> list[Looked]:
    """Latest day first, then by organisation; one statement."""
    read = (
        select(
            _log.c.day,
            _log.c.organisation_id,
            _log.c.account_id,
            _log.c.kind,
            func.count().label("times"),
        )
        .where(_log.c.case_id == case_id)
        .group_by(_log.c.day, _log.c.organisation_id, _log.c.account_id, _log.c.kind)
    )
    listed = select(
        _listed.c.day,
        _listed.c.organisation_id,
        _listed.c.account_id,
        literal("list").label("kind"),
        literal(1).label("times"),
    ).where(_listed.c.case_id == case_id)
    both = union_all(read, listed).subquery()
    asked = (
        select(both)
        .order_by(both.c.day.desc(), both.c.organisation_id, both.c.kind, both.c.account_id)
        .limit(limit)
    )
    return [Looked(*row) for row in tx.connection().execute(asked)]


def refused(tx: Session, chain: str, limit: int) -> list[tuple[datetime, int | None]]:
    """When, and from which organisation, somebody was refused in a case; latest first."""
    asked = (
        select(_audit.c.at, _audit.c.organisation_id)
        .where(_audit.c.chain == chain, _audit.c.action.startswith("refused."))
        .order_by(_audit.c.seq.desc())
        .limit(limit)
    )
    return [(at, organisation) for at, organisation in tx.connection().execute(asked)]


def names_staff(tx: Session) -> set[int]:
    """Organisations whose staff are named to the person."""
    return set(tx.scalars(select(NamesStaff.organisation_id)))


def set_names_staff(tx: Session, row: NamesStaff) -> None:
    tx.merge(row)


def unset_names_staff(tx: Session, organisation_id: int) -> None:
    found = tx.get(NamesStaff, organisation_id)
    if found is not None:
        tx.delete(found)


def reason(tx: Session, case_id: UUID, account_id: int, day: date) -> str | None:
    """What the account said on that day."""
    return tx.scalar(
        select(LookReason.reason).where(
            LookReason.case_id == case_id,
            LookReason.account_id == account_id,
            LookReason.day == day,
        )
    )


def add_reason(tx: Session, row: LookReason) -> None:
    tx.merge(row)


def on_agenda(
    tx: Session, case_id: UUID, group_ids: Collection[int], *, since: date, days_after: int
) -> bool:
    """Whether one of these groups takes the case up in a meeting ahead, or took it up lately."""
    asked = (
        select(AgendaItem.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case_id,
            Meeting.group_id.in_(group_ids),
            Meeting.on >= since - timedelta(days_after),
            Meeting.state != "cancelled",
        )
    )
    return tx.scalar(asked.limit(1)) is not None


def not_listed_yet(
    tx: Session, account_id: int, day: date, case_ids: Collection[UUID]
) -> set[UUID]:
    """Those of these cases that the account has not seen in a list on that day."""
    known = select(AccessListed.case_id).where(
        AccessListed.account_id == account_id,
        AccessListed.day == day,
        AccessListed.case_id.in_(case_ids),
    )
    return set(case_ids) - set(tx.scalars(known))


def add_listed(tx: Session, rows: Iterable[dict[str, Any]]) -> None:
    """One statement however many; a row that another request has just added is left alone."""
    insert: Any = (
        postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    tx.connection().execute(insert(_listed).on_conflict_do_nothing(), list(rows))


def opened(tx: Session, organisation_id: int, first: date, last: date) -> list[Opened]:
    """What each account of an organisation opened between two days, most cases first."""
    cases = func.count(_log.c.case_id.distinct()).label("cases")
    asked = (
        select(_log.c.account_id, cases, func.count().label("looks"))
        .where(_in_month(organisation_id, first, last))
        .group_by(_log.c.account_id)
        .order_by(cases.desc(), _log.c.account_id)
    )
    return [Opened(*row) for row in tx.connection().execute(asked)]


def by_reason(
    tx: Session, organisation_id: int, first: date, last: date, limit: int
) -> list[LookReason]:
    """Looks without a step, with what was said, latest first."""
    members = select(_log.c.account_id).where(_in_month(organisation_id, first, last))
    asked = (
        select(LookReason)
        .where(LookReason.day >= first, LookReason.day <= last, LookReason.account_id.in_(members))
        .order_by(LookReason.at.desc())
        .limit(limit)
    )
    return list(tx.scalars(asked))


def looked_at(
    tx: Session, organisation_id: int, first: date, last: date, limit: int
) -> list[tuple[int, UUID]]:
    """Pairs of account and case, each once, in the order of the accounts."""
    asked = (
        select(_log.c.account_id, _log.c.case_id)
        .where(_in_month(organisation_id, first, last))
        .distinct()
        .order_by(_log.c.account_id, _log.c.case_id)
        .limit(limit)
    )
    return [(account, case) for account, case in tx.connection().execute(asked)]


def refusals(
    tx: Session, organisation_id: int, start: datetime, end: datetime
) -> list[tuple[str, int]]:
    """How often each account (pseudonym) of an organisation was refused."""
    asked = (
        select(_audit.c.actor, func.count())
        .where(
            _audit.c.organisation_id == organisation_id,
            _audit.c.code != "",
            _audit.c.at >= start,
            _audit.c.at < end,
            _audit.c.action.startswith("refused."),
        )
        .group_by(_audit.c.actor)
    )
    return [(actor, times) for actor, times in tx.connection().execute(asked)]


def first_look(tx: Session, organisation_id: int) -> date | None:
    """The first day on which somebody of the organisation looked at anything."""
    asked = select(func.min(AccessLog.day)).where(AccessLog.organisation_id == organisation_id)
    found: date | None = tx.scalar(asked)
    return found


def reviews(tx: Session, organisation_id: int) -> list[LogReview]:
    """Months that were gone through, latest first."""
    asked = select(LogReview).where(LogReview.organisation_id == organisation_id)
    return list(tx.scalars(asked.order_by(LogReview.month.desc())))


def add_review(tx: Session, row: LogReview) -> None:
    tx.merge(row)


def _in_month(organisation_id: int, first: date, last: date) -> Any:
    return and_(_log.c.organisation_id == organisation_id, _log.c.day >= first, _log.c.day <= last)
