"""A process with everything it calls drawn into it, so that it can be walked across calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.diagram import Element, Flow, Process
from engine.sentences.model import Passed

_MOST_ELEMENTS = 6_000


@dataclass(frozen=True, slots=True)
class Course:
    """A process and all that it calls as one.

    An id is the way there through the calls, joined by ``/``. ``whole`` tells whether every call
    was drawn in.
    """

    process: Process
    passed: Mapping[str, Passed]
    calls: Mapping[str, str]
    whole: bool

    def ids(self, places: Collection[str]) -> frozenset[str]:
        """Where these places are, in every call."""
        return frozenset(self._ids(frozenset(places)))

    def _ids(self, places: Collection[str]) -> Iterator[str]:
        if self.process.id in places:
            yield self.process.id
        for id, passed in self.passed.items():
            if f"{passed.process}/{passed.element}" in places or self.calls.get(id) in places:
                yield id


def flatten(diagrams: Mapping[str, Process], root: str) -> Course:
    """What calls itself, or too much, is not drawn in."""
    drawn = _Drawn(diagrams)
    drawn.take(root, "", None, frozenset())
    process = replace(
        diagrams[root],
        elements=MappingProxyType(drawn.elements),
        flows=MappingProxyType(drawn.flows),
        associations=(),
    )
    return Course(process, drawn.passed, drawn.calls, drawn.whole)


class _Drawn:
    """What has been drawn so far."""

    def __init__(self, diagrams: Mapping[str, Process]) -> None:
        self.diagrams = diagrams
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.passed: dict[str, Passed] = {}
        self.calls: dict[str, str] = {}
        self.whole = True

    def take(self, id: str, way: str, around: str | None, callers: frozenset[str]) -> None:
        """Draw in a process that is called at ``around``."""
        process = self.diagrams[id]
        for element in _plain_starts_first(process):
            moved = _moved(element, way, around)
            self.passed[moved.id] = Passed(id, element.id)
            if element.kind != "call_activity":
                self.elements[moved.id] = moved
            elif self._may_enter(element, {*callers, id}):
                self.elements[moved.id] = replace(moved, kind="sub_process")
                self.calls[moved.id] = element.called or ""
                self.take(element.called or "", f"{moved.id}/", moved.id, callers | {id})
            else:
                self.elements[moved.id] = moved
                self.whole = False
        for flow in process.flows.values():
            self.flows[way + flow.id] = replace(
                flow,
                id=way + flow.id,
                source=way + flow.source,
                target=way + flow.target,
                parent=way + flow.parent if flow.parent else around,
            )

    def _may_enter(self, call: Element, callers: Collection[str]) -> bool:
        known = call.called in self.diagrams and call.called not in callers
        return known and len(self.elements) < _MOST_ELEMENTS


def _moved(element: Element, way: str, around: str | None) -> Element:
    return replace(
        element,
        id=way + element.id,
        parent=way + element.parent if element.parent else around,
        attached_to=way + element.attached_to if element.attached_to else None,
        default_flow=way + element.default_flow if element.default_flow else None,
    )


def _plain_starts_first(process: Process) -> list[Element]:
    """A call begins at the start event that waits for nothing."""
    return sorted(
        process.elements.values(),
        key=lambda each: each.kind == "start_event" and bool(each.events),
    )
