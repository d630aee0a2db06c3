"""Gateways: choices, and joins that wait for exactly the tokens they should wait for.

Stock joins look for tasks of the same specification anywhere in the tree: in a loop they fire
early, and they merge whole data. These consume one token per incoming flow and merge changes.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.spiff.nodes import Node, Way, take_away
from engine.spiff.workflow import ProcessSpec, unite


class Choice(Node):
    """An exclusive gateway: the first way whose condition holds."""

    def choose(self, task: Task) -> list[Way]:
        for way in self.ways:
            if not way.is_default and way.condition and self.open_to(way, task):
                return [way]
        for way in self.ways:
            if way.is_default or way.condition is None:
                return [way]
        return self.default(task)


class Join(Node):
    """What parallel and inclusive gateways share: tokens wait here until enough have come."""

    def __init__(self, spec: ProcessSpec, name: str, element: Element) -> None:
        super().__init__(spec, name, element)
        self.incoming: tuple[str, ...] = ()

    def enter(self, task: Task) -> bool:
        if len(self.incoming) < 2:
            return True
        task.internal_data["n"] = task.workflow.top_workflow.next_serial()
        task._set_state(TaskState.WAITING)
        self.arrived(task)
        return False

    def arrived(self, task: Task) -> None:
        """One more token waits."""

    def arrivals(self, workflow: Any) -> dict[str, list[Task]]:
        """The waiting tokens by the flow they came on, oldest first."""
        found: dict[str, list[Task]] = defaultdict(list)
        for token in workflow.live.values():
            if token.task_spec is self and token._state == TaskState.WAITING:
                found[token.internal_data["via"]].append(token)
        for tokens in found.values():
            tokens.sort(key=_arrival)
        return found

    def fire(self, arrivals: Mapping[str, list[Task]]) -> None:
        """Consume the oldest token of each flow; the last of them goes on for all."""
        tokens = sorted((waiting[0] for waiting in arrivals.values()), key=_arrival)
        last = tokens[-1]
        top = last.workflow.top_workflow
        if len(tokens) > 1:
            conflicts = unite(tokens, last)
            if conflicts:
                top.note("merged", last, ", ".join(conflicts))
        for token in tokens[:-1]:
            consume(token)
        last.internal_data.pop("n")
        last._ready()


def _arrival(token: Task) -> int:
    return int(token.internal_data["n"])


def consume(token: Task) -> None:
    """The token has become part of another one."""
    del token.workflow.live[token.id]
    token._set_state(TaskState.CANCELLED)


class Parallel(Join):
    """A parallel gateway: one token from every incoming flow."""

    def arrived(self, task: Task) -> None:
        self.fire_if_full(task.workflow)

    def fire_if_full(self, workflow: Any) -> None:
        """Go on if a token waits on every flow."""
        arrivals = self.arrivals(workflow)
        if all(flow in arrivals for flow in self.incoming):
            self.fire(arrivals)

    def choose(self, task: Task) -> list[Way]:
        return list(self.ways)


class Inclusive(Join):
    """An inclusive gateway: one token from each flow on which one can still come.

    Whether one can is asked once nothing else runs (`release`).
    """

    def __init__(self, spec: ProcessSpec, name: str, element: Element) -> None:
        super().__init__(spec, name, element)
        #: By incoming flow, the elements from which a token can reach it without passing here.
        self.sources: Mapping[str, frozenset[str]] = {}

    def release(self, workflow: Any) -> bool:
        """Fire if no token on its way could still fill an empty flow.

        As BPMN 2.0 has it, a token that could also reach a flow already filled is not awaited.
        """
        arrivals = self.arrivals(workflow)
        if not arrivals or self._awaited(workflow, arrivals):
            return False
        self.fire(arrivals)
        return True

    def _awaited(self, workflow: Any, filled: Collection[str]) -> bool:
        empty = [flow for flow in self.incoming if flow not in filled]
        for token in workflow.live.values():
            if token.task_spec is self:
                continue
            place = token.task_spec.id
            if any(place in self.sources[flow] for flow in empty) and not any(
                place in self.sources[flow] for flow in filled
            ):
                return True
        return False


class Race(Node):
    """An event-based gateway: the first of the events it leads to decides."""

    def follow(self, task: Task, way: Way) -> None:
        spec = self._wf_spec.task_specs[way.target]
        child = task.workflow.add(task, spec)
        child.internal_data["race"] = task.id
        spec._update(child)


def end_race(winner: Task) -> None:
    """Take away the events that lost against this one."""
    race = winner.internal_data.pop("race", None)
    if race is None:
        return
    for token in list(winner.workflow.live.values()):
        if token.internal_data.get("race") == race:
            take_away(token)
