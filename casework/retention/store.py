"""All SQL of disposal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from base.db import Session
from base.errors import NotFound
from casework.cases.tables import Case, CaseAccess
from casework.consent.tables import Consent
from casework.retention.tables import Disposal, Hold, RetentionOverride


class NotOnTheList(NotFound):
    """This case is not on the list."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Cases of these outcomes (or of none of these, if ``others``) closed before a moment."""

    code: str
    outcomes: tuple[str, ...]
    others: bool
    before: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases somebody may dispose of: of these organisations (None: of all)."""

    account_id: int
    organisation_ids: frozenset[int] | None


def overrides(tx: Session, programme_id: int) -> Mapping[str, tuple[str, str]]:
    """Period and reference of the decision, by class."""
    rows = tx.scalars(
        select(RetentionOverride).where(RetentionOverride.programme_id == programme_id)
    )
    return {row.code: (row.after, row.reference) for row in rows}


def put_override(tx: Session, row: RetentionOverride) -> None:
    tx.merge(row)


def due(
    tx: Session,
    reach: Reach,
    cutoffs: Collection[Cutoff],
    *,
    consents: tuple[date, datetime] | None,
    today: date,
    limit: int,
    case_ids: Collection[UUID] | None = None,
) -> list[tuple[Case, str]]:
    """Closed cases whose time has come, with their class, longest closed first.

    Those that are held, or already on the list, are left out, and those with a consent that
    could be relied on after the day (and moment) in ``consents``.
    """
    found: list[tuple[Case, str]] = []
    for cutoff in cutoffs:
        asked = select(Case).where(
            Case.status == "closed",
            Case.closed < cutoff.before,
            _of(cutoff),
            _reached(reach),
            ~_held(today),
            ~select(Disposal.case_id).where(Disposal.case_id == Case.id).exists(),
        )
        if consents is not None:
            asked = asked.where(~_consented_after(*consents))
        if case_ids is not None:
            asked = asked.where(Case.id.in_(case_ids))
        rows = tx.scalars(asked.order_by(Case.closed, Case.number).limit(limit))
        found += [(case, cutoff.code) for case in rows]
    return found


def held(tx: Session, reach: Reach, today: date, limit: int) -> list[tuple[Hold, str]]:
    """Holds in force with their case's number, newest first."""
    asked = (
        select(Hold, Case.number)
        .join(Case, Case.id == Hold.case_id)
        .where(_in_force(today), _reached(reach))
        .order_by(Hold.at.desc(), Hold.id.desc())
        .limit(limit)
    )
    return [(hold, number) for hold, number in tx.execute(asked)]


def hold_by_id(tx: Session, hold_id: int) -> Hold | None:
    return tx.get(Hold, hold_id)


def may_reach(tx: Session, reach: Reach, case_id: UUID) -> bool:
    """Whether the case is one that may be disposed of (or held) by them."""
    return tx.scalar(select(Case.id).where(Case.id == case_id, _reached(reach))) is not None


def waiting(tx: Session, reach: Reach, limit: int) -> list[Disposal]:
    """On the list, not yet agreed to by a second person."""
    return _listed(tx, reach, Disposal.approved_at.is_(None), Disposal.proposed_at, limit)


def approved(tx: Session, reach: Reach, limit: int) -> list[Disposal]:
    """Agreed to, not yet gone."""
    agreed = and_(Disposal.approved_at.is_not(None), Disposal.erased_at.is_(None))
    return _listed(tx, reach, agreed, Disposal.approved_at, limit)


def erased(tx: Session, reach: Reach, limit: int) -> list[Disposal]:
    """Gone, latest first."""
    return _listed(tx, reach, Disposal.erased_at.is_not(None), Disposal.erased_at, limit)


def disposal(tx: Session, case_id: UUID) -> Disposal | None:
    """Locked until the transaction ends."""
    return tx.get(Disposal, case_id, with_for_update=True, populate_existing=True)


def among(tx: Session, reach: Reach, case_ids: Collection[UUID]) -> Sequence[Disposal]:
    """All of these, waiting for a second person, locked. Raises NotOnTheList if one is not."""
    asked = select(Disposal).where(
        Disposal.case_id.in_(case_ids), Disposal.approved_at.is_(None), _listed_for(reach)
    )
    found = tx.scalars(asked.order_by(Disposal.case_id).with_for_update()).all()
    if len(found) != len(set(case_ids)):
        raise NotOnTheList
    return found


def _listed(
    tx: Session,
    reach: Reach,
    wanted: ColumnElement[bool],
    order: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    limit: int,
) -> list[Disposal]:
    asked = select(Disposal).where(wanted, _listed_for(reach)).order_by(order.desc()).limit(limit)
    return list(tx.scalars(asked))


def _listed_for(reach: Reach) -> ColumnElement[bool]:
    if reach.organisation_ids is None:
        return true()
    return Disposal.organisation_id.in_(reach.organisation_ids)


def _reached(reach: Reach) -> ColumnElement[bool]:
    """A restricted case is for its named people alone, here too, and for those who see all."""
    if reach.organisation_ids is None:
        return true()
    holder = func.coalesce(Case.lead_organisation_id, Case.referrer_organisation_id)
    named = select(CaseAccess.case_id).where(
        CaseAccess.case_id == Case.id, CaseAccess.account_id == reach.account_id
    )
    return and_(
        holder.in_(reach.organisation_ids), or_(Case.restricted.is_(False), named.exists())
    )


def _of(cutoff: Cutoff) -> ColumnElement[bool]:
    if not cutoff.others:
        return Case.outcome.in_(cutoff.outcomes)
    if not cutoff.outcomes:
        return true()
    return or_(Case.outcome.is_(None), Case.outcome.not_in(cutoff.outcomes))


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(Hold.lifted_at.is_(None), or_(Hold.until.is_(None), Hold.until >= today))


def _held(today: date) -> ColumnElement[bool]:
    return select(Hold.id).where(Hold.case_id == Case.id, _in_force(today)).exists()


def _consented_after(day: date, moment: datetime) -> ColumnElement[bool]:
    late = select(Consent.id).where(
        Consent.case_id == Case.id,
        Consent.activated_at.is_not(None),
        Consent.valid_until > day,
        or_(Consent.ended_at.is_(None), Consent.ended_at >= moment),
    )
    return late.exists()
