"""Consent from draft to end, and that no disclosure outlives it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.clock import Fixed
from base.db import Database, Session
from base.errors import NotAllowed, NotFound
from casework.access import Action, Actor, Party, may
from casework.cases import store as cases
from casework.consent import actions as consent
from casework.consent import rules, store
from casework.consent.rules import NotSigned, NotSpecific, NotWritten, Signature, Texts
from tests.casework.builders import (
    LATER,
    TODAY,
    World,
    a_case,
    a_consent,
    a_scope,
    a_world,
    an_actor,
)


@dataclass
class Given:
    """A case of the municipality's, and people of three organisations."""

    world: World
    sara: Actor
    doctor: Actor
    officer: Actor
    case_id: UUID

    @property
    def town(self) -> Party:
        return Party(self.world.municipality)

    @property
    def clinic(self) -> Party:
        return Party(self.world.clinic)

    @property
    def agency(self) -> Party:
        return Party(self.world.agency)

    @property
    def everybody(self) -> list[Party]:
        return [self.town, self.clinic, self.agency]


def given_a_case(tx: Session, *, procedure: str = "arena") -> Given:
    world = a_world(tx)
    sara = an_actor(tx, world.municipality)
    doctor, officer = an_actor(tx, world.clinic), an_actor(tx, world.agency)
    case = a_case(tx, world, sara, procedure=procedure)
    return Given(world, sara, doctor, officer, case.id)


def sees(tx: Session, here: Given, actor: Actor, on: date = TODAY) -> bool:
    return may(actor, Action.SEE_CASE, cases.facts(tx, here.case_id), on=on).allowed


def test_only_an_activated_consent_opens_the_case(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        facts = cases.facts(tx, here.case_id)
        seen = []
        consent_id = consent.prepare(
            tx, here.sara, facts, a_scope(here.everybody), Texts(), on=TODAY
        )
        seen.append(sees(tx, here, here.doctor))
        presented = consent.present(tx, consent_id, "Text", by="system")
        seen.append(sees(tx, here, here.doctor))
        signature = Signature("paper", TODAY, matches_document=True)
        consent.register_signature(tx, here.sara, facts, consent_id, signature, on=TODAY)
        seen.append(sees(tx, here, here.doctor))
        held = consent.activate(tx, consent_id, by="system")
        seen.append(sees(tx, here, here.doctor))

    assert seen == [False, False, False, True]
    assert len(presented.document_hash) == 64
    assert (held.consent_id, held.until) == (consent_id, LATER)
    assert set(held.parties) == set(here.everybody)


def test_a_consent_names_two_organisations_not_two_units(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        town = here.world.municipality
        units = [Party(town, here.world.labour), Party(town, here.world.adults)]
        consent_id = consent.prepare(
            tx, here.sara, cases.facts(tx, here.case_id), a_scope(units), Texts(), on=TODAY
        )

        with pytest.raises(NotSpecific) as refused:
            consent.present(tx, consent_id, "Text", by="system")

    assert refused.value.reasons == ("fewer_than_two_parties",)


def test_what_a_consent_lacks_is_named():
    scope = a_scope(
        [Party(1)],
        categories=frozenset({"everything", "treatment"}),
        excluded=frozenset({"everything", "treatment"}),
        valid_from=LATER,
        valid_until=TODAY,
    )

    assert rules.shortcomings(scope) == (
        "fewer_than_two_parties",
        "no_categories",
        "unknown_category",
        "ends_before_it_begins",
    )
    lasting = replace(a_scope([Party(1), Party(2)]), valid_until=TODAY + timedelta(days=400))
    assert rules.shortcomings(lasting) == ("too_long",)


def test_the_arena_takes_no_oral_consent(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)

        with pytest.raises(NotWritten) as refused:
            a_consent(tx, here.sara, here.case_id, a_scope(here.everybody), form="oral")

    assert refused.value.code == "not_written"


def test_oral_consent_carries_planning_in_a_sip(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx, procedure="sip")
        scope = a_scope(here.everybody, purpose="planning")
        a_consent(tx, here.sara, here.case_id, scope, form="oral")

        assert sees(tx, here, here.doctor)


def test_a_signature_under_another_text_activates_nothing(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        facts = cases.facts(tx, here.case_id)
        consent_id = consent.prepare(
            tx, here.sara, facts, a_scope(here.everybody), Texts(), on=TODAY
        )
        consent.present(tx, consent_id, "Text", by="system")
        with pytest.raises(NotSigned):
            consent.activate(tx, consent_id, by="system")
        signature = Signature("paper", TODAY, matches_document=False)
        consent.register_signature(tx, here.sara, facts, consent_id, signature, on=TODAY)

        with pytest.raises(NotSigned):
            consent.activate(tx, consent_id, by="system")


def test_a_signature_has_a_day_that_has_come(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        facts = cases.facts(tx, here.case_id)
        consent_id = consent.prepare(
            tx, here.sara, facts, a_scope(here.everybody), Texts(), on=TODAY
        )
        consent.present(tx, consent_id, "Text", by="system")
        tomorrow = Signature("paper", TODAY + timedelta(days=1), matches_document=True)

        with pytest.raises(rules.SignedInFuture):
            consent.register_signature(tx, here.sara, facts, consent_id, tomorrow, on=TODAY)


def test_a_new_version_replaces_the_old_one(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        first = a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))
        second = a_consent(tx, here.sara, here.case_id, a_scope([here.town, here.clinic]))

        assert store.by_id(tx, first).status == "superseded"
        assert (store.by_id(tx, second).version, store.by_id(tx, second).supersedes) == (2, first)
        assert (sees(tx, here, here.doctor), sees(tx, here, here.officer)) == (True, False)


def test_preparing_anew_replaces_what_waited_for_an_answer(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        facts = cases.facts(tx, here.case_id)
        first, second = (
            consent.prepare(tx, here.sara, facts, a_scope(here.everybody), Texts(), on=TODAY)
            for _ in range(2)
        )

        with pytest.raises(rules.WrongState):
            consent.present(tx, first, "Text", by="system")
        assert consent.present(tx, second, "Text", by="system").consent_id == second


def test_one_person_of_any_party_takes_it_all_back(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        consent_id = a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))

        done = consent.withdraw(tx, here.doctor, cases.facts(tx, here.case_id), on=TODAY)

        assert (done.withdrawn, done.goes_on) == ((consent_id,), False)
        assert (sees(tx, here, here.doctor), sees(tx, here, here.sara)) == (False, True)
        with pytest.raises(NotFound):
            consent.withdraw(tx, here.doctor, cases.facts(tx, here.case_id), on=TODAY)
        with pytest.raises(consent.NothingToWithdraw):
            consent.withdraw(tx, here.sara, cases.facts(tx, here.case_id), on=TODAY)


def test_one_party_goes_while_two_organisations_remain(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))

        first = consent.withdraw(
            tx, here.sara, cases.facts(tx, here.case_id), on=TODAY, leaving=here.agency
        )
        after_first = [sees(tx, here, actor) for actor in (here.doctor, here.officer)]
        second = consent.withdraw(
            tx, here.sara, cases.facts(tx, here.case_id), on=TODAY, leaving=here.clinic
        )

        assert (first.goes_on, first.remaining) == (True, {here.town, here.clinic})
        assert after_first == [True, False]
        assert (second.goes_on, len(second.withdrawn)) == (False, 1)
        assert not sees(tx, here, here.doctor)


def test_taking_out_somebody_who_is_not_named_says_so(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))
        unit = Party(here.world.municipality, here.world.labour)

        with pytest.raises(consent.PartyNotNamed):
            consent.withdraw(tx, here.sara, cases.facts(tx, here.case_id), on=TODAY, leaving=unit)


def test_a_unit_that_leaves_leaves_the_other_units_in():
    parties = {Party(1, 11), Party(1, 12), Party(2)}

    assert rules.without(parties, Party(1, 11)) == {Party(1, 12), Party(2)}
    assert rules.without(parties, Party(1)) == {Party(2)}


def test_a_withdrawal_lapses_what_still_waits_for_an_answer(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))
        facts = cases.facts(tx, here.case_id)
        asked = a_scope(here.everybody, purpose="planning")
        pending = consent.prepare(tx, here.sara, facts, asked, Texts(), on=TODAY)

        consent.withdraw(tx, here.sara, facts, on=TODAY)

        assert store.by_id(tx, pending).status == "lapsed"


