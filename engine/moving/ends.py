"""Whether an instance can come to its end from where it stands."""

from collections.abc import Iterator, Mapping

from engine.diagram import Element, Process
from engine.findings import Finding
from engine.moving.model import Blocked, Frame, Held
from engine.soundness import Outcomes, check_soundness

_CODES = {
    "deadlock": "deadlock",
    "deadlock_parallel": "deadlock",
    "deadlock_inclusive": "deadlock",
    "deadlock_called": "deadlock",
    "endless_called": "no_end",
    "cannot_finish": "no_end",
    "unsynchronised": "meets_twice",
}
_BREAKING = {"error", "escalation", "terminate"}
_At = tuple[str, ...]


def dead_ends(diagrams: Mapping[str, Process], frame: Frame) -> Iterator[Blocked]:
    """Where an instance that stands like this would get stuck, and the path there.

    Each called process that is under way is looked at by itself.
    """
    calls = Outcomes(diagrams)
    for each in frame.frames():
        if each.scope:
            continue
        for at in _markings(diagrams[each.process], each):
            for finding in check_soundness(diagrams[each.process], at, calls=calls):
                if finding.rule in _CODES:
                    yield _blocked(each.process, finding)


def _blocked(process: str, finding: Finding) -> Blocked:
    name = finding.facts.get("place") or finding.facts["name"]
    path = finding.facts["path"]
    if not path.endswith(name):
        path = f"{path} → {name}" if path else name
    facts = (("name", name), ("path", path))
    return Blocked(process, finding.element, _CODES[finding.rule], facts)


def _markings(process: Process, frame: Frame) -> list[_At]:
    """The places that hold a token; one set for each way in which items inside stand.

    Items are walked one at a time: each has the inside of the activity for itself.
    """
    ways = [_ways(process, token) for token in frame.tokens if not token.host]
    found = [_joined(each[0] for each in ways)]
    for index, each in enumerate(ways):
        for other in each[1:]:
            found.append(_joined(other if n == index else w[0] for n, w in enumerate(ways)))
    return found


def _ways(process: Process, token: Held) -> list[_At]:
    """The places of one token, with all that is inside it."""
    if token.via:
        return [(token.via,)]
    element = process.elements[token.race or token.element]
    if _decides(process, element):
        return [tuple(flow.id for flow in process.incoming(element.id))[:1]]
    here = (element.id,)
    insides = [frame for held in (token, *token.items) for frame in held.inside if frame.scope]
    found = [(*here, *at) for inside in insides for at in _markings(process, inside)]
    return found or [here]


def _decides(process: Process, element: Element) -> bool:
    """Whether a token rests before it when courses are walked; others are passed at once."""
    if element.kind == "exclusive_gateway":
        return len(process.outgoing(element.id)) > 1
    if element.kind in ("end_event", "intermediate_throw_event"):
        return element.event is not None and element.event.kind in _BREAKING
    return element.kind.endswith("_gateway")


def _joined(parts: Iterator[_At]) -> _At:
    return tuple(dict.fromkeys(place for part in parts for place in part))
