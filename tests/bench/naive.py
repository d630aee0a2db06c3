"""SpiffWorkflow as its documentation shows it: stock parser, the whole workflow as JSON."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


@dataclass(frozen=True, slots=True)
class Naive:
    """Steps workflows that rest as JSON."""

    serializer: Any

    @classmethod
    def usual(cls) -> "Naive":
        return cls(BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure()))

    def start(self, data: bytes, process: str, variables: dict[str, Any]) -> str:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(etree.tostring(etree.fromstring(data))))
        workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        workflow.task_tree.data.update(variables)
        workflow.do_engine_steps()
        return self._rest(workflow)

    def after(self, state: str, steps: int, answers: dict[str, Any]) -> str:
        """The state so many steps later."""
        workflow = self.serializer.deserialize_json(state)
        for _ in range(steps):
            _step(workflow, answers)
        return self._rest(workflow)

    def complete(self, state: str, answers: dict[str, Any]) -> str:
        """Do the first step that is ready."""
        workflow = self.serializer.deserialize_json(state)
        _step(workflow, answers)
        return self._rest(workflow)

    def _rest(self, workflow: Any) -> str:
        text: str = self.serializer.serialize_json(workflow)
        return text


def _step(workflow: Any, answers: dict[str, Any]) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data.update(answers)
    task.run()
    workflow.do_engine_steps()