def test_a_withdrawal_holds_for_every_later_transaction(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        a_consent(tx, here.sara, here.case_id, a_scope(here.everybody))
    with database.reading() as earlier:
        cases.facts(earlier, here.case_id)
        with database.transaction() as tx:
            consent.withdraw(tx, here.sara, cases.facts(tx, here.case_id), on=TODAY)
        with database.reading() as later:
            assert not sees(later, here, here.doctor)


def test_expiry_ends_what_is_overdue_and_nothing_else(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        ends = a_scope(here.everybody, valid_until=TODAY + timedelta(days=1))
        short = a_consent(tx, here.sara, here.case_id, ends)
        a_consent(tx, here.sara, here.case_id, a_scope(here.everybody, purpose="planning"))

        on_the_last_day = consent.expire_due(tx, on=TODAY + timedelta(days=1))
        after = consent.expire_due(tx, on=TODAY + timedelta(days=2))

    assert on_the_last_day == ()
    assert after == (consent.Expired(here.case_id, short, "consultation"),)


def test_the_persons_words_are_sealed_and_for_whoever_raised_or_leads_the_case(database: Database):
    words = Texts(exclusions="Inget om min skuld", necessity="Behövs för planen")
    with database.transaction() as tx:
        here = given_a_case(tx)
        facts = cases.facts(tx, here.case_id)
        consent_id = consent.prepare(
            tx, here.sara, facts, a_scope(here.everybody), words, on=TODAY
        )
        consent.present(tx, consent_id, "Jag samtycker.", by="system")
        row = store.by_id(tx, consent_id)

        assert consent.read_texts(tx, here.sara, facts, row, on=TODAY) == words
        document = consent.read_document(tx, here.sara, facts, row, on=TODAY)
        assert document == "Jag samtycker."
        with pytest.raises(NotFound):
            consent.read_texts(tx, here.doctor, facts, row, on=TODAY)

        signature = Signature("paper", TODAY, matches_document=True)
        consent.register_signature(tx, here.sara, facts, consent_id, signature, on=TODAY)
        consent.activate(tx, consent_id, by="system")
        assert sees(tx, here, here.doctor)
        with pytest.raises(NotAllowed):
            consent.read_texts(tx, here.doctor, cases.facts(tx, here.case_id), row, on=TODAY)
        assert "skuld" not in repr(row) + repr(words)
        assert b"skuld" not in row.texts


def test_a_consent_in_words_tells_what_may_be_shared(database: Database):
    with database.transaction() as tx:
        here = given_a_case(tx)
        scope = a_scope(
            here.everybody,
            categories=frozenset({"treatment", "identity", "addiction"}),
            excluded=frozenset({"addiction"}),
        )
        row = store.by_id(tx, a_consent(tx, here.sara, here.case_id, scope))
        words = consent.in_words(tx, row)

    assert (words.shared, words.excluded) == (("identity", "treatment"), ("addiction",))
    assert (words.written, words.until) == (True, LATER)


# --- Histories -----------------------------------------------------------------------------

_PEOPLE = ("town", "clinic", "agency")
_PARTIES = st.sets(st.sampled_from(_PEOPLE), min_size=2)
_STEPS = st.one_of(
    st.tuples(
        st.just("grant"),
        _PARTIES,
        st.sampled_from(["consultation", "planning"]),
        st.integers(0, 6),
        st.booleans(),
    ),
    st.tuples(st.just("leave"), st.sampled_from(_PEOPLE)),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("wait"), st.integers(1, 4)),
    st.tuples(st.just("expire")),
    st.tuples(st.just("ask"), _PARTIES),
)


@dataclass
class _Promise:
    """What the person has said, kept by the test itself in the plainest form."""

    parties: set[str]
    last_day: date
    excludes_health: bool


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(_STEPS, max_size=8))
def test_nothing_is_disclosed_that_no_consent_covers(
    database: Database, clock: Fixed, steps: list
):
    with database.transaction() as tx:
        savepoint = tx.begin_nested()
        here = given_a_case(tx)
        promises: dict[str, _Promise] = {}
        today = TODAY
        for step in steps:
            today = _take(tx, here, promises, step, today)
            _compare(tx, here, promises, today)
        savepoint.rollback()


