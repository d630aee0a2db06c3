"""All courses of a process and what it calls, with what is known and what has happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import thread_time
from typing import NamedTuple

from engine.diagram import MultiInstance, Process
from engine.sentences.flattening import Course
from engine.sentences.knowing import NOTHING, Knowing, Known
from engine.sentences.model import Passed
from engine.sentences.watching import Event, Memory, Watch, events_of
from engine.soundness.graph import Marking
from engine.soundness.net import Net, Next

MOST_STATES = 20_000


class Standing(NamedTuple):
    """Where tokens stand, and what is known; nothing before the beginning."""

    marking: Marking
    known: Known


class Following(NamedTuple):
    """What one step leads to, and what it passes and brings."""

    standing: Standing
    passed: tuple[str, ...]
    events: tuple[Event, ...]


class State(NamedTuple):
    """Where a course is, and what the sentence remembers of it."""

    standing: Standing
    memory: Memory


class Walkable:
    """A course whose steps are worked out once for all sentences.

    A token rests at each of ``stops``. ``unclear`` tells whether a step was met whose future is
    not looked at, because a second token came where one was.
    """

    def __init__(
        self, course: Course, stops: Collection[str], diagrams: Mapping[str, Process]
    ) -> None:
        self.course = course
        self.net = Net(course.process, stops=stops)
        self.unclear = not course.whole
        self._knowing = Knowing(course, self.net, diagrams)
        self._known: dict[Standing | None, tuple[Following, ...]] = {}

    def steps(self, standing: Standing | None) -> tuple[Following, ...]:
        """All that can come next; None is the beginning."""
        if standing not in self._known:
            self._known[standing] = tuple(self._work_out(standing))
        return self._known[standing]

    def _work_out(self, standing: Standing | None) -> Iterator[Following]:
        if standing is None:
            before, known, nexts = 0, NOTHING, iter(self.net.initial())
        else:
            before, known = standing
            nexts = self.net.next(before)
        for marking, step in self._also_for_nobody(before, nexts):
            if not self._knowing.allows(step, known):
                continue
            if step.doubled is not None:
                self.unclear = True
                continue
            learnt = self._knowing.after(step, before, marking, known)
            events = tuple(events_of(self.net, before, step, marking))
            yield Following(Standing(marking, learnt), tuple(step.passed), events)

    def _also_for_nobody(self, before: Marking, nexts: Iterable[Next]) -> Iterator[Next]:
        """What is done once for each of a list may be done for nobody: then it is passed by."""
        todo = [*nexts][::-1]
        while todo:
            marking, step = todo.pop()
            yield marking, step
            for bit in self.net.bits(marking & ~before):
                element = self.net.under_way.get(bit)
                if element is not None and isinstance(element.loop, MultiInstance):
                    later, done = self.net.done_at(marking, bit)
                    passed = [id for id in step.passed if not _lies_in(id, element.id)]
                    passed += done.passed[1:]
                    todo.append((later, replace(step, passed=passed, doubled=done.doubled)))


@dataclass(slots=True)
class Found:
    """The way on which the sentence breaks; ``cut_short`` if not all courses were seen."""

    path: tuple[Passed, ...] | None = None
    cut_short: bool = False


@dataclass(slots=True)
class CourseWalk:
    """One sentence on the courses of one process."""

    ground: Walkable
    watch: Watch
    _came: dict[State, tuple[State | None, tuple[str, ...]]] = field(default_factory=dict)
    _broken: list[str] | None = None

    def run(self, *, seconds: float, states: int = MOST_STATES) -> Found:
        """Until the sentence breaks, all is seen, or so much of the processor's time is spent."""
        until = thread_time() + seconds
        todo = deque(self._follow(None))
        while todo and self._broken is None:
            if len(self._came) > states or thread_time() > until:
                return Found(cut_short=True)
            todo.extend(self._follow(todo.popleft()))
        if self._broken is not None:
            return Found(self._named(self._broken))
        return Found(cut_short=self.ground.unclear)

    def _follow(self, state: State | None) -> Iterator[State]:
        standing = state.standing if state else None
        memory = state.memory if state else self.watch.first()
        for following in self.ground.steps(standing):
            marking = following.standing.marking
            learnt, broken = self.watch.hear(memory, following.events, marking)
            new = State(following.standing, learnt)
            over = marking in (0, self.ground.net.failed) and self.watch.breaks_at_end(learnt)
            if broken is not None or over:
                last = following.passed + ((broken,) if broken else ())
                self._broken = self._path(state, last)
                return
            if new not in self._came:
                self._came[new] = (state, following.passed)
                yield new

    def _path(self, state: State | None, last: tuple[str, ...]) -> list[str]:
        parts = [last]
        while state is not None:
            state, passed = self._came[state]
            parts.append(passed)
        return [id for part in reversed(parts) for id in part]

    def _named(self, path: Iterable[str]) -> tuple[Passed, ...]:
        """The elements as their own diagrams name them, each once where it stands twice."""
        passed = self.ground.course.passed
        named = [passed[id] for id in path if id in passed]
        return tuple(each for n, each in enumerate(named) if n == 0 or each != named[n - 1])


def _lies_in(id: str, around: str) -> bool:
    return id == around or id.startswith(f"{around}/")
