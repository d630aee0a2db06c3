"""What is known of variables on a course: texts and truths that the diagram itself writes.

Answers, results and messages are unknown, and so is everything in a process in which tokens run
side by side: a condition that reads any of it may go either way. What is known is right on every
course, so that ways which can never be taken are left out and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import feel
from engine.diagram import Element, MultiInstance, Process, feel_source
from engine.diagram import Mapping as Passing
from engine.expressions import facts_of
from engine.sentences.flattening import Course
from engine.soundness.graph import Marking
from engine.soundness.net import Net, Step
from feel import tree

Value = str | bool
_SIDE_BY_SIDE = {"parallel_gateway", "inclusive_gateway", "complex_gateway"}
_CLOCK = {"now", "today"}


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A variable of the process that was called at ``scope`` has this value for sure."""

    scope: str
    name: str
    value: Value


Known = frozenset[Fact]
NOTHING: Known = frozenset()


class Knowing:
    """What each step of a course teaches."""

    def __init__(self, course: Course, net: Net, diagrams: Mapping[str, Process]) -> None:
        self.course = course
        self.net = net
        self._followed = {id for id, process in diagrams.items() if _in_one_line(process)}
        self._asked = _names_asked(diagrams.values())
        self._loose = frozenset(self._written_aside())
        #: What neither writes anything that is asked for nor hears anything.
        self._silent = {each.id for each in net.process.nodes if self._says_nothing(each)}

    def allows(self, step: Step, known: Known) -> bool:
        """Whether a gateway may choose these ways."""
        if not step.ways:
            return True
        gateway = self.net.element(step.passed[0])
        if gateway.kind not in {"exclusive_gateway", "inclusive_gateway"}:
            return True
        if self.net.is_aside(gateway.id):
            return True
        here = _in_scope(known, _scope(gateway.id))
        held = {
            way: _holds(self.net.flows[way].condition, here)
            for way in self.net.out.get(gateway.id, ())
            if way != gateway.default_flow
        }
        if gateway.kind == "exclusive_gateway":
            return _first_true(held, step.ways[0])
        return _all_true(held, step.ways)

    def after(self, step: Step, before: Marking, after: Marking, known: Known) -> Known:
        """What is known once the elements of a step have been passed."""
        for number, id in enumerate(step.passed):
            element = self.net.element(id)
            if id in self._silent:
                continue
            if id in self.course.calls:
                left = not number and bool(before & self.net.bit[id])
                known = self._left(element, known) if left else self._entered(element, known)
            else:
                known = self._passed(element, known)
        return self._still(known, after)

    def _still(self, known: Known, marking: Marking) -> Known:
        """Without what belongs to calls that are over."""
        bit = self.net.bit
        return frozenset(f for f in known if not f.scope or marking & bit.get(f.scope, 0))

    def _entered(self, call: Element, known: Known) -> Known:
        inside = {
            f.scope for f in known if f.scope == call.id or f.scope.startswith(f"{call.id}/")
        }
        rest = frozenset(fact for fact in known if fact.scope not in inside)
        here = _in_scope(known, _scope(call.id))
        told = [(each.target, _value(each.source, here)) for each in self._asks(call.inputs)]
        return self._told(rest, call.id, told)

    def _left(self, call: Element, known: Known) -> Known:
        inside = {} if isinstance(call.loop, MultiInstance) else _in_scope(known, call.id)
        told = [(each.target, _value(each.source, inside)) for each in self._asks(call.outputs)]
        return self._told(known, _scope(call.id), [*told, *_collected(call)])

    def _passed(self, element: Element, known: Known) -> Known:
        scope = _scope(element.id)
        if _hears(element) and not element.outputs:
            return frozenset(fact for fact in known if fact.scope != scope)
        told: list[tuple[str, Value | None]] = [*_collected(element)]
        if element.script is not None and element.script.result:
            here = _in_scope(known, scope)
            told.append((element.script.result, _value(element.script.expression, here)))
        if element.decision is not None and element.decision.result:
            told.append((element.decision.result, None))
        told += [(each.target, _of_itself(element, each)) for each in self._asks(element.outputs)]
        return self._told(known, scope, told)

    def _told(self, known: Known, scope: str, told: Iterable[tuple[str, Value | None]]) -> Known:
        """With other values of these variables; None where that is not known."""
        followed = self._process_at(scope) in self._followed
        for name, value in told:
            plain = name.partition(".")[0]
            known = frozenset(f for f in known if (f.scope, f.name) != (scope, plain))
            sure = followed and plain == name and (scope, name) not in self._loose
            if value is not None and sure:
                known |= {Fact(scope, name, value)}
        return known

    def _asks(self, passings: Iterable[Passing]) -> Iterator[Passing]:
        """Those that some condition depends on."""
        return (each for each in passings if each.target.partition(".")[0] in self._asked)

    def _says_nothing(self, element: Element) -> bool:
        if element.id in self.course.calls or (_hears(element) and not element.outputs):
            return False
        return self._asked.isdisjoint(_targets(element))

    def _process_at(self, scope: str) -> str:
        return self.course.calls[scope] if scope else self.net.process.id

    def _written_aside(self) -> Iterator[tuple[str, str]]:
        """Variables that something writes which only runs beside the main course."""
        for element in self.net.process.nodes:
            if self.net.is_aside(element.id):
                yield from ((_scope(element.id), name) for name in _targets(element))


