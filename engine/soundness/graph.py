"""A process as places that hold tokens: what can be known of them before any step is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from engine.diagram import Element, Flow, Process

_SILENT_ENDS = {None, "none", "message", "signal", "compensate"}
_GATEWAYS = {
    "exclusive_gateway",
    "parallel_gateway",
    "inclusive_gateway",
    "event_based_gateway",
    "complex_gateway",
}
WALKED_INSIDE = frozenset({"sub_process", "transaction", "event_sub_process"})
THROWN = frozenset({"error", "escalation"})

#: A set of places as bits.
Marking = int
#: An error or escalation by its kind and code; without code it may be any.
Raised = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a called process can go: whether it can end, what can come out of it uncaught.

    ``blocked`` is the way to where it gets stuck, ``endless`` the way to where it goes round for
    ever; both are empty if it does neither.
    """

    ends: bool
    raised: frozenset[Raised]
    blocked: str = ""
    endless: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """An event sub-process: ``around`` is the place of the scope that it belongs to.

    While one of ``others`` is marked, it is not walked again.
    """

    id: str
    start: Element
    around: str
    others: Marking = 0

    @property
    def interrupting(self) -> bool:
        return self.start.interrupting


class Graph:
    """The places of a process; without ``asides`` only what interrupts can happen.

    ``calls`` says how called processes can go; of others anything is expected. ``stops`` are
    elements that are not passed at once.
    """

    def __init__(
        self,
        process: Process,
        calls: Mapping[str, Outcome] | None = None,
        *,
        asides: bool = True,
        stops: Collection[str] = (),
    ) -> None:
        self.process = process
        self.stops = stops
        self.calls = calls or {}
        self.flows: dict[str, Flow] = {
            flow.id: flow for flow in process.flows.values() if _joins_neighbours(process, flow)
        }
        for thrown, caught in process.links:
            leap = f"{thrown} link"
            self.flows[leap] = Flow(leap, thrown, caught)
        self.out = _grouped((flow.source, id) for id, flow in self.flows.items())
        self.into = _grouped((flow.target, id) for id, flow in self.flows.items())
        #: Stands for the process itself, where something waits beside all of it.
        self.frame = Element(process.id, "sub_process", process.name)
        self.asides = self._asides(asides)
        self.bit = {place: 1 << n for n, place in enumerate(self._places())}
        self.place = {bit: place for place, bit in self.bit.items()}
        #: By place, the element that a flow leads to, and the one that is under way.
        self.leads_to = {self.bit[id]: self.element(f.target) for id, f in self.flows.items()}
        self.under_way = {
            bit: self.element(place)
            for bit, place in self.place.items()
            if place in process.elements or place == process.id
        }
        #: The marking of a process that an error has ended.
        self.failed = 1 << len(self.bit)
        self.inside = {e.id: self._inside(e.id) for e in process.nodes if e.kind in WALKED_INSIDE}
        self.inside[process.id] = self._mask(self.bit) & ~self.bit.get(process.id, 0)
        self.boundaries = {
            e.id: [
                event
                for event in process.boundaries(e.id)
                if event.events
                and (asides or event.interrupting)
                and event.events[0].kind != "compensate"
            ]
            for e in process.nodes
        }
        self._main = self._reached(aside=False)
        self.reachable = self._reached(aside=True)
        self.resting = {way for way in self.flows if self._meets_before_end(way)}
        #: Only what does not interrupt leads here; it may happen again while it is under way.
        self.aside = self._mask(self.reachable - self._main)
        #: Those that can fire at any time while their host is under way.
        self.firing = {
            e.id: [b for b in self.boundaries[e.id] if self._may_fire(e.id, b)]
            for e in process.nodes
        }
        self.beside = [
            Aside(aside.id, aside.start, around, self._others(around))
            for around, found in self.asides.items()
            for aside in found
            if self._may_fire(around, aside.start)
        ]
        self.or_joins = {
            e.id: self._upstream(e)
            for e in process.nodes
            if e.kind == "inclusive_gateway" and len(self.into.get(e.id, ())) > 1
        }

    def is_aside(self, id: str) -> bool:
        """Whether only events that do not interrupt lead to the element."""
        return id in self.reachable and id not in self._main

    def element(self, id: str) -> Element:
        return self.process.elements.get(id, self.frame)

    def outcome(self, element: Element) -> Outcome | None:
        """How what it calls can go; None where that is not known, or nothing is called."""
        return self.calls.get(element.called or "") if element.kind == "call_activity" else None

    def scope_of(self, element: Element) -> str:
        """The place of the scope around an element."""
        return element.parent or self.process.id

    def _asides(self, asides: bool) -> dict[str, list[Aside]]:
        found: dict[str, list[Aside]] = {}
        for element in self.process.nodes:
            around = self.element(element.parent or "")
            starts = self.process.starts(element.id)
            if (
                element.kind == "event_sub_process"
                and around.kind in WALKED_INSIDE
                and starts
                and starts[0].events
                and (asides or starts[0].interrupting)
            ):
                found.setdefault(around.id, []).append(Aside(element.id, starts[0], around.id))
        return found

    def _places(self) -> Iterator[str]:
        yield from self.flows
        yield from (e.id for e in self.process.nodes if self._stays(e))
        if self.process.id in self.asides:
            yield self.process.id
        for element in self.process.nodes:
            outcome = self.outcome(element)
            if outcome and (outcome.blocked or outcome.endless):
                yield _blocked(element.id)

    def _stays(self, element: Element) -> bool:
        """Whether it matters that the element is under way."""
        if element.kind in WALKED_INSIDE or self._stops_at(element):
            return True
        outcome = self.outcome(element)
        return element.is_activity and (
            bool(self.process.boundaries(element.id))
            or (outcome is not None and (not outcome.ends or bool(outcome.raised)))
            or (outcome is not None and bool(outcome.blocked or outcome.endless))
        )

    def _stops_at(self, element: Element) -> bool:
        """A token rests at what decides before it is reached; at where it begins it never does."""
        if element.kind in {"start_event", "boundary_event"} or self.decides(element):
            return False
        return element.id in self.stops

    def blocked(self, call: Element) -> Marking:
        """The place of a call whose inside has got stuck; 0 if it never does."""
        return self.bit.get(_blocked(call.id), 0)

    def _inside(self, id: str) -> Marking:
        held = {id}
        for element in self.process.nodes:  # a sub-process comes before what it holds
            if element.parent in held:
                held.add(element.id)
        held.discard(id)
        flows = (flow.id for flow in self.flows.values() if flow.source in held)
        return self._mask((*held, *map(_blocked, held), *flows))

    def _mask(self, places: Iterable[str]) -> Marking:
        return reduce(or_, (self.bit[place] for place in places if place in self.bit), 0)

    def _others(self, around: str) -> Marking:
        """What runs beside, apart from the scope and what runs in its main way."""
        beside = self._mask(aside.id for aside in self.asides[around])
        for aside in self.asides[around]:
            beside |= self.inside[aside.id]
        within = self.bit.get(around, 0) | self.inside[around]
        return self.aside & ~(within & ~beside)

    # What comes after what.

    def _reached(self, *, aside: bool) -> set[str]:
        """Elements and flows that graph-wise come after the start events."""
        found: set[str] = set()
        todo: list[str] = []
        self._begin(None, found, todo, aside=aside)
        while todo:
            flow = todo.pop()
            if flow not in found:
                found.add(flow)
                self._pass(self.element(self.flows[flow].target), found, todo, aside=aside)
        return found

    def _begin(self, scope: str | None, found: set[str], todo: list[str], *, aside: bool) -> None:
        """A scope begins, and what waits beside it."""
        for start in self.process.starts(scope):
            found.add(start.id)
            todo += self.out.get(start.id, ())
        for each in self.asides.get(scope or self.process.id, ()):
            if each.id not in found and (each.interrupting or aside):
                found.add(each.id)
                self._begin(each.id, found, todo, aside=aside)

    def _pass(self, element: Element, found: set[str], todo: list[str], *, aside: bool) -> None:
        found.add(element.id)
        todo += self.out.get(element.id, ())
        if element.kind in WALKED_INSIDE:
            self._begin(element.id, found, todo, aside=aside)
        for boundary in self.boundaries[element.id]:
            if boundary.interrupting or aside:
                found.add(boundary.id)
                todo += self.out.get(boundary.id, ())

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
            source = self.element(self.flows[flow].source)
            host = source.attached_to if source.kind == "boundary_event" else source.id
            if host is not None and source.id != gateway:
                found.add(host)
                todo += self.into.get(host, ())
        return self._mask(found)

    def _meets_before_end(self, way: str) -> bool:
        """Whether ways meet, without a decision after, before this flow leads to an end.

        A token rests there, so that a second one that comes the same way is seen.
        """
        if self.element(self.flows[way].target).kind != "end_event":
            return False
        passed: set[str] = set()
        source = self.element(self.flows[way].source)
        while source.id not in self.bit and not self.decides(source) and source.id not in passed:
            passed.add(source.id)
            into = self.into.get(source.id, ())
            if len(into) != 1:
                return len(into) > 1
            source = self.element(self.flows[into[0]].source)
        return len(self.into.get(source.id, ())) > 1 and source.id in self.bit

    def meeting(self, passed: list[str], doubled: str) -> str:
        """The element at which the ways met that a second token came."""
        for id in (doubled, *reversed(passed)):
            if len(self.into.get(id, ())) > 1 and self.element(id).kind != "end_event":
                return id
        return doubled

    def only_ends_after(self, meeting: str) -> bool:
        """Whether nothing but an end comes after, so that arriving twice does no harm."""
        element = self.element(meeting)
        passed: set[str] = set()
        while element.kind == "exclusive_gateway" and element.id not in passed:
            passed.add(element.id)
            ways = self.out.get(element.id, ())
            if len(ways) != 1:
                return False
            element = self.element(self.flows[ways[0]].target)
        return element.kind == "end_event"

    def decides(self, element: Element) -> bool:
        """Whether the element does more than pass a token on."""
        kind = element.event.kind if element.event else None
        if element.kind == "end_event":
            return kind not in _SILENT_ENDS
        if element.kind == "exclusive_gateway":
            return len(self.out.get(element.id, ())) > 1
        return element.kind in _GATEWAYS or (
            element.kind == "intermediate_throw_event" and kind in THROWN
        )

    # What can be raised.

    def _may_fire(self, host: str, event: Element) -> bool:
        """Whether it can fire at any time; what is thrown inside fires it at its own moment."""
        kind = event.event.kind if event.event is not None else ""
        if kind not in THROWN:
            return True
        if host not in self.inside:
            return self._raises_any(self.element(host), kind)
        return any(
            self._raises_any(element, kind) and self._within(element, host)
            for element in self.process.nodes
        )

    def _raises_any(self, element: Element, kind: str) -> bool:
        """Whether it is not known which errors or escalations an element raises."""
        if element.kind == "service_task":
            return kind == "error"
        if element.kind != "call_activity":
            return False
        outcome = self.outcome(element)
        return outcome is None or (kind, None) in outcome.raised

    def _within(self, element: Element, scope: str) -> bool:
        if scope == self.process.id:
            return True
        parent = element.parent
        while parent is not None and parent != scope:
            parent = self.element(parent).parent
        return parent == scope

    def raises(self) -> Iterator[Raised]:
        """What may come out of it although no end event says so."""
        for kind in sorted(THROWN):
            if any(self._raises_any(element, kind) for element in self.process.nodes):
                yield kind, None


def _blocked(call: str) -> str:
    return f"{call} blocked"


def _joins_neighbours(process: Process, flow: Flow) -> bool:
    """Whether a token can take the flow: other ones are refused elsewhere."""
    source, target = process.elements.get(flow.source), process.elements.get(flow.target)
    if source is None or target is None or source.parent != target.parent:
        return False
    return source.is_node and target.is_node


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, id in pairs:
        found[key] = (*found.get(key, ()), id)
    return found


def catches(event: Element, raised: Raised) -> bool:
    """Whether an event waits for what was raised."""
    caught, (kind, code) = event.event, raised
    return caught is not None and caught.kind == kind and caught.code in (None, code)
