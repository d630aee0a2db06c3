"""Steps as rows: whom each is for, until when, and under which consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from base.db import Session
from engine.diagram import Element, Process
from engine.errors import StepFailed, Unaddressed
from engine.host import Host
from engine.model import Address, TaskKind, TaskStatus, Wanted
from engine.packs import Pack
from engine.reasons import reason
from engine.runtime.surroundings import Prepared, Surroundings
from engine.spiff import Escalation, OpenStep, evaluate, moment_of

MANAGER = "manager"
_USUAL_PRIORITY = 50
_ALMOST_A_DAY = timedelta(hours=23, minutes=59)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A step that nobody can be asked for."""

    token_id: UUID | None
    process: str
    element_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Placing:
    """What it takes to turn steps into rows."""

    tx: Session
    host: Host
    prepared: Prepared
    outside: Surroundings
    case_id: UUID
    instance_id: UUID

    def step(self, step: OpenStep) -> dict[str, Any] | Unplaced:
        """The row of a step, or why nobody can be asked."""
        element = step.element
        process = self.prepared.pack.diagrams[step.process]
        try:
            role, organisation = self._role(process, element, step.variables)
            wanted = self.wanted(role, organisation, step.variables)
            address = self.host.address(self.tx, wanted)
        except Unaddressed as error:
            return Unplaced(step.id, step.process, element.id, str(error))
        kind = TaskKind.MANUAL if element.kind == "manual_task" else TaskKind.STEP
        return {
            **self._row(step.id, step.process, element, wanted, address, step.variables),
            **self._dates(element, step.variables),
            "kind": kind.value,
            "form": element.form,
        }

    def escalation(self, escalation: Escalation) -> dict[str, Any] | Unplaced:
        """The row of an escalation that nothing caught: for the manager of whoever it is about."""
        element, variables = escalation.element, escalation.variables
        wanted = self.wanted(MANAGER, None, variables)
        try:
            address = self.host.address(self.tx, wanted)
        except Unaddressed as error:
            return Unplaced(None, escalation.process, element.id, str(error))
        return {
            **self._row(uuid4(), escalation.process, element, wanted, address, variables),
            "kind": TaskKind.ESCALATION.value,
            "form": None,
            "due": None,
            "follow_up": None,
            "priority": _USUAL_PRIORITY,
        }

    def wanted(self, role: str, organisation: str | None, variables: Mapping[str, Any]) -> Wanted:
        """Role @ organisation and unit, as the diagram and the variables in scope have it."""
        own = organisation is None
        return Wanted(
            case_id=self.case_id,
            pack_id=self.prepared.pack.id,
            role=role,
            scope=scope_of(self.prepared.pack, role),
            organisation=_code(variables.get("organisation")) if own else organisation,
            unit=_code(variables.get("unit")) if own else None,
        )

    def _role(
        self, process: Process, element: Element, variables: Mapping[str, Any]
    ) -> tuple[str, str | None]:
        """What the element says itself wins over its lane."""
        groups = evaluate(element.candidate_groups, element.id, variables, self.outside)
        if isinstance(groups, str):
            groups = [part.strip() for part in groups.split(",") if part.strip()]
        first = groups[0] if isinstance(groups, list) and groups else None
        if isinstance(first, str):
            role, _, organisation = first.partition("@")
            return role, organisation or None
        lane_role = process.role_of(element)
        if lane_role is None:
            raise Unaddressed("The step stands in no lane with a role and names no role itself.")
        return lane_role, None

    def _row(
        self,
        id: UUID,
        process: str,
        element: Element,
        wanted: Wanted,
        address: Address,
        variables: Mapping[str, Any],
    ) -> dict[str, Any]:
        return {
            "id": id,
            "instance_id": self.instance_id,
            "case_id": self.case_id,
            "release_id": self.prepared.release_id,
            "process": process,
            "element_id": element.id,
            "role": address.role,
            "organisation_id": address.organisation_id,
            "unit_id": address.unit_id,
            "group_id": address.group_id,
            "assignee_id": address.assignee_id,
            "scope": {
                "role": wanted.role,
                "organisation": wanted.organisation,
                "unit": wanted.unit,
                "item": variables.get("loopCounter"),
            },
            "status": TaskStatus.OPEN.value,
            "created": self.outside.now,
            "purpose": element.properties.get("consent.purpose"),
            "categories": listed(element.properties.get("consent.categories", "")),
            "done_by": None,
            "done_at": None,
        }

    def _dates(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any]:
        due = evaluate(element.due, element.id, variables, self.outside)
        follow_up = evaluate(element.follow_up, element.id, variables, self.outside)
        priority = evaluate(element.priority, element.id, variables, self.outside)
        return {
            "due": self._until(due, element.id),
            "follow_up": self._from(follow_up, element.id),
            "priority": _number(priority, element.id),
        }

    def _until(self, value: Any, place: str) -> datetime | None:
        """A step due on a day may still be done on that day."""
        moment = self._from(value, place)
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        is_day = is_day or (isinstance(value, str) and len(value.strip()) == len("2027-02-01"))
        return moment + _ALMOST_A_DAY if moment is not None and is_day else moment

    def _from(self, value: Any, place: str) -> datetime | None:
        if value is None:
            return None
        return moment_of(value, self.outside.now, self.outside.calendar, place)


def scope_of(pack: Pack, role: str) -> str:
    """Where the organisation of a role is found; a role that the pack does not list: the case."""
    known = pack.config.roles.get(role)
    return known.scope if known is not None else "case"


def _code(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(value: Any, place: str) -> int:
    if value is None:
        return _USUAL_PRIORITY
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise StepFailed(place, reason("no_priority")) from error
