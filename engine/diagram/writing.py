"""Write a BPMN file: a diagram to go on from, or one as another is."""

from __future__ import annotations

from html import escape

from lxml import etree

from engine import xml
from engine.diagram.namespaces import BPMN, BPMNDI, children, descendants
from engine.diagram.reading import BadDiagram

_NEW = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"\
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"\
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"\
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI"\
 xmlns:modeler="http://camunda.org/schema/modeler/1.0"\
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"\
 id="definitions_{id}" targetNamespace="http://bpmn.io/schema/bpmn"\
 modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">
  <bpmn:process id="{id}" name="{title}" isExecutable="true">
    <bpmn:startEvent id="{id}_begins">
      <bpmn:outgoing>{id}_to_step</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="{id}_step" name="{step}">
      <bpmn:extensionElements>
        <zeebe:userTask />
      </bpmn:extensionElements>
      <bpmn:incoming>{id}_to_step</bpmn:incoming>
      <bpmn:outgoing>{id}_to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="{id}_ends">
      <bpmn:incoming>{id}_to_end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="{id}_to_step" sourceRef="{id}_begins" targetRef="{id}_step" />
    <bpmn:sequenceFlow id="{id}_to_end" sourceRef="{id}_step" targetRef="{id}_ends" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{id}_diagram">
    <bpmndi:BPMNPlane id="{id}_plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="{id}_begins_di" bpmnElement="{id}_begins">
        <dc:Bounds x="180" y="142" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_step_di" bpmnElement="{id}_step">
        <dc:Bounds x="270" y="120" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_ends_di" bpmnElement="{id}_ends">
        <dc:Bounds x="424" y="142" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{id}_to_step_di" bpmnElement="{id}_to_step">
        <di:waypoint x="216" y="160" />
        <di:waypoint x="270" y="160" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="{id}_to_end_di" bpmnElement="{id}_to_end">
        <di:waypoint x="370" y="160" />
        <di:waypoint x="424" y="160" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def new_diagram(process_id: str, title: str, *, step: str) -> bytes:
    """A process with a start, one step of that name and an end, drawn.

    ``process_id`` is of small letters, digits and “_”.
    """
    return _NEW.format(id=process_id, title=escape(title), step=escape(step)).encode()


def copied(data: bytes, name: str, process_id: str, title: str) -> bytes:
    """The one process of a file under another id and title; all else is as it was.

    Raises BadDiagram where the file does not hold exactly one process, and what
    ``engine.xml.parse`` refuses.
    """
    root = xml.parse(data, name=name)
    processes = children(root, BPMN, "process")
    if len(processes) != 1:
        raise BadDiagram(name, "The file does not hold exactly one process.")
    known = processes[0].get("id")
    processes[0].set("id", process_id)
    processes[0].set("name", title)
    for participant in descendants(root, BPMN, "participant"):
        if participant.get("processRef") == known:
            participant.set("processRef", process_id)
            participant.set("name", title)
    for plane in descendants(root, BPMNDI, "BPMNPlane"):
        if plane.get("bpmnElement") == known:
            plane.set("bpmnElement", process_id)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def ids(data: bytes, name: str) -> frozenset[str]:
    """Every id that a file gives to anything. Raises what ``engine.xml.parse`` refuses."""
    nodes = xml.parse(data, name=name).iter()
    return frozenset(str(node.get("id")) for node in nodes if node.get("id"))
