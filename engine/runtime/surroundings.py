"""What a machine may ask of the world while one command steps it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from engine import decisions, releases
from engine.decisions import Decisions
from engine.decisions.deadlines import Deadlines
from engine.diagram import Element
from engine.errors import StepFailed
from engine.host import Host
from engine.model import Call
from engine.packs import Pack
from engine.reasons import reason
from engine.spiff import Library, library_of
from feel import Calendar, FeelError

_POLICY = "deadline_policy"
_KEPT = 32


@dataclass(frozen=True)
class Prepared:
    """A release ready to run: shared by all its instances, never changed."""

    release_id: int
    pack: Pack
    library: Library
    decisions: Mapping[str, Decisions]

    @cached_property
    def deadlines(self) -> Deadlines | None:
        """The pack's table of deadlines, read once; None if it has none."""
        file = self.decisions.get(_POLICY)
        return Deadlines(file) if file is not None else None


_prepared: OrderedDict[tuple[int, str], Prepared] = OrderedDict()
_guard = Lock()


def prepare(tx: Session, release_id: int) -> Prepared:
    """The release of that id; kept for the process's life. Raises NoRelease."""
    pack = releases.load(tx, release_id)
    key = (release_id, pack.digest)
    with _guard:
        found = _prepared.get(key)
        if found is None:
            library = library_of(pack.digest, pack.diagrams)
            found = Prepared(release_id, pack, library, _decisions(pack))
            _prepared[key] = found
        _prepared.move_to_end(key)
        while len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return found


def _decisions(pack: Pack) -> dict[str, Decisions]:
    found: dict[str, Decisions] = {}
    for path in pack.paths(".dmn"):
        file = decisions.read(pack.files[path], path)
        found.update(dict.fromkeys(file.ids, file))
    return found


class Surroundings:
    """One command's view: its moment, the release, the application behind it."""

    def __init__(
        self,
        tx: Session,
        host: Host,
        prepared: Prepared,
        *,
        case_id: UUID,
        instance_id: UUID,
        by: str,
    ) -> None:
        self.now: datetime = clock.now(tx)
        self.calendar: Calendar = prepared.pack.config.calendar
        self._tx = tx
        self._host = host
        self._prepared = prepared
        self._case_id = case_id
        self._instance_id = instance_id
        self._by = by

    def deadlines(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        table = self._prepared.deadlines
        if table is None:
            return {}
        return table.of(variables, now=self.now, calendar=self.calendar)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        file = self._prepared.decisions.get(decision)
        if file is None:
            raise StepFailed(decision, reason("unknown_decision"))
        inputs = {**variables, "deadlines": self.deadlines(variables)}
        try:
            return file.evaluate(decision, inputs, now=self.now, calendar=self.calendar).value
        except FeelError as error:
            raise StepFailed(decision, str(error)) from error

    def call(
        self,
        element: Element,
        service: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any] | None:
        asked = Call(
            service=service,
            case_id=self._case_id,
            instance_id=self._instance_id,
            element=element.id,
            by=self._by,
            inputs=inputs,
            variables=variables,
        )
        return self._host.call(self._tx, asked)
