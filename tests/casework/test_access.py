"""The gate's decisions, and that the SQL for lists says the same."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from base.db import Database
from base.errors import NotAllowed, NotFound
from casework import access
from casework.access import (
    Action,
    Actor,
    CaseFacts,
    ConsentFacts,
    Holder,
    Membership,
    Order,
    Party,
    Withheld,
    knows,
    may,
    may_ask,
)
from casework.cases import queries, store
from casework.cases.tables import Case
from casework.consent.tables import Consent, ConsentParty
from tests.casework.builders import LATER, TODAY, World, a_world, an_actor

TOWN, CLINIC, AGENCY = 1, 2, 3
LABOUR, ADULTS = 11, 12
GROUP = 7


def somebody(
    organisation_id: int = TOWN,
    role: str = "caseworker",
    *,
    unit_id: int | None = None,
    group_id: int | None = None,
    account_id: int = 1,
) -> Actor:
    held = Membership(organisation_id, str(organisation_id), unit_id, role, group_id)
    return Actor(account_id, "Sara Lindqvist", "sv", (held,))


def yes(
    *parties: Party,
    purpose: str = "consultation",
    status: str = "active",
    written: bool = True,
    categories: frozenset[str] = frozenset({"identity", "health_function"}),
    excluded: frozenset[str] = frozenset(),
    valid_from: date = TODAY,
    valid_until: date = LATER,
    exceptions: frozenset[Withheld] = frozenset(),
) -> ConsentFacts:
    return ConsentFacts(
        uuid4(),
        status,
        purpose,
        written,
        frozenset(parties or (Party(TOWN), Party(CLINIC))),
        categories,
        excluded,
        valid_from,
        valid_until,
        exceptions,
    )


def facts(*consents: ConsentFacts, procedure: str = "arena") -> CaseFacts:
    """A case of the town's, in the first group."""
    return CaseFacts(
        uuid4(),
        procedure,
        "open",
        Holder(TOWN),
        group_id=GROUP,
        written_only=procedure == "arena",
        consents=tuple(consents),
    )


def code(actor: Actor, action: Action, case: CaseFacts, **asked: object) -> str:
    """The gate's code, 'yes' when allowed."""
    decision = may(actor, action, case, **{"on": TODAY, **asked})  # type: ignore[arg-type]
    return "yes" if decision.allowed else decision.code


def test_the_referrers_own_people_see_their_case_without_consent():
    assert code(somebody(TOWN), Action.SEE_CASE, facts()) == "yes"
    assert code(somebody(TOWN), Action.READ_IDENTITY, facts()) == "yes"


def test_another_unit_of_the_same_municipality_is_somebody_else():
    case = replace(facts(), referrer=Holder(TOWN, LABOUR))

    assert code(somebody(TOWN, unit_id=LABOUR), Action.SEE_CASE, case) == "yes"
    assert code(somebody(TOWN, unit_id=ADULTS), Action.SEE_CASE, case) == "no_consent"
    assert code(somebody(TOWN), Action.SEE_CASE, case) == "yes"


def test_a_named_party_sees_the_case_only_while_consent_is_in_force():
    doctor = somebody(CLINIC)
    case = facts(yes())

    assert code(doctor, Action.SEE_CASE, case, on=TODAY - timedelta(days=1)) == "no_consent"
    assert code(doctor, Action.SEE_CASE, case, on=LATER) == "yes"
    assert code(doctor, Action.SEE_CASE, case, on=LATER + timedelta(days=1)) == "no_consent"
    assert code(doctor, Action.SEE_CASE, facts(yes(status="withdrawn"))) == "no_consent"
    assert code(somebody(AGENCY), Action.SEE_CASE, case) == "party_not_named"


def test_statistics_consent_shows_nobody_the_case():
    assert code(somebody(CLINIC), Action.SEE_CASE, facts(yes(purpose="statistics"))) == "purpose"


def test_oral_consent_opens_planning_but_never_the_arena():
    spoken = yes(purpose="planning", written=False)
    case = facts(spoken, procedure="sip")
    everybody = [Party(TOWN), Party(CLINIC)]

    assert code(somebody(TOWN), Action.PLAN, case, parties=everybody) == "yes"
    assert code(somebody(TOWN), Action.AGENDA, case, parties=everybody) == "not_written"
    assert code(somebody(CLINIC), Action.SEE_CASE, facts(spoken)) == "not_written"


