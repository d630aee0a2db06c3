"""Who a case is about: sealed, found by number, shown to those who may know."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from base import keys
from base.db import Database
from base.errors import NotFound
from base.keys import KeyDestroyed
from casework.access import Party
from casework.cases import store as cases
from casework.people import actions as people
from casework.people import rules
from casework.people.rules import BadIdentityNumber, Person
from tests.casework.builders import TODAY, a_case, a_consent, a_scope, a_world, an_actor

ANNA = Person("Anna", "Berg", "personnummer", "870412-2384", "070-123", "Storgatan 1", "phone")


def test_a_person_is_sealed_and_read_by_the_organisation_that_recorded_it(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, doctor = an_actor(tx, world.municipality), an_actor(tx, world.clinic)
        case = a_case(tx, world, sara)
        facts = cases.facts(tx, case.id)

        people.record_person(tx, sara, facts, ANNA, on=TODAY)

        found = people.read_person(tx, sara, facts, on=TODAY)
        assert found is not None
        assert (found.name, found.id_number) == ("Anna Berg", "198704122384")
        with pytest.raises(NotFound):
            people.read_person(tx, doctor, facts, on=TODAY)
        stored = str(tx.execute(text("SELECT * FROM person")).all())
    for word in ("Anna", "Berg", "8704122384", "Storgatan", "070-123"):
        assert word not in stored + repr(ANNA)


def test_a_party_reads_the_name_once_consent_covers_identity(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara, doctor = an_actor(tx, world.municipality), an_actor(tx, world.clinic)
        named, unnamed = a_case(tx, world, sara), a_case(tx, world, sara)
        parties = [Party(world.municipality), Party(world.clinic)]
        a_consent(tx, sara, named.id, a_scope(parties))
        a_consent(
            tx, sara, unnamed.id, a_scope(parties, categories=frozenset({"health_function"}))
        )
        facts = cases.facts_many(tx, [named.id, unnamed.id])
        for fact in facts.values():
            people.record_person(tx, sara, fact, ANNA, on=TODAY)

        assert people.names(tx, doctor, facts, on=TODAY) == {named.id: "Anna Berg"}
        assert set(people.names(tx, sara, facts, on=TODAY)) == {named.id, unnamed.id}
        assert people.find_by_name(tx, doctor, facts, "ber an", on=TODAY) == [named.id]
        assert people.find_by_name(tx, doctor, facts, "erg", on=TODAY) == []


def test_names_of_a_list_cost_one_statement(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        ids = [a_case(tx, world, sara).id for _ in range(3)]
        facts = cases.facts_many(tx, ids)
        for fact in facts.values():
            people.record_person(tx, sara, fact, ANNA, on=TODAY)
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    counts = []
    for asked in (ids[:1], ids):
        with database.reading() as tx:
            sent.clear()
            named = people.names(tx, sara, {id: facts[id] for id in asked}, on=TODAY)
            counts.append((len(named), sum(text.startswith("SELECT") for text in sent)))

    assert counts == [(1, 1), (3, 1)]


def test_the_same_number_is_found_however_it_is_written(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        first, second = a_case(tx, world, sara), a_case(tx, world, sara)
        people.record_person(tx, sara, cases.facts(tx, first.id), ANNA, on=TODAY)

        others = people.record_person(
            tx,
            sara,
            cases.facts(tx, second.id),
            Person("Anna", "B", "personnummer", "19870412 2384"),
            on=TODAY,
        )

        assert others == (first.id,)
        found = people.find_by_number(tx, "8704122384", on=TODAY)
        assert sorted(found) == sorted([first.id, second.id])
        assert people.find_by_number(tx, "8704122381", on=TODAY) == []


def test_destroying_the_key_erases_the_person(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality)
        case = a_case(tx, world, sara)
        facts = cases.facts(tx, case.id)
        people.record_person(tx, sara, facts, ANNA, on=TODAY)
        keys.of(tx).destroy(case.id)

        with pytest.raises(KeyDestroyed):
            people.read_person(tx, sara, facts, on=TODAY)
        assert people.names(tx, sara, {case.id: facts}, on=TODAY) == {}


@pytest.mark.parametrize(
    ("kind", "written", "normal"),
    [
        ("personnummer", "8704122384", "198704122384"),
        ("personnummer", "870412-2384", "198704122384"),
        ("personnummer", "19870412-2384", "198704122384"),
        ("personnummer", " 1987 0412 2384 ", "198704122384"),
        ("personnummer", "121212+1212", "191212121212"),
        ("personnummer", "121212-1212", "201212121212"),
        ("samordningsnummer", "701063-2391", "197010632391"),
        ("none", "", ""),
    ],
)
def test_numbers_are_kept_in_one_spelling(kind: str, written: str, normal: str):
    assert rules.normal_number(kind, written, today=TODAY) == normal


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("personnummer", "8704122381"),
        ("personnummer", "8713122383"),
        ("personnummer", "870431-2381"),
        ("personnummer", "870412"),
        ("personnummer", ""),
        ("personnummer", "701063-2391"),
        ("samordningsnummer", "8704122384"),
        ("personnummer", "\uff120870412-2384"),
        ("ahv", "756.1234.5678.97"),
        ("personnummer", "20280101-1236"),
    ],
)
def test_numbers_that_cannot_be_right_are_refused(kind: str, written: str):
    with pytest.raises(BadIdentityNumber):
        rules.normal_number(kind, written, today=TODAY)


@given(
    born=st.dates(date(1928, 1, 1), TODAY),
    serial=st.integers(0, 999),
    wrong=st.integers(0, 9),
    shift=st.integers(1, 9),
)
def test_any_single_wrong_digit_is_noticed(born: date, serial: int, wrong: int, shift: int):
    stem = f"{born:%y%m%d}{serial:03d}"
    [last] = [digit for digit in "0123456789" if rules.checks(stem + digit)]
    right = stem + last
    other = str((int(right[wrong]) + shift) % 10)

    normal = rules.normal_number("personnummer", right, today=TODAY)
    assert normal == f"{born:%Y%m%d}{serial:03d}{last}"
    assert not rules.checks(right[:wrong] + other + right[wrong + 1 :])


def test_nobody_is_born_tomorrow():
    tomorrow = TODAY + timedelta(days=1)
    stem = f"{tomorrow:%y%m%d}123"
    [last] = [digit for digit in "0123456789" if rules.checks(stem + digit)]

    with pytest.raises(BadIdentityNumber):
        rules.normal_number("personnummer", f"{tomorrow:%Y%m%d}123{last}", today=TODAY)
