from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from base import clock as clocks
from base import crypto, jobs, keys
from base.clock import Fixed
from base.db import Database
from base.keys import KeyDestroyed
from tests.postgresql import Server


def test_a_failed_transaction_leaves_nothing(database: Database):
    def fail_after_writing() -> None:
        with database.transaction() as tx:
            jobs.defer(tx, "mail", {})
            tx.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()

    assert jobs.work_off(database, {}).succeeded == 0


def test_a_transaction_has_one_moment(database: Database, clock: Fixed):
    with database.transaction() as tx:
        first = tx.info["now"]
        clock.move(timedelta(hours=1))

        assert tx.info["now"] == first


def test_a_pushed_clock_is_seen_by_every_later_transaction(database: Database, clock: Fixed):
    moment = clock.now()
    database.movable = True

    database.push_clock(timedelta(days=3))
    database.push_clock(timedelta(days=1))

    with database.reading() as tx:
        assert clocks.now(tx) == moment + timedelta(days=4)


def test_a_case_key_seals_for_its_place_alone(database: Database):
    ring: keys.KeyRing = database.info["keys"]
    case_id = uuid4()
    sealed = ring.create(case_id).seal(b"Anna", "person/given_name")

    assert ring.get(case_id).unseal(sealed, "person/given_name") == b"Anna"
    with pytest.raises(crypto.Unsealable):
        ring.get(case_id).unseal(sealed, "person/family_name")


def test_a_destroyed_key_is_gone(database: Database):
    ring: keys.KeyRing = database.info["keys"]
    case_id = uuid4()
    ring.create(case_id)

    ring.destroy(case_id)

    with pytest.raises(KeyDestroyed):
        ring.get(case_id)


def test_a_transaction_asks_once_for_each_key_and_never_for_a_destroyed_one(database: Database):
    case_id = uuid4()
    with database.transaction() as tx:
        keys.of(tx).create(case_id)
    with database.transaction() as tx:
        first = keys.of(tx).get(case_id)

        assert keys.of(tx).get(case_id) is first
        keys.of(tx).destroy(case_id)
        with pytest.raises(KeyDestroyed):
            keys.of(tx).get(case_id)
    with database.transaction() as tx, pytest.raises(KeyDestroyed):
        keys.of(tx).get(case_id)


@pytest.mark.postgresql
def test_an_address_may_name_several_servers_and_its_own_patience(
    postgresql_server: Server, postgresql_url: str, clock: Fixed
):
    several = f"{postgresql_url}&host={postgresql_server.folder}&connect_timeout=9"
    database = Database(several, clock)

    assert database.answers()
    with database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        told = raw.info.get_parameters()
    assert (told["connect_timeout"], told["tcp_user_timeout"]) == ("9", "15000")
    database.close()
