"""What was recorded of a run is followed in another version of its diagrams. Pure.

The history knows elements and no values: where a way would be chosen anew nobody can say how, and
the run is not followed any further.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.diagram import Element, Process

_COMES = frozenset({"entered", "passed"})
#: Where a choice is made by what the case is.
_CHOOSES = frozenset({"exclusive_gateway", "inclusive_gateway"})
_MOST_BETWEEN = 50

SAME, GONE, BESIDE, ANEW, UNREACHED = "same", "gone", "beside", "anew", "unreached"


class Line(NamedTuple):
    """A line of what happened, as the history keeps it."""

    run: str
    process: str
    element: str
    event: str


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a run first goes otherwise, and how: at an element of a diagram.

    ``same``: it goes as it went. ``gone``: it was at an element that is not there. ``beside``: it
    would have come first to an element at which it never was. ``anew``: a choice is made by
    other rules. ``unreached``: no way leads to where it went.
    """

    kind: str
    process: str = ""
    element: str = ""


def follow(
    trail: Iterable[Line],
    before: Mapping[str, Process],
    after: Mapping[str, Process],
    changed: Collection[str] = (),
) -> Fate:
    """The first thing that goes otherwise in ``after``; ``before`` is what is in use.

    ``changed`` are the ids of decisions that decide otherwise.
    """
    been: dict[tuple[str, str], set[str]] = {}
    for line in trail:
        if line.event not in _COMES:
            continue
        passed = been.setdefault((line.run, line.process), set())
        drawn = after.get(line.process)
        fate = _at(line, passed, before.get(line.process), drawn)
        if fate is None and drawn is not None and _decides(drawn.elements[line.element], changed):
            fate = Fate(ANEW, line.process, line.element)
        if fate is not None:
            return fate
        passed.add(line.element)
    return Fate(SAME)


def _at(line: Line, been: set[str], before: Process | None, after: Process | None) -> Fate | None:
    if after is None or line.element not in after.elements:
        return Fate(GONE, line.process, line.element)
    incoming = after.incoming(line.element)
    if not been or not (incoming or _had_ways(line.element, before)):
        return None
    for flow in incoming:
        if flow.source in been:
            return _choice(line, flow.source, before, after)
    first = _between(line.element, been, after)
    if first:
        return Fate(BESIDE, line.process, first)
    return Fate(UNREACHED, line.process, line.element)


def _had_ways(id: str, before: Process | None) -> bool:
    """Whether ways led into an element; what events set off has none."""
    return before is not None and bool(before.incoming(id))


def _decides(element: Element, changed: Collection[str]) -> bool:
    return element.decision is not None and element.decision.id in changed


def _choice(line: Line, source: str, before: Process | None, after: Process) -> Fate | None:
    """Whether the element from which it came chooses otherwise than it did."""
    if before is None or source not in before.elements:
        return None
    if _choosing(source, line.element, before) != _choosing(source, line.element, after):
        return Fate(ANEW, line.process, source)
    return None


def _choosing(id: str, way: str, process: Process) -> object:
    """All that decides whether a gateway takes a way; nothing for any other element.

    Where the other ways lead is of no matter.
    """
    element = process.elements[id]
    if element.kind not in _CHOOSES:
        return None
    leaving = process.outgoing(id)
    taken = [flow.condition for flow in leaving if flow.target == way]
    others = sorted(flow.condition or "" for flow in leaving if flow.target != way)
    default = process.flows.get(element.default_flow or "")
    return taken, others, default is not None and default.target == way


def _between(id: str, been: set[str], after: Process) -> str:
    """What lies on a way from where the run has been; an activity, if any. Empty: no way."""
    seen: set[str] = set()
    todo = [(flow.source, "") for flow in after.incoming(id)]
    while todo and len(seen) < _MOST_BETWEEN:
        each, told = todo.pop(0)
        if each in been:
            return told
        if each not in seen:
            seen.add(each)
            told = each if not told or after.elements[each].is_activity else told
            todo += [(flow.source, told) for flow in after.incoming(each)]
    return ""