def _take(
    tx: Session, here: Given, promises: dict[str, _Promise], step: tuple, today: date
) -> date:
    """Do it for real, and in the plain model beside it; the new day."""
    who = {"town": here.town, "clinic": here.clinic, "agency": here.agency}
    facts = cases.facts(tx, here.case_id)
    match step:
        case ("grant", parties, purpose, days, excludes):
            until = today + timedelta(days=days)
            scope = a_scope(
                [who[name] for name in parties],
                purpose=purpose,
                excluded=frozenset({"health_function"}) if excludes else frozenset(),
                valid_from=today,
                valid_until=until,
            )
            a_consent(tx, here.sara, here.case_id, scope, on=today)
            promises[purpose] = _Promise(set(parties), until, excludes)
        case ("ask", parties):
            scope = a_scope([who[name] for name in parties], valid_from=today)
            consent.prepare(tx, here.sara, facts, scope, Texts(), on=today)
        case ("leave", name):
            _leave(tx, here, promises, who[name], name, today)
        case ("withdraw",):
            if store.with_status(tx, here.case_id, ["active"]):
                consent.withdraw(tx, here.sara, facts, on=today)
            promises.clear()
        case ("expire",):
            consent.expire_due(tx, on=today)
        case ("wait", days):
            return today + timedelta(days=days)
    return today


def _leave(
    tx: Session,
    here: Given,
    promises: dict[str, _Promise],
    leaving: Party,
    name: str,
    today: date,
) -> None:
    try:
        facts = cases.facts(tx, here.case_id)
        consent.withdraw(tx, here.sara, facts, on=today, leaving=leaving)
    except (consent.NothingToWithdraw, consent.PartyNotNamed):
        pass
    for purpose, promise in list(promises.items()):
        promise.parties.discard(name)
        if len(promise.parties) < 2:
            del promises[purpose]


def _compare(tx: Session, here: Given, promises: dict[str, _Promise], today: date) -> None:
    facts = cases.facts(tx, here.case_id)
    for name, actor in (("clinic", here.doctor), ("agency", here.officer)):
        holding = [
            promise
            for promise in promises.values()
            if {name, "town"} <= promise.parties and today <= promise.last_day
        ]
        seen = may(
            actor,
            Action.READ_ENTRY,
            facts,
            on=today,
            category="health_function",
            author=here.town,
        )
        assert seen.allowed == any(not promise.excludes_health for promise in holding)
        for purpose in ("consultation", "planning"):
            promise = promises.get(purpose)
            allowed = promise is not None and (
                name in promise.parties and today <= promise.last_day
            )
            step = may(actor, Action.WRITE_STEP, facts, on=today, purpose=purpose)
            assert step.allowed == allowed
