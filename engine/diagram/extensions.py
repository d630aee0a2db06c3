"""What the Camunda 8 extension elements of one BPMN element say."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from engine.diagram.model import Decision, Mapping, Script, Service
from engine.diagram.namespaces import (
    BPMN,
    CAMUNDA_7,
    ZEEBE,
    attribute,
    children,
    first,
    local_name,
)

#: Extension element → attributes that mean something here; others are named in ``foreign``.
_READ = {
    "formDefinition": {"formId"},
    "assignmentDefinition": {"candidateGroups"},
    "taskSchedule": {"dueDate", "followUpDate"},
    "priorityDefinition": {"priority"},
    "taskDefinition": {"type", "retries"},
    "calledElement": {"processId"},
    "calledDecision": {"decisionId", "resultVariable"},
    "script": {"expression", "resultVariable"},
    "subscription": {"correlationKey"},
    "loopCharacteristics": {
        "inputCollection",
        "inputElement",
        "outputCollection",
        "outputElement",
    },
    "ioMapping": set[str](),
    "properties": set[str](),
    "userTask": set[str](),
}
#: Attributes that editors write although they say nothing beyond the default.
_HARMLESS = {
    ("calledElement", "propagateAllChildVariables", "false"),
    ("calledElement", "propagateAllParentVariables", "false"),
    ("calledElement", "bindingType", "latest"),
    ("calledElement", "bindingType", "deployment"),
    ("calledDecision", "bindingType", "latest"),
    ("calledDecision", "bindingType", "deployment"),
    ("formDefinition", "bindingType", "latest"),
    ("formDefinition", "bindingType", "deployment"),
}


@dataclass(frozen=True, slots=True)
class Extensions:
    """The facts of one element's ``extensionElements``."""

    facts: Lookup[str, Lookup[str, str]] = field(default_factory=dict)
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    properties: Lookup[str, str] = field(default_factory=lambda: MappingProxyType({}))
    foreign: tuple[tuple[str, str], ...] = ()

    def get(self, element: str, name: str) -> str | None:
        """An attribute of one extension element; None where missing or empty."""
        return self.facts.get(element, {}).get(name) or None

    @property
    def decision(self) -> Decision | None:
        """The decision to ask."""
        id = self.get("calledDecision", "decisionId")
        return Decision(id, self.get("calledDecision", "resultVariable")) if id else None

    @property
    def service(self) -> Service | None:
        """The service to ask for."""
        type = self.get("taskDefinition", "type")
        return Service(type, self.get("taskDefinition", "retries")) if type else None

    @property
    def script(self) -> Script | None:
        """The expression to evaluate."""
        expression = self.get("script", "expression")
        return Script(expression, self.get("script", "resultVariable")) if expression else None


def read_extensions(node: etree._Element) -> Extensions:
    """What the element's extensions say; unknown namespaces are ignored."""
    box = first(node, BPMN, "extensionElements")
    foreign = _camunda_7(node)
    if box is None:
        return Extensions(foreign=tuple(foreign))
    facts: dict[str, dict[str, str]] = {}
    for child in children(box, ZEEBE):
        facts.setdefault(local_name(child), {}).update(_attributes(child))
        foreign += _unread(child)
    foreign += [(f"camunda:{local_name(child)}", "") for child in children(box, CAMUNDA_7)]
    return Extensions(
        facts=facts,
        inputs=_mappings(box, "input"),
        outputs=_mappings(box, "output"),
        properties=_properties(box),
        foreign=tuple(foreign),
    )


def _attributes(node: etree._Element) -> dict[str, str]:
    return {str(name): str(value).strip() for name, value in node.attrib.items()}


def _unread(node: etree._Element) -> list[tuple[str, str]]:
    name = local_name(node)
    if name not in _READ:
        return [(f"zeebe:{name}", "")]
    return [
        (f"zeebe:{name}/{key}", value)
        for key, value in _attributes(node).items()
        if key not in _READ[name] and (name, key, value) not in _HARMLESS and value
    ]


def _camunda_7(node: etree._Element) -> list[tuple[str, str]]:
    prefix = f"{{{CAMUNDA_7}}}"
    return [
        (f"camunda:{str(name).removeprefix(prefix)}", str(value))
        for name, value in node.attrib.items()
        if str(name).startswith(prefix)
    ]


def _mappings(box: etree._Element, name: str) -> tuple[Mapping, ...]:
    found = []
    for mapping in children(box, ZEEBE, "ioMapping"):
        for node in children(mapping, ZEEBE, name):
            source = attribute(node, "source") or ""
            found.append(Mapping(source, attribute(node, "target") or ""))
    return tuple(found)


def _properties(box: etree._Element) -> Lookup[str, str]:
    found: dict[str, str] = {}
    for properties in children(box, ZEEBE, "properties"):
        for node in children(properties, ZEEBE, "property"):
            name = attribute(node, "name")
            if name:
                found[name] = str(node.get("value") or "").strip()
    return MappingProxyType(found)
