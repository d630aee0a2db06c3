"""Histories of consent in any order: a model that fits on a page says who may know what.

The gate, the predicate for lists and the rules for guests must say the same after every step.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from threading import Event, Thread
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from base.db import Database
from base.errors import SamplanError
from casework.access import Action, Party, Withheld, may
from casework.cases import actions as cases
from casework.cases import queries, store
from casework.cases.tables import Case
from casework.consent import actions as consent
from casework.consent.rules import Scope, Signature, Texts
from casework.guests import rules as guests
from casework.guests.rules import Invitation
from tests.casework.builders import TODAY, a_case, a_consent, a_scope, a_world, an_actor

NAMES = ("town", "clinic", "agency", "outsider")
KINDS = ("health_function", "treatment", "plan")
SHARING = {"consultation", "planning"}

#: Mostly what people say yes to; now and then what nobody can.
_PARTIES = ("town clinic", "town clinic agency", "town clinic agency outsider", "clinic agency")
_names = st.sampled_from([*_PARTIES, *_PARTIES, "town"]).map(lambda text: set(text.split()))
_kinds = st.sampled_from(
    [set(KINDS), {"health_function"}, {"treatment"}, {"health_function", "treatment"}]
)
_excluded = st.sampled_from([set(), set(), {"treatment"}, {"health_function"}, {"plan"}])
_pairs = st.sampled_from(
    [
        set(),
        {("town", "clinic", "health_function")},
        {("clinic", "town", "treatment"), ("town", "agency", "health_function")},
    ]
)


@dataclass
class Said:
    """What the person has said for one purpose: the last word counts."""

    parties: set[str]
    kinds: set[str]
    excluded: set[str]
    pairs: set[tuple[str, str, str]]
    first: date
    last: date
    written: bool


@dataclass
class Model:
    """The town's case. Who may know of it, and what, told as simply as can be."""

    arena: bool
    today: date = TODAY
    said: dict[str, Said] = field(default_factory=dict)
    named: set[str] | None = None

    def counts(self, purpose: str) -> Said | None:
        said = self.said.get(purpose)
        if said is None or not said.first <= self.today <= said.last:
            return None
        return said if said.written or not (self.arena or purpose == "consultation") else None

    def sees(self, name: str) -> bool:
        if self.named is not None and name not in self.named:
            return False
        held = [said for purpose in SHARING if (said := self.counts(purpose))]
        return name == "town" or any(name in said.parties for said in held)

    def reads(self, name: str, author: str, kind: str, purpose: str) -> bool:
        if self.named is not None and name not in self.named:
            return False
        if name == author:
            return True
        said = self.counts(purpose)
        return said is not None and self.told(said, name, author, kind)

    def told(self, said: Said, name: str, author: str, kind: str) -> bool:
        both = {name, author} <= said.parties
        meant = kind in said.kinds or kind == "plan"
        return (
            both and meant and kind not in said.excluded and (author, name, kind) not in said.pairs
        )

    def admits(self, name: str) -> bool:
        said = self.counts("consultation")
        return self.named is None and said is not None and {name, "town"} <= said.parties

    def takes(self, purpose: str, said: Said) -> bool:
        """Whether such a consent can be given at all."""
        least = 1 if purpose == "statistics" else 2
        ends = {end for teller, reader, _ in said.pairs for end in (teller, reader)}
        return (
            len(said.parties) >= least
            and bool(said.kinds - said.excluded)
            and ends <= said.parties
            and not (purpose in SHARING and "plan" in said.excluded)
            and (said.written or not (self.arena or purpose == "consultation"))
        )


