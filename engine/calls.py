"""Processes that call one another: where a call leads, and who catches what it raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram import Element, Process
from engine.findings import Finding, finding
from engine.profile import label
from engine.soundness import way_avoiding

_DEEPEST = 8


def check_calls(
    process: Process, processes: Mapping[str, Process], *, whole: bool
) -> Iterator[Finding]:
    """Calls that come back to the caller or cannot begin.

    ``whole`` says that there are no other processes than these; else a call may lead elsewhere.
    """
    for element in process.nodes:
        if element.kind != "call_activity" or not element.called:
            continue
        called = processes.get(element.called)
        if called is not None:
            yield from _call(process, element, called, processes)
        elif not whole:
            yield _found("called_elsewhere", process, element, called=element.called)


def check_errors(process: Process, processes: Mapping[str, Process]) -> Iterator[Finding]:
    """Errors that nothing around them catches."""
    for element in process.nodes:
        event = element.event
        if element.kind != "end_event" or event is None or event.kind != "error":
            continue
        if not _caught(process, element, event.code, processes, depth=0):
            code = event.code or event.name or ""
            yield _found("error_uncaught", process, element, code=code)


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, name=label(element), **facts)


def _call(
    process: Process, element: Element, called: Process, processes: Mapping[str, Process]
) -> Iterator[Finding]:
    starts = called.starts()
    if starts and all(start.event for start in starts):
        yield _found("called_start", process, element, called=called.id)
        return
    circle = _circle(called.id, process.id, processes)
    if not circle:
        return
    path = " → ".join([process.id, *circle])
    always = all(
        way_avoiding(processes[caller], _calls(processes[caller], to)) is None
        for caller, to in zip([process.id, *circle], circle, strict=False)
    )
    yield _found("call_endless" if always else "call_circle", process, element, path=path)


def _calls(process: Process, called: str) -> list[str]:
    return [element.id for element in process.nodes if element.called == called]


def _circle(start: str, goal: str, processes: Mapping[str, Process]) -> list[str]:
    """The calls that lead from one process to another; empty if none do."""
    came: dict[str, str | None] = {start: None}
    todo = [start]
    while todo and goal not in came:
        id = todo.pop()
        for element in processes[id].nodes:
            if element.called in processes and element.called not in came:
                came[str(element.called)] = id
                todo.append(str(element.called))
    way: list[str] = []
    at: str | None = goal if goal in came else None
    while at is not None:
        way.append(at)
        at = came[at]
    return way[::-1]


def _caught(
    process: Process,
    element: Element,
    code: str | None,
    processes: Mapping[str, Process],
    *,
    depth: int,
) -> bool:
    """Whether something around the element, or around every call, catches the error."""
    at: Element | None = element
    while at is not None:
        events = [boundary.event for boundary in process.boundaries(at.id)]
        events += [start.event for start in process.beside(at)]
        for event in events:
            if event and event.kind == "error" and event.code in {None, code}:
                return True
        at = process.elements.get(at.parent or "")
    calls = [
        (caller, call)
        for caller in processes.values()
        for call in caller.nodes
        if call.called == process.id
    ]
    return (
        bool(calls)
        and depth < _DEEPEST
        and all(_caught(p, call, code, processes, depth=depth + 1) for p, call in calls)
    )
