"""Signing in: who gets in, for how long, and what guessing costs."""

from datetime import date, timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from base.clock import Fixed
from base.db import Database
from casework.access import Membership
from casework.accounts import actions as accounts
from casework.accounts import passwords, rules, store
from casework.accounts.actions import Refused, SignedIn
from tests.casework.builders import PASSWORD, World, a_world

WRONG = "not the password"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def world(database: Database) -> World:
    """Sara works at the municipality until the end of March."""
    with database.transaction() as tx:
        world = a_world(tx)
        sara = accounts.add_account(tx, "Sara", "Sara L", language="sv", password_hash=HASH)
        accounts.appoint(
            tx,
            sara.id,
            world.municipality,
            "caseworker",
            valid_from=date(2027, 1, 1),
            valid_until=date(2027, 3, 31),
        )
    return world


def sign_in(database: Database, password: str = PASSWORD, name: str = "sara") -> str:
    result = accounts.sign_in(database, name, password)
    assert isinstance(result, SignedIn)
    return result.token


def is_in(database: Database, token: str) -> bool:
    with database.reading() as tx:
        return accounts.actor_for(tx, token) is not None


def test_whoever_signs_in_acts_with_what_they_hold_today(
    database: Database, clock: Fixed, world: World
):
    token = sign_in(database, name=" SARA ")

    with database.reading() as tx:
        actor = accounts.actor_for(tx, token)
    assert actor is not None
    assert actor.memberships == (Membership(world.municipality, "varnamo", None, "caseworker"),)
    clock.move(timedelta(days=60))
    token = sign_in(database)
    with database.reading() as tx:
        later = accounts.actor_for(tx, token)
    assert later is not None
    assert later.memberships == ()


@pytest.mark.parametrize(("name", "password"), [("sara", WRONG), ("nobody", PASSWORD), ("", "")])
def test_wrong_names_and_passwords_are_refused_alike(
    database: Database, world: World, name: str, password: str
):
    assert accounts.sign_in(database, name, password) == Refused()


def test_an_account_without_password_is_refused(database: Database, world: World):
    with database.transaction() as tx:
        accounts.add_account(tx, "per", "Per", language="sv")

    assert accounts.sign_in(database, "per", "nobody signs in with this") == Refused()


def test_guessing_is_slowed_down_and_nobody_locked_out(
    database: Database, clock: Fixed, world: World
):
    for _ in range(5):
        accounts.sign_in(database, "sara", WRONG)

    assert accounts.sign_in(database, "sara", PASSWORD) == Refused(timedelta(seconds=1))
    clock.move(timedelta(seconds=1))
    assert isinstance(accounts.sign_in(database, "sara", PASSWORD), SignedIn)
    assert accounts.sign_in(database, "sara", WRONG) == Refused()


def test_trying_while_waiting_makes_the_wait_no_longer(
    database: Database, clock: Fixed, world: World
):
    for _ in range(6):
        accounts.sign_in(database, "sara", WRONG)
        clock.move(timedelta(seconds=1))
    waits = [accounts.sign_in(database, "sara", WRONG) for _ in range(3)]

    assert waits == [Refused(timedelta(seconds=1))] * 3


def test_the_longest_wait_is_half_a_minute(clock: Fixed):
    now = clock.now()

    assert rules.wait_until(10_000, now, everywhere=0) - now == timedelta(seconds=30)
    assert rules.wait_until(2, now, everywhere=0) == now
    assert rules.wait_until(2, now, everywhere=rules.FLOOD) > now


def test_a_session_ends_after_an_hour_of_quiet(database: Database, clock: Fixed, world: World):
    token = sign_in(database)
    clock.move(timedelta(minutes=59))
    assert is_in(database, token)
    with database.reading() as tx:
        known = accounts.recognise(tx, token)
        assert known is not None
        assert known.stale
    with database.transaction() as tx:
        accounts.seen(tx, token)
    clock.move(timedelta(minutes=59))
    assert is_in(database, token)

    clock.move(timedelta(minutes=1))

    assert not is_in(database, token)
    with database.transaction() as tx:
        accounts.seen(tx, token)
    assert not is_in(database, token)


