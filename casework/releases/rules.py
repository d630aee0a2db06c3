"""What each diagram calls. Pure."""

from collections.abc import Iterable, Mapping

from engine.diagram import Process


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
