"""What may be drawn: everything that is not listed here is refused, with what to draw instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.diagram import Element, EventDefinition, MultiInstance, Process, StandardLoop
from engine.findings import Finding, finding

#: Kinds of elements that run.
ELEMENTS = frozenset(
    {
        "start_event",
        "end_event",
        "intermediate_catch_event",
        "intermediate_throw_event",
        "boundary_event",
        "user_task",
        "manual_task",
        "service_task",
        "script_task",
        "business_rule_task",
        "send_task",
        "receive_task",
        "call_activity",
        "sub_process",
        "event_sub_process",
        "exclusive_gateway",
        "parallel_gateway",
        "inclusive_gateway",
        "event_based_gateway",
    }
)
#: Where an event stands → what it may wait for or throw ("none": a plain one).
EVENTS = {
    "start_event": ("none", "message", "timer", "signal"),
    "event_sub_process_start": ("message", "timer", "signal", "error", "escalation"),
    "end_event": ("none", "message", "signal", "error", "escalation", "compensate", "terminate"),
    "intermediate_catch_event": ("message", "timer", "signal", "link"),
    "intermediate_throw_event": ("none", "message", "signal", "escalation", "compensate", "link"),
    "boundary_event": ("message", "timer", "signal", "error", "escalation", "compensate"),
}
REPEATABLE = frozenset(
    {
        "user_task",
        "manual_task",
        "service_task",
        "script_task",
        "business_rule_task",
        "send_task",
        "receive_task",
        "call_activity",
        "sub_process",
    }
)
#: Properties of elements that mean something.
PROPERTIES = frozenset(
    {
        *("consent.purpose", "consent.categories", "documents", "milestone", "review", "role"),
        "procedure",
    }
)
MOST_TURNS = 10_000

_OWN_RULE = {
    "task": "abstract_task",
    "complex_gateway": "complex_gateway",
    "ad_hoc_sub_process": "ad_hoc",
    "transaction": "transaction",
}
_REFUSED_EVENTS = {
    "conditional": "conditional_event",
    "cancel": "transaction",
}
_FOREIGN = {
    "zeebe:formDefinition/formKey": "form_key",
    "zeebe:formDefinition/externalReference": "form_key",
    "zeebe:assignmentDefinition/assignee": "person_named",
    "zeebe:assignmentDefinition/candidateUsers": "person_named",
    "zeebe:calledElement/processIdExpression": "process_expression",
    "zeebe:calledElement/propagateAllChildVariables": "propagate_all",
    "zeebe:calledElement/propagateAllParentVariables": "propagate_all",
    "bpmn:script": "plain_script",
    "bpmn:dataInputAssociation": "unread_data",
    "bpmn:dataOutputAssociation": "unread_data",
    "bpmn:ioSpecification": "unread_data",
    "bpmn:loopDataInputRef": "unread_data",
    "bpmn:loopDataOutputRef": "unread_data",
    "bpmn:callActivity/calledElement": "called_element",
}
#: Extensions that only inform, so that leaving them out changes nothing.
_INFORMING = frozenset({"zeebe:versionTag", "zeebe:taskHeaders", "zeebe:userTask/implementation"})
#: What can raise an error or an escalation that an event on its border catches.
_RAISING = {
    "error": {"sub_process", "call_activity", "service_task"},
    "escalation": {"sub_process", "call_activity"},
}
_REFERRING = {"message", "signal", "error", "escalation"}
_THROWN = frozenset({"error", "escalation"})
_WITH_MESSAGE = {"receive_task", "send_task"}


def check_profile(process: Process) -> Iterator[Finding]:
    """A finding for each thing in the process that cannot be run as it is drawn."""
    for name, text in process.foreign:
        yield from _foreign(process.file, process.id, process.name or process.id, name, text)
    for element in process.nodes:
        for check in _CHECKS:
            yield from check(process, element)


def in_words(kind: str) -> str:
    """``user_task`` as “user task”."""
    return kind.replace("_", " ")


def label(element: Element) -> str:
    """What people call the element; its id where it has no name."""
    return " ".join(element.name.split()) or element.id


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, **({"name": label(element)} | facts))


def _kind(process: Process, element: Element) -> Iterator[Finding]:
    if element.kind not in ELEMENTS:
        rule = _OWN_RULE.get(element.kind, "unsupported_element")
        yield _found(rule, process, element, kind=in_words(element.kind))
    if element.instantiates:
        yield _found("instantiate", process, element)


def _extensions(process: Process, element: Element) -> Iterator[Finding]:
    for name, text in element.foreign:
        yield from _foreign(process.file, element.id, label(element), name, text)


def _foreign(file: str, id: str, name: str, key: str, text: str) -> Iterator[Finding]:
    if key in _INFORMING:
        return
    if key.startswith("camunda:"):
        yield finding("camunda_7", file, id, name=name, text=key)
    elif key in _FOREIGN:
        yield finding(_FOREIGN[key], file, id, name=name, text=text[:80])
    else:
        yield finding("unread", file, id, name=name, text=key)


def _events(process: Process, element: Element) -> Iterator[Finding]:
    if len(element.events) > 1:
        yield _found("several_events", process, element)
    allowed = EVENTS.get(_place(process, element))
    if allowed is None:
        yield from _of_task(process, element)
        return
    for event in element.events or (EventDefinition("none"),):
        if event.kind in allowed:
            yield from _reference(process, element, event)
        elif event.kind == "none":
            yield _found("no_event", process, element)
        elif event.kind in _REFUSED_EVENTS:
            yield _found(_REFUSED_EVENTS[event.kind], process, element)
        else:
            yield _unsupported(process, element, event.kind, allowed)


def _place(process: Process, element: Element) -> str:
    """Where an event stands, as ``EVENTS`` has it."""
    around = process.elements.get(element.parent or "")
    beside = around is not None and around.kind == "event_sub_process"
    return "event_sub_process_start" if beside and element.kind == "start_event" else element.kind


def _of_task(process: Process, element: Element) -> Iterator[Finding]:
    """Tasks wait for messages and send them; whether a sent one has a name is asked elsewhere."""
    event = element.event
    if event is None and element.kind == "receive_task":
        event = EventDefinition("message")
    if event is None:
        return
    if event.kind == "message" and element.kind in _WITH_MESSAGE:
        yield from _reference(process, element, event)
    else:
        allowed = ("message",) if element.kind in _WITH_MESSAGE else ("none",)
        yield _unsupported(process, element, event.kind, allowed)


def _unsupported(
    process: Process, element: Element, event: str, allowed: tuple[str, ...]
) -> Finding:
    return _found(
        "unsupported_event",
        process,
        element,
        event=event,
        article=_article(event),
        allowed=", ".join(allowed).replace("none", "a plain one"),
    )


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def _reference(process: Process, element: Element, event: EventDefinition) -> Iterator[Finding]:
    if event.kind not in _REFERRING or event.name is not None:
        return
    facts = {"event": event.kind, "article": _article(event.kind)}
    if event.reference is not None:
        if event.kind in {"message", "signal"} or event.code is None:
            yield _found("event_nowhere", process, element, **facts)
    elif not _may_be_any(element, event):
        yield _found("event_without_reference", process, element, **facts)


def _may_be_any(element: Element, event: EventDefinition) -> bool:
    """Without a code, every error or escalation is caught."""
    return element.kind in {"boundary_event", "start_event"} and event.kind in _THROWN


def _kept(process: Process, element: Element) -> Iterator[Finding]:
    kind = element.event.kind if element.event else ""
    if kind == "error" and not element.interrupting:
        yield _found("error_kept", process, element)


def _aside(process: Process, element: Element) -> Iterator[Finding]:
    """An event sub-process shares what is around it, and nothing lies on its border."""
    if element.kind == "event_sub_process" and (element.inputs or element.outputs):
        yield _found("unread", process, element, text="zeebe:ioMapping")


def _boundary(process: Process, element: Element) -> Iterator[Finding]:
    host = process.elements.get(element.attached_to or "")
    if element.kind != "boundary_event" or host is None:
        return
    facts = {"host": label(host), "kind": in_words(host.kind)}
    kind = element.event.kind if element.event else ""
    if not host.is_activity or host.kind == "event_sub_process":
        yield _found("boundary_start", process, element, **facts)
    elif isinstance(host.loop, MultiInstance) and host.kind in {"user_task", "manual_task"}:
        yield _found("boundary_many", process, element, **facts)
    elif host.kind not in _RAISING.get(kind, {host.kind}):
        yield _found("boundary_never", process, element, event=kind, **facts)


def _loops(process: Process, element: Element) -> Iterator[Finding]:
    loop = element.loop
    if loop is None:
        return
    if element.kind not in REPEATABLE:
        yield _found("many_kind", process, element, kind=in_words(element.kind))
    elif isinstance(loop, StandardLoop):
        if loop.maximum is None or not 0 < loop.maximum <= MOST_TURNS:
            yield _found("loop_unbounded", process, element)
    else:
        yield from _many(process, element, loop)


def _link(process: Process, element: Element) -> Iterator[Finding]:
    if element.event is None or element.event.kind != "link":
        return
    pairs = [pair for pair in process.links if element.id in pair]
    if len(pairs) > 1 and element.kind == "intermediate_throw_event":
        yield _found("link_twice", process, element, link=element.event.name or "")
    elif not pairs:
        yield _found("link_alone", process, element, link=element.event.name or "")


def _many(process: Process, element: Element, loop: MultiInstance) -> Iterator[Finding]:
    if not loop.cardinality and not (loop.input_collection or "").lstrip().startswith("="):
        yield _found("many_collection", process, element)
    if bool(loop.output_collection) != bool(loop.output_element):
        yield _found("many_output", process, element)


_CHECKS: tuple[Callable[[Process, Element], Iterator[Finding]], ...] = (
    _kind,
    _extensions,
    _events,
    _kept,
    _aside,
    _boundary,
    _loops,
    _link,
)
