"""What an owner may do to a diagram: draw in, take out, rename, lead elsewhere, swap."""

import random
from collections.abc import Callable

from lxml import etree

from tests.engine.drawing import boundary, timer

Node = etree._Element
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_FLOW = f"{_BPMN}sequenceFlow"
_STEP = f"{_BPMN}userTask"
_NODES = frozenset(
    f"{_BPMN}{kind}"
    for kind in (
        "userTask",
        "callActivity",
        "subProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "endEvent",
    )
)


def edited(data: bytes, dice: random.Random, *, times: int) -> bytes:
    """The file after so many edits, each somewhere; it need not be sound any more."""
    root = etree.fromstring(data)
    for number in range(times):
        dice.choice(_EDITS)(root, dice, f"new{number}")
    return etree.tostring(root)


def _insert(root: Node, dice: random.Random, id: str) -> None:
    """A step into a flow."""
    flow = dice.choice(list(root.iter(_FLOW)))
    target = str(flow.get("targetRef"))
    flow.addnext(etree.Element(_STEP, id=id, name=id))
    ends = {"sourceRef": id, "targetRef": target}
    flow.addnext(etree.Element(_FLOW, id=f"{id}_on", **ends))
    flow.set("targetRef", id)


def _remove(root: Node, dice: random.Random, id: str) -> None:
    """A step that has one way in and one way on, wherever cases stand."""
    found = [step for step in root.iter(_STEP) if _between(step) and not _hosts(step)]
    if not found:
        return
    step = dice.choice(found)
    before, after = _between(step) or (step, step)
    before.set("targetRef", str(after.get("targetRef")))
    for node in (step, after):
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)


def _rename(root: Node, dice: random.Random, id: str) -> None:
    """The words of a step; its id, too, as when it is deleted and drawn again."""
    step = dice.choice(list(root.iter(_STEP)))
    step.set("name", f"Another {id}")
    if dice.random() < 0.4:
        old = str(step.get("id"))
        for node in root.iter():
            for key in ("id", "sourceRef", "targetRef", "attachedToRef"):
                if node.get(key) == old:
                    node.set(key, f"{old}_{id}")


def _reroute(root: Node, dice: random.Random, id: str) -> None:
    """A way to some other place in the same process or sub-process."""
    flow = dice.choice(list(root.iter(_FLOW)))
    parent = flow.getparent()
    assert parent is not None
    places = [node for node in parent if node.tag in _NODES]
    flow.set("targetRef", str(dice.choice(places).get("id")))


def _swap(root: Node, dice: random.Random, id: str) -> None:
    """Two steps of one process or sub-process change places."""
    parents = [node for node in root.iter() if len(node.findall(_STEP)) > 1]
    if not parents:
        return
    parent = dice.choice(parents)
    one, other = (str(step.get("id")) for step in dice.sample(parent.findall(_STEP), 2))
    places = {one: other, other: one}
    for flow in parent.findall(_FLOW):
        for key in ("sourceRef", "targetRef"):
            flow.set(key, places.get(str(flow.get(key)), str(flow.get(key))))


def _remind(root: Node, dice: random.Random, id: str) -> None:
    """A moment beside a step, which then goes on all the same."""
    step = dice.choice(list(root.iter(_STEP)))
    beside = boundary(id, str(step.get("id")), timer("Duration", "P9D"), interrupting=False)
    drawn = f'<d xmlns:bpmn="{_BPMN[1:-1]}">{beside}</d>'
    step.addnext(etree.Element(_FLOW, id=f"{id}_on", sourceRef=id, targetRef=f"{id}_end"))
    step.addnext(etree.Element(f"{_BPMN}endEvent", id=f"{id}_end"))
    step.addnext(etree.fromstring(drawn)[0])


def _between(step: Node) -> tuple[Node, Node] | None:
    """The one way in and the one way on; None if there are others."""
    parent = step.getparent()
    assert parent is not None
    flows = parent.findall(_FLOW)
    before = [flow for flow in flows if flow.get("targetRef") == step.get("id")]
    after = [flow for flow in flows if flow.get("sourceRef") == step.get("id")]
    one = len(before) == len(after) == 1
    return (before[0], after[0]) if one and before[0] is not after[0] else None


def _hosts(step: Node) -> bool:
    parent = step.getparent()
    assert parent is not None
    return any(node.get("attachedToRef") == step.get("id") for node in parent)


_EDITS: tuple[Callable[[Node, random.Random, str], None], ...] = (
    _insert,
    _insert,
    _remove,
    _remove,
    _remind,
    _rename,
    _reroute,
    _swap,
)
