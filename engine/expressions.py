"""The expressions written in a diagram: where they stand, and what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import feel
from engine.diagram import Element, Flow, MultiInstance, Process, feel_source
from feel import tree
from feel.builtins import BUILTINS
from feel.names import reads
from feel.sentence import sentence

#: When an expression is evaluated: as the element is entered, for each item before and after its
#: mappings, with what the element brings, once an item is done, or as the element is left.
When = Literal["entered", "local", "brought", "item", "left"]

_GUARDS = {"is defined", "get or else"}


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in an element or flow; ``place`` names the field of its panel.

    ``target`` is the variable that takes its value, for mappings.
    """

    element: str
    place: str
    text: str
    when: When
    condition: bool = False
    target: str | None = None

    @property
    def source(self) -> str | None:
        """The FEEL; None for a literal. Conditions are FEEL with or without an equals sign."""
        found = feel_source(self.text)
        return self.text.strip() if found is None and self.condition else found


@dataclass(frozen=True, slots=True)
class Facts:
    """What an expression reads, or why it cannot be read.

    ``sure`` are the names that must exist: not those asked for with ``is defined`` or ``= null``,
    nor those that may be entries of filtered items.
    """

    node: tree.Node | None
    names: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    deadlines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def written_in(process: Process, element: Element) -> Iterator[Written]:
    """Every expression of an element and of the flows that leave it."""
    yield from _of_panel(element)
    yield from _of_loop(element)
    yield from _of_events(element)
    for flow in process.outgoing(element.id):
        if flow.condition:
            place = sentence("condition of the flow to “{name}”", name=_target(process, flow))
            yield Written(flow.id, place, flow.condition, "left", condition=True)


def _target(process: Process, flow: Flow) -> str:
    target = process.elements.get(flow.target)
    return (target.name if target else "") or flow.target


def _of_panel(element: Element) -> Iterator[Written]:
    """In the order in which they are evaluated."""
    for mapping in element.inputs:
        place = sentence("input “{name}”", name=mapping.target)
        yield Written(element.id, place, mapping.source, "local", target=mapping.target)
    panel = {
        sentence("candidate groups"): element.candidate_groups,
        sentence("due date"): element.due,
        sentence("follow-up date"): element.follow_up,
        sentence("priority"): element.priority,
        sentence("script"): element.script.expression if element.script else None,
    }
    for place, text in panel.items():
        if text:
            yield Written(element.id, place, text, "local")
    for mapping in element.outputs:
        place = sentence("output “{name}”", name=mapping.target)
        yield Written(element.id, place, mapping.source, "brought", target=mapping.target)


def _of_loop(element: Element) -> Iterator[Written]:
    loop = element.loop
    if loop is None:
        return
    if not isinstance(loop, MultiInstance):
        if loop.condition:
            yield Written(
                element.id, sentence("loop condition"), loop.condition, "item", condition=True
            )
        return
    if loop.input_collection:
        yield Written(element.id, sentence("input collection"), loop.input_collection, "entered")
    if loop.cardinality:
        yield Written(element.id, sentence("cardinality"), loop.cardinality, "entered")
    if loop.output_element:
        yield Written(element.id, sentence("output element"), loop.output_element, "item")
    if loop.completion_condition:
        text = loop.completion_condition
        yield Written(element.id, sentence("completion condition"), text, "item", condition=True)


def _of_events(element: Element) -> Iterator[Written]:
    for event in element.events:
        if event.timer:
            yield Written(element.id, sentence("timer"), event.timer.expression, "entered")
        if event.correlation and element.kind not in {"end_event", "intermediate_throw_event"}:
            yield Written(element.id, sentence("correlation key"), event.correlation, "entered")
        if event.name:
            yield Written(
                element.id, sentence("name of the {kind}", kind=event.kind), event.name, "entered"
            )


def deadlines_read(process: Process, element: Element) -> list[str]:
    """The keys of ``deadlines`` that an element's expressions use."""
    sources = (written.source for written in written_in(process, element))
    return sorted({key for source in sources if source for key in facts_of(source).deadlines})


@lru_cache(maxsize=4096)
def facts_of(source: str) -> Facts:
    """What a FEEL expression reads; its problems if it is not FEEL."""
    problems = tuple(
        found.message for found in feel.check(source, ()) if found.kind != "unknown name"
    )
    try:
        node = feel.compile(source).tree
    except feel.FeelError as error:
        return Facts(None, problems=problems or (error.message,))
    found = [
        read
        for read in reads(node)
        if not read.called and (read.path or read.name not in BUILTINS)
    ]
    guarded = _guarded(node)
    return Facts(
        node=node,
        names=frozenset(read.name for read in found),
        sure=frozenset(r.name for r in found if not r.in_filter and r.name not in guarded),
        deadlines=tuple(r.path[0] for r in found if r.name == "deadlines" and r.path),
        problems=problems,
    )


def _guarded(node: tree.Node) -> set[str]:
    """The names whose absence the expression itself deals with."""
    guarded: set[str] = set()
    for part in tree.walk(node):
        match part:
            case tree.Comparison("=" | "!=", inner, tree.Literal(None)):
                guarded |= _names_in(inner)
            case tree.Comparison("=" | "!=", tree.Literal(None), inner):
                guarded |= _names_in(inner)
            case tree.Call(tree.Name(name), arguments, _) if name in _GUARDS and arguments:
                guarded |= _names_in(arguments[0])
    return guarded


def _names_in(node: tree.Node) -> set[str]:
    return {part.name for part in tree.walk(node) if isinstance(part, tree.Name)}
