"""Small diagrams drawn in code."""

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">'
)


def a_file(*processes: str, declared: str = "") -> bytes:
    """A BPMN file of these processes; ``declared`` holds messages, signals, errors."""
    return f"{_HEAD}{declared}{''.join(processes)}</bpmn:definitions>".encode()


def a_process(id: str, *parts: str, lanes: dict[str, list[str]] | None = None) -> str:
    """A process of these parts; ``lanes`` gives each role its elements."""
    inside = _lanes(lanes) + "".join(parts)
    return f'<bpmn:process id="{id}" isExecutable="true">{inside}</bpmn:process>'


def _lanes(lanes: dict[str, list[str]] | None) -> str:
    drawn = "".join(
        f'<bpmn:lane id="lane_{role}" name="{role}"><bpmn:extensionElements><zeebe:properties>'
        f'<zeebe:property name="role" value="{role}"/></zeebe:properties></bpmn:extensionElements>'
        + "".join(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in ids)
        + "</bpmn:lane>"
        for role, ids in (lanes or {}).items()
    )
    return f"<bpmn:laneSet>{drawn}</bpmn:laneSet>" if drawn else ""


def path(*ids: str) -> str:
    """Flows from each element to the next."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def flow(source: str, target: str, condition: str = "", *, id: str = "") -> str:
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    name = id or f"{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def node(
    kind: str,
    id: str,
    *,
    inside: str = "",
    extensions: str = "",
    inputs: dict[str, str] | None = None,
    outputs: dict[str, str] | None = None,
    properties: dict[str, str] | None = None,
    **attributes: str,
) -> str:
    """Any element; ``outputs={"target": "=source"}``."""
    mapped = "".join(
        f"<zeebe:{way} source={quoteattr(source)} target={quoteattr(target)}/>"
        for way, mappings in (("input", inputs), ("output", outputs))
        for target, source in (mappings or {}).items()
    )
    named = "".join(
        f"<zeebe:property name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in (properties or {}).items()
    )
    box = extensions
    box += f"<zeebe:ioMapping>{mapped}</zeebe:ioMapping>" if mapped else ""
    box += f"<zeebe:properties>{named}</zeebe:properties>" if named else ""
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    extended = f"<bpmn:extensionElements>{box}</bpmn:extensionElements>" if box else ""
    return f'<bpmn:{kind} id="{id}"{written}>{extended}{inside}</bpmn:{kind}>'


def start(id: str = "start", inside: str = "") -> str:
    return node("startEvent", id, inside=inside)


def end(id: str = "end", inside: str = "", **more: dict[str, str]) -> str:
    return node("endEvent", id, inside=inside, **more)  # type: ignore[arg-type]


def user(
    id: str, *, inside: str = "", form: str = "", due: str = "", groups: str = "", **more: object
) -> str:
    extensions = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    extensions += f"<zeebe:taskSchedule dueDate={quoteattr(due)}/>" if due else ""
    extensions += f'<zeebe:assignmentDefinition candidateGroups="{groups}"/>' if groups else ""
    return node("userTask", id, inside=inside, extensions=extensions, **more)  # type: ignore[arg-type]


def script(id: str, result: str, expression: str) -> str:
    extension = f'<zeebe:script expression={quoteattr(expression)} resultVariable="{result}"/>'
    return node("scriptTask", id, extensions=extension)


def service(id: str, type: str, *, retries: str = "", **more: object) -> str:
    tries = f' retries="{retries}"' if retries else ""
    extension = f'<zeebe:taskDefinition type="{type}"{tries}/>'
    return node("serviceTask", id, extensions=extension, **more)  # type: ignore[arg-type]


def call(id: str, process: str, *, inside: str = "", **more: object) -> str:
    extension = f'<zeebe:calledElement processId="{process}"/>'
    return node("callActivity", id, extensions=extension, inside=inside, **more)  # type: ignore[arg-type]


def sub_process(id: str, *parts: str, **more: object) -> str:
    return node("subProcess", id, inside="".join(parts), **more)  # type: ignore[arg-type]


def aside(
    id: str,
    inside: str,
    *parts: str,
    interrupting: bool = True,
    outputs: dict[str, str] | None = None,
) -> str:
    """An event sub-process; its start event is named ``{id}_on``."""
    begin = node(
        "startEvent",
        f"{id}_on",
        inside=inside,
        outputs=outputs,
        isInterrupting="true" if interrupting else "false",
    )
    return node("subProcess", id, inside=begin + "".join(parts), triggeredByEvent="true")


def each(
    collection: str,
    item: str,
    *,
    results: str = "",
    result: str = "",
    until: str = "",
    one_by_one: bool = False,
) -> str:
    """Multi-instance."""
    output = f' outputCollection="{results}" outputElement={quoteattr(result)}' if results else ""
    done = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    sequential = ' isSequential="true"' if one_by_one else ""
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{sequential}><bpmn:extensionElements>"
        f'<zeebe:loopCharacteristics inputCollection={quoteattr(collection)} inputElement="{item}"'
        f"{output}/></bpmn:extensionElements>{done}</bpmn:multiInstanceLoopCharacteristics>"
    )


def timer(kind: str, expression: str) -> str:
    """``kind``: Date, Duration or Cycle."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:time{kind}>{escape(expression)}</bpmn:time{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def event(kind: str, reference: str = "") -> str:
    """``event("message", "m")`` refers to the message declared as ``m``."""
    referring = f' {kind}Ref="{reference}"' if reference else ""
    return f"<bpmn:{kind}EventDefinition{referring}/>"


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def boundary(id: str, host: str, inside: str, *, interrupting: bool = True, **more: object) -> str:
    return node(
        "boundaryEvent",
        id,
        inside=inside,
        attachedToRef=host,
        cancelActivity="true" if interrupting else "false",
        **more,  # type: ignore[arg-type]
    )


def catch(id: str, inside: str, **more: object) -> str:
    return node("intermediateCatchEvent", id, inside=inside, **more)  # type: ignore[arg-type]


def throw(id: str, inside: str, **more: object) -> str:
    return node("intermediateThrowEvent", id, inside=inside, **more)  # type: ignore[arg-type]


def xor(id: str, default: str = "") -> str:
    return node("exclusiveGateway", id, **({"default": default} if default else {}))


def both(id: str) -> str:
    return node("parallelGateway", id)


def some(id: str, default: str = "") -> str:
    return node("inclusiveGateway", id, **({"default": default} if default else {}))


def message(id: str, key: str = "") -> str:
    box = f'<zeebe:subscription correlationKey="{key}"/>' if key else ""
    inside = f"<bpmn:extensionElements>{box}</bpmn:extensionElements>" if box else ""
    return f'<bpmn:message id="{id}" name="{id}">{inside}</bpmn:message>'


def signal(id: str) -> str:
    return f'<bpmn:signal id="{id}" name="{id}"/>'


def error(id: str) -> str:
    return f'<bpmn:error id="{id}" name="{id}" errorCode="{id}"/>'


def escalation(id: str) -> str:
    return f'<bpmn:escalation id="{id}" name="{id}" escalationCode="{id}"/>'
