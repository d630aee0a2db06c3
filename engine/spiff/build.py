"""From our reading of a diagram to the specification that SpiffWorkflow steps.

The same values feed the check, the drawing and the run, so that a diagram cannot mean one thing
to one of them and another thing to the next.
"""

from collections.abc import Callable, Iterator
from typing import Any

from engine.diagram import Element, EventDefinition, Flow, Mapping, MultiInstance, Process
from engine.diagram import StandardLoop as Loop
from engine.errors import DiagramError
from engine.reasons import reason
from engine.spiff.calls import Call, Service, SubProcess
from engine.spiff.compensation import Compensate, CompensateEnd, Undo
from engine.spiff.events import Boundary, Catch, Definition, End, Receive, Throw
from engine.spiff.expressions import Expression, compiled, condition
from engine.spiff.gateways import Choice, Inclusive, Parallel, Race
from engine.spiff.many import Again, Many
from engine.spiff.nodes import (
    Activity,
    Decide,
    Node,
    Passed,
    Plain,
    Root,
    Script,
    Step,
    Untyped,
    Way,
)
from engine.spiff.triggers import Aside, Trigger
from engine.spiff.workflow import ProcessSpec

_WITH_INSIDE = frozenset({"sub_process", "event_sub_process"})
_THROWABLE = frozenset({"message", "signal", "error", "escalation", "terminate"})


def name_of(process: str, sub_process: str | None) -> str:
    """The name of a specification; embedded sub-processes have one of their own."""
    return process if sub_process is None else f"{process}#{sub_process}"


def build(process: Process) -> dict[str, ProcessSpec]:
    """The specifications of a process and of each sub-process in it, by name.

    Raises DiagramError for what cannot run.
    """
    scopes = [None, *(e.id for e in process.nodes if e.kind in _WITH_INSIDE)]
    return {name_of(process.id, scope): _Builder(process, scope).build() for scope in scopes}


