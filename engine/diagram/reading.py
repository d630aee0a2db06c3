"""From the bytes of a BPMN file to its processes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lxml import etree

from engine import xml
from engine.diagram.extensions import Extensions, read_extensions
from engine.diagram.layout import part_of, read_planes
from engine.diagram.model import (
    EVENTS,
    GATEWAYS,
    SUB_PROCESSES,
    TASKS,
    Association,
    Element,
    EventDefinition,
    Flow,
    Lane,
    Layout,
    MultiInstance,
    Pool,
    Process,
    StandardLoop,
    Timer,
)
from engine.diagram.namespaces import (
    BPMN,
    attribute,
    children,
    first,
    is_true,
    local_name,
    reference,
    snake,
    text_of,
)
from engine.errors import DiagramError

#: Children of a process that are no elements of the diagram or are read with their owner.
_NOT_ELEMENTS = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "sequenceFlow",
        "association",
        "incoming",
        "outgoing",
        "ioSpecification",
        "ioBinding",
        "property",
        "auditing",
        "monitoring",
        "supports",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "correlationSubscription",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "completionCondition",
        "dataInputAssociation",
        "dataOutputAssociation",
        "category",
    }
)
MOST_PROCESSES = 200
LONGEST_ID = 500
#: What is a node of the diagram even without an id.
_NODES = TASKS | SUB_PROCESSES | EVENTS | GATEWAYS | {"call_activity"}
_REFERENCES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}
#: An event that names an activity instead of something that the file declares.
_ACTIVITY = {"compensate": "activityRef"}

#: Attributes that would count tokens or events otherwise, with what they mean if nothing is said.
_USUAL = {
    "startQuantity": "1",
    "completionQuantity": "1",
    "eventGatewayType": "Exclusive",
    "parallelMultiple": "false",
}


class BadDiagram(DiagramError):
    """This file is no BPMN diagram.

    ``file`` is its name in the pack, ``place`` where in it ("line 12"), empty if nowhere.
    """

    def __init__(self, file: str, why: str, place: str = "") -> None:
        super().__init__(why)
        self.file = file
        self.place = place


def read(data: bytes, name: str) -> tuple[Process, ...]:
    """The processes of a BPMN file, in its order; whatever is drawn is kept, right or wrong.

    Raises BadDiagram if the file holds no process, and what ``engine.xml.parse`` refuses.
    """
    root = xml.parse(data, name=name)
    if root.tag != f"{{{BPMN}}}definitions":
        raise BadDiagram(name, "This is not a BPMN 2.0 file: its root is not bpmn:definitions.")
    file = _File(name, root, _catalogue(root), read_planes(root), _given_twice(root))
    for node in root.iter():
        if len(str(node.get("id") or "")) > LONGEST_ID:
            why = f"An id is longer than {LONGEST_ID} characters."
            raise BadDiagram(name, why, f"line {node.sourceline}")
    found = children(root, BPMN, "process")
    if len(found) > MOST_PROCESSES:
        raise BadDiagram(name, f"The file holds more than {MOST_PROCESSES} processes.")
    processes = tuple(file.process(node) for node in found)
    if not processes:
        raise BadDiagram(name, "The file holds no process.")
    return processes


def _given_twice(root: etree._Element) -> frozenset[str]:
    """The ids that stand at more than one place of the file, whatever has them."""
    count = Counter(str(node.get("id")) for node in root.iter() if node.get("id"))
    return frozenset(id for id, times in count.items() if times > 1)


@dataclass(frozen=True, slots=True)
class _Named:
    """A message, signal, error or escalation that the file declares."""

    name: str | None
    code: str | None
    correlation: str | None


def _catalogue(root: etree._Element) -> dict[str, _Named]:
    found = {}
    for kind in _REFERENCES:
        for node in children(root, BPMN, kind):
            code = attribute(node, f"{kind}Code")
            key = read_extensions(node).get("subscription", "correlationKey")
            found[attribute(node, "id") or ""] = _Named(attribute(node, "name"), code, key)
    return found


@dataclass(slots=True)
class _Scope:
    """What has been read of one process so far."""

    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    associations: list[Association] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)

    def keep(self, thing: Element | Flow | Lane) -> None:
        """Keep the first of each id; name the others."""
        if thing.id in self.elements or thing.id in self.flows or thing.id in self.lanes:
            self.duplicates.append(thing.id)
        elif isinstance(thing, Element):
            self.elements[thing.id] = thing
        elif isinstance(thing, Flow):
            self.flows[thing.id] = thing
        else:
            self.lanes[thing.id] = thing


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    root: etree._Element
    catalogue: dict[str, _Named]
    layout: Layout
    given_twice: frozenset[str]

    def process(self, node: etree._Element) -> Process:
        scope = _Scope()
        self._fill(scope, node, None)
        _place_in_lanes(scope)
        id = _id(node)
        pool, messages = self._collaboration(id)
        extensions = read_extensions(node)
        associations = (*scope.associations, *messages)
        drawn = {*scope.elements, *scope.flows, *scope.lanes, *(a.id for a in associations)}
        if pool:
            drawn.add(pool.id)
        return Process(
            id=id,
            name=attribute(node, "name") or "",
            documentation=_documentation(node),
            executable=is_true(node, "isExecutable"),
            file=self.name,
            elements=MappingProxyType(scope.elements),
            flows=MappingProxyType(scope.flows),
            lanes=MappingProxyType(scope.lanes),
            associations=associations,
            properties=extensions.properties,
            pool=pool,
            layout=part_of(self.layout, drawn),
            duplicates=tuple(scope.duplicates),
            shared=tuple(sorted(self.given_twice & {id, *drawn} - set(scope.duplicates))),
            foreign=extensions.foreign,
        )

    def _fill(self, scope: _Scope, node: etree._Element, parent: str | None) -> None:
        for lanes in children(node, BPMN, "laneSet"):
            _read_lanes(scope, lanes, None, parent)
        for flow in children(node, BPMN, "sequenceFlow"):
            scope.keep(_flow(flow, parent))
        for line in children(node, BPMN, "association"):
            scope.associations.append(_association(line, "association"))
        for child in children(node, BPMN):
            name = local_name(child)
            if name in _NOT_ELEMENTS or name.endswith("EventDefinition"):
                continue
            if not attribute(child, "id") and snake(name) not in _NODES:
                continue
            element = self._element(child, parent)
            scope.keep(element)
            if element.kind in SUB_PROCESSES and scope.elements.get(element.id) is element:
                self._fill(scope, child, element.id)

    def _element(self, node: etree._Element, parent: str | None) -> Element:
        extensions = read_extensions(node)
        return Element(
            id=_id(node),
            kind=_kind(node),
            name=_name(node),
            documentation=_documentation(node),
            line=_line(node),
            parent=parent,
            attached_to=reference(node, "attachedToRef"),
            interrupting=_interrupting(node),
            default_flow=reference(node, "default"),
            events=tuple(self._events(node)),
            form=extensions.get("formDefinition", "formId"),
            candidate_groups=extensions.get("assignmentDefinition", "candidateGroups"),
            due=extensions.get("taskSchedule", "dueDate"),
            follow_up=extensions.get("taskSchedule", "followUpDate"),
            priority=extensions.get("priorityDefinition", "priority"),
            inputs=extensions.inputs,
            outputs=extensions.outputs,
            properties=extensions.properties,
            called=extensions.get("calledElement", "processId"),
            decision=extensions.decision,
            service=extensions.service,
            script=extensions.script,
            loop=_loop(node),
            for_compensation=is_true(node, "isForCompensation"),
            instantiates=is_true(node, "instantiate"),
            foreign=(*extensions.foreign, *_own_foreign(node, extensions)),
        )

    def _events(self, node: etree._Element) -> Iterator[EventDefinition]:
        for child in children(node, BPMN):
            name = local_name(child)
            if name.endswith("EventDefinition"):
                yield self._event(child, snake(name.removesuffix("EventDefinition")))
            elif name == "eventDefinitionRef":
                yield EventDefinition("reference", reference=text_of(child))
        if node.get("messageRef") and local_name(node) in {"receiveTask", "sendTask"}:
            yield self._event(node, "message")

    def _event(self, node: etree._Element, kind: str) -> EventDefinition:
        if kind == "timer":
            return EventDefinition("timer", timer=_timer(node))
        if kind == "link":
            return EventDefinition("link", name=attribute(node, "name"))
        attribute_of = _REFERENCES | _ACTIVITY
        wanted = reference(node, attribute_of[kind]) if kind in attribute_of else None
        declared = self.catalogue.get(wanted or "")
        if declared is None:
            return EventDefinition(kind, reference=wanted)
        return EventDefinition(kind, wanted, declared.name, declared.code, declared.correlation)

    def _collaboration(self, process_id: str) -> tuple[Pool | None, list[Association]]:
        for collaboration in children(self.root, BPMN, "collaboration"):
            for participant in children(collaboration, BPMN, "participant"):
                if process_id and reference(participant, "processRef") == process_id:
                    name = attribute(participant, "name") or ""
                    lines = children(collaboration, BPMN, "messageFlow")
                    return (
                        Pool(attribute(participant, "id") or "", name),
                        [_association(line, "message_flow") for line in lines],
                    )
        return None, []


def _id(node: etree._Element) -> str:
    """What has no id is named by its line, so that findings have a place."""
    return attribute(node, "id") or f"line {node.sourceline}"


def _line(node: etree._Element) -> int | None:
    line: object = node.sourceline
    return line if isinstance(line, int) else None


def _kind(node: etree._Element) -> str:
    name = local_name(node)
    if name == "subProcess" and is_true(node, "triggeredByEvent"):
        return "event_sub_process"
    return snake(name)


def _name(node: etree._Element) -> str:
    if local_name(node) == "textAnnotation":
        return text_of(first(node, BPMN, "text"))
    return attribute(node, "name") or ""


def _documentation(node: etree._Element) -> str:
    return "\n\n".join(filter(None, map(text_of, children(node, BPMN, "documentation"))))


def _interrupting(node: etree._Element) -> bool:
    name = "isInterrupting" if local_name(node) == "startEvent" else "cancelActivity"
    return is_true(node, name, default=True)


def _own_foreign(node: etree._Element, extensions: Extensions) -> Iterator[tuple[str, str]]:
    """BPMN's own ways of saying what this notation says by an extension."""
    for name in ("script", "ioSpecification", "dataInputAssociation", "dataOutputAssociation"):
        child = first(node, BPMN, name)
        if child is not None:
            yield f"bpmn:{name}", text_of(child)
    yield from _unusual(node)
    called = extensions.get("calledElement", "processId")
    if local_name(node) == "callActivity" and node.get("calledElement") and not called:
        yield "bpmn:callActivity/calledElement", str(node.get("calledElement"))


