"""Databases to measure on: a SQLite file and a PostgreSQL server, both as durable as in use."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

import casework.tables  # noqa: F401 - the schema is made from every table
from base import keys, migrations
from base.clock import Fixed
from base.db import Database, Session
from base.keys import KeyRing
from engine import releases, runtime, store
from engine.model import Address, Call, Wanted
from engine.runtime import stepping
from engine.spiff import Machine
from engine.tables import Wait
from tests import postgresql
from tests.bench import models

BEGIN = datetime(2027, 2, 1, 11, tzinfo=UTC)
MASTER = b"32 bytes for the measuring site."
#: What a routing instance usually knows.
VARIABLES = {"x": 1, "parties": ["varnamo", "fk", "af"], "organisation": "varnamo", "unit": None}
#: Appended to an address: commits wait for no disk, while a world is being made.
HASTY = "&options=-c%20synchronous_commit%3Doff"


@dataclass(frozen=True, slots=True)
class Place:
    """Where two empty databases lie."""

    kind: str
    data: str
    keys: str
    folder: Path


@contextmanager
def places(kind: str) -> Iterator[Place]:
    """``sqlite`` or ``postgresql``; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="samplan-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield Place(
                kind, f"sqlite:///{folder}/samplan.db", f"sqlite:///{folder}/keys.db", folder
            )
            return
        with postgresql.running(durable=True) as server:
            data, ring = (server.url(server.create()) for _ in range(2))
            yield Place(kind, data, ring, folder)


class Host:
    """The application behind the engine at its smallest; states are sealed as in use."""

    def seal(self, tx: Session, case_id: UUID, plain: bytes, place: str) -> bytes:
        return keys.of(tx).get(case_id).seal(plain, place)

    def unseal(self, tx: Session, case_id: UUID, sealed: bytes, place: str) -> bytes:
        return keys.of(tx).get(case_id).unseal(sealed, place)

    def address(self, tx: Session, wanted: Wanted) -> Address:
        return Address(wanted.role, 1)

    def call(self, tx: Session, call: Call) -> Mapping[str, Any]:
        return {}

    def opened(self, tx: Session, case_id: UUID, steps: Mapping[UUID, int | None]) -> None:
        """Nobody looks."""

    def reached(self, tx: Session, case_id: UUID, milestone: str) -> None:
        """Nobody looks."""

    def ended(self, tx: Session, case_id: UUID, process: str, end_event: str | None) -> None:
        """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A case that waits for one step, or for a moment; ``token_id`` is what waits."""

    case_id: UUID
    instance_id: UUID
    token_id: UUID
    wait_id: int = 0

    def ids(self) -> tuple[UUID, UUID, UUID]:
        return self.case_id, self.instance_id, self.token_id


@dataclass
class World:
    """The engine on one database."""

    place: Place
    clock: Fixed = field(default_factory=lambda: Fixed(BEGIN))
    host: Host = field(default_factory=Host)
    ring: KeyRing = field(init=False)
    database: Database = field(init=False)

    def open(self, *, hasty: bool = False) -> None:
        """``hasty``: commits wait for no disk; for making a world, not for measuring."""
        more = HASTY if hasty and self.place.kind == "postgresql" else ""
        key_store = Database(self.place.keys + more, self.clock)
        self.ring = KeyRing(key_store, MASTER)
        self.database = Database(self.place.data + more, self.clock, info={"keys": self.ring})
        if hasty:
            key_store.hurry()
            self.database.hurry()

    def make(self) -> None:
        key_store = Database(self.place.keys, self.clock)
        migrations.upgrade(self.database, key_store)
        key_store.close()
        files = {
            "pack.toml": models.PACK,
            "eight.bpmn": models.chain("eight", 8),
            "loop.bpmn": models.loop("loop", python=False),
            "wide.bpmn": models.wide("wide", python=False),
            "waiting.bpmn": models.waiting("waiting"),
        }
        with self.database.transaction() as tx:
            releases.publish(tx, files, by="bench")

    def new_case(self) -> UUID:
        case_id = uuid4()
        self.ring.create(case_id)
        return case_id

    def start(self, process: str, case_id: UUID | None = None) -> Resting:
        case_id = case_id or self.new_case()
        with self.database.transaction() as tx:
            outcome = runtime.start(
                tx,
                self.host,
                pack_id="bench",
                process=process,
                case_id=case_id,
                variables=VARIABLES,
                by="account:1",
            )
        if outcome.opened:
            return Resting(case_id, outcome.instance_id, outcome.opened[0])
        return self._waiting(case_id, outcome.instance_id)

    def _waiting(self, case_id: UUID, instance_id: UUID) -> Resting:
        with self.database.reading() as tx:
            wait = tx.scalars(select(Wait).where(Wait.instance_id == instance_id)).one()
            return Resting(case_id, instance_id, wait.token_id, wait.id)

    def complete(self, task_id: UUID) -> UUID:
        """The step that it opens."""
        with self.database.transaction() as tx:
            return self._complete(tx, task_id)

    def complete_many(self, case: Resting, times: int) -> Resting:
        """So many steps of one case, a hundred a transaction."""
        task_id = case.token_id
        while times:
            some = min(times, 100)
            with self.database.transaction() as tx:
                for _ in range(some):
                    task_id = self._complete(tx, task_id)
            times -= some
        return Resting(case.case_id, case.instance_id, task_id)

    def _complete(self, tx: Session, task_id: UUID) -> UUID:
        outcome = runtime.complete(tx, self.host, task_id, answers={"x": 1}, by="account:1")
        return outcome.opened[0]

    def fire(self, wait_id: int) -> UUID:
        """The step that it opens."""
        with self.database.transaction() as tx:
            outcome = runtime.fire_due(tx, self.host, wait_id)
        assert outcome is not None
        return outcome.opened[0]

    def engine_of(self, case: Resting) -> tuple[bytes, Callable[[bytes], bytes]]:
        """The state of a case, and a way to do its open step that touches no database."""
        key, place = self.ring.get(case.case_id), stepping.place_of(case.instance_id)
        with self.database.reading() as tx:
            found = store.read_task(tx, case.token_id)
            assert found is not None
            context, _ = stepping.read(tx, self.host, found[1], "account:1")
        library, process = context.prepared.library, found[1].process

        def step(rested: bytes) -> bytes:
            state = key.unseal(rested, place)
            machine = Machine.decode(library, process, state, context.outside)
            machine.complete(case.token_id, {"x": 1})
            return key.seal(machine.encode(), place)

        return found[1].blob, step

    def close(self) -> None:
        self.database.close()
