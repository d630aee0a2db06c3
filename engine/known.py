"""What surely exists at each place of diagrams: for the check, and for who writes there."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import Element
from engine.references import Surroundings
from engine.variables import surely_known
from engine.variables.flow import Names, World

__all__ = ["known_in", "started", "world"]


def known_in(process_id: str, around: Surroundings) -> Mapping[str, Names]:
    """By element, what its expressions may read for sure; nothing for one that is never reached.

    Output mappings may also read what the element's own work brings, such as a form's answers.
    """
    seen = world(around)
    known = surely_known(around.processes, seen, started(around)).get(process_id)
    if known is None:
        return {}
    elements = known.process.elements
    return {
        id: names | (seen.brought(elements[id]) or frozenset())
        for id, names in known.before.items()
    }


def world(around: Surroundings) -> World:
    """What forms, services, messages and decisions bring."""
    forms, services = around.forms, around.services
    ids = {
        element.form
        for process in around.processes.values()
        for element in process.nodes
        if element.form
    }
    return World(
        forms=None
        if forms is None
        else {id: frozenset(forms.keys(id)) for id in ids if forms.exists(id)},
        services=None
        if services is None
        else {name: frozenset(facts.outputs) for name, facts in services.items()},
        messages=_brought(around),
        decisions={id: read.names(id) for id, read in around.decisions.items()},
    )


def started(around: Surroundings) -> dict[str, frozenset[str]]:
    """What each process is begun with, besides by calls."""
    found = {id: frozenset(start.variables) for id, start in around.config.start.items()}
    brought = _brought(around)
    for process in around.processes.values():
        for start in process.starts():
            if start.event is None:
                continue
            picked = frozenset(mapping.target for mapping in start.outputs)
            given = picked or brought.get(start.event.name or "", frozenset())
            found[process.id] = found.get(process.id, given) & given
    return found


def _brought(around: Surroundings) -> dict[str, frozenset[str]]:
    """What each message brings: as pack.toml declares it, and as diagrams send it."""
    found = {name: frozenset(a.variables) for name, a in around.config.actions.items()}
    for process in around.processes.values():
        for element in process.nodes:
            event = element.event
            if event and event.kind == "message" and event.name and _sends(element):
                sent = frozenset(mapping.target for mapping in element.inputs)
                found[event.name] = found[event.name] & sent if event.name in found else sent
    return found


def _sends(element: Element) -> bool:
    return element.kind in {"intermediate_throw_event", "end_event", "send_task"}
