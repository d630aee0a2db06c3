"""Tries a diagram out: no database, no people; its state is saved and restored at every step.

Services and decisions that are not there complete at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from base.errors import Invalid, SamplanError
from engine.decisions import Decisions
from engine.decisions.deadlines import Deadlines
from engine.diagram import Element, Process
from engine.errors import NotWaiting
from engine.spiff import Library, Machine, OpenStep, Waiting, moment_of
from feel import Calendar

_POLICY = "deadline_policy"
_CASE = "trial"
_MOST_MOMENTS = 1000


class NotUnderstood(Invalid):
    """This is no command: complete, message, signal and advance are."""


@dataclass(frozen=True, slots=True)
class _World:
    """What a diagram finds when it is tried."""

    now: datetime
    calendar: Calendar
    decisions: Mapping[str, Decisions]

    def deadlines(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        file = self.decisions.get(_POLICY)
        if file is None:
            return {}
        return Deadlines(file, variables, now=self.now, calendar=self.calendar)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        file = self.decisions.get(decision)
        if file is None:
            return None
        return file.evaluate(decision, variables, now=self.now, calendar=self.calendar).value

    def call(
        self,
        element: Element,
        service: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        return {}


class Trial:
    """One run of a diagram, driven by commands as plain data.

    ``{"complete": ID, "index": 0, "variables": {…}}`` · ``{"message": NAME, "key": …,
    "variables": {…}}`` · ``{"signal": NAME}`` · ``{"advance": "P3D"}``. A refused command
    changes nothing.
    """

    def __init__(
        self,
        diagrams: Mapping[str, Process],
        process: str,
        *,
        now: datetime,
        calendar: Calendar | None = None,
        decisions: Mapping[str, Decisions] | None = None,
    ) -> None:
        self._library = Library(diagrams)
        self._process = process
        self._world = _World(now.astimezone(UTC), calendar or Calendar(), decisions or {})
        self._state: bytes | None = None

    def start(self, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin; what is open then."""
        given = {"case_ref": _CASE, **(variables or {})}
        try:
            machine = Machine.start(self._library, self._process, given, self._world)
            self._keep(machine)
        except SamplanError as error:
            return self._said(str(error))
        return self._said(None)

    def command(self, asked: object) -> dict[str, Any]:
        """Carry out one command; what is open then, and why it was refused if it was."""
        before = self._state, self._world
        try:
            self._do(asked)
        except SamplanError as error:
            self._state, self._world = before
            return self._said(str(error))
        return self._said(None)

    def _do(self, asked: object) -> None:
        match asked:
            case {"complete": str(element), **rest}:
                self._complete(element, _index(rest), _variables(rest))
            case {"message": str(name), **rest}:
                self._message(name, rest.get("key"), _variables(rest))
            case {"signal": str(name), **rest}:
                self._signal(name, _variables(rest))
            case {"advance": str(span)}:
                self._advance(span)
            case _:
                raise NotUnderstood

    def _complete(self, element: str, index: int, variables: dict[str, Any]) -> None:
        machine = self._machine()
        found = [step for step in machine.open if step.element.id == element]
        if not 0 <= index < len(found):
            raise NotWaiting(f"No step “{element}” is open at place {index}.")
        machine.complete(found[index].id, {}, variables)
        self._keep(machine)

    def _message(self, name: str, key: Any, variables: dict[str, Any]) -> None:
        machine = self._machine()
        found = [
            waiting
            for waiting in machine.waiting
            if waiting.kind == "message"
            and waiting.name == name
            and (key is None or waiting.key == str(key))
        ]
        if not found:
            raise NotWaiting(f"Nothing waits for the message “{name}”.")
        machine.catch(found[0].id, variables)
        self._keep(machine)

    def _signal(self, name: str, variables: dict[str, Any]) -> None:
        machine = self._machine()
        if not machine.signal(name, variables):
            raise NotWaiting(f"Nothing waits for the signal “{name}”.")
        self._keep(machine)

    def _advance(self, span: str) -> None:
        """Move the clock, stopping at every due moment on the way."""
        until = moment_of(span, self._world.now, self._world.calendar, "advance")
        if until < self._world.now:
            raise NotUnderstood("The clock goes forward.")
        for _ in range(_MOST_MOMENTS):
            waiting = self._next_due(until)
            if waiting is None or waiting.due is None:
                break
            self._world = replace(self._world, now=max(waiting.due, self._world.now))
            machine = self._machine()
            machine.catch(waiting.id, {})
            self._keep(machine)
        else:
            raise NotUnderstood(f"More than {_MOST_MOMENTS} timers fall due on the way.")
        self._world = replace(self._world, now=until)

    def _next_due(self, until: datetime) -> Waiting | None:
        due = [w for w in self._machine().waiting if w.due is not None and w.due <= until]
        return min(due, key=lambda w: w.due or until, default=None)

    def _machine(self) -> Machine:
        if self._state is None:
            raise NotWaiting("The diagram has not started.")
        return Machine.decode(self._library, self._process, self._state, self._world)

    def _keep(self, machine: Machine) -> None:
        """Deliver what it throws to itself, then let it rest."""
        state = machine.encode()
        for thrown in machine.thrown:
            if thrown.kind == "message":
                state = self._delivered(state, thrown.name, thrown.variables)
        self._state = state

    def _delivered(self, state: bytes, name: str, variables: Mapping[str, Any]) -> bytes:
        machine = Machine.decode(self._library, self._process, state, self._world)
        for waiting in machine.waiting:
            if waiting.kind == "message" and waiting.name == name:
                machine.catch(waiting.id, variables)
                return machine.encode()
        return state

    def _said(self, error: str | None) -> dict[str, Any]:
        if self._state is None:
            return {"open": [], "waiting": [], "ended": False, "error": error}
        machine = self._machine()
        steps: list[OpenStep] = machine.open
        return {
            "open": [step.element.id for step in steps],
            "waiting": [waiting.element for waiting in machine.waiting],
            "ended": machine.ended,
            "error": error,
        }


def first_process(processes: Mapping[str, Process]) -> str:
    """The process of a file that no other one calls; the first of several."""
    called = {e.called for process in processes.values() for e in process.nodes if e.called}
    free = [id for id in processes if id not in called]
    return free[0] if free else next(iter(processes))


def _index(rest: Mapping[Any, Any]) -> int:
    index = rest.get("index", 0)
    if isinstance(index, Decimal) and index == int(index):
        index = int(index)
    if not isinstance(index, int) or isinstance(index, bool):
        raise NotUnderstood("The index is a whole number.")
    return index


def _variables(rest: Mapping[Any, Any]) -> dict[str, Any]:
    variables = rest.get("variables") or {}
    if not isinstance(variables, dict):
        raise NotUnderstood("Variables are a context.")
    return variables
