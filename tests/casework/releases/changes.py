"""What an owner might do to the diagram of joint planning, as text of the file."""

SIP = "joint_planning_sip"
_FLOW = (
    b'<bpmn:sequenceFlow id="set_meeting_to_invite_parties" sourceRef="set_meeting" '
    b'targetRef="invite_parties" />'
)
_SHAPE = (
    b'<bpmndi:BPMNShape id="%(id)s_di" bpmnElement="%(id)s">'
    b'<dc:Bounds x="1500" y="40" width="100" height="60" /></bpmndi:BPMNShape>'
)
_EDGE = (
    b'<bpmndi:BPMNEdge id="after_%(id)s_di" bpmnElement="after_%(id)s">'
    b'<di:waypoint x="1600" y="70" /><di:waypoint x="1650" y="250" /></bpmndi:BPMNEdge>'
)


def with_interpreter(diagram: bytes) -> bytes:
    """A task to book an interpreter, between setting the meeting and inviting the parties."""
    return _between(
        diagram,
        b"book_interpreter",
        b'<bpmn:userTask id="book_interpreter" name="Boka tolk">'
        b"<bpmn:documentation>Fr\xc3\xa5ga personen vilket spr\xc3\xa5k."
        b"</bpmn:documentation><bpmn:extensionElements><zeebe:userTask />"
        b"</bpmn:extensionElements>%s</bpmn:userTask>",
    )


def with_unsupported_element(diagram: bytes) -> bytes:
    """A complex gateway in its place."""
    return _between(
        diagram,
        b"maybe",
        b'<bpmn:complexGateway id="maybe" name="Kanske?">%s</bpmn:complexGateway>',
    )


def with_dangling_flow(diagram: bytes) -> bytes:
    return _changed(diagram, b'targetRef="invite_parties"', b'targetRef="nowhere"')


def with_unknown_form(diagram: bytes) -> bytes:
    return _changed(diagram, b'formId="set_meeting"', b'formId="no_such_form"')


def with_other_id(diagram: bytes) -> bytes:
    return _changed(diagram, b'"joint_planning_sip"', b'"another_process"')


def with_doctype(diagram: bytes) -> bytes:
    return _changed(diagram, b"?>", b'?><!DOCTYPE x [<!ENTITY e "e">]>', times=1)


def _between(diagram: bytes, id_: bytes, element: bytes) -> bytes:
    lane = b"<bpmn:flowNodeRef>set_meeting</bpmn:flowNodeRef>"
    inside = (
        b"<bpmn:incoming>set_meeting_to_invite_parties</bpmn:incoming>"
        b"<bpmn:outgoing>after_%s</bpmn:outgoing>" % id_
    )
    flow = b'<bpmn:sequenceFlow id="after_%s" sourceRef="%s" targetRef="invite_parties" />'
    drawn = _changed(
        diagram,
        _FLOW,
        element % inside + _FLOW.replace(b'invite_parties" />', id_ + b'" />') + flow % (id_, id_),
    )
    drawn = _changed(drawn, lane, lane + b"<bpmn:flowNodeRef>%s</bpmn:flowNodeRef>" % id_)
    drawn = _changed(
        drawn,
        b"<bpmn:incoming>set_meeting_to_invite_parties</bpmn:incoming>",
        b"<bpmn:incoming>after_%s</bpmn:incoming>" % id_,
        keep=inside,
    )
    return _changed(
        drawn,
        b"</bpmndi:BPMNPlane>",
        _SHAPE % {b"id": id_} + _EDGE % {b"id": id_} + b"</bpmndi:BPMNPlane>",
    )


def _changed(
    diagram: bytes, old: bytes, new: bytes, *, times: int = -1, keep: bytes = b""
) -> bytes:
    assert old in diagram, old
    if keep:
        before, found, after = diagram.partition(keep)
        return before.replace(old, new, times) + found + after.replace(old, new, times)
    return diagram.replace(old, new, times)
