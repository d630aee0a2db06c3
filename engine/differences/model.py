"""A thing that a pack holds, what is set on it, and a difference between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["added", "removed", "changed", "moved"]
#: What is set: an aspect, and a name where there may be several of it.
Setting = tuple[str, str]

#: What a thing is, or what is set on it, in words.
ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "process": "Diagram",
        "step": "Step",
        "event": "Event",
        "gateway": "Fork or join",
        "part": "Part of the diagram",
        "note": "Note",
        "flow": "Way",
        "lane": "Lane",
        "decision": "Decision table",
        "column": "Column",
        "rule": "Rule",
        "form": "Form",
        "field": "Field",
        "word": "Translation",
        "settings": "Settings of the pack",
        "file": "File",
        "name": "Name",
        "kind": "Kind",
        "guidance": "Guidance",
        "role": "Who does it",
        "addressee": "Whom it is given to",
        "due": "Due date",
        "follow_up": "Follow-up date",
        "priority": "Priority",
        "input": "What it is told",
        "output": "What later steps may know",
        "purpose": "Purpose of the consent it needs",
        "categories": "Kinds of information it shares",
        "milestone": "Milestone",
        "review": "Answers are shown again before they count",
        "property": "Property",
        "calls": "Calls",
        "asks": "Decision it asks",
        "service": "Service",
        "script": "Calculation",
        "repeats": "Repeated",
        "waits": "Waits for or tells",
        "border": "On the border of",
        "interrupts": "Interrupts",
        "inside": "Lies in",
        "default": "Way when no other holds",
        "ends": "Leads",
        "condition": "Condition",
        "policy": "How rules are chosen",
        "logic": "Logic",
        "expression": "What is looked at",
        "values": "Values",
        "if": "If",
        "then": "Then",
        "remark": "Remark",
        "title": "Title",
        "label": "Question",
        "description": "Help text",
        "required": "Must be answered",
        "options": "Choices",
        "shown": "Hidden if",
        "record": "Kept as",
        "setting": "Setting",
        "text": "Text",
        "content": "Content",
    }
)
#: Aspects whose texts are ids of elements, lanes or flows, joined by an arrow.
REFERRING = frozenset({"ends", "border", "inside", "default", "role"})
ARROW = " → "


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an id; ``shape`` is where it is drawn, empty where it is not.

    ``owner`` is the process, decision or form that it belongs to; ``row`` names the list in which
    its place counts. Settings name other things by their ids (`REFERRING`).
    """

    aspect: str
    file: str
    owner: str
    id: str
    name: str
    settings: Mapping[Setting, str] = field(default_factory=dict)
    shape: str = ""
    row: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.file, self.owner, self.aspect, self.id


@dataclass(frozen=True, slots=True)
class Detail:
    """One setting that is otherwise; empty where there was or is none."""

    aspect: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that came, went, is otherwise, or is only drawn elsewhere."""

    kind: Kind
    aspect: str
    file: str
    owner: str
    id: str
    name: str
    details: tuple[Detail, ...] = ()
