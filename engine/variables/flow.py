"""Which variables surely exist where: a forward pass over one process until nothing changes.

Mirrors how the engine passes variables: called processes know what is passed to them, embedded
sub-processes without mappings share everything, what one of many items sets stays with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

from engine.diagram import Element, MultiInstance, Process
from engine.model import ALWAYS_PASSED

#: What every called process and sub-process is given if the caller has it.
_PASSED = frozenset(ALWAYS_PASSED)
#: What expressions may read without anybody writing it.
ALWAYS_THERE = frozenset({"deadlines", "calendar"})
COUNTS = frozenset(
    {
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)

Names = frozenset[str]
_LISTENING = {"start_event", "intermediate_catch_event", "boundary_event", "receive_task"}


@dataclass(frozen=True, slots=True)
class World:
    """What is known around the diagrams; None where it is not.

    ``forms``: the keys of a form's answers. ``services``: what a service answers with.
    ``messages``: what a message brings. ``decisions``: what a decision reads.
    """

    forms: Mapping[str, Names] | None = None
    services: Mapping[str, Names] | None = None
    messages: Mapping[str, Names] = field(default_factory=dict)
    decisions: Mapping[str, Names] | None = None

    def brought(self, element: Element) -> Names | None:
        """What the element's own work adds to what its output mappings may read."""
        match element.kind:
            case "user_task":
                return _of(self.forms, element.form) if element.form else self._plain()
            case "service_task" | "send_task" if element.service:
                found = _of(self.services, element.service.type)
                return None if found is None else found | {"result"}
            case "script_task" | "business_rule_task":
                return frozenset({"result"})
            case _ if element.kind in _LISTENING:
                return self._heard(element)
            case _:
                return frozenset()

    def _plain(self) -> Names | None:
        return None if self.forms is None else frozenset()

    def _heard(self, element: Element) -> Names | None:
        event = element.event
        if event is None or event.kind == "timer":
            return frozenset()
        if event.kind == "message":
            return self.messages.get(event.name or "")
        return frozenset({"error_code"}) if event.kind == "error" else None


def _of(known: Mapping[str, Names] | None, name: str | None) -> Names | None:
    return None if known is None or name is None else known.get(name)


@dataclass(frozen=True, slots=True)
class Known:
    """The variables that surely exist as each element is entered and left.

    ``aside`` are the elements that only events which do not interrupt lead to.
    """

    process: Process
    before: Mapping[str, Names]
    after: Mapping[str, Names]
    aside: Collection[str]

    @property
    def at_end(self) -> Names:
        """What surely exists however the process ends."""
        return _at_ends(self.process, None, self.before, self.aside) or frozenset()

    def passed_by(self, call: Element) -> Names:
        """What a call activity gives to the process it calls."""
        before = self.before.get(call.id, frozenset())
        return (before & _PASSED) | _targets(call.inputs) | item_of(call)


def item_of(element: Element) -> Names:
    """What only the single item of a repetition knows."""
    if isinstance(element.loop, MultiInstance):
        return frozenset(filter(None, ("loopCounter", element.loop.input_element)))
    return frozenset({"loopCounter"}) if element.loop else frozenset()


def writes(process: Process, world: World) -> Names:
    """Everything that anything in the process writes for others to read."""
    found: set[str] = set()
    for element in process.nodes:
        found |= _targets(element.outputs) | _results(element) | _heard(element, world)
    return frozenset(found)


def trace_variables(process: Process, entry: Names, world: World) -> Known:
    """What surely exists where, if ``entry`` surely exists at every start."""
    return _Pass(process, entry, world).run()


