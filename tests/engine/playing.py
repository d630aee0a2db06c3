"""Plays diagrams in memory; the state is encoded, pruned and decoded between all steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import diagram
from engine.diagram import Element
from engine.spiff import Library, Machine, Waiting
from feel import Calendar

NOON = datetime(2027, 2, 1, 11, tzinfo=UTC)


@dataclass
class World:
    """Answers for whatever a diagram asks; keeps what was asked."""

    now: datetime = NOON
    calendar: Calendar = field(default_factory=lambda: Calendar("Europe/Stockholm"))
    services: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any] | None]] = field(
        default_factory=dict
    )
    decisions: dict[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def deadlines(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"soon": timedelta(days=3)}

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        return self.decisions[decision](variables)

    def call(
        self,
        element: Element,
        service: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any] | None:
        self.asked.append((service, dict(inputs)))
        return self.services[service](inputs) if service in self.services else {}


class Play:
    """One running diagram."""

    def __init__(
        self,
        data: bytes,
        variables: Mapping[str, Any] | None = None,
        *,
        world: World | None = None,
        process: str | None = None,
        element: str | None = None,
        brought: Mapping[str, Any] | None = None,
    ) -> None:
        found = {p.id: p for p in diagram.read(data, "test.bpmn")}
        self.process = process or next(iter(found))
        self.library = Library(found)
        self.world = world or World()
        given = {"case_ref": "c", **(variables or {})}
        self.last = Machine.start(
            self.library, self.process, given, self.world, element=element, brought=brought or {}
        )
        self.state = self.last.encode()

    def machine(self) -> Machine:
        """As it rests."""
        return Machine.decode(self.library, self.process, self.state, self.world)

    @property
    def open(self) -> list[str]:
        return sorted(step.element.id for step in self.machine().open)

    @property
    def waiting(self) -> list[str]:
        return sorted(waiting.element for waiting in self.machine().waiting)

    @property
    def ended(self) -> bool:
        return self.machine().ended

    @property
    def variables(self) -> dict[str, Any]:
        return {k: v for k, v in self.machine().variables.items() if k != "case_ref"}

    def do(self, element: str, _index: int = 0, **answers: Any) -> "Play":
        """Complete an open step."""
        machine = self.machine()
        step = [s for s in machine.open if s.element.id == element][_index]
        machine.complete(step.id, answers)
        return self.keep(machine)

    def hear(self, name: str, **brought: Any) -> "Play":
        """Deliver a message to the first token that waits for it."""
        machine = self.machine()
        token = next(w for w in machine.waiting if w.kind == "message" and w.name == name)
        machine.catch(token.id, brought)
        return self.keep(machine)

    def signal(self, name: str) -> "Play":
        machine = self.machine()
        machine.signal(name, {})
        return self.keep(machine)

    def advance(self, by: timedelta) -> "Play":
        """Move the clock; whatever is due fires, the earliest first."""
        self.world.now += by
        while due := self._due():
            machine = self.machine()
            machine.catch(due[0].id, {})
            self.keep(machine)
        return self

    def leave(self, organisation: str) -> "Play":
        machine = self.machine()
        machine.leave(organisation, {"party_left": True})
        return self.keep(machine)

    def _due(self) -> list[Waiting]:
        waiting = [w for w in self.machine().waiting if w.due and w.due <= self.world.now]
        return sorted(waiting, key=lambda w: w.due or NOON)

    def keep(self, machine: Machine) -> "Play":
        """Let it rest."""
        self.last = machine
        self.state = machine.encode()
        return self
