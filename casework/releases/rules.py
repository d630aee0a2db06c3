"""How two versions of a diagram differ, and what each diagram calls. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from casework.releases.model import Change
from engine.diagram import Element, Process


def differences(before: Process, after: Process) -> tuple[Change, ...]:
    """Steps and events that came, went, or are otherwise, in the order of the diagram."""
    return (
        *_added(before, after),
        *_renamed(before, after),
        *_changed(before, after),
        *_removed(before, after),
        *_flows(before, after),
    )


def added(before: Process, after: Process) -> frozenset[str]:
    """The ids of the elements that are new."""
    return frozenset(after.elements.keys() - before.elements.keys())


def reaches(processes: Mapping[str, Process]) -> dict[str, frozenset[str]]:
    """For each process itself and all that it calls, however deep."""
    calls = {
        process.id: {element.called for element in process.elements.values() if element.called}
        & processes.keys()
        for process in processes.values()
    }
    return {process: _reached(process, calls) for process in processes}


def _reached(start: str, calls: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        process = waiting.pop()
        if process not in found:
            found.add(process)
            waiting += calls[process]
    return frozenset(found)


def _added(before: Process, after: Process) -> Iterator[Change]:
    for element in after.elements.values():
        if element.id not in before.elements:
            yield Change("added", label(element))


def _removed(before: Process, after: Process) -> Iterator[Change]:
    for element in before.elements.values():
        if element.id not in after.elements:
            yield Change("removed", label(element))


def _renamed(before: Process, after: Process) -> Iterator[Change]:
    for earlier, element in _both(before, after):
        if earlier.name != element.name:
            yield Change("renamed", label(element), label(earlier))


def _changed(before: Process, after: Process) -> Iterator[Change]:
    for earlier, element in _both(before, after):
        if _settings(earlier) != _settings(element):
            yield Change("changed", label(element))


def _flows(before: Process, after: Process) -> Iterator[Change]:
    """Conditions that are worded otherwise; which way flows lead is drawn."""
    for flow in after.flows.values():
        earlier = before.flows.get(flow.id)
        if earlier is not None and earlier.condition != flow.condition:
            source = after.elements.get(flow.source)
            yield Change("changed", flow.name or (label(source) if source else flow.id))


def _both(before: Process, after: Process) -> Iterator[tuple[Element, Element]]:
    for element in after.elements.values():
        earlier = before.elements.get(element.id)
        if earlier is not None:
            yield earlier, element


def _settings(element: Element) -> Element:
    return replace(element, name="", line=None)


def label(element: Element) -> str:
    return " ".join(element.name.split()) or element.id
