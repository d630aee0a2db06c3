"""The values a diagram is made of.

Expressions are kept as they were written, with their leading ``=``; ``feel_source`` tells FEEL
from literals. Whatever a file holds is kept, supported or not: the profile names what may not run.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

TASKS = frozenset(
    {
        "user_task",
        "manual_task",
        "service_task",
        "script_task",
        "business_rule_task",
        "send_task",
        "receive_task",
        "task",
    }
)
SUB_PROCESSES = frozenset(
    {"sub_process", "event_sub_process", "transaction", "ad_hoc_sub_process"}
)
ACTIVITIES = TASKS | SUB_PROCESSES | {"call_activity"}
EVENTS = frozenset(
    {
        "start_event",
        "end_event",
        "intermediate_catch_event",
        "intermediate_throw_event",
        "boundary_event",
    }
)
GATEWAYS = frozenset(
    {
        "exclusive_gateway",
        "parallel_gateway",
        "inclusive_gateway",
        "event_based_gateway",
        "complex_gateway",
    }
)
ARTIFACTS = frozenset(
    {
        "text_annotation",
        "group",
        "data_object",
        "data_object_reference",
        "data_store_reference",
        "data_store",
    }
)


def feel_source(text: str | None) -> str | None:
    """The FEEL behind a leading ``=``; None where the text is a literal or missing."""
    if text is None or not text.lstrip().startswith("="):
        return None
    return text.lstrip()[1:].strip()


@dataclass(frozen=True, slots=True)
class Mapping:
    """``source`` is an expression or a literal; ``target`` the variable that takes its value."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision a business rule task asks, and the variable that takes its answer."""

    id: str
    result: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """The service a service task asks for by its catalogue name; ``retries`` as written."""

    type: str
    retries: str | None


