"""Builders of small BPMN files: ``a_file(a_process(start(), user("a"), end(), path="s a e"))``."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="definitions" targetNamespace="http://example.org/"'
    ' modeler:executionPlatform="Camunda Cloud">\n'
)


def a_file(*parts: str) -> bytes:
    """A BPMN file holding processes, messages and the like."""
    return (_HEAD + "\n".join(parts) + "\n</bpmn:definitions>\n").encode()


def a_process(*parts: str, id: str = "p", path: str = "", name: str = "A process") -> str:
    """An executable process; ``path`` joins ids by flows: ``"s a g, g b"``; commas part chains."""
    body = "\n".join((*parts, *flows(path)))
    return f'<bpmn:process id="{id}" name="{name}" isExecutable="true">{body}</bpmn:process>'


def flows(path: str) -> list[str]:
    """Flows named ``source_target`` along the chains of a path."""
    found = []
    for chain in filter(None, map(str.strip, path.split(","))):
        ids = chain.split()
        found += [flow(a, b) for a, b in pairwise(ids)]
    return found


def flow(source: str, target: str, condition: str | None = None, *, id: str = "") -> str:
    """One flow, with a condition if given."""
    inner = (
        ""
        if condition is None
        else '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{escape(condition)}</bpmn:conditionExpression>"
    )
    id = id or f"{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def element(tag: str, id: str, *inner: str, **attributes: str) -> str:
    """Any BPMN element; its name is its id unless told otherwise."""
    written = "".join(
        f" {key}={quoteattr(value)}" for key, value in ({"name": id} | attributes).items()
    )
    return f'<bpmn:{tag} id="{id}"{written}>{"".join(inner)}</bpmn:{tag}>'


def extension(*inner: str) -> str:
    """The extensionElements of an element, from zeebe tags such as ``zeebe("taskDefinition")``."""
    return f"<bpmn:extensionElements>{''.join(inner)}</bpmn:extensionElements>"


def zeebe(tag: str, *inner: str, **attributes: str) -> str:
    """One zeebe extension element."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<zeebe:{tag}{written}>{''.join(inner)}</zeebe:{tag}>"


