"""Activities that run more than once: per item of a collection, or while a condition holds."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import StepFailed
from engine.reasons import reason
from engine.spiff.expressions import Expression
from engine.spiff.nodes import Activity, take_away
from engine.spiff.workflow import ProcessSpec

_MOST_ITEMS = 1000
_COUNTER = "loopCounter"


class Many(Activity):
    """A multi-instance activity.

    Each item is a token of its own that knows ``inputElement`` and ``loopCounter``; what it sets
    stays with it, but for the output element. The output collection is made new at each entry
    and holds the results in the order of the items, null for those that were not awaited.
    """

    def __init__(self, spec: ProcessSpec, name: str, element: Element, item: str) -> None:
        super().__init__(spec, name, element)
        self.item = item
        self.sequential = False
        self.collection: Expression | None = None
        self.cardinality: Expression | None = None
        self.input_element: str | None = None
        self.output_collection: str | None = None
        self.output_element: Expression | None = None
        self.completion: Expression | None = None

    def begin(self, task: Task) -> bool:
        items = self._items(task)
        state = task.internal_data
        state["items"] = items
        state["results"] = [None] * len(items)
        state["started"] = state["completed"] = 0
        if not items:
            return self._finish(task)
        task._set_state(TaskState.STARTED)
        for _ in range(1 if self.sequential else len(items)):
            self._start(task)
        return False

    def item_done(self, task: Task, child: Task) -> None:
        """One of them is done."""
        state = task.internal_data
        state["completed"] += 1
        outside = task.workflow.top_workflow.outside
        place = int(child.internal_data["item"][_COUNTER]) - 1
        if self.output_element is not None:
            state["results"] = list(state["results"])
            state["results"][place] = self.output_element.value(child.data, outside)
        total = len(state["items"])
        if state["completed"] == total or self._enough(task, child):
            self._stop(task)
            self._finish(task)
            task._ready()
        elif self.sequential:
            self._start(task)

    def _items(self, task: Task) -> list[Any]:
        outside = task.workflow.top_workflow.outside
        if self.collection is None:
            return self._numbered(task)
        found = self.collection.value(task.data, outside)
        if not isinstance(found, list):
            raise StepFailed(self.id, reason("no_list", text=self.collection.text))
        if len(found) > _MOST_ITEMS:
            raise StepFailed(
                self.id, reason("long_list", text=self.collection.text, most=_MOST_ITEMS)
            )
        return found

    def _numbered(self, task: Task) -> list[Any]:
        outside = task.workflow.top_workflow.outside
        found = self.cardinality.value(task.data, outside) if self.cardinality else None
        if isinstance(found, str) and found.isdecimal():
            found = int(found)
        if isinstance(found, Decimal) and found == int(found):
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _MOST_ITEMS:
            raise StepFailed(self.id, reason("no_count"))
        return [None] * found

    def _start(self, task: Task) -> None:
        state = task.internal_data
        place = state["started"]
        state["started"] = place + 1
        spec = self._wf_spec.task_specs[self.item]
        child = task.workflow.add(task, spec)
        item: dict[str, Any] = {_COUNTER: place + 1}
        if self.input_element:
            item[self.input_element] = state["items"][place]
        child.internal_data["item"] = item
        spec._update(child)

    def _enough(self, task: Task, child: Task) -> bool:
        if self.completion is None:
            return False
        state = task.internal_data
        total, completed = len(state["items"]), state["completed"]
        counts = {
            "numberOfInstances": total,
            "numberOfActiveInstances": state["started"] - completed,
            "numberOfCompletedInstances": completed,
            "numberOfTerminatedInstances": 0,
        }
        if self.output_collection:
            counts[self.output_collection] = [r for r in state["results"] if r is not None]
        outside = task.workflow.top_workflow.outside
        return self.completion.holds({**child.data, **counts}, outside)

    def _stop(self, task: Task) -> None:
        for child in task.children:
            take_away(child)

    def _finish(self, task: Task) -> bool:
        if self.output_collection:
            task.data = {**task.data, self.output_collection: task.internal_data["results"]}
        for name in ("items", "results", "started", "completed"):
            del task.internal_data[name]
        return True


class Again(Activity):
    """A standard loop: again while its condition holds, each time with what the last one left."""

    def __init__(self, spec: ProcessSpec, name: str, element: Element, item: str) -> None:
        super().__init__(spec, name, element)
        self.item = item
        self.test_before = False
        self.condition: Expression | None = None
        self.maximum: int | None = None

    def begin(self, task: Task) -> bool:
        task.internal_data["rounds"] = 0
        if self.test_before and not self._once_more(task, task.data):
            return True
        task._set_state(TaskState.STARTED)
        self._start(task)
        return False

    def item_done(self, task: Task, child: Task) -> None:
        task.internal_data["rounds"] += 1
        task.data = {name: value for name, value in child.data.items() if name != _COUNTER}
        if self._once_more(task, task.data):
            self._start(task)
        else:
            task._ready()

    def _start(self, task: Task) -> None:
        spec = self._wf_spec.task_specs[self.item]
        child = task.workflow.add(task, spec)
        child.internal_data["item"] = {_COUNTER: task.internal_data["rounds"] + 1}
        spec._update(child)

    def _once_more(self, task: Task, variables: Mapping[str, Any]) -> bool:
        rounds = task.internal_data["rounds"]
        if rounds >= (self.maximum if self.maximum is not None else _MOST_ITEMS):
            return False
        outside = task.workflow.top_workflow.outside
        counted = {**variables, _COUNTER: rounds}
        return self.condition is None or self.condition.holds(counted, outside)
