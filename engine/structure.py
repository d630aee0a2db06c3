"""Whether a diagram hangs together: every flow has two ends, every step a way on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import feel
from engine.diagram import Element, Flow, Process, feel_source
from engine.findings import Finding, finding
from engine.profile import label
from feel import tree

_CHOOSING = ("exclusive_gateway", "inclusive_gateway")
_SPLITTING = (*_CHOOSING, "parallel_gateway", "event_based_gateway", "complex_gateway")
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def check_structure(process: Process) -> Iterator[Finding]:
    """A finding for each thing that is not connected as it should be."""
    for id in dict.fromkeys(process.duplicates):
        yield finding("duplicate_id", process.file, id)
    for id in process.shared:
        yield finding("shared_id", process.file, id)
    yield from _begins_and_ends(process, None, process.name or process.id, process.id)
    for flow in process.flows.values():
        yield from _flow(process, flow)
    for element in process.nodes:
        for check in _CHECKS:
            yield from check(process, element)


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, **({"name": label(element)} | facts))


def _begins_and_ends(
    process: Process, parent: str | None, name: str, id: str
) -> Iterator[Finding]:
    starts = process.starts(parent)
    plain = [start for start in starts if start.event is None]
    if parent is not None and _is_aside(process, parent):
        if len(starts) != 1:
            yield finding("event_sub_process_start", process.file, id, name=name)
    elif parent is not None and (len(starts) != 1 or not plain):
        yield finding("sub_process_start", process.file, id, name=name)
    elif not starts:
        yield finding("no_start", process.file, id, name=name)
    elif len(plain) > 1:
        yield finding("several_starts", process.file, id, name=name, count=str(len(plain)))
    if not any(element.kind == "end_event" for element in process.children(parent)):
        yield finding("no_end", process.file, id, name=name)


def _is_aside(process: Process, id: str) -> bool:
    return process.elements[id].kind == "event_sub_process"


def _sub_process(process: Process, element: Element) -> Iterator[Finding]:
    if element.kind in {"sub_process", "event_sub_process", "transaction"}:
        yield from _begins_and_ends(process, element.id, label(element), element.id)
    flows = (*process.incoming(element.id), *process.outgoing(element.id))
    if element.kind == "event_sub_process" and flows:
        yield _found("event_sub_process_flow", process, element)


def _node(process: Process, id: str) -> Element | None:
    element = process.elements.get(id)
    return element if element is not None and element.is_node else None


def _flow(process: Process, flow: Flow) -> Iterator[Finding]:
    source, target = _node(process, flow.source), _node(process, flow.target)
    if source is None or target is None:
        missing = flow.source if source is None else flow.target
        yield finding(
            "dangling_flow",
            process.file,
            flow.id,
            source=flow.source,
            target=flow.target,
            missing=f"“{missing}”" if missing else "one of them",
        )
    elif source.parent != target.parent:
        yield finding("flow_crosses", process.file, flow.id)
    if target is not None and target.kind in {"start_event", "boundary_event"}:
        yield _found("flow_into_start", process, target)
    if source is not None and source.kind == "end_event":
        yield _found("flow_out_of_end", process, source)


def _ways_on(process: Process, element: Element) -> Iterator[Finding]:
    ways = process.outgoing(element.id)
    if element.kind in {"end_event", "event_sub_process"} or element.for_compensation:
        return
    if element.event and element.event.kind == "compensate" and element.attached_to:
        return
    if element.event and element.event.kind == "link" and "throw" in element.kind:
        return
    if not ways:
        yield _found("no_way_on", process, element)
    elif len(ways) > 1 and element.kind not in _SPLITTING:
        yield _found("several_ways_on", process, element, count=str(len(ways)))


def _boundary(process: Process, element: Element) -> Iterator[Finding]:
    if element.kind != "boundary_event":
        return
    host = process.elements.get(element.attached_to or "")
    if host is None or host.parent != element.parent:
        yield _found("boundary_detached", process, element)


def _conditions(process: Process, element: Element) -> Iterator[Finding]:
    ways = process.outgoing(element.id)
    default = element.default_flow
    if default and default not in {flow.id for flow in ways}:
        yield _found("default_elsewhere", process, element)
    if element.kind not in _CHOOSING:
        if any(flow.condition for flow in ways):
            yield _found("condition_ignored", process, element)
        return
    for flow in ways:
        if flow.id == default and flow.condition:
            yield _found("default_condition", process, element)
        elif flow.id != default and not flow.condition and len(ways) > 1:
            yield _found("missing_condition", process, element, target=_name(process, flow))
    conditions = [flow.condition for flow in ways if flow.condition]
    if default is None and conditions and not cover_everything(conditions):
        yield _found("no_default", process, element)


def cover_everything(conditions: list[str]) -> bool:
    """Whether one of the conditions holds whatever the variables are (null aside)."""
    nodes = [_positive(node) for node in map(_tree, conditions) if node is not None]
    return tree.Literal(True) in nodes or any(
        _positive(_opposite(node)) in nodes for node in nodes
    )


def _tree(condition: str) -> tree.Node | None:
    source = feel_source(condition)
    try:
        return feel.compile(condition if source is None else source).tree
    except feel.FeelError:
        return None


def _positive(node: tree.Node) -> tree.Node:
    """``x = true`` as ``x``, and ``x = false`` as ``not(x)``."""
    match node:
        case tree.Comparison("=", left, tree.Literal(True)):
            return left
        case tree.Comparison("=", left, tree.Literal(False)):
            return _opposite(left)
        case _:
            return node


def _opposite(node: tree.Node) -> tree.Node:
    match node:
        case tree.Comparison(operator, left, right):
            return tree.Comparison(_OPPOSITE[operator], left, right)
        case tree.Call(tree.Name("not"), (inner,), _):
            return inner
        case _:
            return tree.Call(tree.Name("not"), (node,))


def _event_gateway(process: Process, element: Element) -> Iterator[Finding]:
    if element.kind != "event_based_gateway":
        return
    timers = 0
    for flow in process.outgoing(element.id):
        target = process.elements.get(flow.target)
        if target is None:
            continue
        if target.kind not in {"intermediate_catch_event", "receive_task"}:
            yield _found("event_gateway_target", process, element, target=label(target))
        elif len(process.incoming(target.id)) > 1:
            yield _found("event_gateway_shared", process, target)
        timers += target.event is not None and target.event.kind == "timer"
    if timers > 1:
        yield _found("event_gateway_timers", process, element, count=str(timers))


def _lanes(process: Process, element: Element) -> Iterator[Finding]:
    if element.parent is None:
        return
    for lane in process.lanes.values():
        if element.id in lane.members and lane.sub_process != element.parent:
            own = process.lanes.get(element.lane_id or "")
            if own is not None and own.id != lane.id:
                yield _found("lane_conflict", process, element, lane=lane.name, other=own.name)


def _name(process: Process, flow: Flow) -> str:
    target = process.elements.get(flow.target)
    return label(target) if target else flow.target


_CHECKS: tuple[Callable[[Process, Element], Iterator[Finding]], ...] = (
    _sub_process,
    _ways_on,
    _boundary,
    _conditions,
    _event_gateway,
    _lanes,
)