@dataclass(frozen=True, slots=True)
class Script:
    """The expression a script task evaluates, and the variable that takes its value."""

    expression: str
    result: str | None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Once per item of a collection; ``cardinality`` is BPMN's plain number of times."""

    sequential: bool
    input_collection: str | None
    input_element: str | None
    output_collection: str | None
    output_element: str | None
    completion_condition: str | None
    cardinality: str | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """Again while ``condition`` holds, at most ``maximum`` times; None means no bound drawn."""

    test_before: bool
    condition: str | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Timer:
    """When: a date, a duration or a cycle, as an ISO 8601 literal or FEEL."""

    kind: Literal["date", "duration", "cycle"]
    expression: str


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws.

    ``kind``: message, timer, signal, error, escalation, terminate, link, conditional,
    compensate, cancel. ``reference`` is the id the element points at; ``name`` is None where
    nothing has that id. ``code`` belongs to errors and escalations (None: any).
    """

    kind: str
    reference: str | None = None
    name: str | None = None
    code: str | None = None
    correlation: str | None = None
    timer: Timer | None = None


def _empty() -> abc.Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Element:
    """Anything with an id inside a process, except flows and lanes.

    ``parent`` is the enclosing sub-process (None: the process itself); ``lane_id`` the innermost
    lane, inherited from the enclosing sub-process. ``foreign`` names attributes and extension
    elements that this notation has no meaning for, as ``zeebe:formDefinition/formKey``.
    """

    id: str
    kind: str
    name: str = ""
    documentation: str = ""
    line: int | None = None
    parent: str | None = None
    lane_id: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    default_flow: str | None = None
    events: tuple[EventDefinition, ...] = ()
    form: str | None = None
    candidate_groups: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    properties: abc.Mapping[str, str] = field(default_factory=_empty)
    called: str | None = None
    decision: Decision | None = None
    service: Service | None = None
    script: Script | None = None
    loop: MultiInstance | StandardLoop | None = None
    for_compensation: bool = False
    instantiates: bool = False
    foreign: tuple[tuple[str, str], ...] = ()

    @property
    def event(self) -> EventDefinition | None:
        """What the event waits for or throws; None for a plain one."""
        return self.events[0] if self.events else None

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the texts that are given to the person in a step."""
        named = self.properties.get("documents", "").split(",")
        return tuple(name.strip() for name in named if name.strip())

    @property
    def is_node(self) -> bool:
        """Whether tokens can pass here (annotations, groups and data only inform)."""
        return self.kind not in ARTIFACTS

    @property
    def is_activity(self) -> bool:
        """Whether it is a task, a sub-process or a call activity."""
        return self.kind in ACTIVITIES


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` as written, None where it always holds."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    parent: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Association:
    """A line that only informs: from an annotation, or a message between pools."""

    id: str
    kind: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane; ``role`` is its property of that name, ``members`` the ids written into it.

    ``parent`` is the lane around it, ``sub_process`` the sub-process that is divided into lanes.
    """

    id: str
    name: str
    role: str | None
    parent: str | None
    sub_process: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """The frame that a collaboration draws around a process."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the diagram's own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an element, lane or pool is drawn.

    ``plane`` is the id of what the page shows: the process or collaboration, or a collapsed
    sub-process drawn on a page of its own.
    """

    element_id: str
    box: Box
    label: Box | None
    expanded: bool | None
    horizontal: bool
    plane: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The line of a flow or association."""

    flow_id: str
    waypoints: tuple[tuple[float, float], ...]
    label: Box | None
    plane: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Shapes and edges by the id of what they draw; both empty where nothing was drawn."""

    shapes: abc.Mapping[str, Shape]
    edges: abc.Mapping[str, Edge]

    def __bool__(self) -> bool:
        return bool(self.shapes)


@dataclass(frozen=True)
class Process:
    """One process of a file, with all that its sub-processes hold.

    ``duplicates`` are ids that are given to more than one thing in the process; the first one is
    kept. ``shared`` are ids that something else in the file has too, such as the process itself.
    """

    id: str
    name: str
    documentation: str
    executable: bool
    file: str
    elements: abc.Mapping[str, Element]
    flows: abc.Mapping[str, Flow]
    lanes: abc.Mapping[str, Lane]
    associations: tuple[Association, ...]
    properties: abc.Mapping[str, str]
    pool: Pool | None
    layout: Layout
    duplicates: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()

    @cached_property
    def nodes(self) -> tuple[Element, ...]:
        """The elements that tokens can pass, in the order of the file."""
        return tuple(element for element in self.elements.values() if element.is_node)

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Flow, ...]]:
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows.values():
            found[flow.source] = (*found.get(flow.source, ()), flow)
        return found

    @cached_property
    def _incoming(self) -> dict[str, tuple[Flow, ...]]:
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows.values():
            found[flow.target] = (*found.get(flow.target, ()), flow)
        return found

    @cached_property
    def _boundaries(self) -> dict[str, tuple[Element, ...]]:
        found: dict[str, tuple[Element, ...]] = {}
        for element in self.nodes:
            if element.kind == "boundary_event" and element.attached_to:
                attached = element.attached_to
                found[attached] = (*found.get(attached, ()), element)
        return found

    @cached_property
    def _children(self) -> dict[str | None, tuple[Element, ...]]:
        found: dict[str | None, list[Element]] = {}
        for element in self.nodes:
            found.setdefault(element.parent, []).append(element)
        return {parent: tuple(held) for parent, held in found.items()}

    @cached_property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The pairs of link events between which a token leaps, the thrown one first."""
        ends = [e for e in self.nodes if e.event is not None and e.event.kind == "link"]
        return tuple(
            (thrown.id, caught.id)
            for thrown in ends
            for caught in ends
            if thrown.kind == "intermediate_throw_event"
            and caught.kind == "intermediate_catch_event"
            and thrown.parent == caught.parent
            and thrown.events[0].name == caught.events[0].name
        )

    def outgoing(self, element_id: str) -> tuple[Flow, ...]:
        """The flows that leave an element, in the order of the file."""
        return self._outgoing.get(element_id, ())

    def incoming(self, element_id: str) -> tuple[Flow, ...]:
        """The flows that enter an element, in the order of the file."""
        return self._incoming.get(element_id, ())

    def boundaries(self, element_id: str) -> tuple[Element, ...]:
        """The boundary events attached to an activity."""
        return self._boundaries.get(element_id, ())

    def children(self, parent: str | None) -> tuple[Element, ...]:
        """The nodes directly inside a sub-process (None: the process itself)."""
        return self._children.get(parent, ())

    def starts(self, parent: str | None = None) -> tuple[Element, ...]:
        """The start events of the process or of one sub-process."""
        return tuple(e for e in self.children(parent) if e.kind == "start_event")

    def beside(self, element: Element) -> tuple[Element, ...]:
        """The start events of the event sub-processes around an element, besides its own."""
        return tuple(
            start
            for aside in self.children(element.parent)
            if aside.kind == "event_sub_process" and aside.id != element.id
            for start in self.starts(aside.id)
        )

    def handler_of(self, event: Element) -> Element | None:
        """The one activity that a compensation event on a border leads to."""
        ends = {
            frozenset((line.source, line.target)) - {event.id}
            for line in self.associations
            if event.id in (line.source, line.target)
        }
        found = [self.elements[id] for other in ends for id in other if id in self.elements]
        handlers = [e for e in found if e.for_compensation and e.parent == event.parent]
        return handlers[0] if len(handlers) == 1 else None

    def role_of(self, element: Element) -> str | None:
        """The role of the element's lane, or of the lanes around it; None where none has one."""
        lane = self.lanes.get(element.lane_id or "")
        while lane is not None and lane.role is None:
            lane = self.lanes.get(lane.parent or "")
        return lane.role if lane else None
