"""Which elements and flows of the diagrams were met by what happened. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.diagram import Element, Flow, Process

_JOINS = {"parallel_gateway", "inclusive_gateway"}
_COMES = {"entered", "passed", "merged"}


class Entry(NamedTuple):
    """A line of what happened, as the history keeps it."""

    instance: str
    process: str
    element: str
    event: str


@dataclass(frozen=True, slots=True)
class Met:
    """How often each element and flow was met, by ``process/id``."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, process: str) -> dict[str, int]:
        """Those of one process by their own ids."""
        start = f"{process}/"
        return {
            key.removeprefix(start): count
            for key, count in self.counts.items()
            if key.startswith(start)
        }


def met(diagrams: Mapping[str, Process], trail: Iterable[Entry]) -> Met:
    """What was met on the way, in the order in which it happened.

    The history knows elements: of several ways into one, that whose source was left last was
    taken.
    """
    counts: Counter[str] = Counter()
    left: dict[tuple[str, str, str], int] = {}
    for number, entry in enumerate(trail):
        process = diagrams.get(entry.process)
        element = process.elements.get(entry.element) if process else None
        if process is None or element is None:
            continue
        if entry.event in _COMES:
            counts[f"{process.id}/{element.id}"] += entry.event != "merged"
            for flow in _ways_taken(process, element, entry, left):
                counts[f"{process.id}/{flow.id}"] += 1
        left[entry.instance, process.id, element.id] = number
    return Met(counts)


def _ways_taken(
    process: Process, element: Element, entry: Entry, left: Mapping[tuple[str, str, str], int]
) -> Iterator[Flow]:
    ways = {
        flow: left[entry.instance, process.id, flow.source]
        for flow in process.incoming(element.id)
        if (entry.instance, process.id, flow.source) in left
    }
    if element.kind in _JOINS:
        yield from ways
    elif ways:
        yield max(ways, key=lambda flow: ways[flow])


def never_met(process: Process, found: Met) -> tuple[str, ...]:
    """The ids of what can be passed, elements first, and never was."""
    ids = [element.id for element in process.nodes] + list(process.flows)
    return tuple(id for id in ids if not found.counts.get(f"{process.id}/{id}"))