class _Pass:
    """One pass; elements that have not been reached yet are taken to know everything."""

    def __init__(self, process: Process, entry: Names, world: World) -> None:
        self.process = process
        self.entry = entry
        self.world = world
        self.before: dict[str, Names] = {}
        self.after: dict[str, Names] = {}
        self.next = self._successors()
        self.aside = self._aside()

    def run(self) -> Known:
        todo = deque(start.id for start in self.process.starts())
        waiting = set(todo)
        while todo:
            id = todo.popleft()
            waiting.discard(id)
            for following in self._visit(self.process.elements[id]):
                if following not in waiting:
                    waiting.add(following)
                    todo.append(following)
        return Known(self.process, self.before, self.after, self.aside)

    def _successors(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {element.id: [] for element in self.process.nodes}
        for flow in self.process.flows.values():
            if flow.source in found and flow.target in found:
                found[flow.source].append(flow.target)
        for element in self.process.nodes:
            for before, after in self._steps(element):
                if before in found and after in found:
                    found[before].append(after)
        for thrown, caught in self.process.links:
            found[thrown].append(caught)
        return {id: tuple(following) for id, following in found.items()}

    def _steps(self, element: Element) -> Iterator[tuple[str, str]]:
        """What comes after what without a flow."""
        around = element.parent or ""
        match element.kind:
            case "boundary_event":
                yield element.attached_to or "", element.id
                handler = self.process.handler_of(element)
                if handler is not None:
                    yield element.attached_to or "", handler.id
            case "start_event":
                yield around, element.id
            case "end_event":
                yield element.id, around
            case "event_sub_process":
                yield element.id, around
                yield from ((s.id, element.id) for s in self.process.starts(element.parent))

    def _aside(self) -> frozenset[str]:
        found: set[str] = set()
        todo = [start.id for start in self.process.starts()]
        while todo:
            id = todo.pop()
            if id in found or not self.process.elements[id].interrupting:
                continue
            found.add(id)
            todo += self.next[id]
        return frozenset(self.process.elements) - found

    def _visit(self, element: Element) -> tuple[str, ...]:
        before = self._entering(element)
        after = self._leaving(element, before)
        changed = self.before.get(element.id) != before or self.after.get(element.id) != after
        self.before[element.id], self.after[element.id] = before, after
        return self.next[element.id] if changed else ()

    def _entering(self, element: Element) -> Names:
        if element.kind in {"start_event", "event_sub_process"}:
            return self._inside(element.parent)
        if element.for_compensation:
            return _both(self.after.get(id) for id in self._undoes(element)) or self.entry
        if element.kind == "boundary_event":
            return self.before.get(element.attached_to or "", self.entry)
        sources = [self.after.get(flow.source) for flow in self.process.incoming(element.id)]
        sources += [self.after.get(s) for s, t in self.process.links if t == element.id]
        if element.kind == "parallel_gateway":
            return reduce(frozenset.union, (s for s in sources if s is not None), frozenset())
        return _both(sources) or frozenset()

    def _undoes(self, handler: Element) -> Iterator[str]:
        """The activities that it puts right."""
        for event in self.process.nodes:
            if event.attached_to and self.process.handler_of(event) == handler:
                yield event.attached_to

    def _inside(self, scope: str | None) -> Names:
        """What everything directly inside a sub-process knows for sure."""
        around = self.process.elements.get(scope or "")
        if around is None:
            return self.entry
        before = self.before.get(around.id, self.entry)
        if is_frame(around):
            return before | item_of(around)
        return (before & _PASSED) | _targets(around.inputs) | item_of(around)

    def _leaving(self, element: Element, before: Names) -> Names:
        if isinstance(element.loop, MultiInstance):
            collection = element.loop.output_collection
            return before | ({collection} if collection else frozenset())
        if element.kind in {"sub_process", "event_sub_process"} and is_frame(element):
            return _at_ends(self.process, element.id, self.before, self.aside) or before
        return before | _targets(element.outputs) | _results(element) | _heard(element, self.world)


def _at_ends(
    process: Process, parent: str | None, before: Mapping[str, Names], aside: Collection[str]
) -> Names | None:
    """What surely exists once everything in a process or sub-process has ended.

    A way that runs beside the main one takes nothing away.
    """
    ends = list(_ends(process, parent))
    main = [id for id in ends if id not in aside]
    return _both(before.get(id) for id in main or ends)


def _ends(process: Process, parent: str | None) -> Iterator[str]:
    """The end events of a scope, also those of the event sub-processes that may end it."""
    for element in process.children(parent):
        if element.kind == "end_event":
            yield element.id
        elif element.kind == "event_sub_process":
            yield from _ends(process, element.id)


def is_frame(sub_process: Element) -> bool:
    """Whether an embedded sub-process shares all variables with what is around it."""
    return not sub_process.inputs and not sub_process.outputs


def _targets(mappings: Iterable[object]) -> Names:
    return frozenset(str(getattr(m, "target", "")).partition(".")[0] for m in mappings)


def _results(element: Element) -> Names:
    found = {
        element.script.result if element.script else None,
        element.decision.result if element.decision else None,
        element.loop.output_collection if isinstance(element.loop, MultiInstance) else None,
    }
    return frozenset(name.partition(".")[0] for name in found if name)


def _heard(element: Element, world: World) -> Names:
    """What an event brings becomes variables where no output mapping chooses."""
    if element.kind not in _LISTENING or element.outputs:
        return frozenset()
    return world.brought(element) or frozenset()


def _both(sets: Iterable[Names | None]) -> Names | None:
    """What all of them hold; those not known yet are left out."""
    known: Collection[Names] = [names for names in sets if names is not None]
    return reduce(frozenset.intersection, known) if known else None
