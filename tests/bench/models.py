"""Diagrams to measure, each with a twin that SpiffWorkflow's own parser understands."""

from itertools import pairwise
from xml.sax.saxutils import escape

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">'
)
_OUTPUT = '<zeebe:ioMapping><zeebe:output source="=x" target="x"/></zeebe:ioMapping>'
PACK = b"""
id = "bench"
title = "Bench"
language = "en"
[calendar]
time_zone = "Europe/Stockholm"
[roles.case_lead]
title = "Lead"
scope = "case"
"""
#: Nodes of the wide model: a start, an end, and five for each choice among three.
WIDE_NODES = 485
_CHOICES = (WIDE_NODES - 5) // 5


def chain(name: str, steps: int) -> bytes:
    """So many steps one after the other."""
    ids = [f"u{number}" for number in range(steps)]
    return _file(name, ids, *(_user(id) for id in ids), *_path("start", *ids, "end"))


def loop(name: str, *, python: bool) -> bytes:
    """Two steps, again and again.

    Few nodes a round: SpiffWorkflow takes a tree a thousand levels deep for completed.
    """
    again = "x == 1" if python else "=x = 1"
    return _file(
        name,
        ["a", "b"],
        *(_user(id) for id in ("a", "b")),
        _gateway("round", default="round_end"),
        *_path("start", "a", "b", "round", "end"),
        _flow("round", "a", again),
    )


def wide(name: str, *, python: bool) -> bytes:
    """Choice after choice among three steps; 485 nodes."""
    parts, users, before = [], ["first", "last"], "first"
    for number in range(_CHOICES):
        split, join = f"s{number}", f"j{number}"
        three = [f"u{number}{letter}" for letter in "abc"]
        users += three
        parts += [_gateway(split, default=f"{split}_{three[2]}"), _gateway(join)]
        parts += [_flow(before, split), *(_user(id) for id in three)]
        for value, id in enumerate(three[:2], start=1):
            parts.append(_flow(split, id, f"x == {value}" if python else f"=x = {value}"))
        parts += [_flow(split, three[2]), *(_flow(id, join) for id in three)]
        before = join
    parts += [_user("first"), _user("last"), _flow("start", "first")]
    parts += [_gateway("g"), _flow(before, "g"), _flow("g", "last"), _flow("last", "end")]
    return _file(name, users, *parts)


def waiting(name: str) -> bytes:
    """A timer, and a step after it."""
    timer = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    return _file(name, ["a"], timer, _user("a"), *_path("start", "pause", "a", "end"))


def _file(name: str, users: list[str], *parts: str) -> bytes:
    lane = "".join(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in users)
    role = '<zeebe:properties><zeebe:property name="role" value="case_lead"/></zeebe:properties>'
    return (
        f'{_HEAD}<bpmn:process id="{name}" isExecutable="true"><bpmn:laneSet id="lanes">'
        f'<bpmn:lane id="lane" name="Lead">{_extended(role)}{lane}</bpmn:lane></bpmn:laneSet>'
        f'<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>{"".join(parts)}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def _extended(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def _user(id: str) -> str:
    return f'<bpmn:userTask id="{id}" name="{id}">{_extended(_OUTPUT)}</bpmn:userTask>'


def _gateway(id: str, default: str = "") -> str:
    named = f' default="{default}"' if default else ""
    return f'<bpmn:exclusiveGateway id="{id}"{named}/>'


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{escape(condition)}</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def _path(*ids: str) -> list[str]:
    return [_flow(a, b) for a, b in pairwise(ids)]
