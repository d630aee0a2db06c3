"""Variables that are read although nothing has written them, and expressions that are no FEEL."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.diagram import Element, Process
from engine.expressions import Written, facts_of, written_in
from engine.findings import Finding, finding
from engine.profile import label
from engine.soundness import in_steps, way_avoiding
from engine.suggesting import in_feel
from engine.variables.flow import (
    ALWAYS_THERE,
    COUNTS,
    Known,
    Names,
    World,
    item_of,
    trace_variables,
    writes,
)

__all__ = ["World", "check_expressions", "check_variables", "surely_known"]

#: What every instance begins with.
AT_START = frozenset({"case_ref", "organisation", "unit"})
#: Rules that are told once per variable, at its first reader.
_ONCE = {"maybe_unwritten", "maybe_unwritten_here", "never_written_here"}
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_JUEL = re.compile(r"[$#]\{(.*)\}", re.DOTALL)


def check_expressions(process: Process) -> Iterator[Finding]:
    """Every text that should be FEEL and is none, and every target that is no name."""
    for element in process.nodes:
        for written in written_in(process, element):
            yield from _expression(process, element, written)
        for place, name in _named_by(element):
            if not _NAME.fullmatch(name):
                facts = {"name": label(element), "variable": name, "place": place}
                yield finding("bad_variable_name", process.file, element.id, **facts)


def _named_by(element: Element) -> Iterator[tuple[str, str]]:
    yield from (("input", mapping.target) for mapping in element.inputs)
    yield from (("output", mapping.target) for mapping in element.outputs)
    if element.script and element.script.result:
        yield "result variable", element.script.result
    if element.decision and element.decision.result:
        yield "result variable", element.decision.result


def _expression(process: Process, element: Element, written: Written) -> Iterator[Finding]:
    facts = {
        "name": label(element),
        "place": written.place,
        "text": " ".join(written.text.split())[:80],
    }
    juel = _JUEL.search(written.text)
    if juel:
        suggestion = in_feel(juel.group(1))[:80]
        yield finding("juel", process.file, written.element, suggestion=suggestion, **facts)
        return
    if written.condition and not written.text.lstrip().startswith("="):
        suggestion = in_feel(written.text)[:80]
        facts["suggestion"] = suggestion
        yield finding("literal_condition", process.file, written.element, **facts)
        return
    source = written.source
    if source is None:
        return
    for problem in facts_of(source).problems:
        yield finding("feel", process.file, written.element, why=problem, **facts)


def check_variables(
    processes: Mapping[str, Process],
    world: World,
    started: Mapping[str, Names] | None,
) -> Iterator[Finding]:
    """Findings for all processes of a pack.

    ``started`` says what each process may be started with, besides by calls; None for a file
    outside a pack, where anything may be passed to a process.
    """
    web = _Web(processes, world, started)
    for process in processes.values():
        yield from web.check(process)


def surely_known(
    processes: Mapping[str, Process],
    world: World,
    started: Mapping[str, Names] | None,
) -> Mapping[str, Known]:
    """By process, what surely exists where; ``started`` as in `check_variables`."""
    return _Web(processes, world, started).known


@dataclass(frozen=True, slots=True)
class _Reading:
    """A name that an expression reads, at a place where ``there`` surely exists."""

    element: Element
    name: str
    there: Names


@dataclass(slots=True)
class _Web:
    """All processes with what they pass to one another."""

    processes: Mapping[str, Process]
    world: World
    started: Mapping[str, Names] | None
    known: dict[str, Known] = field(default_factory=dict)
    written: dict[str, Names] = field(default_factory=dict)
    callers: dict[str, list[tuple[Process, Element]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for process in self.processes.values():
            self.written[process.id] = writes(process, self.world)
            for element in process.nodes:
                if element.called and element.called in self.processes:
                    self.callers.setdefault(element.called, []).append((process, element))
        self._trace_all()

    def _trace_all(self) -> None:
        """Until nobody passes less than was thought: what is passed can only shrink."""
        todo = deque(self.processes)
        while todo:
            process = self.processes[todo.popleft()]
            known = trace_variables(process, self._entry(process.id), self.world)
            if process.id in self.known and known.before == self.known[process.id].before:
                continue
            self.known[process.id] = known
            called = {element.called for element in process.nodes if element.called}
            todo.extend(id for id in called if id in self.processes and id not in todo)

    def _entry(self, id: str) -> Names:
        given = [
            self.known[caller.id].passed_by(call)
            for caller, call in self.callers.get(id, ())
            if caller.id in self.known and call.id in self.known[caller.id].before
        ]
        if self.started is None:
            return AT_START | (frozenset.intersection(*given) if given else frozenset())
        if id in self.started or not self.callers.get(id):
            given.append(self.started.get(id, frozenset()) | AT_START)
        return frozenset.intersection(*given) if given else self._anything(id) | AT_START

    def _anything(self, id: str) -> Names:
        """All that the process reads and never writes."""
        read: set[str] = set()
        process = self.processes[id]
        for element in process.nodes:
            for written in written_in(process, element):
                read |= facts_of(written.source).names if written.source else frozenset()
        return frozenset(read) - self.written[id]

    def check(self, process: Process) -> Iterator[Finding]:
        """The findings of one process; a missing variable is named where it is first read."""
        shown: set[tuple[str, str]] = set()
        for element in process.nodes:
            if element.id not in self.known[process.id].before:
                continue
            for reading in self._readings(process, element):
                for found in self._missing(process, reading):
                    key = (found.element, reading.name)
                    if found.rule in _ONCE:
                        key = ("", reading.name)
                    if key not in shown:
                        shown.add(key)
                        yield found

    def _readings(self, process: Process, element: Element) -> Iterator[_Reading]:
        known = self.known[process.id]
        before = known.before[element.id] | ALWAYS_THERE
        local = before | item_of(element)
        for written in written_in(process, element):
            facts = facts_of(written.source) if written.source else None
            sure = facts.sure if facts else frozenset()
            match written.when:
                case "entered":
                    there: Names | None = before
                case "left":
                    there = known.after[element.id] | ALWAYS_THERE
                case "local":
                    there = local
                case _:
                    there = self._with_brought(element, local)
            if there is not None:
                yield from (_Reading(element, name, there) for name in sorted(sure - there))
            if written.target:
                local |= {written.target.partition(".")[0]}
        yield from self._asked(element, local)

    def _with_brought(self, element: Element, local: Names) -> Names | None:
        if element.loop is not None:
            local |= COUNTS | {getattr(element.loop, "output_collection", None) or "loopCounter"}
        if element.kind == "call_activity":
            called = self.known.get(element.called or "")
            return None if called is None else local | called.at_end
        if element.kind == "sub_process":
            return None
        brought = self.world.brought(element)
        return None if brought is None else local | brought

    def _asked(self, element: Element, local: Names) -> Iterator[_Reading]:
        """What the decision of a business rule task reads."""
        if element.decision is None or self.world.decisions is None:
            return
        needed = self.world.decisions.get(element.decision.id, frozenset())
        yield from (_Reading(element, name, local) for name in sorted(needed - local))

    def _missing(self, process: Process, reading: _Reading) -> Iterator[Finding]:
        element, name = reading.element, reading.name
        facts = {"name": label(element), "variable": name}
        called = element.called or ""
        if name in self.written.get(called, frozenset()):
            path = self._way_around(called, name)
            if path is not None:
                facts |= {"process": called, "path": path}
                yield finding("output_unwritten", process.file, element.id, **facts)
        elif name in self.written[process.id]:
            path = _way_without(process, element, name, self.world)
            rule = "maybe_unwritten" if self.started is not None else "maybe_unwritten_here"
            yield finding(rule, process.file, element.id, path=path, **facts)
        elif self.started is None:
            yield finding("never_written_here", process.file, element.id, **facts)
        else:
            yield from self._not_passed(process, reading, facts)

    def _way_around(self, called: str, name: str) -> str | None:
        """How a called process can end without writing the variable."""
        process = self.processes[called]
        writers = [e.id for e in process.nodes if name in _written_by(e, self.world)]
        return way_avoiding(process, writers)

    def _not_passed(
        self, process: Process, reading: _Reading, facts: Mapping[str, str]
    ) -> Iterator[Finding]:
        calls = self.callers.get(process.id, [])
        lacking = [
            (caller, call)
            for caller, call in calls
            if call.id in self.known[caller.id].before
            and reading.name not in self.known[caller.id].passed_by(call)
        ]
        if not calls or (len(lacking) == len(calls) and process.id in (self.started or {})):
            yield finding("never_written", process.file, reading.element.id, **facts)
            return
        for caller, call in lacking:
            yield finding(
                "caller_unwritten",
                caller.file,
                call.id,
                name=label(call),
                process=process.id,
                variable=reading.name,
            )
        if not lacking:
            yield finding("start_unwritten", process.file, reading.element.id, **facts)


def _way_without(process: Process, element: Element, name: str, world: World) -> str:
    """A way from a start to the element on which nothing writes the variable."""
    came: dict[str, str | None] = {start.id: None for start in process.starts()}
    todo = deque(came)
    while todo and element.id not in came:
        id = todo.popleft()
        if name in _written_by(process.elements[id], world):
            continue
        for following in _after(process, id):
            if following not in came:
                came[following] = id
                todo.append(following)
    way: list[str] = []
    at: str | None = element.id if element.id in came else None
    while at is not None:
        way.append(at)
        at = came[at]
    return in_steps(process, way[::-1]) or label(element)


def _written_by(element: Element, world: World) -> Names:
    found = {mapping.target.partition(".")[0] for mapping in element.outputs}
    found |= {element.script.result or ""} if element.script else set()
    found |= {element.decision.result or ""} if element.decision else set()
    found |= {getattr(element.loop, "output_collection", None) or ""}
    if element.event and not element.outputs:
        found |= world.brought(element) or frozenset()
    return frozenset(found)


def _after(process: Process, id: str) -> Iterator[str]:
    """Where a token can go from an element, into and out of sub-processes."""
    element = process.elements[id]
    if element.kind in {"sub_process", "event_sub_process"} and process.starts(id):
        yield from (start.id for start in process.starts(id))
    else:
        yield from _on_from(process, id)
    yield from (boundary.id for boundary in process.boundaries(id))
    if element.kind == "start_event":
        yield from (start.id for start in process.beside(element))
    if element.kind == "end_event" and element.parent:
        yield from _on_from(process, _left_by(process, element.parent))


def _left_by(process: Process, scope: str) -> str:
    """The sub-process that is left once a scope ends."""
    around = process.elements[scope]
    while around.kind == "event_sub_process" and around.parent is not None:
        around = process.elements[around.parent]
    return around.id


def _on_from(process: Process, id: str) -> Iterator[str]:
    for flow in process.outgoing(id):
        if flow.target in process.elements and process.elements[flow.target].is_node:
            yield flow.target
    yield from (caught for thrown, caught in process.links if thrown == id)
