"""The gate's question “does consent name this party?” as SQL, for lists.

Says the same as `access.covers` without purpose or category; a property test holds them equal.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from casework.access import SHARING_PURPOSES, WRITTEN_PURPOSES, Party
from casework.consent.rules import WRITTEN_FORMS
from casework.consent.tables import Consent, ConsentParty

#: A day, or the parameter that will carry it.
Day = date | BindParameter[date]


def names(
    case_id: InstrumentedAttribute[UUID],
    written_only: InstrumentedAttribute[bool],
    party: Party,
    on: Day,
) -> ColumnElement[bool]:
    """Whether a consent in force on that day lets this party know of the case."""
    written = or_(
        Consent.form.in_(WRITTEN_FORMS),
        written_only.is_(False) & Consent.purpose.not_in(WRITTEN_PURPOSES),
    )
    named = ConsentParty.organisation_id == party.organisation_id
    if party.unit_id is not None:
        unit = ConsentParty.unit_id
        named &= or_(unit.is_(None), unit == party.unit_id)
    return exists().where(
        Consent.case_id == case_id,
        Consent.status == "active",
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        Consent.purpose.in_(SHARING_PURPOSES),
        written,
        ConsentParty.consent_id == Consent.id,
        ConsentParty.dropped_at.is_(None),
        named,
    )
