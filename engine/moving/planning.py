"""Plans a move: each live token finds its place in the new version, or says why not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from engine.diagram import Element
from engine.moving.crossing import Crossing, behaviour, event_kind, is_interruption
from engine.moving.ends import dead_ends
from engine.moving.joins import firing
from engine.moving.model import Blocked, Frame, Held, Place, Plan
from engine.moving.outlook import outlook
from engine.profile import label

_JOINS = {"parallel_gateway", "inclusive_gateway"}
_EVENTS = {"intermediate_catch_event", "receive_task", "intermediate_throw_event", "end_event"}


@lru_cache(maxsize=4096)
def plan(crossing: Crossing, frame: Frame) -> Plan:
    """What moving an instance that stands like this would mean; the answer is remembered."""
    blocked = tuple(dict.fromkeys(_blocked(crossing, frame)))
    if blocked:
        return Plan(blocked=blocked)
    after = moved(crossing, frame)
    blocked = tuple(_dead_ends(crossing, frame, after))
    if blocked:
        return Plan(blocked=blocked)
    skipped, repeated = outlook(crossing, frame)
    return Plan(
        renamed=tuple(sorted(set(_renamed(crossing, frame)))),
        skipped=_sorted(skipped),
        repeated=_sorted(repeated),
        armed=_sorted(_armed(crossing, frame)),
        taken=_sorted(_taken(crossing, frame)),
        heard=_sorted(_heard(crossing, frame)),
        fires=_sorted(firing(crossing.after, after)),
    )


def moved(crossing: Crossing, frame: Frame) -> Frame:
    """Where the tokens stand in the new version; what is taken away is gone."""
    process = frame.process
    tokens = [
        _moved_token(crossing, process, token)
        for token in frame.tokens
        if not _is_taken(crossing, process, token)
    ]
    return Frame(process, crossing.name(process, frame.scope), tuple(sorted(tokens)))


def _moved_token(crossing: Crossing, process: str, token: Held) -> Held:
    return replace(
        token,
        element=crossing.name(process, token.element),
        via=(crossing.way(process, token.element, token.via) or "") if token.via else "",
        race=crossing.name(process, token.race),
        host=crossing.name(process, token.host),
        items=tuple(_moved_token(crossing, process, item) for item in token.items),
        inside=tuple(moved(crossing, inside) for inside in token.inside),
    )


def _is_taken(crossing: Crossing, process: str, token: Held) -> bool:
    """Whether an event that a token waits for is no longer there, and may go."""
    if token.host:
        return not crossing.keeps_event(process, token.element)
    return bool(token.race) and not crossing.keeps_race(process, token.race, token.element)


# Reasons


def _blocked(crossing: Crossing, frame: Frame) -> Iterator[Blocked]:
    for each in frame.frames():
        if each.process not in crossing.after:
            yield Blocked(each.process, "", "process_gone", (("process", each.process),))
            return
    for each in frame.frames():
        for token in each.tokens:
            if not token.host:
                yield from _reasons(crossing, each, token)


def _reasons(crossing: Crossing, frame: Frame, token: Held) -> Iterator[Blocked]:
    process = frame.process
    old = crossing.before[process].elements[token.element]
    if token.race:
        if not crossing.race(process, token.race):
            yield _because(process, old, "race")
        return
    new = crossing.new(process, token.element)
    code = "gone" if new is None else _differs(crossing, process, old, new)
    if code is None and token.via and new is not None:
        code = _misses(crossing, process, token, new)
    if code is not None:
        yield _because(process, old, code)


def _differs(crossing: Crossing, process: str, old: Element, new: Element) -> str | None:
    """The code of the first thing in which a token cannot rest as it did."""
    scope = crossing.name(process, old.parent) if old.parent else None
    tests = (
        ("other_kind", behaviour(old) == behaviour(new)),
        ("other_scope", new.parent == scope),
        ("repeats", _repetition(old) == _repetition(new)),
        ("other_event", old.kind not in _EVENTS or event_kind(old) == event_kind(new)),
        ("calls_other", old.called == new.called),
        ("other_service", _service(old) == _service(new)),
        ("race", not _is_raced(crossing, process, new)),
    )
    return next((code for code, holds in tests if not holds), None)


def _repetition(element: Element) -> object:
    """What a token of a repeated activity remembers goes by this."""
    loop = element.loop
    if loop is None:
        return None
    return (
        type(loop).__name__,
        getattr(loop, "sequential", None),
        getattr(loop, "input_element", None),
    )


def _service(element: Element) -> str:
    return element.service.type if element.service is not None else ""


def _is_raced(crossing: Crossing, process: str, new: Element) -> bool:
    """Whether it waits behind an event-based gateway."""
    diagram = crossing.after[process]
    return any(
        diagram.elements[flow.source].kind == "event_based_gateway"
        for flow in diagram.incoming(new.id)
        if flow.source in diagram.elements
    )


def _misses(crossing: Crossing, process: str, token: Held, new: Element) -> str | None:
    if new.kind in _JOINS and len(crossing.after[process].incoming(new.id)) < 2:
        return "no_join"
    return None if crossing.way(process, token.element, token.via) else "join_way"


def _because(process: str, element: Element, code: str) -> Blocked:
    return Blocked(process, element.id, code, (("name", label(element)),))


def _dead_ends(crossing: Crossing, frame: Frame, after: Frame) -> Iterator[Blocked]:
    """What would go wrong there; that two tokens meet counts only if they did not before."""
    found = list(dead_ends(crossing.after, after))
    met = _meeting(crossing, frame) if any(each.code == "meets_twice" for each in found) else set()
    for each in found:
        if each.code != "meets_twice" or each.process not in met:
            yield each


def _meeting(crossing: Crossing, frame: Frame) -> set[str]:
    """The processes in which two tokens would meet anyway."""
    found = dead_ends(crossing.before, frame)
    return {each.process for each in found if each.code == "meets_twice"}


# Facts


def _renamed(crossing: Crossing, frame: Frame) -> Iterator[tuple[Place, Place]]:
    for process, element in frame.places:
        name = crossing.name(process, element)
        if name != element and crossing.new(process, element) is not None:
            yield (process, element), (process, name)


def _armed(crossing: Crossing, frame: Frame) -> Iterator[Place]:
    for each in frame.frames():
        if not _is_interrupted(crossing, each):
            yield from ((each.process, id) for id in crossing.started_at(each.process, each.scope))
        for token in each.tokens:
            if token.race:
                new = crossing.raced_at(each.process, token.race)
            else:
                new = () if token.host else crossing.armed_at(each.process, token.element)
            yield from ((each.process, id) for id in new)


def _is_interrupted(crossing: Crossing, frame: Frame) -> bool:
    """Whether an event sub-process has put an end to all else in the scope."""
    process = crossing.before[frame.process]
    return any(is_interruption(process, token.element) for token in frame.tokens)


def _taken(crossing: Crossing, frame: Frame) -> Iterator[Place]:
    return _events(frame, lambda process, token: _is_taken(crossing, process, token))


def _heard(crossing: Crossing, frame: Frame) -> Iterator[Place]:
    return _events(
        frame,
        lambda process, token: (
            not _is_taken(crossing, process, token)
            and crossing.hears_otherwise(process, token.element)
        ),
    )


def _events(frame: Frame, wanted: Callable[[str, Held], bool]) -> Iterator[Place]:
    for each in frame.frames():
        for token in each.tokens:
            if wanted(each.process, token):
                yield each.process, token.element


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(set(places)))
