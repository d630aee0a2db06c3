"""Loops in which nobody and nothing is waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from engine.diagram import Element, MultiInstance, Process, feel_source
from engine.expressions import facts_of
from engine.findings import Finding, finding
from engine.profile import label
from engine.soundness import in_steps

_WAITING = {"user_task", "manual_task", "receive_task", "call_activity", "event_based_gateway"}
#: What they bring is not known from the diagram alone.
_BRINGING = {"service_task", "send_task", "business_rule_task"}
_THROWN = {"error", "escalation"}
_MOST_LOOPS = 20
_CLOCK = "now()"

Graph = dict[str, set[str]]


def check_loops(process: Process) -> Iterator[Finding]:
    """A finding for each loop that a token could go round without ever resting."""
    waiting = _waiting(process)
    graph = _graph(process, waiting)
    for _ in range(_MOST_LOOPS):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = [str(id) for id in error.args[1]][::-1]
            loop = _round(graph, circle[0])
            found = _loop(process, circle, loop)
            if found is not None:
                yield found
            graph = {id: after - loop for id, after in graph.items() if id not in loop}
        else:
            return


def _waiting(process: Process) -> set[str]:
    """The elements at which a token can rest, and the sub-processes around them."""
    found: set[str] = set()
    for element in reversed(process.nodes):  # what a sub-process holds comes after it
        if element.kind in _WAITING or element.id in found or _listens(element):
            found.add(element.id)
            found.add(element.parent or "")
    return found


def _listens(element: Element) -> bool:
    return element.kind == "intermediate_catch_event" and (
        element.event is None or element.event.kind != "link"
    )


def _graph(process: Process, waiting: set[str]) -> Graph:
    graph: Graph = {element.id: set() for element in process.nodes if element.id not in waiting}
    pairs = [(flow.source, flow.target) for flow in process.flows.values()]
    pairs += process.links
    pairs += [
        (element.attached_to or "", element.id)
        for element in process.nodes
        if element.kind == "boundary_event" and element.event and element.event.kind in _THROWN
    ]
    for source, target in pairs:
        if source in graph and target in graph:
            graph[source].add(target)
    return graph


def _round(graph: Graph, id: str) -> set[str]:
    """All from which one can come back to them."""
    before: Graph = {each: set() for each in graph}
    for source, targets in graph.items():
        for target in targets:
            before[target].add(source)
    return _reached(graph, id) & _reached(before, id)


def _reached(graph: Graph, id: str) -> set[str]:
    found: set[str] = set()
    todo = [id]
    while todo:
        each = todo.pop()
        if each not in found:
            found.add(each)
            todo += graph[each]
    return found


def _loop(process: Process, circle: list[str], loop: set[str]) -> Finding | None:
    """None where no way leads out, which is said by the walk over all courses."""
    exits = [
        id
        for id in dict.fromkeys([*circle, *loop])
        if any(flow.target not in loop for flow in process.outgoing(id))
    ]
    if not exits:
        return None
    inside = [process.elements[id] for id in loop]
    asked = _asked(process, exits)
    endless = (
        bool(asked)
        and not asked & _changes(process, inside)
        and not any(element.kind in _BRINGING for element in _all_in(process, inside))
    )
    facts = {"name": label(process.elements[exits[0]]), "path": in_steps(process, circle)}
    rule = "loop_endless" if endless else "loop_unwaited"
    return finding(rule, process.file, exits[0], **facts)


def _asked(process: Process, exits: list[str]) -> set[str]:
    """What the conditions of the ways out read; the clock is read and changes by itself."""
    found: set[str] = set()
    for id in exits:
        for flow in process.outgoing(id):
            source = feel_source(flow.condition)
            if source is None:
                continue
            found |= facts_of(source).names
            if "now(" in source or "today(" in source:
                found.add(_CLOCK)
    return found


def _changes(process: Process, inside: Iterable[Element]) -> set[str]:
    found = {_CLOCK}
    for element in _all_in(process, inside):
        found |= {mapping.target.partition(".")[0] for mapping in element.outputs}
        if element.script and element.script.result:
            found.add(element.script.result.partition(".")[0])
        if isinstance(element.loop, MultiInstance) and element.loop.output_collection:
            found.add(element.loop.output_collection)
    return found


def _all_in(process: Process, elements: Iterable[Element]) -> Iterator[Element]:
    """These elements and what sub-processes among them hold."""
    held: set[str] = set()
    for element in elements:
        yield element
        held.add(element.id)
    for element in process.nodes:
        if element.parent in held and element.id not in held:
            held.add(element.id)
            yield element
