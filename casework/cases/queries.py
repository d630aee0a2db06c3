"""Which cases somebody may know of, as SQL for lists.

Says the same as `access.may` for `see_case` and `see_number`; property tests hold them equal.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.access import PERSON, WORKING_ROLES, Actor, Membership, as_party
from casework.cases.tables import Case, CaseAccess
from casework.consent import queries as consent
from casework.consent.queries import Day
from casework.programmes.tables import Programme


def known_to(actor: Actor, on: Day) -> ColumnElement[bool]:
    """Cases the actor may see."""
    if "auditor" in actor.roles:
        return and_(_about_person(), _open_to(actor))
    touched = _touches(actor, WORKING_ROLES, on)
    return and_(_about_person(), _open_to(actor), not_archived(on), touched)


def not_archived(on: Day) -> ColumnElement[bool]:
    """Cases of programmes that others than auditors may still read on that day."""
    archived = Programme.archived_from
    return Case.programme_id.in_(
        select(Programme.id).where(or_(archived.is_(None), archived > on))
    )


def numbered_for(actor: Actor, on: Day) -> ColumnElement[bool]:
    """Cases the actor may know of, if only by their number."""
    if "auditor" in actor.roles:
        return known_to(actor, on)
    convened = [
        membership.group_id
        for membership in actor.holding({"convener"})
        if membership.group_id is not None
    ]
    touched = _touches(actor, WORKING_ROLES | {"manager"}, on)
    numbered = or_(touched, Case.group_id.in_(convened))
    return and_(_about_person(), _open_to(actor), not_archived(on), numbered)


def held_by(actor: Actor) -> ColumnElement[bool]:
    """Cases whose acting lead (else referrer) is this very account."""
    return or_(
        Case.lead_account_id == actor.account_id,
        and_(Case.lead_organisation_id.is_(None), Case.referrer_account_id == actor.account_id),
    )


def _about_person() -> ColumnElement[bool]:
    """What is about a group or a report is a case to nobody."""
    return Case.subject == PERSON


def _open_to(actor: Actor) -> ColumnElement[bool]:
    named = exists().where(
        CaseAccess.case_id == Case.id, CaseAccess.account_id == actor.account_id
    )
    return or_(Case.restricted.is_(False), named)


def _touches(actor: Actor, roles: Collection[str], on: Day) -> ColumnElement[bool]:
    """Cases that some membership with one of these roles has to do with."""
    return or_(false(), *(_touched_by(membership, on) for membership in actor.holding(roles)))


def _touched_by(membership: Membership, on: Day) -> ColumnElement[bool]:
    party = as_party(membership)
    touched = or_(
        _holds(membership, Case.referrer_organisation_id, Case.referrer_unit_id),
        _holds(membership, Case.lead_organisation_id, Case.lead_unit_id),
        consent.names(Case.id, Case.written_only, party, on),
    )
    if membership.group_id is None:
        return touched
    return and_(touched, or_(Case.group_id.is_(None), Case.group_id == membership.group_id))


def _holds(
    membership: Membership,
    organisation: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    unit: InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    held = and_(organisation.is_not(None), organisation == membership.organisation_id)
    if membership.unit_id is None:
        return held
    return and_(held, or_(unit.is_(None), unit == membership.unit_id))
