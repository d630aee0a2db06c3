"""Whether what is drawn of compensation can be carried out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import Element, Process
from engine.findings import Finding, finding
from engine.profile import in_words, label

_HANDLERS = frozenset(
    {
        "user_task",
        "manual_task",
        "service_task",
        "script_task",
        "business_rule_task",
        "send_task",
        "call_activity",
    }
)


def check_compensation(process: Process) -> Iterator[Finding]:
    """A finding for each event that leads nowhere, and each step that none leads to."""
    events = [e for e in process.nodes if _compensates(e)]
    led_to = [process.handler_of(event) for event in events if event.attached_to]
    for event in events:
        if event.attached_to:
            yield from _on_border(process, event)
        elif event.kind in {"end_event", "intermediate_throw_event"}:
            yield from _thrown(process, event)
    for element in process.nodes:
        if element.for_compensation:
            if element not in led_to:
                yield _found("compensation_alone", process, element)
            yield from _handler(process, element)


def _compensates(element: Element) -> bool:
    return element.event is not None and element.event.kind == "compensate"


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, **({"name": label(element)} | facts))


def _on_border(process: Process, event: Element) -> Iterator[Finding]:
    host = process.elements.get(event.attached_to or "")
    if process.handler_of(event) is None:
        yield _found("compensation_handler", process, event)
    if process.outgoing(event.id):
        yield _found("compensation_flow", process, event)
    if host is not None and host.loop is not None:
        yield _found("compensation_many", process, event, host=label(host))


def _handler(process: Process, handler: Element) -> Iterator[Finding]:
    flows = (*process.incoming(handler.id), *process.outgoing(handler.id))
    if flows or process.boundaries(handler.id):
        yield _found("compensation_flow", process, handler)
    if handler.kind not in _HANDLERS or handler.loop is not None:
        yield _found("compensation_kind", process, handler, kind=in_words(handler.kind))


def _thrown(process: Process, event: Element) -> Iterator[Finding]:
    scopes = list(_scopes(process, event))
    only = event.event.reference if event.event else None
    meant = [
        e
        for scope in scopes
        for e in process.children(scope)
        if e.attached_to and _compensates(e) and only in (None, e.attached_to)
    ]
    if only is not None or not list(_inside(process, scopes)):
        if not meant:
            yield _found("compensation_nothing", process, event)
        return
    for inner in _inside(process, scopes):
        yield _found("compensation_inside", process, event, inner=label(inner))


def _scopes(process: Process, event: Element) -> Iterator[str | None]:
    """The scope of an event, and what lies around the event sub-processes around it."""
    scope = event.parent
    yield scope
    while scope is not None and process.elements[scope].kind == "event_sub_process":
        scope = process.elements[scope].parent
        yield scope


def _inside(process: Process, scopes: list[str | None]) -> Iterator[Element]:
    """Sub-processes with compensation inside that have none themselves."""
    for scope in scopes:
        for element in process.children(scope):
            whole = any(_compensates(b) for b in process.boundaries(element.id))
            if element.kind == "sub_process" and not whole and _holds(process, element.id):
                yield element


def _holds(process: Process, scope: str) -> bool:
    return any(
        (child.attached_to and _compensates(child)) or _holds(process, child.id)
        for child in process.children(scope)
    )
