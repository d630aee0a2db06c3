"""All SQL of consent but the predicate for lists (`queries`)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, select, update
from sqlalchemy.orm import aliased

from base import ready
from base.db import Session
from base.errors import NotFound
from casework.access import REGISTER_PURPOSES, ConsentFacts, Party, Withheld
from casework.consent.rules import WRITTEN_FORMS, Scope
from casework.consent.tables import Consent, ConsentCategory, ConsentParty

# Written once: the gate asks for them in every command. The type is named because a foreign key
# takes its type from its table, which need not be known yet when this module is imported.
_OF_CASES: BindParameter[UUID] = bindparam("case_ids", expanding=True, type_=Consent.id.type)
_OF_ONE: BindParameter[UUID] = bindparam("case_id", type_=Consent.id.type)
_CONSENTS = select(
    Consent.id,
    Consent.status,
    Consent.purpose,
    Consent.form,
    Consent.valid_from,
    Consent.valid_until,
).order_by(Consent.prepared_at, Consent.id)
_FACTS = _CONSENTS.add_columns(Consent.case_id).where(Consent.case_id.in_(_OF_CASES))
#: A list is written into the statement each time; most commands are about one case.
_FACTS_OF_ONE = _CONSENTS.where(Consent.case_id == _OF_ONE)
_OF_CONSENTS: BindParameter[UUID] = bindparam("consent_ids", expanding=True, type_=Consent.id.type)
_PARTIES = select(
    ConsentParty.consent_id, ConsentParty.organisation_id, ConsentParty.unit_id
).where(ConsentParty.consent_id.in_(_OF_CONSENTS), ConsentParty.dropped_at.is_(None))
_CATEGORIES = select(
    ConsentCategory.consent_id,
    ConsentCategory.category,
    ConsentCategory.excluded,
    ConsentCategory.teller_id,
    ConsentCategory.reader_id,
).where(ConsentCategory.consent_id.in_(_OF_CONSENTS))


class NoSuchConsent(NotFound):
    """There is no such consent."""


def add(tx: Session, consent: Consent, scope: Scope) -> None:
    """The consent with its parties and kinds of information."""
    tx.add(consent)
    tx.flush()
    for party in sorted(scope.parties):
        tx.add(
            ConsentParty(
                consent_id=consent.id,
                organisation_id=party.organisation_id,
                unit_id=party.unit_id,
            )
        )
    for category in sorted(scope.categories):
        tx.add(ConsentCategory(consent_id=consent.id, category=category))
    for category in sorted(scope.excluded_categories):
        tx.add(ConsentCategory(consent_id=consent.id, category=category, excluded=True))
    for one in scope.exceptions:
        tx.add(
            ConsentCategory(
                consent_id=consent.id,
                category=one.category,
                excluded=True,
                teller_id=one.teller_id,
                reader_id=one.reader_id,
            )
        )
    tx.flush()


def locked(tx: Session, consent_id: UUID) -> Consent:
    """Locked until the transaction ends. Raises NoSuchConsent."""
    tx.flush()
    found = tx.get(Consent, consent_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchConsent
    return found


def by_id(tx: Session, consent_id: UUID) -> Consent:
    """Raises NoSuchConsent."""
    found = tx.get(Consent, consent_id)
    if found is None:
        raise NoSuchConsent
    return found


def of_case(tx: Session, case_id: UUID) -> list[Consent]:
    """Every version for every purpose, latest prepared first."""
    found = tx.scalars(
        select(Consent)
        .where(Consent.case_id == case_id)
        .order_by(Consent.prepared_at.desc(), Consent.version.desc())
    )
    return list(found)


def with_status(
    tx: Session, case_id: UUID, statuses: Collection[str], purpose: str | None = None
) -> list[Consent]:
    """Those of a case in one of these states, oldest first, locked until the transaction ends."""
    asked = select(Consent).where(Consent.case_id == case_id, Consent.status.in_(statuses))
    if purpose is not None:
        asked = asked.where(Consent.purpose == purpose)
    return list(tx.scalars(asked.order_by(Consent.version, Consent.id).with_for_update()))


def latest(tx: Session, case_id: UUID, purpose: str) -> Consent | None:
    """The newest version for a purpose, whatever its state."""
    return tx.scalars(
        select(Consent)
        .where(Consent.case_id == case_id, Consent.purpose == purpose)
        .order_by(Consent.version.desc())
        .limit(1)
    ).first()


def in_force(tx: Session, case_id: UUID, purpose: str, on: date) -> Consent | None:
    """The one active for this purpose on that day."""
    return tx.scalars(
        select(Consent).where(
            Consent.case_id == case_id,
            Consent.purpose == purpose,
            Consent.status == "active",
            Consent.valid_from <= on,
            Consent.valid_until >= on,
        )
    ).first()


def last_version(tx: Session, case_id: UUID, purpose: str) -> int:
    """0 if there is none."""
    found = tx.scalar(
        select(func.max(Consent.version)).where(
            Consent.case_id == case_id, Consent.purpose == purpose
        )
    )
    return found or 0


def overdue(tx: Session, on: date) -> list[Consent]:
    """Active ones whose last day lies before ``on``, longest overdue first; not locked."""
    return list(
        tx.scalars(
            select(Consent)
            .where(Consent.status == "active", Consent.valid_until < on)
            .order_by(Consent.valid_until, Consent.id)
        )
    )


def running_out(
    tx: Session, case_ids: Collection[UUID], on: date, until: date
) -> Mapping[UUID, date]:
    """Of these cases, the last day of the first consent to share that ends by ``until``.

    Those for which a new version waits for an answer are left out.
    """
    rows = tx.execute(
        select(Consent.case_id, func.min(Consent.valid_until))
        .where(Consent.case_id.in_(case_ids), ends_soon(on, until))
        .group_by(Consent.case_id)
    )
    return {row[0]: row[1] for row in rows}


def ends_soon(on: date, until: date) -> ColumnElement[bool]:
    """In force, for sharing, ends by ``until``, and nobody has been asked for the next one."""
    other = aliased(Consent)
    asked = select(other.id).where(
        other.case_id == Consent.case_id,
        other.purpose == Consent.purpose,
        other.status.in_(("draft", "presented")),
    )
    return and_(
        Consent.status == "active",
        Consent.purpose.not_in(REGISTER_PURPOSES),
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        Consent.valid_until <= until,
        ~asked.exists(),
    )


def scope(tx: Session, consent: Consent) -> Scope:
    """What a consent is about, parties that were taken out left out."""
    kinds = _kinds(tx, [consent.id])[consent.id]
    return Scope(
        purpose=consent.purpose,
        parties=frozenset(_parties(tx, [consent.id])[consent.id]),
        categories=frozenset(kinds.named),
        valid_from=consent.valid_from,
        valid_until=consent.valid_until,
        excluded_categories=frozenset(kinds.excluded),
        ends_when=consent.ends_when,
        exceptions=frozenset(kinds.exceptions),
    )


def scans(tx: Session, case_id: UUID) -> set[UUID]:
    """Files of a case that show what was signed."""
    asked = select(Consent.scan_id).where(Consent.case_id == case_id)
    return {file_id for file_id in tx.scalars(asked) if file_id is not None}


def forget_scan(tx: Session, case_id: UUID, file_id: UUID) -> None:
    """The file shows no consent of this person."""
    shown = update(Consent).where(Consent.case_id == case_id, Consent.scan_id == file_id)
    tx.execute(shown.values(scan_id=None))


def drop(tx: Session, consent_id: UUID, leaving: Party, now: datetime) -> None:
    """Take a party out: all units of its organisation if it names none."""
    asked = update(ConsentParty).where(
        ConsentParty.consent_id == consent_id,
        ConsentParty.organisation_id == leaving.organisation_id,
        ConsentParty.dropped_at.is_(None),
    )
    if leaving.unit_id is not None:
        asked = asked.where(ConsentParty.unit_id == leaving.unit_id)
    tx.execute(asked.values(dropped_at=now))


def facts_many(tx: Session, case_ids: Collection[UUID]) -> Mapping[UUID, tuple[ConsentFacts, ...]]:
    """For the gate: every consent of these cases, oldest first; three statements in all.

    A case without consents is not in the answer.
    """
    consents = _consents(tx, case_ids)
    if not consents:
        return {}
    ids = [consent_id for consent_id, *_ in consents]
    parties, kinds = _parties(tx, ids), _kinds(tx, ids)
    found: defaultdict[UUID, list[ConsentFacts]] = defaultdict(list)
    for consent_id, status, purpose, form, valid_from, valid_until, case_id in consents:
        found[case_id].append(
            ConsentFacts(
                consent_id=consent_id,
                status=status,
                purpose=purpose,
                written=form in WRITTEN_FORMS,
                parties=frozenset(parties[consent_id]),
                categories=frozenset(kinds[consent_id].named),
                excluded_categories=frozenset(kinds[consent_id].excluded),
                valid_from=valid_from,
                valid_until=valid_until,
                exceptions=frozenset(kinds[consent_id].exceptions),
            )
        )
    return {case_id: tuple(facts) for case_id, facts in found.items()}


def _consents(tx: Session, case_ids: Collection[UUID]) -> Sequence[Sequence[Any]]:
    """Each with its case at the end."""
    if len(case_ids) == 1:
        [case_id] = case_ids
        rows = ready.rows(tx, _FACTS_OF_ONE, {"case_id": case_id})
        return [(*row, case_id) for row in rows]
    return tx.execute(_FACTS, {"case_ids": list(case_ids)}).all()


def _parties(tx: Session, consent_ids: Collection[UUID]) -> defaultdict[UUID, list[Party]]:
    rows = tx.execute(_PARTIES, {"consent_ids": list(consent_ids)})
    found: defaultdict[UUID, list[Party]] = defaultdict(list)
    for consent_id, organisation_id, unit_id in rows:
        found[consent_id].append(Party(organisation_id, unit_id))
    return found


@dataclass(slots=True)
class _Kinds:
    """Kinds of information of one consent: named, excluded, and withheld between two."""

    named: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    exceptions: set[Withheld] = field(default_factory=set)


def _kinds(tx: Session, consent_ids: Collection[UUID]) -> defaultdict[UUID, _Kinds]:
    rows = tx.execute(_CATEGORIES, {"consent_ids": list(consent_ids)})
    found: defaultdict[UUID, _Kinds] = defaultdict(_Kinds)
    for row in rows:
        kinds = found[row.consent_id]
        if row.teller_id is not None and row.reader_id is not None:
            kinds.exceptions.add(Withheld(row.teller_id, row.reader_id, row.category))
        else:
            (kinds.excluded if row.excluded else kinds.named).add(row.category)
    return found


def next_expiry(tx: Session) -> date | None:
    """The earliest last day among consents in force."""
    return tx.scalar(select(func.min(Consent.valid_until)).where(Consent.status == "active"))
