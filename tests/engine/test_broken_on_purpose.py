"""Each way of breaking a diagram has its finding, in whatever sound diagram it happens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from engine.check import check_file
from tests.engine.strangers import camunda_8

ARENA = Path(__file__).parents[2] / "processes" / "arena"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
Node = etree._Element


def first(root: Node, *kinds: str) -> Node:
    """The first element of one of these kinds, outside of sub-processes."""
    return next(node for kind in kinds for node in root.iterfind(f"{_BPMN}process/{_BPMN}{kind}"))


def a_flow(root: Node) -> Node:
    return first(root, "sequenceFlow")


def retarget(root: Node) -> str:
    a_flow(root).set("targetRef", "gone")
    return str(a_flow(root).get("id"))


def uproot(root: Node) -> str:
    del a_flow(root).attrib["sourceRef"]
    return str(a_flow(root).get("id"))


def no_end(root: Node) -> str:
    process = root.find(f"{_BPMN}process")
    assert process is not None
    for node in process.findall(f"{_BPMN}endEvent"):
        node.tag = f"{_BPMN}intermediateThrowEvent"
        for inner in list(node):
            node.remove(inner)
    return str(process.get("id"))


def no_start(root: Node) -> str:
    process = root.find(f"{_BPMN}process")
    assert process is not None
    for node in process.findall(f"{_BPMN}startEvent"):
        process.remove(node)
    return str(process.get("id"))


def twice(root: Node) -> str:
    node = first(root, "userTask", "serviceTask", "callActivity", "exclusiveGateway")
    node.addnext(etree.fromstring(etree.tostring(node)))
    return str(node.get("id"))


def swap(kind: str) -> Callable[[Node], str]:
    def change(root: Node) -> str:
        node = first(root, "userTask", "serviceTask", "callActivity", "exclusiveGateway")
        node.tag = f"{_BPMN}{kind}"
        return str(node.get("id"))

    return change


def say(expression: str) -> Callable[[Node], str]:
    """A mapping of a step, replaced."""

    def change(root: Node) -> str:
        node = first(root, "userTask", "serviceTask", "callActivity")
        box = node.find(f"{_BPMN}extensionElements")
        if box is None:
            box = etree.Element(f"{_BPMN}extensionElements")
            node.insert(0, box)
        mapping = etree.SubElement(box, f"{_ZEEBE}ioMapping")
        etree.SubElement(mapping, f"{_ZEEBE}output", source=expression, target="broken")
        return str(node.get("id"))

    return change


def hang(host: str, inner: str = "timerEventDefinition", text: str = "") -> Callable[[Node], str]:
    """An event on a border, with a way on."""

    def change(root: Node) -> str:
        process = root.find(f"{_BPMN}process")
        assert process is not None
        at = host or str(first(root, "userTask", "serviceTask", "callActivity").get("id"))
        event = etree.SubElement(process, f"{_BPMN}boundaryEvent", id="hung", attachedToRef=at)
        definition = etree.SubElement(event, f"{_BPMN}{inner}")
        if text:
            etree.SubElement(definition, f"{_BPMN}timeDuration").text = text
        end = etree.SubElement(process, f"{_BPMN}endEvent", id="hung_end")
        ids = {"sourceRef": "hung", "targetRef": str(end.get("id"))}
        etree.SubElement(process, f"{_BPMN}sequenceFlow", id="hung_flow", **ids)
        return "hung"

    return change


def repeat(root: Node) -> str:
    node = first(root, "userTask", "serviceTask", "callActivity")
    for loop in node.findall(f"{_BPMN}multiInstanceLoopCharacteristics"):
        node.remove(loop)
    etree.SubElement(node, f"{_BPMN}multiInstanceLoopCharacteristics")
    return str(node.get("id"))


def loop(root: Node) -> str:
    node = first(root, "userTask", "serviceTask", "callActivity")
    for many in node.findall(f"{_BPMN}multiInstanceLoopCharacteristics"):
        node.remove(many)
    etree.SubElement(node, f"{_BPMN}standardLoopCharacteristics")
    return str(node.get("id"))


def island(root: Node) -> str:
    process = root.find(f"{_BPMN}process")
    assert process is not None
    etree.SubElement(process, f"{_BPMN}userTask", id="island")
    ids = {"sourceRef": "island", "targetRef": str(first(root, "endEvent").get("id"))}
    etree.SubElement(process, f"{_BPMN}sequenceFlow", id="bridge", **ids)
    return "island"


BROKEN: dict[str, tuple[str, Callable[[Node], str]]] = {
    "a flow that leads nowhere": ("dangling_flow", retarget),
    "a flow from nowhere": ("dangling_flow", uproot),
    "no end": ("no_end", no_end),
    "no start": ("no_start", no_start),
    "a step drawn twice": ("duplicate_id", twice),
    "an abstract task": ("abstract_task", swap("task")),
    "a complex gateway": ("complex_gateway", swap("complexGateway")),
    "an ad-hoc sub-process": ("ad_hoc", swap("adHocSubProcess")),
    "a transaction": ("transaction", swap("transaction")),
    "an unheard-of step": ("unsupported_element", swap("unheardOf")),
    "no FEEL": ("feel", say("=1 +")),
    "Camunda 7": ("juel", say("${x}")),
    "an event on no border": ("boundary_detached", hang("gone", text="P1D")),
    "a timer without a time": ("timer_missing", hang("")),
    "a timer that means nothing": ("timer_wrong", hang("", text="two days")),
    "a message without a name": (
        "event_without_reference",
        hang("", inner="messageEventDefinition"),
    ),
    "a condition that is watched": (
        "conditional_event",
        hang("", inner="conditionalEventDefinition"),
    ),
    "once per nothing": ("many_collection", repeat),
    "a loop without end": ("loop_unbounded", loop),
    "a step that nothing leads to": ("unreachable", island),
}


def sound() -> list[bytes]:
    return [path.read_bytes() for path in sorted(ARENA.glob("*.bpmn"))] + [camunda_8()]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_in_every_diagram(name: str):
    rule, breaks = BROKEN[name]
    for data in sound():
        root = etree.fromstring(data)
        element = breaks(root)

        found = {(f.rule, f.element) for f in check_file(etree.tostring(root), "x.bpmn")}

        assert (rule, element) in found