def test_a_session_ends_after_half_a_day_of_work(database: Database, clock: Fixed, world: World):
    token = sign_in(database)
    for _ in range(24):
        clock.move(timedelta(minutes=29))
        with database.transaction() as tx:
            accounts.seen(tx, token)
    assert is_in(database, token)

    clock.move(timedelta(minutes=29))

    assert not is_in(database, token)


def test_signing_out_ends_this_session_alone(database: Database, world: World):
    one, other = sign_in(database), sign_in(database)

    with database.transaction() as tx:
        accounts.sign_out(tx, one)

    assert (is_in(database, one), is_in(database, other)) == (False, True)
    with database.reading() as tx:
        assert accounts.account_of_ended(tx, one) is None


def test_it_is_known_whose_a_session_was_that_ran_out(
    database: Database, clock: Fixed, world: World
):
    token = sign_in(database)
    clock.move(timedelta(hours=13))

    with database.reading() as tx:
        account_id = accounts.account_of_ended(tx, token)
        assert account_id is not None
        assert store.by_id(tx, account_id).user_name == "sara"


def test_closing_an_account_ends_its_sessions(database: Database, world: World):
    token = sign_in(database)
    with database.transaction() as tx:
        sara = store.by_user_name(tx, "sara")
        assert sara is not None
        accounts.close_account(tx, sara.id)

    assert not is_in(database, token)
    assert accounts.sign_in(database, "sara", PASSWORD) == Refused()


def test_neither_token_nor_typed_name_is_in_the_database(database: Database, world: World):
    token = sign_in(database)
    accounts.sign_in(database, "my secret typed in the wrong field", WRONG)

    with database.reading() as tx:
        kept = [
            str(tx.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
            for table in ("account_session", "sign_in_attempt", "audit")
        ]
    assert token not in "".join(kept)
    assert "my secret" not in "".join(kept)


def test_names_are_taken_once(database: Database, world: World):
    with database.transaction() as tx, pytest.raises(accounts.NameTaken):
        accounts.add_account(tx, " SARA", "Another", language="sv")


@pytest.mark.both
def test_of_two_who_take_a_name_at_once_the_second_is_refused(database: Database, world: World):
    refused: list[accounts.NameTaken] = []

    def take() -> None:
        try:
            with database.transaction() as tx:
                accounts.add_account(tx, "per", "The second", language="sv")
        except accounts.NameTaken as error:
            refused.append(error)

    second = Thread(target=take)
    with database.transaction() as tx:
        accounts.add_account(tx, "per", "The first", language="sv")
        second.start()
        waited = await_waiting(database)
    second.join(10)

    assert waited
    assert len(refused) == 1
    with database.reading() as tx:
        kept = store.by_user_name(tx, "per")
        assert kept is not None
        assert kept.name == "The first"


def await_waiting(database: Database) -> bool:
    """On PostgreSQL until somebody waits for another's row; on SQLite every writer waits."""
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    until = monotonic() + 5
    while database.on_postgresql and monotonic() < until:
        with database.reading() as tx:
            if tx.scalar(asked):
                return True
        sleep(0.01)
    return not database.on_postgresql


def test_holders_of_a_role_are_found_by_place(database: Database, world: World):
    on = date(2027, 2, 1)
    with database.transaction() as tx:
        sara = store.by_user_name(tx, "sara")
        assert sara is not None
        per = accounts.add_account(tx, "per", "Per", language="sv")
        accounts.appoint(
            tx, per.id, world.municipality, "caseworker", valid_from=on, unit_id=world.labour
        )
        roles = {"caseworker"}
        place = world.municipality

        found = [
            store.holders(tx, roles, on, organisation_id=place),
            store.holders(tx, roles, on, organisation_id=place, unit_id=world.labour),
            store.holders(tx, roles, on, organisation_id=place, unit_id=world.adults),
            store.holders(tx, roles, on, organisation_id=world.clinic),
            store.holders(tx, {"manager"}, on, organisation_id=place),
            store.holders(tx, roles, date(2027, 4, 1), organisation_id=place),
        ]

    assert found == [[sara.id, per.id], [sara.id, per.id], [sara.id], [], [], [per.id]]
