"""One world with a site on it: requests by any role, and what they changed."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import inspect

from base.db import Database
from casework.application import Application
from tests.rights.ids import Ids
from tests.rights.seeing import Planted
from tests.rights.worlds import Base

#: What a refusal, or a page that somebody reads, may add to.
TRACE = frozenset({"audit", "audit_head", "access_log", "access_listed"})
SIGNED_OUT = "signed out"
_CODE = re.compile(r"Tell them the code ([\w-]+)\.")
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass
class Copies:
    """Both databases as they were, to go back to (SQLite)."""

    held: Mapping[Database, sqlite3.Connection]

    @classmethod
    def of(cls, app: Application) -> "Copies":
        held = {}
        for database in (app.database, app.keys_database):
            held[database] = sqlite3.connect(":memory:", check_same_thread=False)
            with raw(database) as connection:
                connection.backup(held[database])
        return cls(held)

    def bring_back(self) -> None:
        for database, copy in self.held.items():
            with raw(database) as connection:
                copy.backup(connection)


@contextmanager
def raw(database: Database) -> Iterator[sqlite3.Connection]:
    pooled = database.engine.raw_connection()
    try:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection
    finally:
        pooled.close()


@dataclass
class Watch:
    """Tells which tables were written to since it last looked: the database itself notes it."""

    database: Database
    mark: int = 0
    #: The last row of the log of reads.
    read: int = 0

    def __post_init__(self) -> None:
        names = sorted(inspect(self.database.engine).get_table_names())
        on_postgresql = self.database.on_postgresql
        with self.database.engine.connect() as connection:
            for statement in _noting(names, on_postgresql=on_postgresql):
                connection.exec_driver_sql(statement)
            connection.commit()
        self.begin()

    def look(self) -> set[str]:
        found = self.rows(f"select id, name from rights_changed where id > {self.mark}")  # noqa: S608
        self.mark = max((number for number, _ in found), default=self.mark)
        changed = {name for _, name in found}
        if "access_log" in changed:
            self.read = self._last("access_log")
        return changed

    def begin(self) -> None:
        """From now on."""
        self.mark, self.read = self._last("rights_changed"), self._last("access_log")

    def _last(self, table: str) -> int:
        [(number,)] = self.rows(f"select coalesce(max(id), 0) from {table}")  # noqa: S608
        return int(number)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Beside the application, past all of its code."""
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(question)]


def _noting(names: list[str], *, on_postgresql: bool) -> Iterator[str]:
    """Statements after which every row that is written leaves a note."""
    number = "bigserial" if on_postgresql else "integer"
    yield f"create table rights_changed (id {number} primary key, name text)"
    if on_postgresql:
        yield """create function rights_note() returns trigger language plpgsql as $$
            begin insert into rights_changed (name) values (tg_table_name); return null; end $$"""
        for name in names:
            yield f"""create trigger rights_note after insert or update or delete on "{name}"
                for each row execute function rights_note()"""
        return
    for name in names:
        for verb in ("insert", "update", "delete"):
            yield f"""create trigger rights_{name}_{verb} after {verb} on "{name}"
                begin insert into rights_changed (name) values ('{name}'); end"""  # noqa: S608


@dataclass
class World:
    """Somewhere to ask."""

    name: str
    base: Base
    ids: Ids
    planted: Mapping[str, Planted]
    tokens: Mapping[str, str]
    client: TestClient
    watch: Watch
    copies: Copies | None
    #: Of a program that may do all that its owner may, per role.
    programs: Mapping[str, str]

    def ask(
        self,
        role: str,
        method: str,
        path: str,
        *,
        ids: Mapping[str, str],
        **sent: Any,
    ) -> Response:
        """``path`` as the route has it; ``ids`` fill it in."""
        headers = {"accept-language": "en", **sent.pop("headers", {})}
        if role in self.base.guests:
            headers["cookie"] = f"samplan-guest={self.base.guests[role]}"
        elif path.startswith("/api/") and role in self.programs:
            headers["authorization"] = f"Bearer {self.programs[role]}"
        elif role in self.tokens:
            headers["cookie"] = f"samplan={self.tokens[role]}"
        address = _PARAMETER.sub(lambda found: ids[found[1]], path)
        return self.client.request(method, address, headers=headers, **sent)

    def bring_back(self) -> None:
        assert self.copies is not None
        self.copies.bring_back()
        self.watch.begin()


def outcome(answer: Response) -> str:
    """As the table says it: a status; with a refusal's code; ``sign in``."""
    place = answer.headers.get("location", "")
    if answer.status_code == 401 or place.startswith("/sign-in"):
        return "sign in"
    if answer.headers.get("content-type") == "application/problem+json":
        code = answer.json()["code"] if answer.status_code == 403 else ""
        return f"{answer.status_code} {code}".strip()
    found = _CODE.search(answer.text) if answer.status_code == 403 else None
    return f"{answer.status_code} {found[1]}" if found else str(answer.status_code)
