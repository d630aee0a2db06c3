"""Whether every case that begins can end: all courses of a process are walked, blind to values.

A marking is a set of places: flows that hold a token and activities that are under way. Steps
that can only go on (tasks without boundary events, events, merges) are passed at once, so that few
markings remain. Sub-processes are walked inside; call activities and repetitions count as one
step with all outcomes that their boundary events draw. An OR join waits as BPMN 2.0 §13.4.3 says:
while a token elsewhere could still reach an empty way into it and no full one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.diagram import Element, Process
from engine.findings import Finding, finding
from engine.profile import label
from engine.soundness.net import Net
from engine.soundness.walk import Walk, walk_all, way_past

MOST_MARKINGS = 20_000
MOST_SECONDS = 0.4
_SHOWN_STEPS = 8
_SHOWN_FINDINGS = 3

_STUCK = {
    "parallel_gateway": "deadlock_parallel",
    "inclusive_gateway": "deadlock_inclusive",
}


def check_soundness(
    process: Process,
    at: Collection[str] | None = None,
    *,
    markings: int = MOST_MARKINGS,
    seconds: float = MOST_SECONDS,
) -> Iterator[Finding]:
    """Findings with the path that leads there.

    ``at`` begins elsewhere than at the start events: ids of activities that are under way and of
    flows that hold a token. Stops after so many markings or seconds, and says so.
    """
    net = Net(process)
    first = net.initial() if at is None else [net.marking(at)]
    walk = walk_all(net, first, markings=markings, seconds=seconds)
    yield from _doubled(process, net, walk, _sure(process, walk, at, seconds))
    yield from _stuck(process, net, walk)
    yield from _endless(process, net, walk)
    if at is None and process.starts():
        yield from _unreachable(process, net, walk)
    if walk.cut_short:
        count = str(len(walk.came))
        yield finding("too_large", process.file, process.id, name=_name(process), count=count)


def way_avoiding(process: Process, elements: Collection[str]) -> str | None:
    """How the process can end without passing any of these elements; None if it cannot."""
    way = way_past(Net(process), elements, markings=2_000)
    return None if way is None else in_steps(process, way)


def _sure(
    process: Process, walk: Walk, at: Collection[str] | None, seconds: float
) -> Collection[str]:
    """The meetings that come without events that do not interrupt, too."""
    if not walk.doubled or all(event.interrupting for event in process.nodes):
        return walk.doubled
    net = Net(process, asides=False)
    first = net.initial() if at is None else [net.marking(at)]
    return walk_all(net, first, markings=MOST_MARKINGS, seconds=seconds).doubled


def _doubled(process: Process, net: Net, walk: Walk, sure: Collection[str]) -> Iterator[Finding]:
    wrong = [id for id in walk.doubled if id in sure or not net.only_ends_after(id)]
    for id in wrong[:_SHOWN_FINDINGS]:
        yield finding(
            "unsynchronised",
            process.file,
            id,
            name=label(process.elements[id]),
            path=in_steps(process, walk.doubled[id]),
        )


def _stuck(process: Process, net: Net, walk: Walk) -> Iterator[Finding]:
    shown: set[str] = set()
    for marking in walk.stuck:
        element = _stuck_at(net.waits_at(marking))
        if element.id in shown or len(shown) >= _SHOWN_FINDINGS:
            continue
        shown.add(element.id)
        yield finding(
            _STUCK.get(element.kind, "deadlock"),
            process.file,
            element.id,
            name=label(element),
            path=in_steps(process, walk.path(marking)),
        )


def _stuck_at(waiting: list[Element]) -> Element:
    joins = [element for element in waiting if element.kind in _STUCK]
    return (joins or waiting)[0]


def _endless(process: Process, net: Net, walk: Walk) -> Iterator[Finding]:
    """The first marking from which neither an end nor anything unclear can be reached."""
    hopeful = walk.leading_to([0, *walk.stuck, *walk.open])
    for marking in walk.came:
        if marking not in hopeful:
            place = net.waits_at(marking)[0]
            yield finding(
                "cannot_finish",
                process.file,
                place.id,
                name=_name(process),
                place=label(place),
                path=in_steps(process, walk.path(marking)),
            )
            return


def _unreachable(process: Process, net: Net, walk: Walk) -> Iterator[Finding]:
    """What no flow leads to; and, if all was seen and is sound, what no course ever passes.

    Of a chain only the beginning is named.
    """
    sound = not (walk.cut_short or walk.stuck or walk.doubled)
    missed = {
        element.id: element
        for element in process.nodes
        if not _walked_by_nobody(process, net, element)
        and (
            element.id not in net.reachable
            or (sound and element.id not in walk.done and not net.is_aside(element.id))
        )
    }
    begins = [e for e in missed.values() if not missed.keys() & set(_comes_after(process, e))]
    for element in begins or list(missed.values())[:1]:
        yield finding("unreachable", process.file, element.id, name=label(element))


def _comes_after(process: Process, element: Element) -> Iterator[str]:
    yield from (flow.source for flow in process.incoming(element.id))
    if element.attached_to:
        yield element.attached_to
    if element.kind == "start_event" and element.parent:
        yield element.parent


def _walked_by_nobody(process: Process, net: Net, element: Element) -> bool:
    """Whether it is refused elsewhere, or lies in a sub-process that is."""
    if element.kind == "event_sub_process" or element.for_compensation:
        return True
    around = process.elements.get(element.parent or "")
    while around is not None:
        if around.id not in net.reachable or around.kind not in {"sub_process", "transaction"}:
            return True
        around = process.elements.get(around.parent or "")
    return False


def in_steps(process: Process, way: list[str]) -> str:
    """The last steps of a way by their names, as people read them."""
    names = [label(process.elements[id]) for id in dict.fromkeys(way)]
    shown = names[-_SHOWN_STEPS:]
    return " → ".join(["…", *shown] if len(shown) < len(names) else shown)


def _name(process: Process) -> str:
    return process.name or process.id
