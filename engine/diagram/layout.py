"""Where things are drawn."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from lxml import etree

from engine.diagram.model import Box, Edge, Layout, Shape
from engine.diagram.namespaces import (
    BPMNDI,
    DC,
    DI,
    attribute,
    children,
    descendants,
    first,
    number,
    reference,
)


def read_planes(root: etree._Element) -> Layout:
    """Everything that is drawn in the file; what has no finite place counts as not drawn."""
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    for plane in descendants(root, BPMNDI, "BPMNPlane"):
        page = reference(plane, "bpmnElement") or ""
        for node in children(plane, BPMNDI, "BPMNShape"):
            shape = _shape(node, page)
            if shape:
                shapes.setdefault(shape.element_id, shape)
        for node in children(plane, BPMNDI, "BPMNEdge"):
            edge = _edge(node, page)
            if edge:
                edges.setdefault(edge.flow_id, edge)
    return Layout(MappingProxyType(shapes), MappingProxyType(edges))


def part_of(whole: Layout, ids: Collection[str]) -> Layout:
    """The part of a layout that draws these elements and flows."""
    return Layout(
        MappingProxyType({id: shape for id, shape in whole.shapes.items() if id in ids}),
        MappingProxyType({id: edge for id, edge in whole.edges.items() if id in ids}),
    )


def _shape(node: etree._Element, page: str) -> Shape | None:
    element_id = reference(node, "bpmnElement")
    box = _box(node)
    if not element_id or box is None:
        return None
    expanded = attribute(node, "isExpanded")
    return Shape(
        element_id=element_id,
        box=box,
        label=_label(node),
        expanded=None if expanded is None else expanded == "true",
        horizontal=attribute(node, "isHorizontal") != "false",
        plane=page,
    )


def _edge(node: etree._Element, page: str) -> Edge | None:
    flow_id = reference(node, "bpmnElement")
    points = []
    for waypoint in children(node, DI, "waypoint"):
        x, y = number(waypoint, "x"), number(waypoint, "y")
        if x is not None and y is not None:
            points.append((x, y))
    if not flow_id or len(points) < 2:
        return None
    return Edge(flow_id, tuple(points), _label(node), page)


def _label(node: etree._Element) -> Box | None:
    label = first(node, BPMNDI, "BPMNLabel")
    return None if label is None else _box(label)


def _box(node: etree._Element) -> Box | None:
    bounds = first(node, DC, "Bounds")
    if bounds is None:
        return None
    x, y, width, height = (number(bounds, name) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None:
        return None
    return Box(x, y, width, height) if width >= 0 and height >= 0 else None
