"""Ask the person for a new version of a consent before it runs out.

Source: domain.md §3.3 (before the last day: renew?), D6 `consent_expiry_warning`. The consent in
force stays until the new one is signed; a no to the new one leaves it as it is.
"""

from uuid import UUID

from base import clock
from base.db import Session
from base.errors import Conflict, NotAllowed, NotFound
from casework import access
from casework.access import Action, Actor, CaseFacts
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import store as case_store
from casework.host import CaseHost
from casework.organisations import store as organisations
from casework.tasks import store as tasks
from engine import runtime

_PROCESS = "consent"
_WAITING = frozenset({"draft", "presented"})


class BeingAsked(Conflict):
    """The person is being asked already."""


def may_renew(tx: Session, app: Application, actor: Actor, facts: CaseFacts) -> bool:
    """Whether whoever looks could ask for a new version now."""
    today = clock.today(tx, app.zone)
    return (
        _PROCESS in app.pack(tx).config.start
        and facts.status == "open"
        and access.leads(actor, facts)
        and access.may(actor, Action.ACT, facts, on=today).allowed
        and not _being_asked(tx, facts)
    )


def renew(
    tx: Session, app: Application, actor: Actor, case_id: UUID, consent_id: UUID
) -> UUID | None:
    """Begin to ask for a new version for the same purpose; its first step for the actor.

    Raises NotFound, NotAllowed, BeingAsked.
    """
    case_store.lock_case(tx, case_id)
    facts, today = case_store.facts(tx, case_id), clock.today(tx, app.zone)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    access.require(actor, Action.ACT, facts, on=today)
    if not access.leads(actor, facts):
        raise NotAllowed("This is for whoever coordinates the case.", code="not_yours")
    [*held] = (one for one in facts.consents if one.consent_id == consent_id and one.shares)
    if not held or not held[0].in_force(today) or _PROCESS not in app.pack(tx).config.start:
        raise NotFound
    if facts.status != "open" or _being_asked(tx, facts):
        raise BeingAsked
    lead = organisations.organisations_by_id(tx, [facts.acting_lead.organisation_id])
    runtime.start(
        tx,
        CaseHost(app),
        pack_id=case_store.by_id(tx, case_id).pack_id,
        process=_PROCESS,
        case_id=case_id,
        variables={
            "organisation": lead[facts.acting_lead.organisation_id].code,
            "unit": None,
            "purpose": held[0].purpose,
            "procedure": facts.procedure,
        },
        by=actor.pseudonym,
    )
    audit.write_by(tx, actor, "consent.renew", case_id=case_id, target=f"consent:{consent_id}")
    return next((t.id for t in tasks.open_of_case(tx, case_id) if t.process == _PROCESS), None)


def _being_asked(tx: Session, facts: CaseFacts) -> bool:
    """A step of asking is open, or what was asked waits for an answer."""
    waiting = any(one.shares and one.status in _WAITING for one in facts.consents)
    return waiting or any(
        task.process == _PROCESS for task in tasks.open_of_case(tx, facts.case_id)
    )
