"""What one step can make of the tokens of a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import or_

from engine.diagram import Element
from engine.soundness.graph import WALKED_INSIDE, Aside, Graph, Marking, Outcome, Raised, catches

#: Ways out of an inclusive gateway up to which every combination is walked.
_MOST_COMBINED = 5


@dataclass(slots=True)
class Step:
    """The elements passed in one step; ``doubled`` is one that got a second token.

    ``event``: it happens only if something comes from outside that need not come. ``raised`` is
    what nothing in the process catches. ``ways`` are those that a gateway has chosen.
    """

    passed: list[str] = field(default_factory=list)
    doubled: str | None = None
    #: What has sent tokens on several ways without being asked to: once in a step is enough, so
    #: that a circle of such elements ends and a chain of them does not double and double again.
    split: set[str] = field(default_factory=set)
    event: bool = False
    raised: Raised | None = None
    ways: tuple[str, ...] = ()


Next = tuple[Marking, Step]


class Net(Graph):
    """What can happen at each place of a process."""

    def initial(self) -> list[Next]:
        """The markings that start events lead to, plain ones first."""
        starts = sorted(self.process.starts(), key=lambda start: start.event is not None)
        found = []
        for start in starts:
            step = Step([start.id])
            marking = self.bit.get(self.process.id, 0)
            found.append((self._put(marking, self.out.get(start.id, ()), step), step))
        return found

    def marking(self, at: Iterable[str]) -> Next:
        """Where tokens stand at these activities and flows."""
        marking, step = self.bit.get(self.process.id, 0), Step()
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
            if bit in self.leads_to:
                yield from self._at_flow(marking, bit, self.leads_to[bit])
            elif bit in self.under_way:
                yield from self._at_activity(marking, bit, self.under_way[bit])
        for aside in self.beside:
            yield from self._beside(marking, aside)

    def waits_at(self, marking: Marking) -> list[Element]:
        """The elements whose tokens a marking holds; the process itself holds none."""
        ids = (
            self.flows[place].target if place in self.flows else place.removesuffix(" blocked")
            for place in map(self.place.__getitem__, self.bits(marking))
        )
        return [self.element(id) for id in dict.fromkeys(ids) if id != self.process.id]

    def done_at(self, marking: Marking, place: Marking) -> Next:
        """An activity that is under way ends, whatever goes on inside."""
        element = self.under_way[place]
        step = Step([element.id])
        rest = marking & ~self.inside.get(element.id, 0) & ~place
        return self._put(rest, self.out.get(element.id, ()), step), step

    # What happens when a token arrives.

    def _put(self, marking: Marking, ways: Iterable[str], step: Step) -> Marking:
        todo = [*ways][::-1]
        while todo:
            marking, more = self._arrive(marking, todo.pop(), step)
            todo += more[::-1]
        return marking

    def _arrive(self, marking: Marking, way: str, step: Step) -> tuple[Marking, tuple[str, ...]]:
        """The marking, and the ways on which the token goes on if it splits here."""
        passed: set[str] = set()
        while way not in passed:
            passed.add(way)
            target = self.element(self.flows[way].target)
            if target.id in self.bit:
                return self._enter(marking, target, step), ()
            if self.decides(target) or way in self.resting or target.id in step.split:
                break
            step.passed.append(target.id)
            ways = self.out.get(target.id, ())
            if len(ways) != 1:
                step.split.add(target.id)
                return marking, ways
            way = ways[0]
        return self._set(marking, way, step), ()

    def _enter(self, marking: Marking, element: Element, step: Step) -> Marking:
        marking = self._set(marking, element.id, step)
        if element.kind in WALKED_INSIDE:
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
            case "end_event" | "intermediate_throw_event" if self.decides(target):
                yield self._throw(rest, target, step), step
            case "end_event":
                yield rest, step
            case _ if self.decides(target):
                for way in self.out.get(target.id, ()):
                    taken = Step([target.id], ways=(way,))
                    yield self._put(rest, (way,), taken), taken
            case _:  # where a walk begins, what has split before, or a circle that decides nothing
                yield self._put(rest, self.out.get(target.id, ()), step), step

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
            step = Step([gateway.id], ways=ways)
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

    def _at_activity(self, marking: Marking, bit: Marking, element: Element) -> Iterator[Next]:
        inside = self.inside.get(element.id, 0)
        outcome = self.outcome(element) if self.calls else None
        if not marking & inside and (outcome is None or outcome.ends):
            step = Step([element.id] if element is not self.frame else [])
            yield self._put(marking & ~bit, self.out.get(element.id, ()), step), step
        if outcome is not None:
            yield from self._called(marking, bit, element, outcome)
        for boundary in self.firing.get(element.id, ()):
            step = Step([boundary.id], event=True)
            ways = self.out.get(boundary.id, ())
            if boundary.interrupting:
                yield self._put(marking & ~inside & ~bit, ways, step), step
            elif not marking & self.aside & ~bit & ~inside:
                yield self._put(marking, ways, step), step

    def _called(
        self, marking: Marking, bit: Marking, call: Element, outcome: Outcome
    ) -> Iterator[Next]:
        """What a called process does besides ending."""
        for raised in sorted(each for each in outcome.raised if each[1] is not None):
            step = Step([call.id])
            yield self._raise(marking, call.id, raised, (), step), step
        if self.blocked(call):
            yield marking & ~bit | self.blocked(call), Step([call.id])

    def _beside(self, marking: Marking, aside: Aside) -> Iterator[Next]:
        """An event sub-process may be started as long as its scope goes on as it began."""
        if not marking & self.bit[aside.around] or self._interrupted(marking, aside.around):
            return
        if aside.interrupting or not marking & aside.others:
            step = Step(event=True)
            yield self._start(marking, aside, step), step

    def _interrupted(self, marking: Marking, scope: str) -> bool:
        return any(
            aside.interrupting and marking & self.bit[aside.id] for aside in self.asides[scope]
        )

    def _start(self, marking: Marking, aside: Aside, step: Step) -> Marking:
        if aside.interrupting:
            marking &= ~self.inside[aside.around]
        step.passed += [aside.id, aside.start.id]
        marking = self._set(marking, aside.id, step)
        return self._put(marking, self.out.get(aside.start.id, ()), step)

    # What is raised.

    def _throw(self, rest: Marking, thrower: Element, step: Step) -> Marking:
        """What an error, an escalation or a terminate event does around it."""
        event = thrower.event
        if event is None or event.kind == "terminate":
            if thrower.parent is None:
                return 0
            return rest & ~self.inside[thrower.parent]
        ways = self.out.get(thrower.id, ())
        return self._raise(rest, thrower.id, (event.kind, event.code), ways, step)

    def _raise(
        self, rest: Marking, at: str, raised: Raised, ways: tuple[str, ...], step: Step
    ) -> Marking:
        """Wake the nearest event that catches it; on ``ways`` it goes on if not interrupted."""
        place = at
        while True:
            for boundary in self.boundaries.get(place, ()):
                if catches(boundary, raised):
                    return self._caught(rest, place, boundary, ways, step)
            scope = self.scope_of(self.element(place))
            for aside in self.asides.get(scope, ()):
                if (
                    catches(aside.start, raised)
                    and aside.id != place
                    and not self._interrupted(rest, scope)
                ):
                    rest = rest if aside.interrupting else self._put(rest, ways, step)
                    return self._start(rest, aside, step)
            if scope == self.process.id:
                step.raised = raised
                return self.failed if raised[0] == "error" else self._put(rest, ways, step)
            place = scope

    def _caught(
        self, rest: Marking, host: str, boundary: Element, ways: tuple[str, ...], step: Step
    ) -> Marking:
        step.passed.append(boundary.id)
        if boundary.interrupting:
            rest &= ~self.inside.get(host, 0) & ~self.bit[host]
        else:
            rest = self._put(rest, ways, step)
        return self._put(rest, self.out.get(boundary.id, ()), step)
