"""Which steps somebody may see and do, as SQL for lists.

A step that needs consent vanishes with the consent, whether or not its diagram has reacted: the
predicate asks for a consent in force on the day, for the step's purpose, that names the step's
organisation. `tasks.rules` asks the gate the same for a single step; a test holds them equal.
"""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, false, or_, select

from casework.access import (
    WORKING_ROLES,
    WRITTEN_PROCEDURES,
    WRITTEN_PURPOSES,
    Actor,
    Membership,
)
from casework.cases.tables import Case, CaseAccess
from casework.consent.queries import Day
from casework.consent.rules import WRITTEN_FORMS
from casework.consent.tables import Consent, ConsentParty
from casework.tasks.rules import Held, places
from engine.tables import Instance, Task


def open_now(actor: Actor, on: Day) -> ColumnElement[bool]:
    """Steps that are open, of running instances, that the gate lets this actor's side work on."""
    return and_(
        Task.status == "open",
        exists().where(Instance.id == Task.instance_id, Instance.status == "running"),
        _consented(on),
        _not_restricted(actor),
    )


def addressed_to(actor: Actor, held: Held) -> ColumnElement[bool]:
    """Steps for this very account, or for a role it holds and nobody has taken."""
    return or_(
        Task.assignee_id == actor.account_id,
        and_(Task.assignee_id.is_(None), reachable(actor, held)),
    )


def reachable(actor: Actor, held: Held) -> ColumnElement[bool]:
    """Steps for a role the actor holds there, whoever has taken them."""
    return or_(
        false(),
        *(and_(Task.role.in_(sorted(roles)), _at(place)) for place, roles in places(actor, held)),
    )


def of_organisations(actor: Actor) -> ColumnElement[bool]:
    """Steps of the organisations in which the actor does casework, within their units."""
    working = {
        "": frozenset(
            number
            for number, membership in enumerate(actor.memberships)
            if membership.role in WORKING_ROLES
        )
    }
    return or_(false(), *(_at(place) for place, _ in places(actor, working)))


def known_steps(actor: Actor, known: ColumnElement[bool]) -> ColumnElement[bool]:
    """Steps of cases the actor may see; ``known`` is a predicate over cases."""
    return Task.case_id.in_(select(Case.id).where(known))


def shown_from(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Steps that are not put off until a later day."""
    return or_(Task.follow_up.is_(None), Task.follow_up <= now)


def _at(membership: Membership) -> ColumnElement[bool]:
    place = or_(
        Task.organisation_id == membership.organisation_id,
        and_(Task.organisation_id.is_(None), Task.group_id == membership.group_id),
    )
    if membership.unit_id is not None:
        place &= or_(Task.unit_id.is_(None), Task.unit_id == membership.unit_id)
    if membership.group_id is not None:
        in_group = exists().where(Case.id == Task.case_id, Case.group_id == membership.group_id)
        place &= or_(Task.group_id == membership.group_id, in_group)
    return place


def _consented(on: Day) -> ColumnElement[bool]:
    written = or_(
        Consent.form.in_(WRITTEN_FORMS),
        and_(Case.procedure.not_in(WRITTEN_PROCEDURES), Consent.purpose.not_in(WRITTEN_PURPOSES)),
    )
    covered = exists().where(
        Case.id == Task.case_id,
        Consent.case_id == Task.case_id,
        Consent.purpose == Task.purpose,
        Consent.status == "active",
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        written,
        ConsentParty.consent_id == Consent.id,
        ConsentParty.dropped_at.is_(None),
        ConsentParty.organisation_id == Task.organisation_id,
        or_(
            ConsentParty.unit_id.is_(None),
            Task.unit_id.is_(None),
            ConsentParty.unit_id == Task.unit_id,
        ),
    )
    return or_(Task.purpose.is_(None), covered)


def _not_restricted(actor: Actor) -> ColumnElement[bool]:
    named = exists().where(
        CaseAccess.case_id == Case.id, CaseAccess.account_id == actor.account_id
    )
    # One question per step: as two, PostgreSQL reads the unrestricted cases all at once.
    return exists().where(Case.id == Task.case_id, or_(Case.restricted.is_(False), named))
