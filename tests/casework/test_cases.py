from datetime import timedelta
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import event

from base.clock import Fixed
from base.db import Database
from base.errors import NotAllowed, NotFound
from casework.access import Holder, Party
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store
from casework.cases.rules import CaseClosed, NotYourGroup, NotYourOrganisation
from casework.programmes import store as programmes
from casework.programmes.actions import IntakeClosed
from tests.casework.builders import (
    TODAY,
    a_case,
    a_consent,
    a_scope,
    a_world,
    an_actor,
)


def statements(database: Database) -> list[str]:
    """Collects every SQL statement sent from now on."""
    sent: list[str] = []

    def note(connection, cursor, statement, *rest):
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return sent


def test_cases_of_a_group_are_numbered_through_the_year(database: Database, clock: Fixed):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        numbers = [a_case(tx, world, sara).number for _ in range(3)]
    clock.move(timedelta(days=365))
    with database.transaction() as tx:
        numbers.append(a_case(tx, world, sara).number)

    assert numbers == ["VMO-2027-001", "VMO-2027-002", "VMO-2027-003", "VMO-2028-001"]


def test_no_number_is_given_twice_however_many_ask_at_once(database: Database):
    given: list[int] = []

    def ask() -> None:
        for _ in range(5):
            with database.transaction() as tx:
                given.append(store.next_number(tx, "VMO", 2027))
                audit.write(tx, actor="account:1", action="case.open")

    asking = [Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert sorted(given) == list(range(1, 21))
    with database.reading() as tx:
        found = audit.verify(tx, None)
    assert (found.rows, found.whole) == (20, True)


def test_a_case_is_raised_for_ones_own_organisation_in_its_group(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        outsider = an_actor(tx, world.outsider)
        auditor = an_actor(tx, world.municipality, "auditor")

        with pytest.raises(NotYourGroup):
            a_case(tx, world, outsider)
        with pytest.raises(NotYourOrganisation):
            a_case(tx, world, auditor)


def test_a_closing_programme_takes_no_new_cases(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        programmes.by_id(tx, world.programme_id).closing_from = TODAY

        with pytest.raises(IntakeClosed):
            a_case(tx, world, sara)


def test_the_file_shows_each_reader_what_consent_covers(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, doctor = an_actor(tx, world.municipality), an_actor(tx, world.clinic)
        case = a_case(tx, world, sara)
        author = Holder(world.municipality, None, sara.account_id)
        answers = {
            "health_function": {"state": "depression"},
            "economy_benefits": {"debts": Decimal("100.50"), "since": TODAY},
            "": {"told_on": TODAY},
        }
        cases.add_entry(tx, case.id, answers, form="describe_need", author=author)

        with pytest.raises(NotFound):
            cases.read_entries(tx, doctor, store.facts(tx, case.id), on=TODAY)
        a_consent(tx, sara, case.id, a_scope([Party(world.municipality), Party(world.clinic)]))
        facts = store.facts(tx, case.id)
        [own] = cases.read_entries(tx, sara, facts, on=TODAY)
        [shared] = cases.read_entries(tx, doctor, facts, on=TODAY)

    assert own.answers == {
        "state": "depression",
        "debts": Decimal("100.50"),
        "since": TODAY,
        "told_on": TODAY,
    }
    assert shared.answers == {"state": "depression", "told_on": TODAY}
    assert shared.hidden == {"economy_benefits": "category_not_named"}


def test_a_struck_entry_is_closed_to_everybody(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)
        author = Holder(world.municipality, None, sara.account_id)
        entry_id = cases.add_entry(
            tx, case.id, {"": {"note": "wrong person"}}, form="note", author=author
        )
        facts = store.facts(tx, case.id)

        cases.strike_entry(tx, sara, facts, entry_id, on=TODAY)

        assert cases.read_entries(tx, sara, facts, on=TODAY) == []
        with pytest.raises(cases.NoSuchEntry):
            cases.strike_entry(tx, sara, facts, entry_id, on=TODAY)


def test_a_draft_belongs_to_one_account_and_step(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, mona = an_actor(tx, world.municipality), an_actor(tx, world.municipality)
        case, task_id = a_case(tx, world, sara), uuid4()

        cases.save_draft(tx, sara, case.id, task_id, {"note": "first"})
        cases.save_draft(tx, sara, case.id, task_id, {"note": "second"})
        tx.flush()

        draft = cases.read_draft(tx, sara, task_id)
        assert draft is not None
        assert draft.answers == {"note": "second"}
        assert cases.read_draft(tx, mona, task_id) is None
        store.drop_drafts(tx, [task_id])
        tx.expire_all()
        assert cases.read_draft(tx, sara, task_id) is None


def test_a_closed_case_stays_closed(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)
        scope = a_scope([Party(world.municipality), Party(world.clinic)], ends_when="case_closed")
        a_consent(tx, sara, case.id, scope)

        cases.close(tx, case.id, "goals_reached", by=sara.pseudonym)
        cases.close(tx, case.id, "moved", by=sara.pseudonym)

        assert (case.status, case.outcome) == ("closed", "goals_reached")
        assert [consent.status for consent in store.facts(tx, case.id).consents] == ["ended"]
        with pytest.raises(CaseClosed):
            cases.set_lead(tx, case.id, Holder(world.clinic), by="system")


def test_reaching_a_milestone_twice_is_one_step(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        case = a_case(tx, world, an_actor(tx, world.municipality))

        for milestone in ("referral", "referral", "consent"):
            cases.reach(tx, case.id, milestone)

        reached = [row.milestone for row in store.milestones(tx, case.id)]
        assert (case.milestone, reached) == ("consent", ["referral", "consent"])


def test_a_restricted_case_exists_for_named_people_alone(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, mona = an_actor(tx, world.municipality), an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)

        cases.restrict(tx, sara, case.id, [])

        assert [found.id for found in store.known(tx, sara, TODAY)] == [case.id]
        assert store.known(tx, mona, TODAY) == []
        with pytest.raises(NotFound):
            cases.read_entries(tx, mona, store.facts(tx, case.id), on=TODAY)


def test_whoever_is_made_lead_of_a_restricted_case_may_open_it(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, doctor = an_actor(tx, world.municipality), an_actor(tx, world.clinic)
        case = a_case(tx, world, sara, restricted=True)

        cases.set_lead(tx, case.id, Holder(world.clinic, None, doctor.account_id), by="system")

        assert [found.id for found in store.known(tx, doctor, TODAY)] == [case.id]


def test_an_alias_is_sealed_with_the_key_of_its_case(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        case = a_case(tx, world, an_actor(tx, world.municipality))
        cases.set_alias(tx, case.id, "Storken")

        assert cases.aliases(tx, [case]) == {case.id: "Storken"}
        assert case.alias is not None
        assert b"Storken" not in case.alias


def test_facts_and_lists_cost_the_same_however_many_cases(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        ids = []
        for _ in range(4):
            case = a_case(tx, world, sara)
            a_consent(tx, sara, case.id, a_scope([Party(world.municipality), Party(world.clinic)]))
            ids.append(case.id)
    sent = statements(database)
    counts = []
    for asked in (ids[:1], ids):
        with database.reading() as tx:
            sent.clear()
            store.facts_many(tx, asked)
            store.known(tx, sara, TODAY, case_ids=asked)
            counts.append(sum(statement.startswith("SELECT") for statement in sent))

    assert counts == [7, 7]  # list, case, access list, consents, parties, kinds, phases


def test_what_happens_to_a_case_stands_in_its_chain(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)
        a_consent(tx, sara, case.id, a_scope([Party(world.municipality), Party(world.clinic)]))
        cases.close(tx, case.id, "goals_reached", by=sara.pseudonym)

    with database.reading() as tx:
        found = audit.verify(tx, case.id)

    assert (found.rows, found.whole) == (6, True)


def test_refusals_name_the_gates_code(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)
        cases.close(tx, case.id, "moved", by="system")

        with pytest.raises(NotAllowed) as refused:
            cases.strike_entry(tx, sara, store.facts(tx, case.id), 1, on=TODAY)

    assert refused.value.code == "closed"
