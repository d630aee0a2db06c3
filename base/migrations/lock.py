"""Programs that start at the same moment change the schema one after the other."""

from sqlalchemy import Connection, text

_TURN = 7_267_526  # Any number that nothing else in this database locks.


def take_turns(connection: Connection) -> None:
    """Wait until no other program changes the schema; lasts until the transaction ends.

    On SQLite the connection of a writing engine has taken the write lock by then.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    else:
        connection.execute(text("select 1"))
