"""Whether every case that begins can end: all courses of a process are walked, blind to values.

A marking is a set of places: flows that hold a token and activities that are under way. Steps
that can only go on (tasks without boundary events, events, merges) are passed at once, so that few
markings remain. Sub-processes are walked inside; so are event sub-processes, which may start while
their scope goes on. A call activity does what courses of the called process do (`Outcomes`), or
all that its boundary events draw where that is not known; a repetition counts as one step. An OR
join waits as BPMN 2.0 §13.4.3 says: while a token elsewhere could still reach an empty way into it
and no full one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.diagram import Element, Process
from engine.findings import Finding, finding
from engine.profile import label
from engine.soundness.graph import WALKED_INSIDE, Outcome
from engine.soundness.net import Net
from engine.soundness.outcomes import Outcomes, in_steps
from engine.soundness.walk import MOST_MARKINGS, MOST_SECONDS, Walk, walk_all, way_past

__all__ = ["MOST_SECONDS", "Outcomes", "check_soundness", "in_steps", "way_avoiding"]

_SHOWN_FINDINGS = 3

_STUCK = {
    "parallel_gateway": "deadlock_parallel",
    "inclusive_gateway": "deadlock_inclusive",
}


def check_soundness(
    process: Process,
    at: Collection[str] | None = None,
    *,
    calls: Outcomes | None = None,
    markings: int = MOST_MARKINGS,
    seconds: float = MOST_SECONDS,
) -> Iterator[Finding]:
    """Findings with the path that leads there.

    ``at`` begins elsewhere than at the start events: ids of activities that are under way and of
    flows that hold a token. ``calls`` says how called processes can go. Stops after so many
    markings or seconds, and says so.
    """
    net = Net(process, calls.called_by(process) if calls else None)
    first = net.initial() if at is None else [net.marking(at)]
    walk = walk_all(net, first, markings=markings, seconds=seconds)
    yield from _doubled(process, net, walk, _sure(net, walk, at, seconds))
    yield from _stuck(process, net, walk)
    yield from _endless(process, net, walk)
    if at is None and process.starts():
        yield from _unreachable(process, net, walk)
    if walk.cut_short:
        count = str(len(walk.came))
        yield finding("too_large", process.file, process.id, name=_name(process), count=count)


def way_avoiding(process: Process, elements: Collection[str]) -> str | None:
    """How the process can end without passing any of these elements; None if it cannot."""
    way = way_past(Net(process, stops=elements), elements, markings=2_000)
    return None if way is None else in_steps(process, way)


def _sure(net: Net, walk: Walk, at: Collection[str] | None, seconds: float) -> Collection[str]:
    """The meetings that come without events that do not interrupt, too."""
    if not walk.doubled or all(event.interrupting for event in net.process.nodes):
        return walk.doubled
    net = Net(net.process, net.calls, asides=False)
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
        path = in_steps(process, walk.path(marking))
        outcome = net.outcome(element)
        if outcome is not None:
            yield _stuck_inside(process, element, outcome, path)
            continue
        rule = _STUCK.get(element.kind, "deadlock")
        yield finding(rule, process.file, element.id, name=label(element), path=path)


def _stuck_inside(process: Process, call: Element, outcome: Outcome, path: str) -> Finding:
    """A called process gets stuck, or goes round for ever."""
    rule = "deadlock_called" if outcome.blocked else "endless_called"
    return finding(
        rule,
        process.file,
        call.id,
        name=label(call),
        process=call.called or "",
        path=f"{path} → {outcome.blocked or outcome.endless}",
    )


def _stuck_at(waiting: list[Element]) -> Element:
    joins = [element for element in waiting if element.kind in _STUCK]
    return (joins or waiting)[0]


def _endless(process: Process, net: Net, walk: Walk) -> Iterator[Finding]:
    """The first marking from which neither an end nor anything unclear can be reached."""
    marking = walk.endless(net)
    if marking is not None:
        place = net.waits_at(marking)[0]
        yield finding(
            "cannot_finish",
            process.file,
            place.id,
            name=_name(process),
            place=label(place),
            path=in_steps(process, walk.path(marking)),
        )


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
    undoes = element.attached_to and element.event and element.event.kind == "compensate"
    if element.for_compensation or undoes:
        return True
    around = process.elements.get(element.parent or "")
    while around is not None:
        if around.id not in net.reachable or around.kind not in WALKED_INSIDE:
            return True
        around = process.elements.get(around.parent or "")
    return False


def _name(process: Process) -> str:
    return process.name or process.id