class Histories(RuleBasedStateMachine):
    """The real thing in one transaction, beside the model."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._open = ExitStack()

    @initialize(arena=st.booleans())
    def begin(self, arena: bool) -> None:
        self.tx = self._open.enter_context(self._database.transaction())
        self.world = a_world(self.tx)
        self.places = {
            "town": self.world.municipality,
            "clinic": self.world.clinic,
            "agency": self.world.agency,
            "outsider": self.world.outsider,
        }
        self.people = {name: an_actor(self.tx, place) for name, place in self.places.items()}
        self.colleague = an_actor(self.tx, self.world.municipality)
        procedure = "arena" if arena else "sip"
        case = a_case(self.tx, self.world, self.people["town"], procedure=procedure)
        self.case_id: UUID = case.id
        self.model = Model(arena)

    def teardown(self) -> None:
        if hasattr(self, "tx"):
            self.tx.rollback()
        self._open.close()

    @rule(
        purpose=st.sampled_from(["consultation", "planning", "statistics"]),
        parties=_names,
        kinds=_kinds,
        excluded=_excluded,
        pairs=_pairs,
        begins=st.sampled_from([0, 0, 0, 1]),
        lasts=st.integers(0, 5),
        written=st.sampled_from([True, True, False]),
    )
    def say_yes(
        self,
        purpose: str,
        parties: set[str],
        kinds: set[str],
        excluded: set[str],
        pairs: set[tuple[str, str, str]],
        begins: int,
        lasts: int,
        written: bool,
    ) -> None:
        """A first yes, a wider one, a narrower one, a renewal: each is a new version."""
        first = self.model.today + timedelta(days=begins)
        last = first + timedelta(days=lasts)
        said = Said(parties, kinds, excluded, pairs, first, last, written)
        scope = a_scope(
            [self.party(name) for name in parties],
            purpose=purpose,
            categories=frozenset(kinds),
            excluded=frozenset(excluded),
            valid_from=first,
            valid_until=last,
            exceptions=frozenset(
                Withheld(self.places[teller], self.places[reader], kind)
                for teller, reader, kind in pairs
            ),
        )
        by = self.people["town"]
        if not may(by, Action.ACT, self.facts(), on=self.model.today).allowed:
            return
        savepoint = self.tx.begin_nested()
        try:
            self.two_people(scope, "paper" if written else "oral")
        except SamplanError:
            savepoint.rollback()
            assert not self.model.takes(purpose, said)
            return
        savepoint.commit()
        assert self.model.takes(purpose, said)
        self.model.said[purpose] = said

    @rule(
        purpose=st.sampled_from(sorted(SHARING)),
        parties=st.sampled_from(_PARTIES),
        pairs=_pairs,
        lasts=st.integers(1, 5),
    )
    def say_a_plain_yes(
        self, purpose: str, parties: str, pairs: set[tuple[str, str, str]], lasts: int
    ) -> None:
        """What can always be said."""
        named = set(parties.split())
        kept = {pair for pair in pairs if {pair[0], pair[1]} <= named}
        self.say_yes(purpose, named, set(KINDS), set(), kept, 0, lasts, written=True)

    def two_people(self, scope: Scope, form: str) -> None:
        """Prepared by one, checked by another."""
        on, by, checks = self.model.today, self.people["town"], self.colleague
        consent_id = consent.prepare(self.tx, by, self.facts(), scope, Texts(), on=on)
        consent.present(self.tx, consent_id, "Jag samtycker.", by="system")
        signed = Signature(form, on, matches_document=True)
        consent.register_signature(self.tx, checks, self.facts(), consent_id, signed, on=on)
        consent.activate(self.tx, consent_id, by="system")

    @precondition(lambda self: self.model.said)
    @rule(leaving=st.sampled_from([None, *NAMES[1:], *NAMES[1:]]))
    def take_back(self, leaving: str | None) -> None:
        """All of it, or one organisation out of it."""
        by = self.people["town"]
        if not may(by, Action.WITHDRAW, self.facts(), on=self.model.today).allowed:
            return
        party = self.party(leaving) if leaving else None
        known = any(leaving is None or leaving in s.parties for s in self.model.said.values())
        try:
            consent.withdraw(self.tx, by, self.facts(), on=self.model.today, leaving=party)
        except SamplanError:
            assert not known
            return
        for purpose, said in list(self.model.said.items()):
            said.parties = said.parties - {leaving} if leaving else set()
            if len(said.parties) < (1 if purpose == "statistics" else 2):
                del self.model.said[purpose]

    @rule(days=st.integers(1, 3))
    def let_time_pass(self, days: int) -> None:
        """Consents that run out end the next time somebody looks."""
        self.model.today += timedelta(days=days)
        self.tx.info["now"] += timedelta(days=days)
        consent.expire_due(self.tx, on=self.model.today)
        for purpose, said in list(self.model.said.items()):
            if said.last < self.model.today:
                del self.model.said[purpose]

    # Not from the first day: what is protected hides everything that comes after it.
    @precondition(lambda self: self.model.named is None and self.model.today > TODAY)
    @rule(names=st.sets(st.sampled_from(NAMES), max_size=2))
    def protect(self, names: set[str]) -> None:
        ids = [self.colleague.account_id, *(self.people[name].account_id for name in names)]
        cases.restrict(self.tx, self.people["town"], self.case_id, ids)
        self.model.named = names | {"town"}

    @precondition(lambda self: self.model.named is not None)
    @rule(name=st.sampled_from(NAMES[1:]), knows=st.booleans())
    def name_or_strike(self, name: str, knows: bool) -> None:
        assert self.model.named is not None
        account_id = self.people[name].account_id
        if knows:
            store.allow(self.tx, self.case_id, account_id, by="system")
            self.model.named |= {name}
        else:
            store.disallow(self.tx, self.case_id, account_id)
            self.model.named -= {name}

    @invariant()
    def gate_and_lists_say_what_the_model_says(self) -> None:
        facts, today = self.facts(), self.model.today
        seen, listed = {}, {}
        for name, actor in self.people.items():
            seen[name] = may(actor, Action.SEE_CASE, facts, on=today).allowed
            known = select(Case.id).where(queries.known_to(actor, today), Case.id == self.case_id)
            listed[name] = self.tx.scalar(known) is not None
        expected = {name: self.model.sees(name) for name in NAMES}
        assert (seen, listed) == (expected, expected)

    @invariant()
    def what_is_read_is_what_was_allowed(self) -> None:
        facts, today = self.facts(), self.model.today
        for name, author, kind, purpose in product(NAMES, NAMES, KINDS, SHARING):
            decision = may(
                self.people[name],
                Action.READ_ENTRY,
                facts,
                on=today,
                category=kind,
                author=self.party(author),
                purpose=purpose,
            )
            assert decision.allowed == self.model.reads(name, author, kind, purpose), decision

    @invariant()
    def guests_come_in_where_consent_names_them(self) -> None:
        facts, today = self.facts(), self.model.today
        for name in NAMES[1:]:
            place = self.places[name]
            invited = Invitation(place, frozenset(), "in_session", today, ended=False)
            assert guests.admits(invited, facts, today) == self.model.admits(name)

    def facts(self):
        self.tx.flush()
        self.tx.expire_all()
        return store.facts(self.tx, self.case_id)

    def party(self, name: str) -> Party:
        return Party(self.places[name])


@pytest.mark.both("wide")
def test_gate_lists_and_guests_agree_with_the_model(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Histories(database),
        settings=settings(
            # What differs between the two is the SQL alone, and rows travel further.
            max_examples=8 if database.on_postgresql else 25,
            stateful_step_count=20,
            deadline=None,
            # Twenty steps are read quickly; shrinking them takes minutes.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.both
def test_a_withdrawal_holds_for_every_transaction_begun_after_its_commit(
    database: Database,
) -> None:
    """Two connections: one that began before sees what it saw; all that begin after, nothing."""
    with database.transaction() as tx:
        world = a_world(tx)
        sara, doctor = an_actor(tx, world.municipality), an_actor(tx, world.clinic)
        case_id = a_case(tx, world, sara).id
        parties = [Party(world.municipality), Party(world.clinic)]
        a_consent(tx, sara, case_id, a_scope(parties))

    def sees() -> bool:
        with database.reading() as tx:
            return allowed(tx)

    def allowed(tx) -> bool:
        known = select(Case.id).where(queries.known_to(doctor, TODAY), Case.id == case_id)
        gate = may(doctor, Action.SEE_CASE, store.facts(tx, case_id), on=TODAY).allowed
        assert gate == (tx.scalar(known) is not None)
        return gate

    written, go_on, during = Event(), Event(), []

    def withdraw() -> None:
        with database.transaction() as tx:
            store.lock_case(tx, case_id)
            consent.withdraw(tx, sara, store.facts(tx, case_id), on=TODAY)
            tx.flush()
            written.set()
            go_on.wait(10)

    other = Thread(target=withdraw)
    with database.reading() as tx:
        before = allowed(tx)
        other.start()
        written.wait(10)
        during.append(sees())
        go_on.set()
        other.join(10)
        after = sees()
        tx.expire_all()
        still = allowed(tx)

    assert (before, during, still, after) == (True, [True], True, False)
