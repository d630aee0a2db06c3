"""A process as places that hold tokens, and what one step can make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import or_

from engine.diagram import Element, Flow, Process

#: Ways out of an inclusive gateway up to which every combination is walked.
_MOST_COMBINED = 5

_SILENT_ENDS = {None, "none", "message", "signal"}
_GATEWAYS = {
    "exclusive_gateway",
    "parallel_gateway",
    "inclusive_gateway",
    "event_based_gateway",
    "complex_gateway",
}
_WALKED_INSIDE = {"sub_process", "transaction"}
_THROWN = {"error", "escalation"}

#: A set of places as bits.
Marking = int


@dataclass(slots=True)
class Step:
    """The elements passed in one step; ``doubled`` is one that got a second token."""

    passed: list[str] = field(default_factory=list)
    doubled: str | None = None


Next = tuple[Marking, Step]


class Net:
    """All that soundness asks of a process; without ``asides`` only what interrupts can happen."""

    """The process as places and what can happen at each."""

    def __init__(self, process: Process, *, asides: bool = True) -> None:
        self.process = process
        self.flows: dict[str, Flow] = {
            flow.id: flow
            for flow in process.flows.values()
            if flow.source in process.elements and flow.target in process.elements
        }
        for thrown, caught in process.links:
            leap = f"{thrown} link"
            self.flows[leap] = Flow(leap, thrown, caught)
        self.out = _grouped((flow.source, id) for id, flow in self.flows.items())
        self.into = _grouped((flow.target, id) for id, flow in self.flows.items())
        busy = [e.id for e in process.nodes if self._stays(e)]
        self.bit = {place: 1 << n for n, place in enumerate([*self.flows, *busy])}
        self.place = {bit: place for place, bit in self.bit.items()}
        self.inside = {e.id: self._inside(e.id) for e in process.nodes if e.kind in _WALKED_INSIDE}
        self.boundaries = {
            e.id: [b for b in process.boundaries(e.id) if b.events and (asides or b.interrupting)]
            for e in process.nodes
        }
        #: Those that can fire at any time while their host is under way.
        self.firing = {
            e.id: [b for b in self.boundaries[e.id] if self._may_fire(e, b)] for e in process.nodes
        }
        self._main = self._reached(self._first_flows(), aside=False)
        self.reachable = self._reached(self._first_flows(), aside=True)
        self.resting = {way for way in self.flows if self._meets_before_end(way)}
        #: Only what does not interrupt leads here; it may happen again while it is under way.
        self.aside = reduce(
            or_, (self.bit[p] for p in self.reachable - self._main if p in self.bit), 0
        )
        self.or_joins = {
            e.id: self._upstream(e)
            for e in process.nodes
            if e.kind == "inclusive_gateway" and len(self.into.get(e.id, ())) > 1
        }

    def initial(self) -> list[Next]:
        """The markings that start events lead to, plain ones first."""
        starts = sorted(self.process.starts(), key=lambda start: start.event is not None)
        found = []
        for start in starts:
            step = Step([start.id])
            found.append((self._put(0, self.out.get(start.id, ()), step), step))
        return found

    def marking(self, at: Iterable[str]) -> Next:
        marking, step = 0, Step()
        for id in at:
            if id in self.bit:
                marking |= self.bit[id]
            else:
                marking = self._put(marking, self.out.get(id, ()), step)
        return marking, step

    def bits(self, marking: Marking) -> Iterator[Marking]:
        while marking:
            bit = marking & -marking
            yield bit
            marking ^= bit

    def next(self, marking: Marking) -> Iterator[Next]:
        """What one step makes of a marking, with the elements passed."""
        for bit in self.bits(marking):
            place = self.place[bit]
            if place in self.flows:
                yield from self._at_flow(marking, bit, self._element(self.flows[place].target))
            else:
                yield from self._at_activity(marking, bit, self._element(place))

    def is_aside(self, id: str) -> bool:
        """Whether only boundary events that do not interrupt lead to the element."""
        return id in self.reachable and id not in self._main

    def waits_at(self, marking: Marking) -> list[Element]:
        """The elements whose tokens a marking holds."""
        ids = (
            self.flows[place].target if place in self.flows else place
            for place in map(self.place.__getitem__, self.bits(marking))
        )
        return [self._element(id) for id in dict.fromkeys(ids)]

    def _element(self, id: str) -> Element:
        return self.process.elements[id]

    def _stays(self, element: Element) -> bool:
        """Whether it matters that the element is under way."""
        return element.kind in _WALKED_INSIDE or (
            element.is_activity and bool(self.process.boundaries(element.id))
        )

    def _inside(self, id: str) -> Marking:
        held = {id}
        for element in self.process.nodes:  # a sub-process comes before what it holds
            if element.parent in held:
                held.add(element.id)
        held.discard(id)
        flows = (flow.id for flow in self.flows.values() if flow.source in held)
        return self._mask((*held, *flows))

    def _mask(self, places: Iterable[str]) -> Marking:
        return reduce(or_, (self.bit[place] for place in places if place in self.bit), 0)

    def _first_flows(self) -> list[str]:
        return [id for start in self.process.starts() for id in self.out.get(start.id, ())]

    def _reached(self, first: list[str], *, aside: bool) -> set[str]:
        """Elements and flows that graph-wise come after these flows."""
        found: set[str] = {start.id for start in self.process.starts()}
        todo = list(first)
        while todo:
            flow = todo.pop()
            if flow in found:
                continue
            found.add(flow)
            todo += self._after(self._element(self.flows[flow].target), found, aside=aside)
        return found

    def _after(self, element: Element, found: set[str], *, aside: bool) -> list[str]:
        found.add(element.id)
        ways = list(self.out.get(element.id, ()))
        if element.kind in _WALKED_INSIDE:
            for start in self.process.starts(element.id):
                found.add(start.id)
                ways += self.out.get(start.id, ())
        for boundary in self.boundaries[element.id]:
            if boundary.interrupting or aside:
                found.add(boundary.id)
                ways += self.out.get(boundary.id, ())
        return ways

    def _upstream(self, gateway: Element) -> dict[Marking, Marking]:
        """For each way into an OR join: the places that can reach it without passing the join."""
        return {self.bit[way]: self._before_flow(way, gateway.id) for way in self.into[gateway.id]}

    def _before_flow(self, way: str, gateway: str) -> Marking:
        found: set[str] = set()
        todo = [way]
        while todo:
            flow = todo.pop()
            if flow in found:
                continue
            found.add(flow)
            source = self._element(self.flows[flow].source)
            host = source.attached_to if source.kind == "boundary_event" else source.id
            if host is not None and source.id != gateway:
                found.add(host)
                todo += self.into.get(host, ())
        return self._mask(found)

    def _meets_before_end(self, way: str) -> bool:
        """Whether ways meet, without a decision after, before this flow leads to an end.

        A token rests there, so that a second one that comes the same way is seen.
        """
        if self._element(self.flows[way].target).kind != "end_event":
            return False
        passed: set[str] = set()
        source = self._element(self.flows[way].source)
        while source.id not in self.bit and not self._decides(source) and source.id not in passed:
            passed.add(source.id)
            into = self.into.get(source.id, ())
            if len(into) != 1:
                return len(into) > 1
            source = self._element(self.flows[into[0]].source)
        return len(self.into.get(source.id, ())) > 1 and source.id in self.bit

    def meeting(self, passed: list[str], doubled: str) -> str:
        """The element at which the ways met that a second token came."""
        for id in (doubled, *reversed(passed)):
            if len(self.into.get(id, ())) > 1 and self._element(id).kind != "end_event":
                return id
        return doubled

    def only_ends_after(self, meeting: str) -> bool:
        """Whether nothing but an end comes after, so that arriving twice does no harm."""
        element = self._element(meeting)
        passed: set[str] = set()
        while element.kind == "exclusive_gateway" and element.id not in passed:
            passed.add(element.id)
            ways = self.out.get(element.id, ())
            if len(ways) != 1:
                return False
            element = self._element(self.flows[ways[0]].target)
        return element.kind == "end_event"

    # What happens when a token arrives.

    def _put(self, marking: Marking, ways: Iterable[str], step: Step) -> Marking:
        for way in ways:
            marking = self._arrive(marking, way, step)
        return marking

    def _arrive(self, marking: Marking, way: str, step: Step) -> Marking:
        passed: set[str] = set()
        while way not in passed:
            passed.add(way)
            target = self._element(self.flows[way].target)
            if target.id in self.bit:
                return self._enter(marking, target, step)
            if self._decides(target) or way in self.resting:
                break
            step.passed.append(target.id)
            ways = self.out.get(target.id, ())
            if len(ways) != 1:
                return self._put(marking, ways, step)
            way = ways[0]
        return self._set(marking, way, step)

    def _decides(self, element: Element) -> bool:
        """Whether the element does more than pass a token on."""
        kind = element.event.kind if element.event else None
        if element.kind == "end_event":
            return kind not in _SILENT_ENDS
        if element.kind == "exclusive_gateway":
            return len(self.out.get(element.id, ())) > 1
        return element.kind in _GATEWAYS or (
            element.kind == "intermediate_throw_event" and kind in _THROWN
        )

    def _enter(self, marking: Marking, element: Element, step: Step) -> Marking:
        marking = self._set(marking, element.id, step)
        if element.kind in _WALKED_INSIDE:
            step.passed.append(element.id)
            for start in self.process.starts(element.id)[:1]:
                step.passed.append(start.id)
                marking = self._put(marking, self.out.get(start.id, ()), step)
        return marking

    def _set(self, marking: Marking, place: str, step: Step) -> Marking:
        bit = self.bit[place]
        if marking & bit and not self.aside & bit:
            step.doubled = self.flows[place].target if place in self.flows else place
        return marking | bit

    # What can happen at a place.

    def _at_flow(self, marking: Marking, bit: Marking, target: Element) -> Iterator[Next]:
        rest = marking & ~bit
        step = Step([target.id])
        match target.kind:
            case "parallel_gateway":
                yield from self._join_all(marking, bit, target)
            case "inclusive_gateway":
                yield from self._join_some(marking, bit, target)
            case "end_event" | "intermediate_throw_event" if self._decides(target):
                yield from self._throw(rest, target)
            case "end_event":
                yield rest, step
            case _ if self._decides(target):
                for way in self.out.get(target.id, ()):
                    taken = Step([target.id])
                    yield self._put(rest, (way,), taken), taken
            case _:  # a circle of steps that only pass tokens on
                yield marking, step

    def _join_all(self, marking: Marking, bit: Marking, gateway: Element) -> Iterator[Next]:
        ways = reduce(or_, (self.bit[way] for way in self.into[gateway.id]))
        first = (ways & -ways) == bit
        if first and marking & ways == ways:
            step = Step([gateway.id])
            yield self._put(marking & ~ways, self.out.get(gateway.id, ()), step), step

    def _join_some(self, marking: Marking, bit: Marking, gateway: Element) -> Iterator[Next]:
        upstream = self.or_joins.get(gateway.id, {bit: 0})
        full = [way for way in upstream if way & marking]
        if full[0] != bit:
            return
        to_empty = reduce(or_, (upstream[way] for way in upstream if not way & marking), 0)
        to_full = reduce(or_, (upstream[way] for way in full), 0)
        if to_empty & ~to_full & marking:
            return
        rest = marking & ~reduce(or_, full)
        for ways in self._choices(gateway):
            step = Step([gateway.id])
            yield self._put(rest, ways, step), step

    def _choices(self, gateway: Element) -> Iterator[tuple[str, ...]]:
        ways = self.out.get(gateway.id, ())
        chosen = [way for way in ways if way != gateway.default_flow]
        if len(chosen) < len(ways) or not ways:
            yield tuple(way for way in ways if way == gateway.default_flow)
        sizes = range(1, len(chosen) + 1)
        if len(chosen) > _MOST_COMBINED:
            sizes = range(1, 3)
            yield tuple(chosen)
        for size in sizes:
            yield from combinations(chosen, size)

    def _throw(self, rest: Marking, thrower: Element) -> Iterator[Next]:
        """What an error, an escalation or a terminate event does around it."""
        step = Step([thrower.id])
        kind = thrower.event.kind if thrower.event else None
        if kind == "terminate":
            yield self._leave(rest, thrower.parent), step
            return
        scope = thrower.parent
        while scope is not None:
            for boundary in self.boundaries.get(scope, ()):
                if _catches(boundary, thrower):
                    yield self._caught(rest, scope, boundary, thrower, step), step
                    return
            scope = self._element(scope).parent
        if kind == "error":
            yield 0, step  # nothing catches it: the whole instance ends with the error
        else:
            yield self._put(rest, self.out.get(thrower.id, ()), step), step

    def _caught(
        self,
        rest: Marking,
        scope: str,
        boundary: Element,
        thrower: Element,
        step: Step,
    ) -> Marking:
        step.passed.append(boundary.id)
        if boundary.interrupting:
            left = self._leave(rest, scope) & ~self.bit[scope]
            return self._put(left, self.out.get(boundary.id, ()), step)
        rest = self._put(rest, self.out.get(thrower.id, ()), step)
        return self._put(rest, self.out.get(boundary.id, ()), step)

    def _leave(self, marking: Marking, scope: str | None) -> Marking:
        """Without the tokens inside a sub-process; None: inside the process."""
        return 0 if scope is None else marking & ~self.inside[scope]

    def _at_activity(self, marking: Marking, bit: Marking, element: Element) -> Iterator[Next]:
        inside = self.inside.get(element.id, 0)
        if not marking & inside:
            step = Step([element.id])
            yield self._put(marking & ~bit, self.out.get(element.id, ()), step), step
        for boundary in self.firing[element.id]:
            step = Step([boundary.id])
            ways = self.out.get(boundary.id, ())
            if boundary.interrupting:
                yield self._put(marking & ~inside & ~bit, ways, step), step
            elif not marking & self.aside & ~bit & ~inside:
                yield self._put(marking, ways, step), step

    def _may_fire(self, host: Element, boundary: Element) -> bool:
        """Whether it can fire at any time; what is thrown inside fires it at its own moment."""
        thrown = boundary.event is not None and boundary.event.kind in _THROWN
        if not thrown or host.kind not in _WALKED_INSIDE:
            return True
        return any(
            element.kind == "call_activity" and self._within(element, host.id)
            for element in self.process.nodes
        )

    def _within(self, element: Element, scope: str) -> bool:
        parent = element.parent
        while parent is not None and parent != scope:
            parent = self._element(parent).parent
        return parent == scope


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, id in pairs:
        found[key] = (*found.get(key, ()), id)
    return found


def _catches(boundary: Element, thrower: Element) -> bool:
    caught, thrown = boundary.event, thrower.event
    if caught is None or thrown is None or caught.kind != thrown.kind:
        return False
    return caught.code is None or caught.code == thrown.code
