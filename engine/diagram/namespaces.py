"""The namespaces of BPMN files and the few things asked of every XML element."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def children(
    node: etree._Element, namespace: str, name: str | None = None
) -> list[etree._Element]:
    """The element children of one namespace (and one local name); comments are left out."""
    return list(node.iterchildren(f"{{{namespace}}}{name or '*'}"))


def first(node: etree._Element, namespace: str, name: str) -> etree._Element | None:
    """The first child of that name; None if there is none."""
    found = children(node, namespace, name)
    return found[0] if found else None


def local_name(node: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def snake(name: str) -> str:
    """``userTask`` as ``user_task``."""
    return _HUMP.sub("_", name).lower()


def text_of(node: etree._Element | None) -> str:
    """All text inside, stripped; empty where there is none."""
    return "" if node is None else "".join(map(str, node.itertext())).strip()


def attribute(node: etree._Element, name: str) -> str | None:
    """An attribute's value; None where missing or empty."""
    value = node.get(name)
    return str(value).strip() or None if value is not None else None


def reference(node: etree._Element, name: str) -> str | None:
    """An attribute that names another element, without its namespace prefix."""
    value = attribute(node, name)
    return value.rpartition(":")[2] if value else None


def is_true(node: etree._Element, name: str, *, default: bool = False) -> bool:
    """A boolean attribute as XML Schema writes it."""
    value = attribute(node, name)
    return default if value is None else value in {"true", "1"}


def number(node: etree._Element, name: str) -> float | None:
    """A finite decimal attribute; None where missing or not a number."""
    try:
        value = float(node.get(name) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def descendants(node: etree._Element, namespace: str, name: str) -> Iterator[etree._Element]:
    """Every element of that name below, in the order of the file."""
    return node.iter(f"{{{namespace}}}{name}")
