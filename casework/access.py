"""The gate: who may see and do what in a case, and why not. Pure; denies by default.

Source: domain.md §3.1 D2, §5. Access follows from role ∩ organisation (and unit) ∩ relation to
the case ∩ consent in force on the day ∩ restricted mode. `casework.cases.queries.known_to` says
the same in SQL for lists; a property test holds the two equal.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from base.errors import NotAllowed, NotFound

#: Account roles that work on cases; every other role alone opens no case.
WORKING_ROLES = frozenset({"caseworker", "representative"})
#: Purposes that let a named party know of a case.
SHARING_PURPOSES = frozenset({"consultation", "planning", "referral_to_party", "handover"})
#: Purposes for which the person's word must be in writing, whatever the procedure.
WRITTEN_PURPOSES = frozenset({"consultation"})
#: Purposes whose consent covers what was decided together, whether or not it is ticked.
DECIDING_PURPOSES = frozenset({"consultation", "planning"})
#: Kinds of information that no consent names: they stay with the organisation that wrote them.
OWN = "own"


#: What a case is about; a group's term and a report have steps, but no person.
PERSON = "person"


class Action(StrEnum):
    """What somebody wants with a case."""

    SEE_CASE = "see_case"
    SEE_NUMBER = "see_number"
    READ_IDENTITY = "read_identity"
    READ_CONTACT = "read_contact"
    READ_WORDS = "read_words"
    READ_ENTRY = "read_entry"
    WRITE_STEP = "write_step"
    AGENDA = "agenda"
    PLAN = "plan"
    WITHDRAW = "withdraw"
    ACT = "act"


#: Codes of the gate and the sentence that explains each (English source of the catalogues).
WHY = {
    "no_consent": "There is no consent in force.",
    "not_written": "The consent is not in writing.",
    "purpose": "The consent is for another purpose.",
    "party_not_named": "The consent does not name this organisation.",
    "excluded_by_person": "The person does not want this to be shared.",
    "category_not_named": "The consent does not name this kind of information.",
    "not_yours": "This is not part of your work.",
    "restricted": "Only named people may work on this case.",
    "closed": "The case is closed.",
    "read_only": "The programme is being wound up: nothing changes any more.",
    "archived": "The programme is archived.",
}


#: What a programme that is only read refuses.
_CHANGES = frozenset({Action.WRITE_STEP, Action.AGENDA, Action.PLAN, Action.ACT})


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that an account holds today; unit None: the whole organisation.

    ``group_id`` ties a representative or convener to one local group.
    """

    organisation_id: int
    organisation_code: str
    unit_id: int | None
    role: str
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account and the roles it holds today."""

    account_id: int
    name: str = field(repr=False)
    language: str
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(membership.role for membership in self.memberships)

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(membership.organisation_id for membership in self.memberships)

    @property
    def organisation_id(self) -> int | None:
        """The organisation the account belongs to first; None for an account without any."""
        return self.memberships[0].organisation_id if self.memberships else None

    @property
    def unit_id(self) -> int | None:
        return self.memberships[0].unit_id if self.memberships else None

    @property
    def pseudonym(self) -> str:
        """How audit rows name the account."""
        return f"account:{self.account_id}"

    def holding(self, roles: Collection[str]) -> tuple[Membership, ...]:
        """The memberships with one of these roles."""
        return tuple(membership for membership in self.memberships if membership.role in roles)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part, or one unit of it; unit None: the organisation."""

    organisation_id: int
    unit_id: int | None = None

    def __lt__(self, other: "Party") -> bool:
        return (self.organisation_id, self.unit_id or 0) < (
            other.organisation_id,
            other.unit_id or 0,
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case in a role (referrer, lead): an organisation, a unit, a person."""

    organisation_id: int
    unit_id: int | None = None
    account_id: int | None = None

    @property
    def party(self) -> Party:
        return Party(self.organisation_id, self.unit_id)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one named organisation must not tell another; category '': nothing at all."""

    teller_id: int
    reader_id: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What one consent allows; both days of its period are included."""

    consent_id: UUID
    status: str
    purpose: str
    written: bool
    parties: frozenset[Party]
    categories: frozenset[str]
    excluded_categories: frozenset[str]
    valid_from: date
    valid_until: date
    exceptions: frozenset[Withheld] = frozenset()

    def in_force(self, on: date) -> bool:
        return self.status == "active" and self.valid_from <= on <= self.valid_until

    def names(self, party: Party) -> bool:
        """Whether this organisation, and the unit where the consent names one, is a party."""
        return any(overlap(named, party) for named in self.parties)

    def excepts(self, teller: Party, reader: Party, category: str | None) -> bool:
        """Whether the person wants the one not to tell this (None: anything) to the other."""
        return any(
            exception.teller_id == teller.organisation_id
            and exception.reader_id == reader.organisation_id
            and exception.category in ("", category)
            for exception in self.exceptions
        )


class State(StrEnum):
    """How far a programme has been wound up."""

    OPEN = "open"
    CLOSING_ONLY = "closing_only"
    READ_ONLY = "read_only"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Phases:
    """From which days a programme takes no new cases, only reads, is archived; None: not planned.

    Days of the programme's time zone; each phase begins with its day (AG-09, AG-12).
    """

    closing_from: date | None = None
    read_only_from: date | None = None
    archived_from: date | None = None

    def on(self, day: date) -> State:
        begun = State.OPEN
        for state, first in self.planned:
            if first <= day:
                begun = state
        return begun

    @property
    def planned(self) -> tuple[tuple[State, date], ...]:
        """What is to come or has come, in order."""
        days = (self.closing_from, self.read_only_from, self.archived_from)
        states = (State.CLOSING_ONLY, State.READ_ONLY, State.ARCHIVED)
        return tuple((state, day) for state, day in zip(states, days, strict=True) if day)

    def goes_on(self, day: date) -> bool:
        """Whether work on cases goes on, if only on those that there are."""
        return self.on(day) in {State.OPEN, State.CLOSING_ONLY}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the gate needs to know of a case; no person's data."""

    case_id: UUID
    procedure: str
    status: str
    referrer: Holder
    lead: Holder | None = None
    group_id: int | None = None
    #: The procedure takes nothing but written consent (pack data, kept with the case).
    written_only: bool = True
    restricted: bool = False
    #: Accounts that may work on the case in restricted mode.
    allowed_accounts: frozenset[int] = frozenset()
    consents: tuple[ConsentFacts, ...] = ()
    #: What it is about; anything but a person is a case to nobody.
    subject: str = PERSON
    #: Of the case's programme.
    phases: Phases = Phases()

    @property
    def acting_lead(self) -> Holder:
        """The lead; until there is one, the referrer."""
        return self.lead or self.referrer

    @property
    def holders(self) -> tuple[Holder, ...]:
        return (self.referrer,) if self.lead is None else (self.referrer, self.lead)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no with a code and the sentence that explains it."""

    allowed: bool
    code: str = ""

    @property
    def why_key(self) -> str:
        """The explaining sentence in English, key of the catalogues; empty for yes."""
        return WHY.get(self.code, "")


_YES = Decision(True)
#: Kinds of information by which somebody could be found: never shown where identity is protected.
_TRACING = frozenset({"identity", "contact"})


def overlap(one: Party, other: Party) -> bool:
    """Whether two parties are of one organisation and not two different units of it."""
    return one.organisation_id == other.organisation_id and (
        one.unit_id is None or other.unit_id is None or one.unit_id == other.unit_id
    )


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
        return _no(ended)
    if facts.subject != PERSON:
        return _without_person(actor, action, facts, purpose)
    if hidden(actor, facts):
        return _no("restricted")
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


def covers(
    facts: CaseFacts,
    *,
    on: date,
    purpose: str | None = None,
    parties: Collection[Party] = (),
    category: str | None = None,
    told: tuple[Party, Party] | None = None,
) -> Decision:
    """Whether one consent in force allows these parties to share this for this purpose.

    ``told``: who tells whom, where that is known. The code names the first demand that no
    consent meets: in force, in writing, purpose, parties, exclusions, kinds of information.
    """
    demands: list[tuple[str, Callable[[ConsentFacts], bool]]] = [
        ("no_consent", lambda consent: consent.in_force(on)),
        ("not_written", lambda consent: _written_enough(consent, facts, purpose)),
        ("purpose", lambda consent: _for_purpose(consent, purpose)),
        ("party_not_named", lambda consent: all(map(consent.names, parties))),
    ]
    if told is not None:
        demands += [("excluded_by_person", lambda consent: not consent.excepts(*told, category))]
    if category is not None:
        demands += [
            ("excluded_by_person", lambda consent: category not in consent.excluded_categories),
            ("category_not_named", lambda consent: _names_kind(consent, category)),
        ]
    left = list(facts.consents)
    for code, met in demands:
        left = [consent for consent in left if met(consent)]
        if not left:
            return _no(code)
    return _YES


def may_ask(
    facts: CaseFacts, category: str, *, on: date, purpose: str | None, party: Party | None
) -> Decision:
    """Whether a field of this kind may be asked in a step of this party for this purpose.

    Work of one's own organisation (purpose None) and what stays there is asked without consent;
    how to reach somebody whose identity is protected is asked and kept nowhere (D8).
    """
    if facts.restricted and category == "contact":
        return _no("restricted")
    if purpose is None or category == OWN:
        return _YES
    parties = () if party is None else (party,)
    return covers(facts, on=on, purpose=purpose, parties=parties, category=category)


def leads(actor: Actor, facts: CaseFacts) -> bool:
    """Whether the actor does casework for whoever leads the case."""
    return _holds(working(actor, facts), (facts.acting_lead,))


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
        return _no("not_yours")
    if facts.status == "closed":
        return _no("closed")
    return _YES if actor.memberships else _no("not_yours")


def _no(code: str) -> Decision:
    return Decision(False, code)


def _written_enough(consent: ConsentFacts, facts: CaseFacts, purpose: str | None) -> bool:
    return consent.written or not (
        facts.written_only or consent.purpose in WRITTEN_PURPOSES or purpose in WRITTEN_PURPOSES
    )


def _names_kind(consent: ConsentFacts, category: str) -> bool:
    """A consent to decide together covers what was decided, whether or not it is ticked."""
    implied = category == "plan" and consent.purpose in DECIDING_PURPOSES
    return implied or category in consent.categories


def _for_purpose(consent: ConsentFacts, purpose: str | None) -> bool:
    if purpose is None:
        return consent.purpose in SHARING_PURPOSES
    return consent.purpose == purpose


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
    return max(refusals, key=lambda no: order.index(no.code), default=_no("not_yours"))


def _see_case(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    if "auditor" in actor.roles:
        return _YES
    return _works_on(actor, facts, on)


def _see_number(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    if _convenes(actor, facts) or _manages(actor, facts, on):
        return _YES
    return _see_case(actor, facts, on)


def _works_on(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """Casework for the referrer, the lead or a party that consent names."""
    places = working(actor, facts)
    if _holds(places, facts.holders):
        return _YES
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
    if _holds(places, facts.holders):
        return _YES
    return _shared_with(places, facts, on, category=category, teller=facts.referrer.party)


def _read_words(actor: Actor, facts: CaseFacts, _on: date) -> Decision:
    """What the person said must not be told, they did not say to those it must not be told to."""
    return _YES if _holds(working(actor, facts), facts.holders) else _no("not_yours")


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
        return _no("not_yours")
    if facts.restricted and category in _TRACING:
        return _no("restricted")
    if any(overlap(place, author) for place in places):
        return _YES
    return _shared_with(places, facts, on, purpose=purpose, category=category, author=author)


def _write_step(actor: Actor, facts: CaseFacts, on: date, purpose: str | None) -> Decision:
    if facts.status == "closed":
        return _no("closed")
    if purpose is None:
        return _YES if actor.memberships else _no("not_yours")
    places = _places(actor, WORKING_ROLES | {"manager"}, facts)
    return _shared_with(places, facts, on, purpose=purpose)


def _agenda(actor: Actor, facts: CaseFacts, on: date, attending: Collection[Party]) -> Decision:
    if not (_holds(working(actor, facts), facts.holders) or _convenes(actor, facts)):
        return _no("not_yours")
    decision = covers(facts, on=on, purpose="consultation", parties=attending)
    return _no("closed") if decision.allowed and facts.status == "closed" else decision


def _plan(actor: Actor, facts: CaseFacts, on: date, invited: Collection[Party]) -> Decision:
    if facts.status == "closed":
        return _no("closed")
    lead = facts.acting_lead
    if not leads(actor, facts):
        return _no("not_yours")
    return covers(facts, on=on, purpose="planning", parties=(lead.party, *invited))


def _withdraw(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    """Any staff with a relation, the federation's hotline too: as easy as giving it was."""
    if "federation" in actor.roles or _convenes(actor, facts) or _manages(actor, facts, on):
        return _YES
    return _works_on(actor, facts, on)


def _act(actor: Actor, facts: CaseFacts, on: date) -> Decision:
    return _no("closed") if facts.status == "closed" else _works_on(actor, facts, on)


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