def _unusual(node: etree._Element) -> Iterator[tuple[str, str]]:
    """What would count tokens, items or events in another way than they are counted."""
    for name, usual in _USUAL.items():
        value = attribute(node, name)
        if value is not None and value != usual:
            yield f"bpmn:{local_name(node)}/{name}", value
    many = first(node, BPMN, "multiInstanceLoopCharacteristics")
    for name in ("loopDataInputRef", "loopDataOutputRef", "complexBehaviorDefinition"):
        child = first(many, BPMN, name) if many is not None else None
        if child is not None:
            yield f"bpmn:{name}", text_of(child)
    undo = first(node, BPMN, "compensateEventDefinition")
    if undo is not None and not is_true(undo, "waitForCompletion", default=True):
        yield "bpmn:compensateEventDefinition/waitForCompletion", "false"


def _timer(node: etree._Element) -> Timer | None:
    for child in children(node, BPMN):
        expression = text_of(child)
        match local_name(child):
            case "timeDate":
                return Timer("date", expression)
            case "timeDuration":
                return Timer("duration", expression)
            case "timeCycle":
                return Timer("cycle", expression)
    return None


def _loop(node: etree._Element) -> MultiInstance | StandardLoop | None:
    many = first(node, BPMN, "multiInstanceLoopCharacteristics")
    if many is not None:
        found = read_extensions(many)
        return MultiInstance(
            sequential=is_true(many, "isSequential"),
            input_collection=found.get("loopCharacteristics", "inputCollection"),
            input_element=found.get("loopCharacteristics", "inputElement"),
            output_collection=found.get("loopCharacteristics", "outputCollection"),
            output_element=found.get("loopCharacteristics", "outputElement"),
            completion_condition=text_of(first(many, BPMN, "completionCondition")) or None,
            cardinality=text_of(first(many, BPMN, "loopCardinality")) or None,
        )
    loop = first(node, BPMN, "standardLoopCharacteristics")
    if loop is None:
        return None
    maximum = attribute(loop, "loopMaximum") or ""
    return StandardLoop(
        test_before=is_true(loop, "testBefore"),
        condition=text_of(first(loop, BPMN, "loopCondition")) or None,
        maximum=int(maximum) if re.fullmatch(r"\d{1,6}", maximum) else None,
    )


