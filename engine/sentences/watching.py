"""Whether what happens on a course breaks a sentence: one small memory for each form.

“Before” means finished, “after” and “always” mean reached or finished, “inside” means under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from engine.diagram import MultiInstance
from engine.sentences.flattening import Course
from engine.sentences.model import Sentence
from engine.soundness.graph import Marking
from engine.soundness.net import Net, Step

#: What a course has brought so far, as far as the sentence asks: nothing, the first, the second.
Memory = Literal[0, 1, 2]


@dataclass(frozen=True, slots=True)
class Event:
    """An element is reached, or what it does is finished."""

    kind: Literal["reached", "finished"]
    id: str


def events_of(net: Net, before: Marking, step: Step, after: Marking) -> Iterator[Event]:
    """What one step brings, in its order: what is finished first, then what is under way."""
    for number, id in enumerate(step.passed):
        bit = net.bit.get(id, 0)
        if not bit:
            yield Event("reached", id)
        if not bit or (number == 0 and before & bit):
            yield Event("finished", id)
    for bit in net.bits(after & ~before):
        if bit in net.under_way:
            yield Event("reached", net.under_way[bit].id)


class Watch:
    """One sentence on one course; ``places`` are where its parts stand there."""

    def __init__(self, sentence: Sentence, course: Course, net: Net) -> None:
        self.form = sentence.form
        self.net = net
        self.parts = {name: course.ids(part) for name, part in sentence.parts.items()}
        inside = self.parts.get("inside", frozenset())
        self._always_inside = course.process.id in inside
        self._inside = {id: net.bit[id] for id in inside if id in net.bit}

    @property
    def concerned(self) -> bool:
        """Whether the course can break it at all."""
        return bool(self.parts[next(iter(self.parts))])

    def first(self) -> Memory:
        """Before anything has happened."""
        return 0

    def hear(
        self, memory: Memory, events: Iterable[Event], after: Marking
    ) -> tuple[Memory, str | None]:
        """What is remembered after these events, and the element at which the sentence breaks."""
        for event in events:
            if self._breaks(memory, event, after):
                return memory, event.id
            memory = self._learns(memory, event)
        return memory, None

    def breaks_at_end(self, memory: Memory) -> bool:
        """Whether a course may not end like this."""
        match self.form:
            case "ends":
                return memory == 0
            case "after":
                return memory == 1
            case _:
                return False

    def _breaks(self, memory: Memory, event: Event, after: Marking) -> bool:
        reached = event.kind == "reached"
        match self.form:
            case "without":
                return reached and memory == 0 and event.id in self.parts["never"]
            case "inside":
                return (
                    reached and event.id in self.parts["never"] and self._is_inside(event, after)
                )
            case "between":
                return reached and memory == 1 and event.id in self.parts["before"]
            case _:
                return False

    def _is_inside(self, event: Event, after: Marking) -> bool:
        return self._always_inside or any(
            bit & after for id, bit in self._inside.items() if id != event.id
        )

    def _learns(self, memory: Memory, event: Event) -> Memory:
        finished = event.kind == "finished"
        match self.form:
            case "without" if finished and event.id in self.parts["without"]:
                return 1
            case "ends" if finished and event.id in self.parts["ends_in"]:
                return 1
            case "after" | "between":
                return self._owes(memory, event)
            case _:
                return memory

    def _owes(self, memory: Memory, event: Event) -> Memory:
        """1 once the first has happened, 2 once what must follow has."""
        if event.id in self.parts["always"] and (
            event.kind == "finished" or not self._is_many(event.id)
        ):
            return 2 if memory else 0
        if event.kind == "finished" and event.id in self.parts["after"]:
            return 1
        return memory

    def _is_many(self, id: str) -> bool:
        """Whether it may be done for nobody."""
        return isinstance(self.net.element(id).loop, MultiInstance)
