"""One run of a diagram, driven by commands as plain data."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from base.errors import SamplanError
from engine.decisions import Decisions
from engine.decisions.deadlines import Deadlines
from engine.diagram import Element, EventDefinition, Process
from engine.errors import DiagramError, NotWaiting, Runaway
from engine.reasons import reason
from engine.spiff import (
    Library,
    Machine,
    Thrown,
    Waiting,
    evaluate,
    moment_of,
    rhythm_of,
)
from engine.trial.commands import (
    Advance,
    Command,
    Complete,
    Message,
    NotUnderstood,
    Signal,
    read_command,
)
from engine.trial.standing import with_stand_ins
from feel import Calendar

_POLICY = "deadline_policy"
_CASE = "trial"
_MOST_MOMENTS = 1000
_MOST_MESSAGES = 50


@dataclass(frozen=True, slots=True)
class World:
    """What a diagram finds when it is tried: decisions, no services."""

    now: datetime
    calendar: Calendar
    decisions: Mapping[str, Decisions]

    def deadlines(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        file = self.decisions.get(_POLICY)
        if file is None:
            return {}
        return Deadlines(file, variables, now=self.now, calendar=self.calendar)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        file = self.decisions[decision]
        return file.evaluate(decision, variables, now=self.now, calendar=self.calendar).value

    def call(
        self,
        element: Element,
        service: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class _Rest:
    """A trial between two commands.

    ``state`` is None before it has begun; ``begins`` are then the start events that wait.
    ``steps`` are the open steps and ``waits`` what else waits, the oldest first.
    """

    world: World
    state: bytes | None = None
    begins: tuple[Waiting, ...] = ()
    steps: tuple[UUID, ...] = ()
    waits: tuple[UUID, ...] = ()


class Trial:
    """One run of a diagram.

    ``{"complete": ID, "index": 0, "variables": {…}}`` · ``{"message": NAME, "key": …,
    "variables": {…}}`` · ``{"signal": NAME}`` · ``{"advance": "P3D"}``. A refused command
    changes nothing. What is not there (services, decisions that ``decisions`` lacks, processes
    that ``diagrams`` lacks) completes at once.
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
        known = decisions or {}
        self._process = diagrams[process]
        self._library = Library(with_stand_ins(diagrams, known))
        self._rest = _Rest(World(now.astimezone(UTC), calendar or Calendar(), known))

    def start(self, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin; what is open then.

        Where every start event waits for something, the diagram waits with them.
        """
        return self._try(lambda: self._start(variables or {}))

    def command(self, asked: object) -> dict[str, Any]:
        """Carry out one command; what is open then, and why it was refused if it was."""
        return self._try(lambda: self._carry_out(read_command(asked)))

    def _try(self, act: Any) -> dict[str, Any]:
        before = self._rest
        try:
            act()
            return self._said(None)
        except SamplanError as error:
            self._rest = before
            return self._said(str(error))

    def _carry_out(self, command: Command) -> None:
        match command:
            case Complete():
                self._complete(command)
            case Message():
                self._message(command)
            case Signal():
                self._signal(command)
            case Advance():
                self._advance(command)

    # Beginning

    def _start(self, variables: Mapping[str, Any]) -> None:
        starts = self._process.starts()
        if starts and all(start.events for start in starts):
            begins = tuple(self._begin(start, start.events[0]) for start in starts)
            self._rest = replace(self._rest, begins=begins)
        else:
            self._start_at(None, variables, {})

    def _start_at(
        self, element: str | None, variables: Mapping[str, Any], brought: Mapping[str, Any]
    ) -> None:
        machine = Machine.start(
            self._library,
            self._process.id,
            {"case_ref": _CASE, **variables},
            self._rest.world,
            element=element,
            brought=brought,
        )
        self._rest = replace(self._rest, begins=())
        self._keep(machine)

    def _begin(self, start: Element, event: EventDefinition) -> Waiting:
        """What a start event waits for; its names and moments may be FEEL."""
        world = self._rest.world
        given = {"case_ref": _CASE}
        name, due = "", None
        if event.timer is not None:
            value = evaluate(event.timer.expression, start.id, given, world)
            if event.timer.kind == "cycle":
                due = rhythm_of(value, world.now, world.calendar, start.id).due
            else:
                due = moment_of(value, world.now, world.calendar, start.id)
        elif event.kind in {"message", "signal"}:
            name = str(evaluate(event.name, start.id, given, world) or "")
        else:
            raise DiagramError(reason("cannot_begin", place=start.id))
        return Waiting(uuid4(), self._process.id, start.id, event.kind, name, due=due)

    # Commands

    def _complete(self, command: Complete) -> None:
        machine = self._machine()
        found = [id for id in self._rest.steps if machine.step(id).element.id == command.element]
        if command.index >= len(found):
            raise NotWaiting(f"No step “{command.element}” is open at place {command.index}.")
        machine.complete(found[command.index], {}, command.variables)
        self._keep(machine)

    def _message(self, command: Message) -> None:
        for waiting in self._listening(command.name):
            # A start event has no key: whoever comes begins a run of their own.
            if command.key is None or waiting.key in {None, command.key}:
                self._catch(waiting, command.variables)
                return
        raise NotWaiting(f"Nothing waits for the message “{command.name}”.")

    def _signal(self, command: Signal) -> None:
        if self._rest.state is None:
            for begin in self._rest.begins:
                if begin.kind == "signal" and begin.name == command.name:
                    self._catch(begin, command.variables)
                    return
        else:
            machine = self._machine()
            if machine.signal(command.name, command.variables):
                self._keep(machine)
                return
        raise NotWaiting(f"Nothing waits for the signal “{command.name}”.")

    def _advance(self, command: Advance) -> None:
        """Move the clock, stopping at every due moment on the way."""
        world = self._rest.world
        until = moment_of(command.span, world.now, world.calendar, "advance")
        if until < world.now:
            raise NotUnderstood("The clock goes forward.")
        for _ in range(_MOST_MOMENTS):
            due = [each for each in self._waiting() if each.due is not None and each.due <= until]
            if not due:
                break
            first = min(due, key=lambda each: each.due or until)
            self._set_clock(max(first.due or until, self._rest.world.now))
            self._catch(first, {})
        else:
            raise NotUnderstood(f"More than {_MOST_MOMENTS} timers fall due on the way.")
        self._set_clock(until)

    def _set_clock(self, now: datetime) -> None:
        self._rest = replace(self._rest, world=replace(self._rest.world, now=now))

    # The run

    def _catch(self, waiting: Waiting, variables: Mapping[str, Any]) -> None:
        """What something waits for has come."""
        if self._rest.state is None:
            self._start_at(waiting.element, {}, variables)
            return
        machine = self._machine()
        machine.catch(waiting.id, variables)
        self._keep(machine)

    def _machine(self) -> Machine:
        """The run as it rested."""
        if self._rest.state is None:
            raise NotWaiting("The diagram has not begun.")
        return Machine.decode(self._library, self._process.id, self._rest.state, self._rest.world)

    def _keep(self, machine: Machine) -> None:
        """Let it rest; then deliver the messages it has thrown to itself."""
        letters = deque(self._laid_down(machine))
        for _ in range(_MOST_MESSAGES):
            if not letters:
                return
            letters.extend(self._delivered(letters.popleft()))
        if letters:
            why = reason("too_many_messages", most=_MOST_MESSAGES)
            raise Runaway(letters[0].element, why)

    def _laid_down(self, machine: Machine) -> list[Thrown]:
        """Keep the state and who is older than whom; the messages that were thrown."""
        state = machine.encode()
        new = [step.id for step in machine.opened]
        steps = _in_order(self._rest.steps, new, (step.id for step in machine.open))
        waits = _in_order(self._rest.waits, (), (waiting.id for waiting in machine.waiting))
        self._rest = replace(self._rest, state=state, steps=steps, waits=waits)
        return [thrown for thrown in machine.thrown if thrown.kind == "message"]

    def _delivered(self, letter: Thrown) -> list[Thrown]:
        """Give a message to whoever has waited longest for it; what that throws in turn."""
        for waiting in self._listening(letter.name)[:1]:
            machine = self._machine()
            machine.catch(waiting.id, letter.variables)
            return self._laid_down(machine)
        return []

    def _listening(self, message: str) -> list[Waiting]:
        return [w for w in self._waiting() if w.kind == "message" and w.name == message]

    def _waiting(self) -> list[Waiting]:
        """What waits for the world, the oldest first."""
        if self._rest.state is None:
            return list(self._rest.begins)
        found = {waiting.id: waiting for waiting in self._machine().waiting}
        return [found[id] for id in self._rest.waits]

    def _said(self, error: str | None) -> dict[str, Any]:
        machine = None if self._rest.state is None else self._machine()
        steps = [machine.step(id).element.id for id in self._rest.steps] if machine else []
        return {
            "open": steps,
            "waiting": [waiting.element for waiting in self._waiting()],
            "ended": machine is not None and machine.ended,
            "error": error,
        }


def _in_order(
    before: Iterable[UUID], new: Iterable[UUID], there: Iterable[UUID]
) -> tuple[UUID, ...]:
    """Those that are there: first what was before, then in the order in which they came."""
    left = list(there)
    found = [id for id in dict.fromkeys((*before, *new, *left)) if id in left]
    return tuple(found)
