"""Walks over all markings of a process, remembering how each was reached."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from time import thread_time

from engine.soundness.graph import Marking, Raised
from engine.soundness.net import Net, Next

MOST_MARKINGS = 20_000
MOST_SECONDS = 0.4


@dataclass(slots=True)
class Walk:
    """What has been seen.

    ``came`` says from which marking and by which elements each was first reached, ``before`` all
    markings that lead to one; ``doubled`` are the elements at which a second token came, with the
    way there, ``raised`` what nothing catches, likewise; ``stuck`` markings that nothing moves on
    but an event that need not come; ``open`` markings whose future was not looked at.
    """

    came: dict[Marking, tuple[Marking | None, list[str]]] = field(default_factory=dict)
    before: dict[Marking, list[Marking]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    stuck: list[Marking] = field(default_factory=list)
    doubled: dict[str, list[str]] = field(default_factory=dict)
    raised: dict[Raised, list[str]] = field(default_factory=dict)
    open: set[Marking] = field(default_factory=set)
    cut_short: bool = False

    def path(self, marking: Marking | None) -> list[str]:
        """The elements passed on the shortest way to a marking."""
        parts: list[list[str]] = []
        while marking is not None:
            marking, passed = self.came[marking]
            parts.append(passed)
        return [id for part in reversed(parts) for id in part]

    def leading_to(self, goals: Iterable[Marking]) -> set[Marking]:
        """All markings from which one of these can be reached, and these."""
        found: set[Marking] = set()
        todo = list(goals)
        while todo:
            marking = todo.pop()
            if marking not in found:
                found.add(marking)
                todo += self.before.get(marking, ())
        return found

    def endless(self, net: Net) -> Marking | None:
        """The first marking from which neither an end nor anything unclear can be reached."""
        hopeful = self.leading_to([0, net.failed, *self.stuck, *self.open])
        return next((marking for marking in self.came if marking not in hopeful), None)

    def take(
        self, net: Net, came_from: Marking | None, found: Iterable[Next]
    ) -> Iterator[Marking]:
        """Note what one step leads to; yields the markings that are new."""
        for marking, step in found:
            self.done.update(step.passed)
            if step.raised is not None:
                way = [*self.path(came_from), *step.passed]
                self.raised.setdefault(step.raised, way)
            if step.doubled is not None:
                way = [*self.path(came_from), *step.passed]
                self.doubled.setdefault(net.meeting(step.passed, step.doubled), way)
                if came_from is not None:
                    self.open.add(came_from)
                continue
            if came_from is not None:
                self.before.setdefault(marking, []).append(came_from)
            if marking not in self.came:
                self.came[marking] = (came_from, step.passed)
                yield marking


def walk_all(net: Net, first: list[Next], *, markings: int, seconds: float) -> Walk:
    """Walk until all is seen, or so many markings or seconds are spent."""
    walk = Walk()
    until = thread_time() + seconds
    todo = deque(walk.take(net, None, first))
    while todo:
        if len(walk.came) > markings or thread_time() > until:
            walk.cut_short = True
            walk.open.update(todo)
            break
        marking = todo.popleft()
        successors = list(net.next(marking))
        if marking not in (0, net.failed) and all(step.event for _, step in successors):
            walk.stuck.append(marking)
        todo.extend(walk.take(net, marking, successors))
    return walk


def way_past(net: Net, avoided: Collection[str], *, markings: int) -> list[str] | None:
    """A way from a start to the end of everything that passes none of these elements.

    None if there is none among the first so many markings.
    """
    walk = Walk()
    todo = deque(walk.take(net, None, _free(net.initial(), avoided)))
    while todo and 0 not in walk.came and len(walk.came) <= markings:
        marking = todo.popleft()
        todo.extend(walk.take(net, marking, _free(net.next(marking), avoided)))
    return walk.path(0) if 0 in walk.came else None


def _free(found: Iterable[Next], avoided: Collection[str]) -> Iterator[Next]:
    return (each for each in found if not set(each[1].passed) & set(avoided))