def _names_asked(processes: Iterable[Process]) -> frozenset[str]:
    """The variables that conditions read, or what is passed on to those."""
    asked: set[str] = set()
    passed: list[tuple[str, frozenset[str]]] = []
    for process in processes:
        for flow in process.flows.values():
            if flow.condition:
                asked |= _read(flow.condition, condition=True)
        for element in process.nodes:
            passed += [(each.target, _read(each.source)) for each in element.inputs]
            passed += [(each.target, _read(each.source)) for each in element.outputs]
            if element.script is not None and element.script.result:
                passed.append((element.script.result, _read(element.script.expression)))
    more = True
    while more:
        found = {name for target, names in passed if target in asked for name in names}
        more = not found <= asked
        asked |= found
    return frozenset(asked)


def _read(text: str, *, condition: bool = False) -> frozenset[str]:
    source = feel_source(text)
    if source is None and condition:
        source = text.strip()
    return facts_of(source).names if source else frozenset()


def _in_one_line(process: Process) -> bool:
    """Whether no two tokens of the process share or split its variables."""
    for element in process.nodes:
        split = len(process.outgoing(element.id)) > 1 and not element.kind.endswith("gateway")
        mapped = element.kind == "sub_process" and (
            element.inputs or element.outputs or element.loop
        )
        if split or mapped or element.for_compensation or element.kind in _SIDE_BY_SIDE:
            return False
        if element.kind in {"event_sub_process", "transaction"}:
            return False
    return True


def _hears(element: Element) -> bool:
    """Whether something unknown comes with it."""
    event = element.event
    caught = element.kind in {"start_event", "intermediate_catch_event", "boundary_event"}
    return element.kind == "receive_task" or (
        caught and event is not None and event.kind != "timer"
    )


def _collected(element: Element) -> Iterator[tuple[str, None]]:
    if isinstance(element.loop, MultiInstance) and element.loop.output_collection:
        yield element.loop.output_collection, None


def _targets(element: Element) -> Iterator[str]:
    """The variables that it writes."""
    names = [each.target for each in element.outputs]
    names += [name for name, _ in _collected(element)]
    if element.script is not None and element.script.result:
        names.append(element.script.result)
    if element.decision is not None and element.decision.result:
        names.append(element.decision.result)
    yield from (name.partition(".")[0] for name in names)


def _of_itself(element: Element, output: Passing) -> Value | None:
    """What an output says whatever was answered; of many items nobody knows the last."""
    return None if element.loop is not None else _value(output.source, {})


def _scope(id: str) -> str:
    return id.rpartition("/")[0]


def _in_scope(known: Known, scope: str) -> dict[str, Value]:
    return {fact.name: fact.value for fact in known if fact.scope == scope}


def _value(text: str, known: Mapping[str, Value]) -> Value | None:
    """The text or truth that an expression is for sure; None for everything else."""
    source = feel_source(text)
    if source is None:
        return text.strip() or None
    value = _evaluated(source, known)
    return value if isinstance(value, str | bool) else None


def _holds(text: str | None, known: Mapping[str, Value]) -> bool | None:
    """Whether a condition holds; None if that is not known."""
    if not text:
        return None
    source = feel_source(text)
    source = text.strip() if source is None else source
    if not _can_tell(source, known):
        return None
    return _evaluated(source, known) is True


def _evaluated(source: str, known: Mapping[str, Value]) -> feel.Value:
    return feel.compile(source).evaluate(known) if _can_tell(source, known) else None


def _can_tell(source: str, known: Mapping[str, Value]) -> bool:
    needed = _needed(source)
    return needed is not None and needed <= known.keys()


@lru_cache(maxsize=4096)
def _needed(source: str) -> frozenset[str] | None:
    """The variables that tell its value; None where they are not enough."""
    facts = facts_of(source)
    if facts.node is None or facts.problems:
        return None
    names = {part.name for part in tree.walk(facts.node) if isinstance(part, tree.Name)}
    return facts.names if _CLOCK.isdisjoint(names) else None


def _first_true(held: Mapping[str, bool | None], chosen: str) -> bool:
    """The first way whose condition holds is taken, else the default."""
    for way, holds in held.items():
        if way == chosen:
            return holds is not False
        if holds is True:
            return False
    return True


def _all_true(held: Mapping[str, bool | None], chosen: Iterable[str]) -> bool:
    """All ways whose conditions hold are taken, and no others."""
    taken = set(chosen)
    return all(holds is not (way not in taken) for way, holds in held.items())