def _flow(node: etree._Element, parent: str | None) -> Flow:
    return Flow(
        id=_id(node),
        source=reference(node, "sourceRef") or "",
        target=reference(node, "targetRef") or "",
        name=attribute(node, "name") or "",
        condition=text_of(first(node, BPMN, "conditionExpression")) or None,
        parent=parent,
        line=_line(node),
    )


def _association(node: etree._Element, kind: str) -> Association:
    return Association(
        id=attribute(node, "id") or "",
        kind=kind,
        source=reference(node, "sourceRef") or "",
        target=reference(node, "targetRef") or "",
        name=attribute(node, "name") or "",
    )


def _read_lanes(
    scope: _Scope, lanes: etree._Element, parent: str | None, sub_process: str | None
) -> None:
    for node in children(lanes, BPMN, "lane"):
        members = tuple(map(text_of, children(node, BPMN, "flowNodeRef")))
        id = attribute(node, "id") or ""
        role = read_extensions(node).properties.get("role")
        name = attribute(node, "name") or ""
        scope.keep(Lane(id, name, role, parent, sub_process, members))
        for inner in children(node, BPMN, "childLaneSet"):
            _read_lanes(scope, inner, id, sub_process)


def _place_in_lanes(scope: _Scope) -> None:
    """Give each element its innermost lane; inside a sub-process without lanes, that one's."""
    lane_of: dict[tuple[str, str | None], str] = {}
    for lane in scope.lanes.values():  # outer lanes come first, so that inner ones win
        lane_of.update({(member, lane.sub_process): lane.id for member in lane.members})
    for id, element in scope.elements.items():  # an element comes after its sub-process
        around = scope.elements.get(element.parent or "")
        inherited = around.lane_id if around else None
        lane_id = lane_of.get((id, element.parent), inherited)
        scope.elements[id] = replace(element, lane_id=lane_id)
    for id, element in scope.elements.items():
        host = scope.elements.get(element.attached_to or "")
        if element.kind == "boundary_event" and host is not None:
            scope.elements[id] = replace(element, lane_id=host.lane_id)
