"""Whether an actor may do this in a case on this day, and why not. Pure; denies by default.

Source: domain.md §3.1 D2, §5. Access follows from role ∩ organisation (and unit) ∩ relation to
the case ∩ consent in force on the day ∩ restricted mode. `casework.cases.queries.known_to` says
the same in SQL for lists; a property test holds the two equal.
"""

from collections.abc import Collection, Iterable
from datetime import date

from base.errors import NotAllowed, NotFound
from casework.access.covering import covers
from casework.access.model import (
    PERSON,
    WHY,
    YES,
    Action,
    Actor,
    CaseFacts,
    Decision,
    Holder,
    Membership,
    Order,
    Party,
    State,
    no,
    overlap,
)

#: Account roles that work on cases; every other role alone opens no case.
WORKING_ROLES = frozenset({"caseworker", "representative"})

#: What a programme that is only read refuses.
_CHANGES = frozenset({Action.WRITE_STEP, Action.AGENDA, Action.PLAN, Action.ACT})


#: Kinds of information by which somebody could be found: never shown where identity is protected.
_TRACING = frozenset({"identity", "contact"})


def may(
    actor: Actor,
    action: Action,
    facts: CaseFacts,
    *,
    on: date,
    category: str | None = None,
    author: Party | None = None,
    purpose: str | None = None,
    parties: Collection[Party] | None = None,
) -> Decision:
    """Whether ``actor`` may do this in this case on this day.

    ``category`` and ``author`` describe what is read; ``purpose`` what a step or an entry is for
    (None: work of one's own organisation, which the step's address already limits); ``parties``
    who must all be covered (the organisations that attend).
    """
    ended = _ended(actor, action, facts, on)
    if ended:
        return no(ended)
    if facts.subject != PERSON:
        return _without_person(actor, action, facts, purpose)
    if hidden(actor, facts):
        return no("restricted")
    match action:
        case Action.READ_ENTRY:
            return _read_entry(actor, facts, on, category, author, purpose)
        case Action.WRITE_STEP:
            return _write_step(actor, facts, on, purpose)
        case Action.AGENDA:
            return _agenda(actor, facts, on, parties or ())
        case Action.PLAN:
            return _plan(actor, facts, on, parties or ())
        case _:
            return _PLAIN[action](actor, facts, on)


def _ended(actor: Actor, action: Action, facts: CaseFacts, on: date) -> str:
    """The programme's refusal, if it has come to its end.

    Taking back a consent is heard as long as anybody but the auditors can read.
    """
    if facts.phases.on(on) is State.ARCHIVED and "auditor" not in actor.roles:
        return "archived"
    if action in _CHANGES and not facts.phases.goes_on(on):
        return "read_only"
    return ""


def hidden(actor: Actor, facts: CaseFacts) -> bool:
    """Whether identity is protected and the actor is not one of the named people."""
    return facts.restricted and actor.account_id not in facts.allowed_accounts


def ordered(actor: Actor, facts: CaseFacts, *, on: date) -> Order | None:
    """By which order an auditor reads what is in this case: one for who raised or leads it.

    None where identity is protected: an order opens nothing there.
    """
    if "auditor" not in actor.roles or facts.restricted or facts.subject != PERSON:
        return None
    held = {holder.organisation_id for holder in facts.holders}
    for order in actor.orders:
        if order.organisation_id in held and order.valid_from <= on <= order.valid_until:
            return order
    return None


def knows(actor: Actor, facts: CaseFacts, *, on: date) -> bool:
    """Whether the actor may know that the case exists, if only by its number."""
    return may(actor, Action.SEE_NUMBER, facts, on=on).allowed


def require(
    actor: Actor,
    action: Action,
    facts: CaseFacts,
    *,
    on: date,
    category: str | None = None,
    author: Party | None = None,
    purpose: str | None = None,
    parties: Collection[Party] | None = None,
) -> None:
    """Refuse unless `may` allows.

    Raises NotFound if the actor may not even know of the case, NotAllowed with the gate's code
    otherwise.
    """
    decision = may(
        actor,
        action,
        facts,
        on=on,
        category=category,
        author=author,
        purpose=purpose,
        parties=parties,
    )
    if decision.allowed:
        return
    if not knows(actor, facts, on=on):
        raise NotFound
    raise NotAllowed(decision.why_key, code=decision.code)


def leads(actor: Actor, facts: CaseFacts) -> bool:
    """Whether the actor does casework for whoever leads the case."""
    return _holds(working(actor, facts), (facts.acting_lead,))


def concerned(actor: Actor, facts: CaseFacts) -> bool:
    """Whether the actor works for whoever raised or leads the case, or convenes its group."""
    return _holds(working(actor, facts), facts.holders) or _convenes(actor, facts)


def require_open(actor: Actor, facts: CaseFacts, *, on: date) -> None:
    """Refuse a change that the case's programme does not take any more. Raises NotAllowed."""
    code = _ended(actor, Action.ACT, facts, on)
    if code:
        raise NotAllowed(WHY[code], code=code)


def as_party(membership: Membership) -> Party:
    return Party(membership.organisation_id, membership.unit_id)


def working(actor: Actor, facts: CaseFacts) -> tuple[Party, ...]:
    """For whom the actor does casework in this case's group, if anybody."""
    return _places(actor, WORKING_ROLES, facts)


