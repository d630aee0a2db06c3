"""Which steps a move lets a case skip, and which it would do again."""

from collections.abc import Iterable, Iterator

from engine.diagram import Process
from engine.moving.crossing import Crossing, ways_on
from engine.moving.model import Frame, Place


def outlook(crossing: Crossing, frame: Frame) -> tuple[list[Place], list[Place]]:
    """Steps that lie behind the case undone, and steps done that lie before it again."""
    skipped: list[Place] = []
    repeated: list[Place] = []
    for process in dict.fromkeys(each.process for each in frame.frames()):
        here = {element for owner, element in frame.places if owner == process}
        before = _View(crossing.before[process], here)
        there = {crossing.name(process, id) for id in here}
        after = _View(crossing.after[process], there & crossing.after[process].elements.keys())
        skipped += _skipped(crossing, before, after)
        repeated += _repeated(crossing, before, after)
    return skipped, repeated


class _View:
    """A process from where tokens stand: what is here, may still come, and has been."""

    def __init__(self, process: Process, here: Iterable[str]) -> None:
        self.process = process
        self.here = set(here)
        first = [way for id in self.here for way in ways_on(process, id, into=False)]
        self.ahead = self._reached(first)
        self.behind = self._leading() - self.ahead - self.here

    def _reached(self, first: Iterable[str]) -> set[str]:
        found: set[str] = set()
        todo = list(first)
        while todo:
            place = todo.pop()
            if place not in found and place in self.process.elements:
                found.add(place)
                todo += ways_on(self.process, place)
        return found

    def _leading(self) -> set[str]:
        """What leads to where tokens stand; with a sub-process, all that is inside it."""
        sources: dict[str, list[str]] = {}
        for element in self.process.nodes:
            for way in ways_on(self.process, element.id):
                sources.setdefault(way, []).append(element.id)
        found: set[str] = set()
        todo = [source for id in self.here for source in sources.get(id, ())]
        while todo:
            place = todo.pop()
            if place not in found:
                found.add(place)
                todo += sources.get(place, ())
        return found


def _skipped(crossing: Crossing, before: _View, after: _View) -> Iterator[Place]:
    process = after.process.id
    for id in _steps(after.process, after.behind):
        old = crossing.source(process, id)
        if old is None or old.id in before.ahead:
            yield process, id


def _repeated(crossing: Crossing, before: _View, after: _View) -> Iterator[Place]:
    process = after.process.id
    for id in _steps(after.process, after.ahead):
        old = crossing.source(process, id)
        if old is not None and old.id in before.behind:
            yield process, id


def _steps(process: Process, ids: set[str]) -> Iterator[str]:
    """Activities in the order of the diagram; of a sub-process that is among them only itself."""
    for element in process.nodes:
        if element.id in ids and element.is_activity and element.parent not in ids:
            yield element.id
