"""A case through somebody else's eyes, read only: what a named organisation sees of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import access, choices
from casework.access import Action, Actor, CaseFacts, Holder, Membership, Party
from casework.application import Application
from casework.casefile import actions as casefile
from casework.casefile.model import CasePage
from casework.cases import store as case_store
from casework.documents import party_titles
from casework.organisations import store as organisations


@dataclass(frozen=True, slots=True)
class Viewed:
    """What they see: a page, or none and the gate's sentence why; ``whom``: their title."""

    case_id: UUID
    number: str
    pack_id: str
    whom: str
    parties: tuple[tuple[str, str], ...]
    page: CasePage | None
    why: str


def as_party(tx: Session, app: Application, actor: Actor, case_id: UUID, code: str) -> Viewed:
    """For whoever leads the case; ``code`` as pickers send it, empty: nobody chosen yet.

    Raises NotFound, NotAllowed.
    """
    today = clock.today(tx, app.zone)
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    if not access.leads(actor, facts):
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    parties = sorted({party for one in facts.consents for party in one.parties})
    titles = dict(zip(choices.codes_of(tx, parties), party_titles(tx, parties), strict=True))
    case = case_store.by_id(tx, case_id)
    number, pack_id = case.number, case.pack_id
    offered = tuple(titles.items())
    if not code:
        return Viewed(case_id, number, pack_id, "", offered, None, "")
    if code not in titles:
        raise NotFound
    eyes = _eyes(tx, actor, facts, choices.party_of(tx, code))
    decision = access.may(eyes, Action.SEE_CASE, facts, on=today)
    page = _page(tx, app, eyes, case_id) if decision.allowed else None
    return Viewed(case_id, number, pack_id, titles[code], offered, page, decision.why_key)


def in_emergency(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CasePage:
    """What whoever leads the case sees; the caller has made sure of the emergency."""
    facts = case_store.facts(tx, case_id)
    return _page(tx, app, _eyes(tx, actor, facts, facts.acting_lead), case_id)


def _eyes(tx: Session, actor: Actor, facts: CaseFacts, at: Party | Holder) -> Actor:
    """Somebody who does casework there; one who is named, where identity is protected."""
    code = organisations.organisations_by_id(tx, [at.organisation_id])[at.organisation_id].code
    held = Membership(at.organisation_id, code, at.unit_id, "caseworker", None)
    named = next(iter(sorted(facts.allowed_accounts)), 0) if isinstance(at, Holder) else 0
    return replace(actor, account_id=named, memberships=(held,))


def _page(tx: Session, app: Application, eyes: Actor, case_id: UUID) -> CasePage:
    """Nothing can be done from it."""
    page = casefile.case_page(tx, app, eyes, case_id)
    running = tuple(replace(step, task_id=None) for step in page.running)
    return replace(page, running=running, hearings=())
