"""All SQL of the register of participants."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select

from base.db import Session
from casework.access import PERSON
from casework.cases.queries import not_archived
from casework.cases.tables import Case
from casework.consent.rules import WRITTEN_FORMS
from casework.consent.tables import Consent, ConsentParty
from casework.participants.rules import PURPOSE

_MOST = 2_000


def named(tx: Session, keepers: Collection[int], on: date) -> Sequence[Case]:
    """Cases whose person said yes to a register of these organisations, by number."""
    asked = select(Case).where(_countable(on), _said_yes(keepers, on))
    return tx.scalars(asked.order_by(Case.number).limit(_MOST)).all()


def count_others(tx: Session, keepers: Collection[int], on: date) -> int:
    """All other cases; those of people whose identity is protected are among them."""
    asked = select(func.count()).select_from(Case).where(Case.subject == PERSON)
    listed = asked.where(_countable(on), _said_yes(keepers, on))
    return (tx.scalar(asked) or 0) - (tx.scalar(listed) or 0)


def _countable(on: date) -> ColumnElement[bool]:
    return (Case.subject == PERSON) & Case.restricted.is_(False) & not_archived(on)


def _said_yes(keepers: Collection[int], on: date) -> ColumnElement[bool]:
    return exists().where(
        Consent.case_id == Case.id,
        Consent.purpose == PURPOSE,
        Consent.status == "active",
        Consent.form.in_(WRITTEN_FORMS),
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        ConsentParty.consent_id == Consent.id,
        ConsentParty.dropped_at.is_(None),
        ConsentParty.organisation_id.in_(keepers),
    )