@pytest.mark.parametrize(
    ("consent", "attending", "answer"),
    [
        (None, [Party(TOWN)], "no_consent"),
        (yes(purpose="planning"), [Party(TOWN)], "purpose"),
        (yes(), [Party(TOWN), Party(CLINIC)], "yes"),
        (yes(), [Party(TOWN), Party(AGENCY)], "party_not_named"),
        (yes(valid_until=TODAY - timedelta(days=1)), [Party(TOWN)], "no_consent"),
    ],
)
def test_the_agenda_takes_written_consent_that_covers_everybody_who_attends(
    consent: ConsentFacts | None, attending: list[Party], answer: str
):
    convener = somebody(AGENCY, "convener", group_id=GROUP)
    case = facts(*([consent] if consent else []))

    assert code(somebody(TOWN), Action.AGENDA, case, parties=attending) == answer
    assert code(convener, Action.AGENDA, case, parties=attending) == answer


def test_attending_organisations_must_be_named_in_one_and_the_same_consent():
    case = facts(yes(Party(TOWN), Party(CLINIC)), yes(Party(TOWN), Party(AGENCY)))
    attending = [Party(TOWN), Party(CLINIC), Party(AGENCY)]

    assert code(somebody(TOWN), Action.AGENDA, case, parties=attending) == "party_not_named"


def test_the_convener_knows_the_number_and_nothing_else():
    convener = somebody(AGENCY, "convener", group_id=GROUP)
    other = somebody(AGENCY, "convener", group_id=GROUP + 1)

    assert code(convener, Action.SEE_NUMBER, facts()) == "yes"
    assert code(convener, Action.SEE_CASE, facts()) == "not_yours"
    assert code(convener, Action.READ_IDENTITY, facts(yes())) == "not_yours"
    assert code(other, Action.SEE_NUMBER, facts()) == "not_yours"


def test_managers_know_numbers_of_their_own_organisations_cases():
    assert code(somebody(TOWN, "manager"), Action.SEE_NUMBER, facts()) == "yes"
    assert code(somebody(CLINIC, "manager"), Action.SEE_NUMBER, facts()) == "not_yours"
    assert code(somebody(CLINIC, "manager"), Action.SEE_NUMBER, facts(yes())) == "yes"
    assert code(somebody(TOWN, "manager"), Action.READ_IDENTITY, facts()) == "not_yours"


@pytest.mark.parametrize(
    "role", ["process_owner", "federation", "preparation_group", "statistics_lead", "admin"]
)
def test_other_roles_open_no_case(role: str):
    case = facts(yes())
    content = set(Action) - {Action.WITHDRAW}

    answers = {
        code(somebody(TOWN, role), action, case, purpose="consultation") for action in content
    }

    assert answers == {"not_yours"}


def test_an_auditor_sees_that_cases_exist_and_changes_nothing():
    auditor = somebody(AGENCY, "auditor")

    assert code(auditor, Action.SEE_CASE, facts()) == "yes"
    refused = [Action.READ_IDENTITY, Action.ACT, Action.WITHDRAW, Action.AGENDA, Action.PLAN]
    assert {code(auditor, action, facts(yes())) for action in refused} == {"not_yours"}


def test_a_representative_works_in_one_local_group():
    elsewhere = somebody(CLINIC, "representative", group_id=GROUP + 1)
    here = somebody(CLINIC, "representative", group_id=GROUP)

    assert code(here, Action.SEE_CASE, facts(yes())) == "yes"
    assert code(elsewhere, Action.SEE_CASE, facts(yes())) == "not_yours"


@pytest.mark.parametrize(
    ("category", "author", "answer"),
    [
        ("health_function", Party(TOWN), "yes"),
        ("treatment", Party(TOWN), "category_not_named"),
        ("addiction", Party(TOWN), "excluded_by_person"),
        ("treatment", Party(CLINIC), "yes"),
        ("health_function", Party(AGENCY), "party_not_named"),
        (None, Party(TOWN), "yes"),
        ("health_function", None, "not_yours"),
    ],
)
def test_entries_are_read_by_kind_and_author(
    category: str | None, author: Party | None, answer: str
):
    named = frozenset({"identity", "health_function", "addiction"})
    case = facts(yes(categories=named, excluded=frozenset({"addiction"})))

    assert (
        code(somebody(CLINIC), Action.READ_ENTRY, case, category=category, author=author) == answer
    )


