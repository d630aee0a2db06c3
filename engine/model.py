"""Plain values that the engine hands out: no SQL, no SpiffWorkflow, no HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

#: Null, bool, int, Decimal, text (codes), date, aware datetime, durations, lists and contexts.
type_value = Any
Variables = Mapping[str, Any]
#: Variables that every process knows.
ALWAYS_PASSED = ("case_ref", "organisation", "unit")


class InstanceStatus(StrEnum):
    """Where one run of a diagram stands."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TaskStatus(StrEnum):
    """Where one step for a person stands; everything but OPEN is final."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    TAKEN_BACK = "taken_back"


class TaskKind(StrEnum):
    """STEP has a form, MANUAL a plain confirmation; ESCALATION was caught nowhere."""

    STEP = "step"
    MANUAL = "manual"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a diagram wants for a step: a role, and an organisation and unit in scope if any.

    ``role`` is the pack's role code; ``organisation`` and ``unit`` are codes.
    """

    case_id: UUID
    pack_id: str
    role: str
    scope: str
    organisation: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a step is for, found in the directory: ids, never names."""

    role: str
    organisation_id: int | None
    unit_id: int | None = None
    group_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A local service asked for by a diagram.

    ``inputs`` are what the input mappings name; ``variables`` everything in scope.
    """

    service: str
    case_id: UUID
    instance_id: UUID
    element: str
    by: str
    inputs: Variables
    variables: Variables = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """A remote service that a token waits for.

    ``key`` is the same however often it is tried: who carries it out knows a repetition by it.
    """

    key: str
    service: str
    case_id: UUID
    instance_id: UUID
    element: str
    inputs: Variables = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a remote service has answered: a result, or the code of an error."""

    result: Variables = field(default_factory=dict, repr=False)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to."""

    instance_id: UUID
    #: Steps that opened, in the order the diagram reached them.
    opened: tuple[UUID, ...] = ()
    #: Steps that closed without being done (interrupted, withdrawn).
    withdrawn: tuple[UUID, ...] = ()
    ended: bool = False
    #: Id of the end event that ended the instance.
    end_event: str | None = None
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class DueWait:
    """A timer that is due: what to lock before it fires."""

    wait_id: int
    instance_id: UUID
    case_id: UUID
    due: datetime
