"""What was recorded of a run is followed in another version of its diagrams. Pure.

The history knows elements and no values: where a way would be chosen anew nobody can say how. The
run is followed on from the next element to which every way leads from there, if it came to it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.diagram import Element, Process

_COMES = frozenset({"entered", "passed"})
#: Where a choice is made by what the case is.
_CHOOSES = frozenset({"exclusive_gateway", "inclusive_gateway"})
_MOST_BETWEEN = 50
#: Of a case; nobody reads on after so many.
MOST_DIFFERENCES = 8

SAME, GONE, BESIDE, ANEW, UNREACHED = "same", "gone", "beside", "anew", "unreached"


class Line(NamedTuple):
    """A line of what happened, as the history keeps it."""

    run: str
    process: str
    element: str
    event: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What goes otherwise, and where: at an element of a diagram.

    ``same``: it goes as it went. ``gone``: it was at an element that is not there. ``beside``: it
    would have come first to an element at which it never was. ``anew``: a choice is made by
    other rules. ``unreached``: no way leads to where it went.
    """

    kind: str
    process: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """What goes otherwise, the first first, each once; ``been`` are the elements (with their
    diagrams) of the way that the case would have taken, as far as that can be said.
    """

    differences: tuple[Fate, ...]
    been: frozenset[tuple[str, str]]

    @property
    def first(self) -> Fate:
        return self.differences[0] if self.differences else Fate(SAME)

    @property
    def later(self) -> tuple[Fate, ...]:
        return self.differences[1:]


@dataclass(slots=True)
class _Run:
    """How far a run has been followed in a diagram; ``lost`` since it stood at these elements."""

    been: set[str] = field(default_factory=set)
    last: str = ""
    lost: frozenset[str] | None = None

    def come(self, element: str) -> None:
        self.been.add(element)
        self.last, self.lost = element, None


def follow(
    trail: Iterable[Line],
    before: Mapping[str, Process],
    after: Mapping[str, Process],
    changed: Collection[str] = (),
) -> Followed:
    """What goes otherwise in ``after``; ``before`` is what is in use.

    ``changed`` are the ids of decisions that decide otherwise.
    """
    runs: dict[tuple[str, str], _Run] = {}
    found: dict[Fate, None] = {}
    for line in trail:
        if line.event not in _COMES:
            continue
        run = runs.setdefault((line.run, line.process), _Run())
        drawn = after.get(line.process)
        fate = _next(line, run, before.get(line.process), drawn, changed)
        if fate is not None:
            found[fate] = None
        if len(found) == MOST_DIFFERENCES:
            break
    been = {(process, id) for (_, process), run in runs.items() for id in run.been}
    return Followed(tuple(found), frozenset(been))


def _next(
    line: Line,
    run: _Run,
    before: Process | None,
    after: Process | None,
    changed: Collection[str],
) -> Fate | None:
    """What goes otherwise at a line; the run has come there where that can be said."""
    if after is None or line.element not in after.elements:
        run.lost = run.lost or frozenset({run.last} & run.been)
        return Fate(GONE, line.process, line.element)
    fate = None
    if run.lost is None:
        fate = _at(line, run.been, before, after)
        run.lost = _from(fate, run) if fate is not None else None
    if run.lost is None or _surely_comes(line.element, run.lost, after):
        run.come(line.element)
        if fate is None and _decides(after.elements[line.element], changed):
            fate = Fate(ANEW, line.process, line.element)
            run.lost = frozenset({line.element})
    return fate


def _from(fate: Fate, run: _Run) -> frozenset[str]:
    """Where the run stands in the draft as it goes otherwise."""
    if fate.kind in (BESIDE, ANEW):
        return frozenset({fate.element})
    return frozenset({run.last})


def _surely_comes(id: str, start: Collection[str], process: Process) -> bool:
    """Whether every way from there leads to an element in the ordinary course: no event at a
    border happens. A run that began nowhere comes to anything.
    """
    seen, todo = set(start), [each for each in start if each != id]
    while todo:
        ways = _ways_on(todo.pop(), process)
        if not ways:
            return False
        new = ways - seen - {id}
        seen |= new
        todo += new
    return True


def _ways_on(id: str, process: Process) -> set[str]:
    """Where one comes to from an element; out of a sub-process at its end, and into it."""
    ways = {flow.target for flow in process.outgoing(id)}
    ways |= {caught for thrown, caught in process.links if thrown == id}
    parent = process.elements[id].parent
    if not ways and parent is not None:
        return _ways_on(parent, process)
    return ways


def _at(line: Line, been: set[str], before: Process | None, after: Process) -> Fate | None:
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