@pytest.mark.parametrize(
    ("teller", "reader", "category", "answer"),
    [
        (TOWN, CLINIC, "health_function", "excluded_by_person"),
        (CLINIC, TOWN, "health_function", "yes"),
        (TOWN, AGENCY, "health_function", "yes"),
        (TOWN, CLINIC, "identity", "yes"),
        (AGENCY, CLINIC, "identity", "excluded_by_person"),
    ],
)
def test_two_named_organisations_do_not_tell_each_other_what_the_person_excepts(
    teller: int, reader: int, category: str, answer: str
):
    """Decision 9: pairs only as exceptions, of one kind or of every kind."""
    excepted = frozenset({Withheld(TOWN, CLINIC, "health_function"), Withheld(AGENCY, CLINIC)})
    case = facts(yes(*map(Party, (TOWN, CLINIC, AGENCY)), exceptions=excepted))
    asked = {"category": category, "author": Party(teller)}

    assert code(somebody(reader), Action.READ_ENTRY, case, **asked) == answer


@pytest.mark.parametrize(
    ("category", "purpose", "restricted", "answer"),
    [
        ("health_function", "consultation", False, "yes"),
        ("treatment", "consultation", False, "category_not_named"),
        ("addiction", "consultation", False, "excluded_by_person"),
        ("health_function", "planning", False, "purpose"),
        ("plan", "consultation", False, "yes"),
        ("own", "consultation", False, "yes"),
        ("treatment", None, False, "yes"),
        ("contact", None, True, "restricted"),
        ("health_function", "consultation", True, "yes"),
    ],
)
def test_a_field_is_asked_only_for_what_consent_covers(
    category: str, purpose: str | None, restricted: bool, answer: str
):
    given = yes(
        categories=frozenset({"health_function", "addiction", "contact"}),
        excluded=frozenset({"addiction"}),
    )
    case = replace(facts(given), restricted=restricted)

    decision = may_ask(case, category, on=TODAY, purpose=purpose, party=Party(CLINIC))

    assert (decision.code or "yes") == answer


def test_a_protected_person_is_named_to_nobody_who_reads_the_file():
    """D8: an alias everywhere, also for those who may work on the case and wrote it down."""
    case = replace(facts(yes()), restricted=True, allowed_accounts=frozenset({1}))
    own = {"author": Party(TOWN)}

    answers = [
        code(somebody(TOWN), Action.READ_ENTRY, case, category=kind, **own)
        for kind in ("identity", "contact", "health_function")
    ]

    assert answers == ["restricted", "restricted", "yes"]


def test_identity_needs_to_be_named_like_any_other_kind():
    case = facts(yes(categories=frozenset({"health_function"})))

    assert code(somebody(CLINIC), Action.READ_IDENTITY, case) == "category_not_named"


def test_an_entry_made_for_one_purpose_is_not_read_for_another():
    case = facts(yes(purpose="consultation"))
    asked = {"category": "health_function", "author": Party(TOWN), "purpose": "planning"}

    assert code(somebody(CLINIC), Action.READ_ENTRY, case, **asked) == "purpose"


def test_a_step_that_needs_consent_is_closed_the_moment_it_ends():
    doctor = somebody(CLINIC)

    assert code(doctor, Action.WRITE_STEP, facts(yes()), purpose="consultation") == "yes"
    ended = facts(yes(status="withdrawn"))
    assert code(doctor, Action.WRITE_STEP, ended, purpose="consultation") == "no_consent"
    assert code(doctor, Action.WRITE_STEP, ended) == "yes"


def test_nothing_is_written_in_a_closed_case():
    closed = replace(facts(yes(), yes(purpose="planning")), status="closed")
    writing = [Action.WRITE_STEP, Action.AGENDA, Action.PLAN, Action.ACT]

    assert {code(somebody(TOWN), action, closed) for action in writing} == {"closed"}


def test_a_restricted_case_is_closed_to_all_but_named_people():
    case = replace(facts(yes()), restricted=True, allowed_accounts=frozenset({5}))

    assert {code(somebody(TOWN), action, case) for action in Action} == {"restricted"}
    assert code(somebody(TOWN, account_id=5), Action.SEE_CASE, case) == "yes"


def test_whoever_may_not_know_of_a_case_hears_that_there_is_none():
    with pytest.raises(NotFound):
        access.require(somebody(CLINIC), Action.READ_IDENTITY, facts(), on=TODAY)

    convener = somebody(CLINIC, "convener", group_id=GROUP)
    with pytest.raises(NotAllowed) as refused:
        access.require(convener, Action.AGENDA, facts(), on=TODAY)
    assert (refused.value.code, str(refused.value)) == (
        "no_consent",
        "There is no consent in force.",
    )


