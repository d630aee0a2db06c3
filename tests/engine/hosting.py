"""A small application behind the engine: who holds which role, which services exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from base.db import Database, Session
from engine import releases, runtime, store
from engine.errors import Unaddressed
from engine.model import Address, Call, Outcome, Wanted
from engine.tables import Incident, Task

_TOML = """
id = "test"
title = "Test"
language = "en"
[calendar]
time_zone = "Europe/Stockholm"
[roles.case_lead]
title = "Lead"
scope = "case"
[roles.party]
title = "Party"
scope = "party"
[roles.manager]
title = "Manager"
scope = "manager"
"""


def a_pack(**files: bytes) -> dict[str, bytes]:
    """A pack of these diagrams: ``p=…`` is the file ``p.bpmn``."""
    return {"pack.toml": _TOML.encode(), **{f"{n}.bpmn": data for n, data in files.items()}}


@dataclass
class SmallHost:
    """Implements Host: organisations have ids, roles may be vacant, services are functions."""

    organisations: dict[str, int] = field(
        default_factory=lambda: {"varnamo": 1, "fk": 2, "af": 3, "vc": 4}
    )
    lead: str = "varnamo"
    vacant: set[str] = field(default_factory=set)
    services: dict[str, Callable[[Session, Call], Mapping[str, Any] | None]] = field(
        default_factory=dict
    )
    calls: list[Call] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)
    ends: list[tuple[str, str | None]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    moves: list[tuple[str, int, int, str]] = field(default_factory=list)

    def seal(self, tx: Session, case_id: UUID, plain: bytes, place: str) -> bytes:
        return f"{case_id}/{place}|".encode() + plain[::-1]

    def unseal(self, tx: Session, case_id: UUID, sealed: bytes, place: str) -> bytes:
        mark = f"{case_id}/{place}|".encode()
        assert sealed.startswith(mark)
        return sealed.removeprefix(mark)[::-1]

    def address(self, tx: Session, wanted: Wanted) -> Address:
        self.wanted.append(wanted)
        if wanted.role in self.vacant:
            raise Unaddressed
        code = wanted.organisation if wanted.scope in ("party", "manager") else None
        return Address(wanted.role, self.organisations[code or self.lead])

    def call(self, tx: Session, call: Call) -> Mapping[str, Any] | None:
        self.calls.append(call)
        service = self.services.get(call.service)
        return service(tx, call) if service is not None else {}

    def opened(self, tx: Session, case_id: UUID, steps: Mapping[UUID, int | None]) -> None:
        """The tests look at the steps themselves."""

    def reached(self, tx: Session, case_id: UUID, milestone: str) -> None:
        self.milestones.append(milestone)

    def ended(self, tx: Session, case_id: UUID, process: str, end_event: str | None) -> None:
        self.ends.append((process, end_event))

    def moved(
        self, tx: Session, case_id: UUID, process: str, *, before: int, after: int, by: str
    ) -> None:
        self.moves.append((process, before, after, by))


@dataclass
class Office:
    """A database with a published pack, and one case in it."""

    database: Database
    host: SmallHost
    case_id: UUID

    def publish(self, files: Mapping[str, bytes]) -> releases.Release:
        with self.database.transaction() as tx:
            return releases.publish(tx, files, by="owner")

    def start(self, process: str = "p", **variables: Any) -> Outcome:
        with self.database.transaction() as tx:
            return runtime.start(
                tx,
                self.host,
                pack_id="test",
                process=process,
                case_id=self.case_id,
                variables=variables,
                by="anna",
            )

    def open(self) -> list[Task]:
        with self.database.reading() as tx:
            found = list(store.open_tasks(tx, self.case_id))
            tx.expunge_all()
        return found

    def incidents(self) -> list[Incident]:
        with self.database.reading() as tx:
            found = list(store.open_incidents(tx, case_id=self.case_id))
            tx.expunge_all()
        return found

    def titles(self) -> list[str]:
        """The open steps as element@organisation."""
        names = {id: code for code, id in self.host.organisations.items()}
        return sorted(
            f"{task.element_id}@{names[task.organisation_id or 0]}" for task in self.open()
        )

    def find(self, element: str, index: int = 0) -> UUID:
        return [task for task in self.open() if task.element_id == element][index].id

    def do(self, element: str, _index: int = 0, _by: str = "anna", **answers: Any) -> Outcome:
        with self.database.transaction() as tx:
            return runtime.complete(
                tx, self.host, self.find(element, _index), answers=answers, by=_by
            )

    def hear(self, name: str, **variables: Any) -> Outcome | None:
        with self.database.transaction() as tx:
            return runtime.message(
                tx, self.host, name=name, case_id=self.case_id, variables=variables, by="anna"
            )
