"""What goes in and out of a machine: plain values, nothing of SpiffWorkflow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from engine.diagram import Element
from feel.calendar import Calendar

#: The kind of what a token waits for whose service answers later.
SERVICE = "service"
Event = Literal["entered", "left", "passed", "withdrawn", "merged", "ended", "moved"]


class Outside(Protocol):
    """What a machine asks of whoever runs it, all within one command."""

    @property
    def now(self) -> datetime:
        """The moment of the command."""
        ...

    @property
    def calendar(self) -> Calendar:
        """The pack's time zone and working days."""
        ...

    def deadlines(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The pack's deadlines, evaluated lazily with these variables."""
        ...

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        """The answer of a decision table."""
        ...

    def call(
        self,
        element: Element,
        service: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any] | None:
        """Carry out a service; None: it is asked for, and the answer comes later."""
        ...


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for a person.

    ``variables`` is what its expressions may read; ``item`` the code or context it was made for
    when the step is one of many.
    """

    id: UUID
    process: str
    element: Element
    variables: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gone:
    """A step that closed in this command; ``done`` if a person did it."""

    id: UUID
    done: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A token that waits for a moment, a message, a signal or the answer of a service.

    ``key`` is what a message must name; ``due`` is set for timers alone.
    """

    id: UUID
    process: str
    element: str
    kind: str
    name: str
    key: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``detail`` names variables (never values) or a code."""

    event: Event
    process: str
    element: Element
    token: UUID
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that leaves the instance."""

    kind: Literal["message", "signal"]
    name: str
    element: str
    variables: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Escalation:
    """An escalation that nothing in the diagram catches; someone must look at it."""

    process: str
    element: Element
    code: str | None
    variables: Mapping[str, Any] = field(repr=False)