def test_nobodys_name_is_in_the_repr_of_an_actor():
    assert "Lindqvist" not in repr(somebody())


# --- The same in SQL -----------------------------------------------------------------------

_DAYS = st.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days))
_PLACES = st.sampled_from(["town", "labour", "adults", "clinic", "agency"])
_ROLES = ["caseworker", "representative", "convener", "manager", "auditor", "admin"]
_GROUPS = st.sampled_from([None, 0, 1])
_CONSENT = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["active", "active", "active", "withdrawn", "presented"]),
        "purpose": st.sampled_from(["consultation", "planning", "statistics"]),
        "form": st.sampled_from(["paper", "oral", None]),
        "valid_from": _DAYS,
        "valid_until": _DAYS,
        "parties": st.lists(st.tuples(_PLACES, st.booleans()), max_size=3),
    }
)
_CASE = st.fixed_dictionaries(
    {
        "procedure": st.sampled_from(["arena", "sip"]),
        "group": _GROUPS,
        "referrer": _PLACES,
        "lead": st.none() | _PLACES,
        "restricted": st.sampled_from([False, False, True]),
        "allowed": st.booleans(),
        "consents": st.lists(_CONSENT, max_size=3),
    }
)
_MEMBERSHIPS = st.lists(st.tuples(_PLACES, st.sampled_from(_ROLES), _GROUPS), max_size=3)
_ordinals = count(1)


def _party(world: World, place: str) -> Party:
    return {
        "town": Party(world.municipality),
        "labour": Party(world.municipality, world.labour),
        "adults": Party(world.municipality, world.adults),
        "clinic": Party(world.clinic),
        "agency": Party(world.agency),
    }[place]


def _group(world: World, which: int | None) -> int | None:
    return None if which is None else (world.group_id, world.other_group_id)[which]


def _put_case(tx, world: World, actor: Actor, drawn: dict) -> UUID:
    now: datetime = tx.info["now"]
    referrer = _party(world, drawn["referrer"])
    lead = _party(world, drawn["lead"]) if drawn["lead"] else None
    case = Case(
        id=uuid4(),
        number=f"CASE-{next(_ordinals)}",
        programme_id=world.programme_id,
        group_id=_group(world, drawn["group"]),
        procedure=drawn["procedure"],
        pack_id="arena",
        referrer_organisation_id=referrer.organisation_id,
        referrer_unit_id=referrer.unit_id,
        referrer_account_id=None,
        opened=now,
        lead_organisation_id=lead.organisation_id if lead else None,
        lead_unit_id=lead.unit_id if lead else None,
        written_only=drawn["procedure"] == "arena",
        restricted=drawn["restricted"],
    )
    tx.add(case)
    tx.flush()
    if drawn["allowed"]:
        store.allow(tx, case.id, actor.account_id, by="system")
    for version, consent in enumerate(drawn["consents"], start=1):
        _put_consent(tx, world, case.id, version, consent)
    return case.id


def _put_consent(tx, world: World, case_id: UUID, version: int, drawn: dict) -> None:
    now: datetime = tx.info["now"]
    row = Consent(
        id=uuid4(),
        case_id=case_id,
        purpose=drawn["purpose"],
        version=version,
        status=drawn["status"],
        valid_from=drawn["valid_from"],
        valid_until=drawn["valid_until"],
        ends_when="date",
        prepared_at=now,
        prepared_by=1,
        texts=b"",
        form=drawn["form"],
    )
    tx.add(row)
    tx.flush()
    for place, dropped in drawn["parties"]:
        party = _party(world, place)
        tx.add(
            ConsentParty(
                consent_id=row.id,
                organisation_id=party.organisation_id,
                unit_id=party.unit_id,
                dropped_at=now if dropped else None,
            )
        )


