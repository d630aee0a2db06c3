"""Which joins go on at once where tokens have just been put."""

from collections.abc import Iterator, Mapping

from engine.diagram import Process
from engine.moving.crossing import ways_on
from engine.moving.model import Frame, Place


def firing(diagrams: Mapping[str, Process], frame: Frame) -> Iterator[Place]:
    """The joins that wait for nothing more."""
    for each in frame.frames():
        process = diagrams[each.process]
        for join in dict.fromkeys(token.element for token in each.tokens if token.via):
            if _is_full(process, each, join):
                yield each.process, join


def _is_full(process: Process, frame: Frame, join: str) -> bool:
    full = {token.via for token in frame.tokens if token.element == join}
    empty = [flow.id for flow in process.incoming(join) if flow.id not in full]
    if process.elements[join].kind != "inclusive_gateway":
        return not empty
    to_full = _before(process, join, full)
    to_empty = _before(process, join, set(empty))
    here = {token.element for token in frame.tokens} - {join}
    return not here & (to_empty - to_full)


def _before(process: Process, join: str, ways: set[str]) -> set[str]:
    """The elements from which a token can reach one of these flows without passing the join."""
    scope = process.elements[join].parent
    found: set[str] = set()
    todo = [process.flows[way].source for way in ways]
    while todo:
        place = todo.pop()
        if place in found or place == join:
            continue
        found.add(place)
        todo += [
            other.id
            for other in process.children(scope)
            if place in ways_on(process, other.id, into=False)
        ]
    return found