class _Builder:
    """Builds one specification: the elements directly inside ``scope``."""

    def __init__(self, process: Process, scope: str | None) -> None:
        self.process = process
        self.scope = scope
        self.elements = process.children(scope)
        self.spec = ProcessSpec(name_of(process.id, scope), process.id)
        self.spec.start = Root(self.spec)

    def build(self) -> ProcessSpec:
        for element in self.elements:
            self._add(element)
        for element in self.elements:
            self._connect(self.spec.task_specs[element.id], element)
        for element in self.elements:
            node = self.spec.task_specs[element.id]
            if isinstance(node, Inclusive):
                node.sources = {
                    flow.id: frozenset(self._sources(flow, element.id))
                    for flow in self.process.incoming(element.id)
                }
        self.spec.starts = self._starts()
        asides = (e for e in self.elements if e.kind == "event_sub_process")
        self.spec.triggers = tuple(self._trigger(element) for element in asides)
        return self.spec

    def _starts(self) -> tuple[str, ...]:
        starts = self.process.starts(self.scope)
        if starts:
            return tuple(start.id for start in starts)
        attached = {"boundary_event", "event_sub_process"}
        found = tuple(
            element.id
            for element in self.elements
            if not self.process.incoming(element.id)
            and element.kind not in attached
            and not element.for_compensation
        )
        if not found:
            raise DiagramError(reason("no_start", place=self.scope or self.process.id))
        return found

    # Elements

    def _add(self, element: Element) -> None:
        make = _MAKERS.get(element.kind)
        if make is None:
            raise DiagramError(reason("cannot_run", place=element.id, kind=element.kind))
        if element.loop is None:
            node = make(self, element.id, element)
            if not self._is_trigger(element):
                self._map(node, element)
            outer: Node = node
        else:
            name = f"{element.id} [item]"
            node = make(self, name, element)
            self._map(node, element)
            outer = self._repeated(element, element.loop, name)
        if isinstance(outer, Activity):
            outer.boundaries = tuple(b.id for b in self.process.boundaries(element.id))

    def _is_trigger(self, element: Element) -> bool:
        """Whether what came with it has been mapped around the event sub-process already."""
        around = self.process.elements.get(self.scope or "")
        beside = around is not None and around.kind == "event_sub_process"
        return beside and element.kind == "start_event"

    def _map(self, node: Node, element: Element) -> None:
        node.inputs_mapped = tuple(self._passed(element.inputs, element))
        node.outputs_mapped = tuple(self._passed(element.outputs, element))

    def _passed(self, mappings: tuple[Mapping, ...], element: Element) -> Iterator[Passed]:
        for mapping in mappings:
            source = compiled(mapping.source, element.id)
            if source is None or not mapping.target:
                raise DiagramError(reason("half_mapping", place=element.id))
            yield Passed(source, mapping.target)

    def _repeated(self, element: Element, loop: MultiInstance | Loop, item: str) -> Many | Again:
        if isinstance(loop, Loop):
            return self._again(element, loop, item)
        return self._many(element, loop, item)

    def _many(self, element: Element, loop: MultiInstance, item: str) -> Many:
        many = Many(self.spec, element.id, element, item)
        many.sequential = loop.sequential
        many.collection = compiled(loop.input_collection, element.id)
        many.cardinality = compiled(loop.cardinality, element.id)
        many.input_element = loop.input_element
        many.output_collection = loop.output_collection
        many.output_element = compiled(loop.output_element, element.id)
        many.completion = condition(loop.completion_condition, element.id)
        return many

    def _again(self, element: Element, loop: Loop, item: str) -> Again:
        again = Again(self.spec, element.id, element, item)
        again.test_before = loop.test_before
        again.condition = condition(loop.condition, element.id)
        again.maximum = loop.maximum
        return again

    def user_task(self, name: str, element: Element) -> Node:
        return Step(self.spec, name, element)

    def untyped(self, name: str, element: Element) -> Node:
        return Untyped(self.spec, name, element)

    def plain(self, name: str, element: Element) -> Node:
        return Plain(self.spec, name, element)

    def script(self, name: str, element: Element) -> Node:
        node = Script(self.spec, name, element)
        if element.script is not None:
            node.expression = compiled(element.script.expression, element.id)
            node.result = element.script.result
        return node

    def decide(self, name: str, element: Element) -> Node:
        if element.decision is None:
            raise DiagramError(reason("names_no_decision", place=element.id))
        node = Decide(self.spec, name, element)
        node.decision, node.result = element.decision.id, element.decision.result
        return node

    def service(self, name: str, element: Element) -> Node:
        if element.service is None:
            raise DiagramError(reason("names_no_service", place=element.id))
        node = Service(self.spec, name, element)
        node.service = element.service.type
        return node

    def send(self, name: str, element: Element) -> Node:
        """A message, or a service that sends."""
        make = self.service if element.service is not None else self.throw
        return make(name, element)

    def call(self, name: str, element: Element) -> Node:
        if not element.called:
            raise DiagramError(reason("names_no_process", place=element.id))
        return Call(self.spec, name, element, element.called)

    def sub_process(self, name: str, element: Element) -> Node:
        return SubProcess(self.spec, name, element, name_of(self.process.id, element.id))

    def event_sub_process(self, name: str, element: Element) -> Node:
        return Aside(self.spec, name, element, name_of(self.process.id, element.id))

    def _trigger(self, element: Element) -> str:
        """What the start event of an event sub-process waits for, around it."""
        starts = self.process.starts(element.id)
        if len(starts) != 1 or not starts[0].events:
            raise DiagramError(reason("one_event", place=element.id))
        if element.loop is not None or element.inputs or element.outputs:
            raise DiagramError(reason("shares", place=element.id))
        start = starts[0]
        event = self._only_event(start) or start.events[0]
        trigger = Trigger(
            self.spec, start.id, start, starts=element.id, interrupting=start.interrupting
        )
        trigger.definition = self._definition(event, start)
        self._map(trigger, start)
        return start.id

    def choice(self, name: str, element: Element) -> Node:
        return Choice(self.spec, name, element)

    def parallel(self, name: str, element: Element) -> Node:
        node = Parallel(self.spec, name, element)
        node.incoming = self._incoming(element)
        return node

    def inclusive(self, name: str, element: Element) -> Node:
        node = Inclusive(self.spec, name, element)
        node.incoming = self._incoming(element)
        return node

    def race(self, name: str, element: Element) -> Node:
        return Race(self.spec, name, element)

    def receive(self, name: str, element: Element) -> Node:
        if element.event is None:
            return Untyped(self.spec, name, element)
        node = Receive(self.spec, name, element)
        node.definition = self._definition(element.event, element)
        return node

    def catch(self, name: str, element: Element) -> Node:
        event = self._only_event(element)
        if event is None or event.kind == "link":
            return Plain(self.spec, name, element)
        node = Catch(self.spec, name, element)
        node.definition = self._definition(event, element)
        return node

    def boundary(self, name: str, element: Element) -> Node:
        event = self._only_event(element)
        if event is None:
            raise DiagramError(reason("boundary", place=element.id))
        if event.kind == "compensate":
            return self._undo(name, element)
        node = Boundary(self.spec, name, element)
        node.definition = self._definition(event, element)
        node.interrupting = element.interrupting
        return node

    def _undo(self, name: str, element: Element) -> Node:
        handler = self.process.handler_of(element)
        host = self.process.elements.get(element.attached_to or "")
        if handler is None or host is None or host.loop is not None or handler.loop is not None:
            raise DiagramError(reason("puts_right", place=element.id))
        return Undo(self.spec, name, element, handler.id)

    def _compensated(self, element: Element, node: Compensate) -> Node:
        event = self._only_event(element)
        if event is not None and event.reference is not None:
            found = [b for b in self.process.boundaries(event.reference) if _compensates(b)]
            if len(found) != 1:
                raise DiagramError(reason("not_put_right", place=element.id))
            node.only = found[0].id
        return node

    def throw(self, name: str, element: Element) -> Node:
        if _compensates(element):
            return self._compensated(element, Compensate(self.spec, name, element))
        node = Throw(self.spec, name, element)
        node.definitions = self._thrown(element)
        return node

    def end(self, name: str, element: Element) -> Node:
        if _compensates(element):
            return self._compensated(element, CompensateEnd(self.spec, name, element))
        node = End(self.spec, name, element)
        node.definitions = self._thrown(element)
        return node

    # Events

    def _only_event(self, element: Element) -> EventDefinition | None:
        if len(element.events) > 1:
            raise DiagramError(reason("one_thing", place=element.id))
        return element.event

    def _definition(self, event: EventDefinition, element: Element) -> Definition:
        place = element.id
        if event.kind not in _LISTENABLE:
            raise DiagramError(reason("cannot_wait", place=place, kind=event.kind))
        return Definition(
            kind=event.kind,
            name=compiled(event.name, place),
            code=event.code,
            correlation=compiled(event.correlation or "=case_ref", place),
            timer=event.timer.kind if event.timer else None,
            when=compiled(event.timer.expression, place) if event.timer else None,
        )

    def _thrown(self, element: Element) -> tuple[Definition, ...]:
        found = []
        for event in element.events:
            if event.kind == "link":
                continue
            if event.kind not in _THROWABLE:
                raise DiagramError(reason("cannot_throw", place=element.id, kind=event.kind))
            name = compiled(event.name, element.id)
            found.append(Definition(event.kind, name=name, code=event.code))
        return tuple(found)

    # Flows

    def _incoming(self, element: Element) -> tuple[str, ...]:
        return tuple(flow.id for flow in self.process.incoming(element.id))

    def _connect(self, node: Node, element: Element) -> None:
        ways = [self._way(flow, element) for flow in self.process.outgoing(element.id)]
        node.ways = (*ways, *self._links(element))
        for way in node.ways:
            node.connect(self.spec.task_specs[way.target])

    def _way(self, flow: Flow, element: Element) -> Way:
        if flow.target not in self.spec.task_specs:
            raise DiagramError(reason("leads_nowhere", place=flow.id))
        return Way(
            flow.id,
            flow.target,
            self._condition(flow),
            flow.id == element.default_flow,
        )

    def _condition(self, flow: Flow) -> Expression | None:
        return condition(flow.condition, flow.id)

    def _links(self, element: Element) -> Iterator[Way]:
        """A link that is thrown continues at the link of the same name that is caught."""
        if element.kind != "intermediate_throw_event":
            return
        for event in element.events:
            if event.kind != "link":
                continue
            target = self._link_target(event.name)
            if target is None:
                raise DiagramError(reason("no_link", place=element.id, name=event.name))
            yield Way(f"{element.id} link", target.id, None, False)

    def _link_target(self, name: str | None) -> Element | None:
        for element in self.elements:
            if element.kind == "intermediate_catch_event" and any(
                event.kind == "link" and event.name == name for event in element.events
            ):
                return element
        return None

    def _sources(self, flow: Flow, join: str) -> Iterator[str]:
        """The elements from which a token can reach this flow without passing the join."""
        incoming: dict[str, list[str]] = {}
        for element in self.elements:
            for way in self.spec.task_specs[element.id].ways:
                incoming.setdefault(way.target, []).append(element.id)
        seen: set[str] = set()
        todo = [flow.source]
        while todo:
            place = todo.pop()
            if place in seen or place == join:
                continue
            seen.add(place)
            yield place
            todo.extend(incoming.get(place, ()))
            attached = self.process.elements[place].attached_to
            if attached:
                todo.append(attached)


def _compensates(element: Element) -> bool:
    return element.event is not None and element.event.kind == "compensate"


_LISTENABLE = frozenset({"timer", "message", "signal", "error", "escalation"})
_Maker = Callable[[Any, str, Element], Node]
_MAKERS: dict[str, _Maker] = {
    "start_event": _Builder.plain,
    "end_event": _Builder.end,
    "user_task": _Builder.user_task,
    "manual_task": _Builder.user_task,
    "task": _Builder.untyped,
    "script_task": _Builder.script,
    "business_rule_task": _Builder.decide,
    "service_task": _Builder.service,
    "send_task": _Builder.send,
    "receive_task": _Builder.receive,
    "call_activity": _Builder.call,
    "sub_process": _Builder.sub_process,
    "event_sub_process": _Builder.event_sub_process,
    "exclusive_gateway": _Builder.choice,
    "parallel_gateway": _Builder.parallel,
    "inclusive_gateway": _Builder.inclusive,
    "event_based_gateway": _Builder.race,
    "intermediate_catch_event": _Builder.catch,
    "intermediate_throw_event": _Builder.throw,
    "boundary_event": _Builder.boundary,
}