def test_lists_and_gate_agree_on_every_kind_of_consent(database: Database):
    """One case of the agency's for each combination of what a consent can be."""
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    combinations = product(
        ["arena", "sip"],
        ["active", "withdrawn"],
        ["consultation", "planning", "statistics"],
        ["paper", "e_sign", "oral"],
        [(TODAY, TODAY), (yesterday, yesterday), (tomorrow, tomorrow)],
        [("town", False), ("labour", False), ("clinic", False), ("town", True)],
    )
    with database.transaction() as tx:
        world = a_world(tx)
        account = an_actor(tx, world.outsider, "admin")
        ids = []
        for procedure, status, purpose, form, (first, last), party in combinations:
            consent = {
                "status": status,
                "purpose": purpose,
                "form": form,
                "valid_from": first,
                "valid_until": last,
                "parties": [party, ("agency", False)],
            }
            case = {
                "procedure": procedure,
                "group": 0,
                "referrer": "agency",
                "lead": None,
                "restricted": False,
                "allowed": False,
                "consents": [consent],
            }
            ids.append(_put_case(tx, world, account, case))
        tx.flush()
        facts = store.facts_many(tx, ids)
        seen = {}
        for place in ("town", "labour", "adults"):
            party = _party(world, place)
            held = Membership(party.organisation_id, place, party.unit_id, "caseworker", None)
            actor = replace(account, memberships=(held,))
            known = set(tx.scalars(select(Case.id).where(queries.known_to(actor, TODAY))))
            allowed = {
                case_id
                for case_id, fact in facts.items()
                if may(actor, Action.SEE_CASE, fact, on=TODAY).allowed
            }
            assert known == allowed
            seen[place] = len(known)

    # Written for two purposes in both procedures, oral for planning in a SIP; two namings.
    assert seen == {"town": 18, "labour": 18, "adults": 9}


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(memberships=_MEMBERSHIPS, cases=st.lists(_CASE, min_size=1, max_size=4))
def test_lists_show_exactly_the_cases_the_gate_allows(
    database: Database, memberships: list, cases: list
):
    with database.transaction() as tx:
        savepoint = tx.begin_nested()
        world = a_world(tx)
        account = an_actor(tx, world.agency, "admin")
        held = tuple(
            Membership(
                _party(world, place).organisation_id,
                place,
                _party(world, place).unit_id,
                role,
                _group(world, group),
            )
            for place, role, group in memberships
        )
        actor = replace(account, memberships=held)
        ids = [_put_case(tx, world, actor, drawn) for drawn in cases]
        tx.flush()

        known = set(tx.scalars(select(Case.id).where(queries.known_to(actor, TODAY))))
        numbered = set(tx.scalars(select(Case.id).where(queries.numbered_for(actor, TODAY))))
        facts = store.facts_many(tx, ids)
        savepoint.rollback()

    allowed = {
        case_id
        for case_id, fact in facts.items()
        if may(actor, Action.SEE_CASE, fact, on=TODAY).allowed
    }
    assert known == allowed
    assert numbered == {id for id, fact in facts.items() if knows(actor, fact, on=TODAY)}


AN_ORDER = Order(5, TOWN, TODAY, LATER)


@pytest.mark.parametrize(
    ("orders", "change", "reads"),
    [
        ((), {}, False),
        ((AN_ORDER,), {}, True),
        ((AN_ORDER,), {"status": "closed"}, True),
        ((AN_ORDER,), {"restricted": True, "allowed_accounts": frozenset({1})}, False),
        ((replace(AN_ORDER, organisation_id=AGENCY),), {}, False),
        ((replace(AN_ORDER, valid_from=LATER),), {}, False),
        ((replace(AN_ORDER, valid_until=TODAY - timedelta(days=1)),), {}, False),
    ],
)
def test_an_auditor_reads_under_a_dated_order_alone(
    orders: tuple[Order, ...], change: dict[str, Any], reads: bool
) -> None:
    auditor = replace(somebody(99, "auditor"), orders=orders)
    case = replace(facts(), **change)

    found = [
        may(
            auditor, Action.READ_ENTRY, case, on=TODAY, category=kind, author=Party(CLINIC)
        ).allowed
        for kind in ("health_function", "treatment")
    ]
    found += [
        may(auditor, action, case, on=TODAY).allowed
        for action in (Action.READ_IDENTITY, Action.READ_CONTACT, Action.READ_WORDS)
    ]

    assert found == [reads] * 5
    assert not may(auditor, Action.ACT, case, on=TODAY).allowed
    assert not may(auditor, Action.WRITE_STEP, case, on=TODAY, purpose="planning").allowed


def test_an_order_opens_nothing_to_whoever_does_not_audit() -> None:
    colleague = replace(somebody(99), orders=(AN_ORDER,))

    assert not may(colleague, Action.READ_IDENTITY, facts(), on=TODAY).allowed