def _without_person(
    actor: Actor, action: Action, facts: CaseFacts, purpose: str | None
) -> Decision:
    """Steps about no person go to whom they are addressed; there is no case to see."""
    if action is not Action.WRITE_STEP or purpose is not None:
        return no("not_yours")
    if facts.status == "closed":
        return no("closed")
    return YES if actor.memberships else no("not_yours")


def _places(actor: Actor, roles: Collection[str], facts: CaseFacts) -> tuple[Party, ...]:
    """Where the actor holds one of these roles, other local groups' seats left out."""
    return tuple(
        as_party(membership)
        for membership in actor.holding(roles)
        if membership.group_id is None
        or facts.group_id is None
        or membership.group_id == facts.group_id
    )


def _holds(places: Iterable[Party], holders: Collection[Holder]) -> bool:
    return any(overlap(place, holder.party) for place in places for holder in holders)


def _shared_with(
    places: Iterable[Party],
    facts: CaseFacts,
    on: date,
    *,
    purpose: str | None = None,
    category: str | None = None,
    author: Party | None = None,
    teller: Party | None = None,
) -> Decision:
    """Yes if consent covers one of these places; else the refusal that came nearest to yes.

    ``author`` must be named as well; ``teller`` (by default the author) is only asked whether
    the person wants it to tell this place.
    """
    others = () if author is None else (author,)
    teller = teller or author
    refusals = []
    for place in places:
        decision = covers(
            facts,
            on=on,
            purpose=purpose,
            parties=(place, *others),
            category=category,
            told=(teller, place) if teller is not None else None,
        )
        if decision.allowed:
            return decision
        refusals.append(decision)
    order = list(WHY)
    return max(refusals, key=lambda refusal: order.index(refusal.code), default=no("not_yours"))


def _see_case(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    if "auditor" in actor.roles:
        return YES
    return _works_on(actor, facts, on)


def _see_number(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    if _convenes(actor, facts) or _manages(actor, facts, on):
        return YES
    return _see_case(actor, facts, on)


def _works_on(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """Casework for the referrer, the lead or a party that consent names."""
    places = working(actor, facts)
    if _holds(places, facts.holders):
        return YES
    return _shared_with(places, facts, on)


def _manages(actor: Actor, facts: CaseFacts, on: date) -> bool:
    places = _places(actor, {"manager"}, facts)
    return _holds(places, facts.holders) or _shared_with(places, facts, on).allowed


def _convenes(actor: Actor, facts: CaseFacts) -> bool:
    return facts.group_id is not None and any(
        membership.group_id == facts.group_id for membership in actor.holding({"convener"})
    )


def _read_identity(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    return _read_of_person(actor, facts, on, "identity")


def _read_contact(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """How to reach the person is a kind of information of its own."""
    return _read_of_person(actor, facts, on, "contact")


def _read_of_person(actor: Actor, facts: CaseFacts, on: date, category: str) -> Decision:
    places = working(actor, facts)
    if _holds(places, facts.holders) or ordered(actor, facts, on=on):
        return YES
    return _shared_with(places, facts, on, category=category, teller=facts.referrer.party)


def _read_words(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """What the person said must not be told, they did not say to those it must not be told to."""
    own = _holds(working(actor, facts), facts.holders)
    return YES if own or ordered(actor, facts, on=on) else no("not_yours")


def _read_entry(
    actor: Actor,
    facts: CaseFacts,
    on: date,
    category: str | None,
    author: Party | None,
    purpose: str | None,
) -> Decision:
    places = working(actor, facts)
    if author is None:
        return no("not_yours")
    if facts.restricted and category in _TRACING:
        return no("restricted")
    if any(overlap(place, author) for place in places) or ordered(actor, facts, on=on):
        return YES
    return _shared_with(places, facts, on, purpose=purpose, category=category, author=author)


def _write_step(actor: Actor, facts: CaseFacts, on: date, purpose: str | None) -> Decision:
    if facts.status == "closed":
        return no("closed")
    if purpose is None:
        return YES if actor.memberships else no("not_yours")
    places = _places(actor, WORKING_ROLES | {"manager"}, facts)
    return _shared_with(places, facts, on, purpose=purpose)


def _agenda(actor: Actor, facts: CaseFacts, on: date, attending: Collection[Party]) -> Decision:
    if not concerned(actor, facts):
        return no("not_yours")
    decision = covers(facts, on=on, purpose="consultation", parties=attending)
    return no("closed") if decision.allowed and facts.status == "closed" else decision


def _plan(actor: Actor, facts: CaseFacts, on: date, invited: Collection[Party]) -> Decision:
    if facts.status == "closed":
        return no("closed")
    lead = facts.acting_lead
    if not leads(actor, facts):
        return no("not_yours")
    return covers(facts, on=on, purpose="planning", parties=(lead.party, *invited))


def _withdraw(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """Any staff with a relation, the federation's hotline too: as easy as giving it was."""
    if "federation" in actor.roles or _convenes(actor, facts) or _manages(actor, facts, on):
        return YES
    return _works_on(actor, facts, on)


def _act(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    return no("closed") if facts.status == "closed" else _works_on(actor, facts, on)


#: Actions that are not about a kind of information, a purpose or other parties.
_PLAIN = {
    Action.SEE_CASE: _see_case,
    Action.SEE_NUMBER: _see_number,
    Action.READ_IDENTITY: _read_identity,
    Action.READ_CONTACT: _read_contact,
    Action.READ_WORDS: _read_words,
    Action.WITHDRAW: _withdraw,
    Action.ACT: _act,
}
