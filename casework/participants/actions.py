"""Ask whether the person may be counted one by one; keep, take back, and list the answers.

Nothing waits for the answer: no step, no other consent and no support hangs on it.
"""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from base import clock
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import access, documents, naming, signing
from casework.access import Action, Actor, CaseFacts
from casework.application import Application
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.consent.rules import Signature, Status, Texts, WrongState
from casework.consent.tables import Consent
from casework.organisations import store as organisations
from casework.participants import rules, store
from casework.participants.model import Participant, Participants, Question
from casework.programmes import store as programmes
from casework.statistics.rules import show
from casework.words import Words

_READERS = frozenset({"federation"})
_OPEN = frozenset({Status.PRESENTED, Status.ACTIVE})


def question(tx: Session, app: Application, actor: Actor, case_id: UUID) -> Question:
    """For whoever leads the case. Raises NotFound, NotAllowed."""
    facts, today = _led(tx, app, actor, case_id), clock.today(tx, app.zone)
    case = case_store.by_id(tx, case_id)
    newest = consents.latest(tx, case_id, rules.PURPOSE)
    state = _state(newest, today)
    acts = access.may(actor, Action.ACT, facts, on=today).allowed
    return Question(
        case_id=case_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        keeper=_title(tx, _keeper(tx, case_id)),
        state=state,
        consent_id=newest.id if newest else None,
        until=newest.valid_until if newest else None,
        may_ask=acts and not facts.restricted and state not in _OPEN,
        restricted=facts.restricted,
        languages=signing.languages(tx, app, rules.TEXT),
    )


def ask(tx: Session, app: Application, actor: Actor, case_id: UUID) -> None:
    """Put the question before the person, on a paper of its own. Raises WrongState, NotAllowed."""
    case_store.lock_case(tx, case_id)
    facts, today = _led(tx, app, actor, case_id), clock.today(tx, app.zone)
    if facts.restricted:
        raise NotAllowed(access.WHY["restricted"], code="restricted")
    if _state(consents.latest(tx, case_id, rules.PURPOSE), today) in _OPEN:
        raise WrongState
    scope = rules.scope_for(_keeper(tx, case_id), today)
    consent_id = consent.prepare(tx, actor, facts, scope, Texts(), on=today)
    documents.present(tx, app, consent_id, by=actor.pseudonym)


def say_yes(
    tx: Session, app: Application, actor: Actor, case_id: UUID, signature: Signature
) -> None:
    """The person has signed. Raises NotWritten, SignedInFuture, WrongState."""
    facts, asked = _asked(tx, app, actor, case_id)
    today = clock.today(tx, app.zone)
    consent.register_signature(tx, actor, facts, asked, signature, on=today)
    consent.activate(tx, asked, by=actor.pseudonym)


def say_no(tx: Session, app: Application, actor: Actor, case_id: UUID) -> None:
    """The person does not want it, and nothing follows from that. Raises WrongState."""
    _, asked = _asked(tx, app, actor, case_id)
    consent.refuse(tx, asked, by=actor.pseudonym)


def take_back(tx: Session, app: Application, actor: Actor, case_id: UUID) -> None:
    """The row is gone from now on; what lets organisations talk is not touched.

    Raises NothingToWithdraw.
    """
    case_store.lock_case(tx, case_id)
    facts, today = _led(tx, app, actor, case_id), clock.today(tx, app.zone)
    consent.withdraw(tx, actor, facts, on=today, purpose=rules.PURPOSE)


def register(tx: Session, app: Application, actor: Actor) -> Participants:
    """For the organisation that keeps it; the caller notes whose rows were shown."""
    keepers = {place.organisation_id for place in actor.holding(_READERS)}
    if not keepers:
        raise NotAllowed(code="role")
    today = clock.today(tx, app.zone)
    groups = {group.id: group.title for group in organisations.groups(tx)}
    words, zone = Words(app.pack(tx), actor.language), ZoneInfo(app.zone)
    return Participants(
        keeper=", ".join(sorted(_title(tx, keeper) for keeper in keepers)),
        rows=tuple(
            Participant(
                case_id=case.id,
                number=case.number,
                group=groups.get(case.group_id or 0, ""),
                procedure=words.procedure(case.procedure),
                opened=case.opened.astimezone(zone).year,
                closed=case.closed.astimezone(zone).year if case.closed else None,
            )
            for case in store.named(tx, keepers, today)
        ),
        others=show(store.count_others(tx, keepers, today)),
    )


def _led(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CaseFacts:
    """Raises NotFound where the pack does not ask at all."""
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=clock.today(tx, app.zone))
    if not access.leads(actor, facts):
        raise NotAllowed("This is for whoever coordinates the case.", code="not_yours")
    if not signing.languages(tx, app, rules.TEXT):
        raise NotFound
    return facts


def _asked(tx: Session, app: Application, actor: Actor, case_id: UUID) -> tuple[CaseFacts, UUID]:
    """The question that waits for an answer."""
    case_store.lock_case(tx, case_id)
    facts = _led(tx, app, actor, case_id)
    access.require(actor, Action.ACT, facts, on=clock.today(tx, app.zone))
    newest = consents.latest(tx, case_id, rules.PURPOSE)
    if newest is None or newest.status != Status.PRESENTED:
        raise WrongState
    return facts, newest.id


def _state(newest: Consent | None, today: date) -> str:
    if newest is None:
        return "never"
    lapsed = newest.status == Status.ACTIVE and newest.valid_until < today
    return Status.EXPIRED if lapsed else newest.status


def _keeper(tx: Session, case_id: UUID) -> int:
    """Who carries the case's programme."""
    programme = programmes.by_id(tx, case_store.by_id(tx, case_id).programme_id)
    if programme.carrier_organisation_id is None:
        raise NotFound
    return programme.carrier_organisation_id


def _title(tx: Session, organisation_id: int) -> str:
    return organisations.organisations_by_id(tx, [organisation_id])[organisation_id].title
