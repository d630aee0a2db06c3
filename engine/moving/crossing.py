"""From one version of diagrams to another: which element, flow and event is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram import Element, Flow, Process

#: New ids by process and old id; elements and flows.
Renames = Mapping[tuple[str, str], str]
_STEPS = {"user_task": "step", "manual_task": "step"}
ASIDE = "event_sub_process"
_NAMED = {"message", "signal", "error", "escalation"}


@dataclass(frozen=True)
class Crossing:
    """Two versions by their digests; ids mean the same in both but for ``renames``."""

    before_digest: str
    after_digest: str
    renames: frozenset[tuple[tuple[str, str], str]]
    before: Mapping[str, Process] = field(compare=False, repr=False)
    after: Mapping[str, Process] = field(compare=False, repr=False)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return dict(self.renames)

    @cached_property
    def _olds(self) -> dict[tuple[str, str], str]:
        return {(process, new): old for (process, old), new in self.renames}

    def name(self, process: str, id: str) -> str:
        """The new id of an element or flow."""
        return self._names.get((process, id), id)

    def old_name(self, process: str, id: str) -> str:
        """The id it had."""
        return self._olds.get((process, id), id)

    def old(self, process: str, id: str) -> Element | None:
        return _element(self.before, process, id)

    def new(self, process: str, old_id: str) -> Element | None:
        """What an element has become; None if it is gone."""
        return _element(self.after, process, self.name(process, old_id))

    def source(self, process: str, new_id: str) -> Element | None:
        """What a new element was; None if it is new indeed."""
        return self.old(process, self.old_name(process, new_id))

    # Events beside an activity, and beside everything in a scope

    def keeps_event(self, process: str, id: str) -> bool:
        """Whether what waits beside something is still there, and still waits alike.

        It is an event on the border of an activity, or the start of an event sub-process.
        """
        old, new = self.old(process, id), self.new(process, id)
        if old is None or new is None or old.kind != new.kind:
            return False
        if event_kind(old) != event_kind(new):
            return False
        if old.kind == "boundary_event":
            return new.attached_to == self.name(process, old.attached_to or "")
        return self._starts_beside(process, old, new)

    def _starts_beside(self, process: str, old: Element, new: Element) -> bool:
        """Whether both start one event sub-process, which lies where it lay."""
        before = self.old(process, old.parent or "")
        after = self.after[process].elements.get(new.parent or "")
        if before is None or after is None or after.kind != ASIDE:
            return False
        scope = self.name(process, before.parent) if before.parent else None
        return after.id == self.name(process, before.id) and after.parent == scope

    def started_at(self, process: str, old_scope: str) -> tuple[str, ...]:
        """The new ids of the starts of event sub-processes that are new in a scope."""
        kept = {
            self.name(process, start)
            for start in _triggers(self.before[process], old_scope)
            if self.keeps_event(process, start)
        }
        scope = self.name(process, old_scope) if old_scope else ""
        return tuple(id for id in _triggers(self.after[process], scope) if id not in kept)

    def armed_at(self, process: str, old_host: str) -> tuple[str, ...]:
        """The new ids of the events that are new on the border of an activity."""
        kept = {
            self.name(process, event.id)
            for event in self.before[process].boundaries(old_host)
            if self.keeps_event(process, event.id)
        }
        new = self.after[process].boundaries(self.name(process, old_host))
        return tuple(event.id for event in new if event.id not in kept)

    # Events behind an event-based gateway

    def keeps_race(self, process: str, gateway: str, id: str) -> bool:
        """Whether an event still waits behind the same gateway, for the same kind of thing."""
        old, new = self.old(process, id), self.new(process, id)
        if old is None or new is None or event_kind(old) != event_kind(new):
            return False
        return old.kind == new.kind and new.id in self.race(process, gateway)

    def race(self, process: str, gateway: str) -> tuple[str, ...]:
        """The new ids of the events behind a gateway; none if it is no such gateway any more."""
        new = self.new(process, gateway)
        if new is None or new.kind != "event_based_gateway":
            return ()
        return tuple(flow.target for flow in self.after[process].outgoing(new.id))

    def raced_at(self, process: str, gateway: str) -> tuple[str, ...]:
        """The new ids of the events that are new behind it."""
        kept = {
            self.name(process, flow.target)
            for flow in self.before[process].outgoing(gateway)
            if self.keeps_race(process, gateway, flow.target)
        }
        return tuple(id for id in self.race(process, gateway) if id not in kept)

    def hears_otherwise(self, process: str, id: str) -> bool:
        """Whether an event that stays waits for another name, key or code."""
        old, new = self.old(process, id), self.new(process, id)
        if old is None or new is None or old.event is None or new.event is None:
            return False
        if old.event.kind not in _NAMED:
            return False
        return (old.event.name, old.event.correlation, old.event.code) != (
            new.event.name,
            new.event.correlation,
            new.event.code,
        )

    # Ways into a join

    def way(self, process: str, join: str, via: str) -> str | None:
        """The new flow that a token at a join has come on; None if that is not clear.

        Where steps were drawn into the way, it is the flow that the last of them leaves on.
        """
        new = self.new(process, join)
        if new is None:
            return None
        ways = {flow.id: flow for flow in self.after[process].incoming(new.id)}
        named = self.name(process, via)
        if named in ways:
            return named
        known = {self.name(process, f.id) for f in self.before[process].incoming(join)}
        fresh = [flow for flow in ways.values() if flow.id not in known]
        source = self.before[process].flows[via].source
        found = [f for f in fresh if self._leads_from(process, self.name(process, source), f)]
        return found[0].id if len(found) == 1 else None

    def _leads_from(self, process: str, source: str, flow: Flow) -> bool:
        """Whether one comes from an element to a flow over new elements alone."""
        seen: set[str] = set()
        todo = [flow.source]
        while todo:
            place = todo.pop()
            if place == source:
                return True
            if place in seen or self.source(process, place) is not None:
                continue
            seen.add(place)
            todo += [each.source for each in self.after[process].incoming(place)]
        return False


def crossing_of(
    before: tuple[str, Mapping[str, Process]],
    after: tuple[str, Mapping[str, Process]],
    renames: Renames,
) -> Crossing:
    """Between two packs, each given by its digest and its diagrams."""
    return Crossing(before[0], after[0], frozenset(renames.items()), before[1], after[1])


def _triggers(process: Process, scope: str) -> Iterator[str]:
    for element in process.children(scope or None):
        if element.kind == ASIDE:
            yield from (start.id for start in process.starts(element.id))


def is_interruption(process: Process, id: str) -> bool:
    """Whether it is an event sub-process that ends everything around it."""
    starts = process.starts(id) if process.elements[id].kind == ASIDE else ()
    return any(start.interrupting for start in starts)


def behaviour(element: Element) -> str:
    """What a token does at an element; steps with and without a form are one."""
    return _STEPS.get(element.kind, element.kind)


def event_kind(element: Element) -> str:
    return element.event.kind if element.event is not None else ""


def ways_on(process: Process, id: str, *, into: bool = True) -> Iterator[str]:
    """The elements that may come right after one; ``into``: its inside, too."""
    yield from (flow.target for flow in process.outgoing(id))
    yield from (caught for thrown, caught in process.links if thrown == id)
    yield from (event.id for event in process.boundaries(id))
    element = process.elements[id]
    if into and element.kind in ("sub_process", ASIDE):
        yield from (start.id for start in process.starts(id))
    if element.parent and not process.outgoing(id):
        yield from (flow.target for flow in process.outgoing(element.parent))


def _element(diagrams: Mapping[str, Process], process: str, id: str) -> Element | None:
    found = diagrams.get(process)
    return found.elements.get(id) if found is not None else None
