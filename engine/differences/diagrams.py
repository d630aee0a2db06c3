"""A BPMN file as things: the diagram, its elements, flows and lanes."""

from collections.abc import Iterator, Mapping

from engine import diagram
from engine.diagram import (
    Element,
    EventDefinition,
    Flow,
    Lane,
    Layout,
    MultiInstance,
    Process,
    StandardLoop,
)
from engine.diagram.model import EVENTS, GATEWAYS, SUB_PROCESSES, TASKS
from engine.differences.model import ARROW, Setting, Thing

_PROPERTIES = {
    "consent.purpose": "purpose",
    "consent.categories": "categories",
    "milestone": "milestone",
    "review": "review",
}


def things(data: bytes, path: str) -> Iterator[Thing]:
    """Raises SamplanError for a file that cannot be read."""
    for process in diagram.read(data, path):
        settings = {("name", ""): process.name, ("guidance", ""): process.documentation}
        settings |= {("property", name): text for name, text in process.properties.items()}
        yield Thing("process", path, process.id, process.id, process.name, settings)
        yield from (_element(process, each) for each in process.elements.values())
        yield from (_flow(process, each) for each in process.flows.values())
        yield from (_lane(process, each) for each in process.lanes.values())


def label(element: Element) -> str:
    return " ".join(element.name.split()) or element.id


def _element(process: Process, element: Element) -> Thing:
    return Thing(
        _aspect(element.kind),
        process.file,
        process.id,
        element.id,
        label(element),
        _settings(process, element),
        _drawn(process.layout, element.id),
    )


def _aspect(kind: str) -> str:
    if kind in TASKS or kind == "call_activity":
        return "step"
    if kind in EVENTS:
        return "event"
    if kind in GATEWAYS:
        return "gateway"
    return "part" if kind in SUB_PROCESSES else "note"


def _settings(process: Process, element: Element) -> dict[Setting, str]:
    found: dict[Setting, str] = {
        ("name", ""): element.name,
        ("kind", ""): element.kind.replace("_", " "),
        ("role", ""): element.lane_id or "",
        ("addressee", ""): element.candidate_groups or "",
        ("form", ""): element.form or "",
        ("due", ""): element.due or "",
        ("follow_up", ""): element.follow_up or "",
        ("priority", ""): element.priority or "",
        ("calls", ""): element.called or "",
        ("repeats", ""): _loop(element.loop),
        ("border", ""): element.attached_to or "",
        ("interrupts", ""): "" if element.interrupting else "no",
        ("inside", ""): element.parent or "",
        ("default", ""): element.default_flow or "",
    }
    for event in element.events:
        found["waits", event.kind] = _event(event)
    return _said({**found, **_asked(element), **_mapped(element), **_noted(element)})


def _asked(element: Element) -> dict[Setting, str]:
    found: dict[Setting, str] = {}
    if element.decision:
        found["asks", element.decision.result or ""] = element.decision.id
    if element.service:
        retries = f" ({element.service.retries})" if element.service.retries else ""
        found["service", ""] = element.service.type + retries
    if element.script:
        found["script", element.script.result or ""] = element.script.expression
    return found


def _mapped(element: Element) -> dict[Setting, str]:
    found = {("input", each.target): each.source for each in element.inputs}
    return found | {("output", each.target): each.source for each in element.outputs}


def _noted(element: Element) -> dict[Setting, str]:
    found: dict[Setting, str] = {("guidance", ""): element.documentation}
    for name, text in (*element.properties.items(), *element.foreign):
        aspect = _PROPERTIES.get(name, "property")
        found[aspect, "" if name in _PROPERTIES else name] = text
    return found


def _flow(process: Process, flow: Flow) -> Thing:
    settings = {
        ("name", ""): flow.name,
        ("ends", ""): f"{flow.source}{ARROW}{flow.target}",
        ("condition", ""): flow.condition or "",
    }
    return Thing("flow", process.file, process.id, flow.id, flow.name, _said(settings))


def _lane(process: Process, lane: Lane) -> Thing:
    settings = {
        ("name", ""): lane.name,
        ("addressee", ""): lane.role or "",
        ("inside", ""): lane.parent or "",
    }
    shape = _drawn(process.layout, lane.id)
    name = lane.name or lane.id
    return Thing("lane", process.file, process.id, lane.id, name, _said(settings), shape)


def _said(settings: Mapping[Setting, str]) -> dict[Setting, str]:
    return {setting: text for setting, text in settings.items() if text}


def _drawn(layout: Layout, id: str) -> str:
    shape = layout.shapes.get(id)
    return str(shape.box) if shape else ""


def _event(event: EventDefinition) -> str:
    said = [event.name or event.reference or "", event.code or "", event.correlation or ""]
    if event.timer:
        said.append(event.timer.expression)
    return ", ".join(part for part in said if part) or event.kind


def _loop(loop: MultiInstance | StandardLoop | None) -> str:
    match loop:
        case MultiInstance():
            parts = [
                "one after the other" if loop.sequential else "at the same time",
                loop.input_collection or loop.cardinality or "",
                loop.input_element or "",
                loop.output_element or "",
                loop.output_collection or "",
                loop.completion_condition or "",
            ]
        case StandardLoop():
            parts = [loop.condition or "", str(loop.maximum or "")]
        case _:
            return ""
    return ", ".join(part for part in parts if part)
