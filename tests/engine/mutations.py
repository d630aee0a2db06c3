"""A thousand ways to break a diagram."""

import random
from collections.abc import Callable

from lxml import etree

Node = etree._Element
_WORDS = (
    "",
    "=",
    "=x",
    "=1 +",
    "=deadlines",
    "=[[[[",
    "${y}",
    "#{z == 'a'}",
    "x > 5",
    "P1D",
    "R/P1D",
    "R3/PT0S",
    "P99999999999Y",
    "2027-13-45",
    "NaN",
    "-1",
    "9" * 60,
    "x" * 3000,
    "{}",
    "{0}",
    "%s",
    "\u202eå€",
    "a b",
    "true",
)
_KINDS = (
    "task",
    "userTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "callActivity",
    "subProcess",
    "adHocSubProcess",
    "transaction",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "choreographyTask",
    "sequenceFlow",
    "unheardOf",
)
_DEFINITIONS = ("timer", "message", "signal", "error", "escalation", "terminate", "link")
_DEFINITIONS = (*_DEFINITIONS, "compensate", "cancel", "conditional", "whatever")
_EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"}


class Mutation:
    """One file being broken; ``chance`` decides everything, so that it can be repeated."""

    def __init__(self, data: bytes, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.data = data

    def run(self) -> bytes:
        kind = self.chance.random()
        if kind < 0.08:
            return self._truncated()
        if kind < 0.16:
            return self._flipped()
        root = etree.fromstring(self.data)
        for _ in range(self.chance.randint(1, 6)):
            nodes = [node for node in root.iter() if isinstance(node.tag, str)][1:]
            if nodes:
                self.chance.choice(_WAYS)(self, self.chance.choice(nodes), nodes)
        return etree.tostring(root)

    def _truncated(self) -> bytes:
        cut = sorted(self.chance.randrange(len(self.data)) for _ in range(2))
        return self.data[: cut[0]] + self.data[cut[1] :]

    def _flipped(self) -> bytes:
        found = bytearray(self.data)
        for _ in range(self.chance.randint(1, 8)):
            found[self.chance.randrange(len(found))] ^= 1 << self.chance.randrange(8)
        return bytes(found)

    def delete(self, node: Node, nodes: list[Node]) -> None:
        parent = node.getparent()
        if parent is not None and parent.getparent() is not None:
            parent.remove(node)

    def duplicate(self, node: Node, nodes: list[Node]) -> None:
        node.addnext(etree.fromstring(etree.tostring(node)))

    def move(self, node: Node, nodes: list[Node]) -> None:
        target = self.chance.choice(nodes)
        if target is not node and node not in target.iterancestors():
            target.append(node)

    def swap_kind(self, node: Node, nodes: list[Node]) -> None:
        namespace = etree.QName(node).namespace
        node.tag = f"{{{namespace}}}{self.chance.choice(_KINDS)}"

    def swap_event(self, node: Node, nodes: list[Node]) -> None:
        events = [each for each in nodes if etree.QName(each).localname in _EVENTS]
        if events:
            event = self.chance.choice(events)
            name = f"{self.chance.choice(_DEFINITIONS)}EventDefinition"
            inner = etree.SubElement(event, f"{{{etree.QName(event).namespace}}}{name}")
            if self.chance.random() < 0.5:
                inner.set("messageRef", self._some_id(nodes))

    def retarget(self, node: Node, nodes: list[Node]) -> None:
        flows = [each for each in nodes if each.get("sourceRef")]
        if flows:
            flow = self.chance.choice(flows)
            flow.set(self.chance.choice(["sourceRef", "targetRef"]), self._some_id(nodes))

    def rename(self, node: Node, nodes: list[Node]) -> None:
        if node.get("id"):
            node.set("id", self.chance.choice([self._some_id(nodes), "", "å b", "1", "x" * 600]))

    def change(self, node: Node, nodes: list[Node]) -> None:
        others = [value for other in nodes for value in other.attrib.values()]
        for key in node.attrib:
            if self.chance.random() < 0.5:
                node.set(key, self.chance.choice([*map(str, others), *_WORDS]))

    def drop(self, node: Node, nodes: list[Node]) -> None:
        for key in list(node.attrib):
            if self.chance.random() < 0.5:
                del node.attrib[key]

    def say(self, node: Node, nodes: list[Node]) -> None:
        node.text = self.chance.choice(_WORDS)

    def insert(self, node: Node, nodes: list[Node]) -> None:
        namespace = self.chance.choice([etree.QName(node).namespace, "urn:else", None])
        tag = self.chance.choice(_KINDS)
        inner = etree.SubElement(node, f"{{{namespace}}}{tag}" if namespace else tag)
        if self.chance.random() < 0.7:
            inner.set("id", f"new{self.chance.randrange(9)}")

    def nest(self, node: Node, nodes: list[Node]) -> None:
        inner = node
        for _ in range(self.chance.choice([3, 30, 70])):
            inner = etree.SubElement(inner, node.tag, {"id": f"n{self.chance.random()}"})

    def blow_up(self, node: Node, nodes: list[Node]) -> None:
        plain = etree.tostring(node)
        if len(plain) < 2000:
            for _ in range(self.chance.choice([5, 200])):
                node.addnext(etree.fromstring(plain))

    def _some_id(self, nodes: list[Node]) -> str:
        ids = [str(each.get("id")) for each in nodes if each.get("id")]
        return self.chance.choice([*ids, "gone"])


_WAYS: tuple[Callable[[Mutation, Node, list[Node]], None], ...] = (
    Mutation.delete,
    Mutation.duplicate,
    Mutation.move,
    Mutation.swap_kind,
    Mutation.swap_event,
    Mutation.retarget,
    Mutation.retarget,
    Mutation.rename,
    Mutation.change,
    Mutation.drop,
    Mutation.say,
    Mutation.insert,
    Mutation.nest,
    Mutation.blow_up,
)


def mutant(data: bytes, seed: int) -> bytes:
    """The file with a few things broken."""
    return Mutation(data, seed).run()
