"""What is kept ready for the driver writes what SQLAlchemy would have written."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update

from base import ready
from base.db import Database, core
from engine.tables import Command

pytestmark = pytest.mark.both

_ENTER = insert(core(Command)).inline()
_ANSWER = (
    update(core(Command))
    .where(core(Command).c.command == "complete", core(Command).c.key == bindparam("of"))
    .values(target="done")
)
_COLUMNS = select(*core(Command).c).where(core(Command).c.key == bindparam("key"))
_LISTED = select(Command.key).where(Command.key.in_(["1", "2", "3"])).order_by(Command.key)
_GIVEN = select(Command.key).where(Command.key.in_(bindparam("keys", expanding=True)))
_ENTERED = insert(core(Command)).returning(core(Command).c.id, core(Command).c.at)
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)


def a_command(key: str, **more: object) -> dict[str, object]:
    usual = {"account_id": 1, "command": "complete", "target": "a", "digest": "x", "at": NOON}
    return {**usual, "key": key, "result": {"opened": ["å"]}, **more}


def test_values_arrive_as_by_the_other_way(database: Database):
    elsewhere = NOON.astimezone(timezone(timedelta(hours=1)))
    with database.transaction() as tx:
        assert ready.write(tx, _ENTER, [a_command("1", at=elsewhere)]) == 1
        tx.execute(insert(Command), [a_command("2")])

    with database.reading() as tx:
        one, other = tx.execute(select(core(Command)).order_by(Command.key)).mappings()
    assert {**one, "key": "", "id": 0} == {**other, "key": "", "id": 0}
    assert one["result"] == {"opened": ["å"]}
    assert one["at"] == NOON


def test_several_rows_are_one_statement_and_are_counted(database: Database):
    with database.transaction() as tx:
        ready.write(tx, _ENTER, [a_command("1"), a_command("2", command="cancel")])

        assert ready.write(tx, _ANSWER, [{"of": "1", "result": None}]) == 1
        assert ready.write(tx, _ANSWER, [{"of": "2", "result": None}]) == 0

        found = tx.execute(select(Command.key, Command.target, Command.result)).all()
    assert sorted(map(tuple, found)) == [
        ("1", "done", None),
        ("2", "a", {"opened": ["å"]}),
    ]


@pytest.mark.parametrize("row", [{"result": None}, {"of": "1", "resutl": None}])
def test_a_name_that_is_missing_or_unknown_is_refused(database: Database, row: dict[str, object]):
    with database.transaction() as tx, pytest.raises(ValueError, match="given to a statement"):
        ready.write(tx, _ANSWER, [row])


def test_what_sqlalchemy_refuses_is_refused(database: Database):
    with database.transaction() as tx, pytest.raises(ValueError, match="naive"):
        ready.write(tx, _ENTER, [a_command("1", at=NOON.replace(tzinfo=None))])


def test_what_is_read_is_what_sqlalchemy_reads(database: Database):
    with database.transaction() as tx:
        ready.write(tx, _ENTER, [a_command("1"), a_command("2")])

        [found] = ready.rows(tx, _COLUMNS, {"key": "1"})

        assert tuple(found) == tuple(tx.execute(_COLUMNS, {"key": "1"}).one())
        assert ready.rows(tx, _COLUMNS, {"key": "nowhere"}) == []
        assert [tuple(row) for row in ready.rows(tx, _LISTED, {})] == [("1",), ("2",)]


def test_what_the_session_holds_is_written_before_it_is_asked_for(database: Database):
    with database.transaction() as tx:
        tx.add(Command(**a_command("1")))

        assert len(ready.rows(tx, _COLUMNS, {"key": "1"})) == 1


def test_a_session_that_has_rolled_back_goes_on(database: Database):
    with database.reading() as tx:
        assert ready.rows(tx, _COLUMNS, {"key": "1"}) == []
        tx.rollback()

        assert ready.rows(tx, _COLUMNS, {"key": "1"}) == []


def test_what_is_written_behind_a_savepoint_goes_with_it(database: Database):
    with database.transaction() as tx:
        ready.write(tx, _ENTER, [a_command("1")])
        with suppress(KeyError), tx.begin_nested():
            ready.write(tx, _ENTER, [a_command("2")])
            raise KeyError
        with tx.begin_nested():
            ready.write(tx, _ENTER, [a_command("3")])
        ready.write(tx, _ENTER, [a_command("4")])

    with database.reading() as tx:
        assert set(tx.scalars(select(Command.key))) == {"1", "3", "4"}


def test_what_a_database_gives_a_new_row_is_answered(database: Database):
    with database.transaction() as tx:
        [(first, at)] = ready.rows(tx, _ENTERED, a_command("1"))
        [(second, _)] = ready.rows(tx, _ENTERED, a_command("2"))

        assert (at, second) == (NOON, first + 1)


def test_a_list_that_is_given_is_refused(database: Database):
    with database.reading() as tx, pytest.raises(ValueError, match="how long a list is"):
        ready.rows(tx, _GIVEN, {"keys": ["1"]})


def test_a_question_beside_a_transaction_gets_the_same(database: Database):
    with database.transaction() as tx:
        ready.write(tx, _ENTER, [a_command("1")])

    asked = database.ask_ready(_COLUMNS, {"key": "1"})

    assert [tuple(row) for row in asked] == [
        tuple(r) for r in database.ask(_COLUMNS, {"key": "1"})
    ]
