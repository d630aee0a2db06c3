"""The sample that the editor's tests draw on, and what a file says free of its formatting."""

from pathlib import Path

from lxml import etree

SAMPLE = (Path(__file__).parent / "sample.bpmn").read_bytes()
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def with_gateway(diagram: bytes) -> bytes:
    """The sample where a gateway leads to the end, or back."""
    flows = (
        b'<bpmn:exclusiveGateway id="which" name="Vilken?"><bpmn:incoming>to_planned'
        b"</bpmn:incoming><bpmn:outgoing>on</bpmn:outgoing><bpmn:outgoing>back</bpmn:outgoing>"
        b"</bpmn:exclusiveGateway>"
        b'<bpmn:sequenceFlow id="on" sourceRef="which" targetRef="planned" />'
        b'<bpmn:sequenceFlow id="back" sourceRef="which" targetRef="prepare" />'
    )
    drawn = (
        b'<bpmndi:BPMNShape id="which_shape" bpmnElement="which" isMarkerVisible="true">'
        b'<dc:Bounds x="550" y="135" width="50" height="50" /></bpmndi:BPMNShape>'
        b'<bpmndi:BPMNEdge id="on_edge" bpmnElement="on"><di:waypoint x="600" y="160" />'
        b'<di:waypoint x="742" y="160" /></bpmndi:BPMNEdge>'
        b'<bpmndi:BPMNEdge id="back_edge" bpmnElement="back"><di:waypoint x="575" y="135" />'
        b'<di:waypoint x="575" y="100" /><di:waypoint x="370" y="100" />'
        b'<di:waypoint x="370" y="120" /></bpmndi:BPMNEdge>'
    )
    last = b'<bpmn:sequenceFlow id="to_escalated"'
    lane = b"<bpmn:flowNodeRef>prepare</bpmn:flowNodeRef>"
    for old, new in (
        (b'sourceRef="prepare" targetRef="planned"', b'sourceRef="prepare" targetRef="which"'),
        (b"<bpmn:incoming>to_planned</bpmn:incoming>", b"<bpmn:incoming>on</bpmn:incoming>"),
        (lane, lane + b"<bpmn:flowNodeRef>which</bpmn:flowNodeRef>"),
        (last, flows + last),
        (b'<di:waypoint x="742" y="160" />', b'<di:waypoint x="550" y="160" />'),
        (b"</bpmndi:BPMNPlane>", drawn + b"</bpmndi:BPMNPlane>"),
    ):
        assert old in diagram
        diagram = diagram.replace(old, new, 1)
    return diagram


def parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False))


def canonical(tree: etree._Element) -> bytes:
    """The file free of its formatting; shapes and edges by id, as their order means nothing."""
    for plane in tree.iter("{*}BPMNPlane"):
        plane[:] = sorted(plane, key=lambda drawn: str(drawn.get("id")))
    return etree.tostring(tree, method="c14n")


def without(tree: etree._Element, ids: set[str]) -> bytes:
    """The file as it would be without these elements, their drawing and every mention of them."""
    for element in list(tree.iter()):
        mentions = {element.get("id"), element.get("bpmnElement"), element.text}
        parent = element.getparent()
        if mentions & ids and parent is not None:
            parent.remove(element)
    return canonical(tree)


def new_ids(tree: etree._Element) -> set[str]:
    before = {element.get("id") for element in parsed(SAMPLE).iter()}
    return {str(element.get("id")) for element in tree.iter()} - before - {"None"}


def condition_of(xml: bytes, flow: str) -> str:
    (found,) = (it for it in parsed(xml).iter(f"{BPMN}sequenceFlow") if it.get("id") == flow)
    return "".join(str(text) for text in found.itertext())
