"""Diagrams as other tools write them: prefixes, extensions and habits of their own."""

from collections.abc import Callable

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = (
    'xmlns:{di}="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:dd="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def bpmn_io() -> bytes:
    """What bpmn.io's demo saves: prefix bpmn2, not executable, ids with random endings."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="{_MODEL}" {_DI.format(di="bpmndi")} id="sample"
    targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn2:process id="Process_1" isExecutable="false">
    <bpmn2:startEvent id="StartEvent_1"><bpmn2:outgoing>Flow_1</bpmn2:outgoing></bpmn2:startEvent>
    <bpmn2:userTask id="Activity_0xyz" name="Look at it">
      <bpmn2:incoming>Flow_1</bpmn2:incoming><bpmn2:outgoing>Flow_2</bpmn2:outgoing>
    </bpmn2:userTask>
    <bpmn2:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_0xyz" />
    <bpmn2:endEvent id="Event_0abc"><bpmn2:incoming>Flow_2</bpmn2:incoming></bpmn2:endEvent>
    <bpmn2:sequenceFlow id="Flow_2" sourceRef="Activity_0xyz" targetRef="Event_0abc" />
    <bpmn2:textAnnotation id="T1"><bpmn2:text>a note</bpmn2:text></bpmn2:textAnnotation>
    <bpmn2:association id="A1" sourceRef="Activity_0xyz" targetRef="T1" />
  </bpmn2:process>
  <bpmndi:BPMNDiagram id="D1"><bpmndi:BPMNPlane id="P1" bpmnElement="Process_1">
    <bpmndi:BPMNShape id="S1" bpmnElement="StartEvent_1">
      <dc:Bounds x="100" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S2" bpmnElement="Activity_0xyz">
      <dc:Bounds x="200" y="80" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S3" bpmnElement="Event_0abc">
      <dc:Bounds x="400" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="E1" bpmnElement="Flow_1">
      <dd:waypoint x="136" y="118" /><dd:waypoint x="200" y="118" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="E2" bpmnElement="Flow_2">
      <dd:waypoint x="300" y="118" /><dd:waypoint x="400" y="118" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn2:definitions>""".encode()


def camunda_7() -> bytes:
    """A file for Camunda 7: camunda attributes, ``${…}``, delegates, generated forms."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t" id="d">
  <bpmn:process id="loan" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="start" camunda:initiator="who"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
    <bpmn:userTask id="check" name="Check" camunda:assignee="demo" camunda:formKey="f.html">
      <bpmn:extensionElements><camunda:formData>
        <camunda:formField id="ok" type="boolean"/></camunda:formData></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="gate"/>
    <bpmn:exclusiveGateway id="gate" default="f4"/>
    <bpmn:sequenceFlow id="f3" sourceRef="gate" targetRef="pay">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${{ok == true}}
      </bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="gate" targetRef="end"/>
    <bpmn:serviceTask id="pay" camunda:class="org.example.Pay"/>
    <bpmn:sequenceFlow id="f5" sourceRef="pay" targetRef="end"/>
    <bpmn:boundaryEvent id="late" attachedToRef="check">
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>
      </bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f6" sourceRef="late" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>""".encode()


def camunda_8() -> bytes:
    """A file for Camunda 8: jobs, FEEL, a message with its key, once per item."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="d" targetNamespace="t"
    modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.5.0">
  <bpmn:process id="order" name="Order" isExecutable="true">
    <bpmn:startEvent id="begin"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="charge"/>
    <bpmn:serviceTask id="charge" name="Charge"><bpmn:extensionElements>
      <zeebe:taskDefinition type="charge-card" retries="3"/>
      <zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>
      <zeebe:ioMapping><zeebe:input source="=order.sum" target="sum"/>
        <zeebe:output source="=paid" target="paid"/></zeebe:ioMapping>
    </bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="charge" targetRef="wait"/>
    <bpmn:intermediateCatchEvent id="wait" name="Paid">
      <bpmn:messageEventDefinition id="m1" messageRef="Message_1"/></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="wait" targetRef="pack"/>
    <bpmn:userTask id="pack" name="Pack"><bpmn:extensionElements>
        <zeebe:userTask/><zeebe:formDefinition formId="pack"/></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>
        <zeebe:loopCharacteristics inputCollection="=order.items" inputElement="item"/>
      </bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
    <bpmn:sequenceFlow id="f4" sourceRef="pack" targetRef="gate"/>
    <bpmn:exclusiveGateway id="gate" default="f6"/>
    <bpmn:sequenceFlow id="f5" sourceRef="gate" targetRef="sub">
      <bpmn:conditionExpression>=order.sum &gt; 100</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f6" sourceRef="gate" targetRef="done"/>
    <bpmn:subProcess id="sub" name="Ship with care"><bpmn:startEvent id="s2"/>
      <bpmn:sequenceFlow id="f8" sourceRef="s2" targetRef="ship"/>
      <bpmn:userTask id="ship" name="Ship"/>
      <bpmn:sequenceFlow id="f9" sourceRef="ship" targetRef="e2"/><bpmn:endEvent id="e2"/>
    </bpmn:subProcess>
    <bpmn:sequenceFlow id="f7" sourceRef="sub" targetRef="done"/>
    <bpmn:endEvent id="done"/>
  </bpmn:process>
  <bpmn:message id="Message_1" name="paid"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=order.id"/></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>""".encode()


def signavio() -> bytes:
    """The default namespace, long ids, extensions everywhere, several pools and lanes."""
    meta = (
        '<extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffff"/>'
        "</extensionElements>"
    )
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="{_MODEL}" xmlns:signavio="http://www.signavio.com"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="sid-1"
    targetNamespace="http://www.signavio.com" exporter="Signavio Process Editor">
  <collaboration id="sid-c">{meta}
    <participant id="sid-p1" name="Office" processRef="sid-a"/>
    <participant id="sid-p2" name="Person" processRef="sid-b"/>
    <participant id="sid-p3" name="Black box"/>
    <messageFlow id="sid-m" sourceRef="sid-t1" targetRef="sid-t2"/>
  </collaboration>
  <process id="sid-a" name="Office" processType="None" isClosed="false" isExecutable="false">{meta}
    <laneSet id="sid-ls"><lane id="sid-l" name="Clerk">{meta}
      <flowNodeRef>sid-s</flowNodeRef><flowNodeRef>sid-t1</flowNodeRef>
      <flowNodeRef>sid-e</flowNodeRef></lane></laneSet>
    <startEvent id="sid-s" name="">{meta}<outgoing>sid-f1</outgoing></startEvent>
    <userTask completionQuantity="1" id="sid-t1" implementation="webService" name="Ask&#10;first"
      startQuantity="1">{meta}</userTask>
    <endEvent id="sid-e" name=""/>
    <sequenceFlow id="sid-f1" sourceRef="sid-s" targetRef="sid-t1">{meta}</sequenceFlow>
    <sequenceFlow id="sid-f2" sourceRef="sid-t1" targetRef="sid-e"/>
  </process>
  <process id="sid-b" isExecutable="false"><startEvent id="sid-s2"/>
    <manualTask id="sid-t2" name="Answer"/><endEvent id="sid-e2"/>
    <sequenceFlow id="sid-f3" sourceRef="sid-s2" targetRef="sid-t2"/>
    <sequenceFlow id="sid-f4" sourceRef="sid-t2" targetRef="sid-e2"/></process>
</definitions>""".encode()


def semantic() -> bytes:
    """The prefix semantic, a message between two processes of one file, in UTF-16."""
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<semantic:definitions xmlns:semantic="{_MODEL}" id="d" targetNamespace="t">
  <semantic:message id="hello" name="hello"/>
  <semantic:process id="one"><semantic:startEvent id="s"/>
    <semantic:sequenceFlow id="f1" sourceRef="s" targetRef="g"/>
    <semantic:parallelGateway id="g" gatewayDirection="Diverging"/>
    <semantic:sequenceFlow id="f2" sourceRef="g" targetRef="send"/>
    <semantic:sequenceFlow id="f3" sourceRef="g" targetRef="call"/>
    <semantic:sendTask id="send" name="Send" messageRef="hello"/>
    <semantic:manualTask id="call" name="Call"/>
    <semantic:sequenceFlow id="f4" sourceRef="send" targetRef="j"/>
    <semantic:sequenceFlow id="f5" sourceRef="call" targetRef="j"/>
    <semantic:parallelGateway id="j" gatewayDirection="Converging"/>
    <semantic:sequenceFlow id="f6" sourceRef="j" targetRef="e"/>
    <semantic:endEvent id="e"/></semantic:process>
  <semantic:process id="two"><semantic:startEvent id="s2">
      <semantic:messageEventDefinition messageRef="hello"/></semantic:startEvent>
    <semantic:sequenceFlow id="g1" sourceRef="s2" targetRef="t2"/>
    <semantic:userTask id="t2" name="Read"/>
    <semantic:sequenceFlow id="g2" sourceRef="t2" targetRef="e2"/>
    <semantic:endEvent id="e2"/></semantic:process>
</semantic:definitions>""".encode("utf-16")


#: All of them, and whether they run as they are.
STRANGERS: dict[str, tuple[Callable[[], bytes], bool]] = {
    "bpmn.io": (bpmn_io, True),
    "camunda 7": (camunda_7, False),
    "camunda 8": (camunda_8, True),
    "signavio": (signavio, True),
    "semantic": (semantic, True),
}