def mapping(*, inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """An ioMapping; each dict goes from target variable to source expression."""
    return zeebe(
        "ioMapping",
        *(zeebe("input", source=s, target=t) for t, s in (inputs or {}).items()),
        *(zeebe("output", source=s, target=t) for t, s in (outputs or {}).items()),
    )


def properties(**named: str) -> str:
    """zeebe properties; a double underscore stands for a dot in the name."""
    return zeebe(
        "properties",
        *(
            zeebe("property", name=key.replace("__", "."), value=value)
            for key, value in named.items()
        ),
    )


def start(id: str = "s", *inner: str, **attributes: str) -> str:
    """A start event."""
    return element("startEvent", id, *inner, **attributes)


def end(id: str = "e", *inner: str, **attributes: str) -> str:
    """An end event."""
    return element("endEvent", id, *inner, **attributes)


def user(id: str, *inner: str, **attributes: str) -> str:
    """A user task with guidance, for the role ``referrer`` unless extensions are given."""
    documentation = "<bpmn:documentation>What to do.</bpmn:documentation>"
    inner = inner or (extension(zeebe("assignmentDefinition", candidateGroups="referrer")),)
    return element("userTask", id, documentation, *inner, **attributes)


def service(id: str, type: str = "consent.status", *inner: str, **attributes: str) -> str:
    """A service task."""
    definition = zeebe("taskDefinition", type=type)
    return element("serviceTask", id, extension(definition, *inner), **attributes)


def script(id: str, expression: str, result: str) -> str:
    """A script task."""
    inner = zeebe("script", expression=expression, resultVariable=result)
    return element("scriptTask", id, extension(inner))


def call(id: str, process: str, *inner: str, loop: str = "") -> str:
    """A call activity."""
    called = zeebe("calledElement", processId=process)
    return element("callActivity", id, extension(called, *inner), loop)


def xor(id: str, *, default: str = "") -> str:
    """An exclusive gateway."""
    return element("exclusiveGateway", id, **({"default": default} if default else {}))


def both(id: str) -> str:
    """A parallel gateway."""
    return element("parallelGateway", id)


def some(id: str, *, default: str = "") -> str:
    """An inclusive gateway."""
    return element("inclusiveGateway", id, **({"default": default} if default else {}))


def first_of(id: str) -> str:
    """An event-based gateway."""
    return element("eventBasedGateway", id)


def sub(id: str, *parts: str, path: str = "", **attributes: str) -> str:
    """An embedded sub-process."""
    return element("subProcess", id, *parts, *flows(path), **attributes)


def aside(id: str, definition: str, *parts: str, path: str = "", interrupting: bool = True) -> str:
    """An event sub-process; its start event is named ``{id}_on``."""
    begin = start(f"{id}_on", definition, isInterrupting="true" if interrupting else "false")
    return sub(id, begin, *parts, path=path, triggeredByEvent="true")


def catch(id: str, definition: str, **attributes: str) -> str:
    """An intermediate catch event."""
    return element("intermediateCatchEvent", id, definition, **attributes)


def throw(id: str, definition: str, **attributes: str) -> str:
    """An intermediate throw event."""
    return element("intermediateThrowEvent", id, definition, **attributes)


def boundary(id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    cancel = "true" if interrupting else "false"
    return element("boundaryEvent", id, definition, attachedToRef=host, cancelActivity=cancel)


def timer(duration: str = "P1D", *, kind: str = "timeDuration") -> str:
    """A timer definition."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(duration)}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def on(kind: str, reference: str = "") -> str:
    """An event definition that points at a declared message, signal, error or escalation."""
    written = f' {kind}Ref="{reference}"' if reference else ""
    return f"<bpmn:{kind}EventDefinition{written}/>"


def message(id: str, name: str = "", key: str = "=case_ref") -> str:
    """A declared message."""
    subscription = extension(zeebe("subscription", correlationKey=key))
    return f'<bpmn:message id="{id}" name="{name or id}">{subscription}</bpmn:message>'


def declared(kind: str, id: str, code: str = "") -> str:
    """A declared signal, error or escalation."""
    written = f' {kind}Code="{code or id}"' if kind != "signal" else ""
    return f'<bpmn:{kind} id="{id}" name="{id}"{written}/>'


def many(collection: str = "=parties", item: str = "party", *, sequential: bool = False) -> str:
    """Multi-instance characteristics."""
    inner = extension(zeebe("loopCharacteristics", inputCollection=collection, inputElement=item))
    written = ' isSequential="true"' if sequential else ""
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f"<{tag}{written}>{inner}</{tag}>"


def lanes(**members: str) -> str:
    """One lane per role, holding the ids of a space-separated text."""
    inner = "".join(
        f'<bpmn:lane id="lane_{role}" name="{role}">{extension(properties(role=role))}'
        + "".join(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in ids.split())
        + "</bpmn:lane>"
        for role, ids in members.items()
    )
    return f'<bpmn:laneSet id="lanes">{inner}</bpmn:laneSet>'


def drawn(process: str, *shapes: str, edges: tuple[str, ...] = ()) -> str:
    """A layout that puts each shape somewhere and draws each flow as a short line."""
    boxes = "".join(
        f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}">'
        f'<dc:Bounds x="{n * 150}" y="100" width="100" height="80"/></bpmndi:BPMNShape>'
        for n, id in enumerate(shapes)
    )
    lines = "".join(
        f'<bpmndi:BPMNEdge id="{id}_di" bpmnElement="{id}"><di:waypoint x="0" y="0"/>'
        '<di:waypoint x="10" y="0"/></bpmndi:BPMNEdge>'
        for id in edges
    )
    return (
        f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="{process}">'
        f"{boxes}{lines}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
