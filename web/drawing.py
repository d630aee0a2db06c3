"""A diagram as shapes, lines and wrapped words, ready for the SVG template.

Drawn on the server from the layout that the owner drew, so that pages, prints and PDFs show it
without a script.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.diagram import Box, Edge, Element, Process, Shape

_MARGIN = 24
#: Around a part that is shown alone, so that its neighbours can be told.
_AIR = 190
_LINE_HEIGHT = 15
_LETTER_WIDTH = 6.6
_PILL_WIDTH = 42
_PILL_HEIGHT = 24
_MARKS = {
    "user_task": "person",
    "manual_task": "hand",
    "service_task": "gear",
    "business_rule_task": "table",
    "script_task": "script",
    "send_task": "envelope",
    "receive_task": "envelope",
}
_GATES = {
    "exclusive_gateway": "×",
    "parallel_gateway": "+",
    "inclusive_gateway": "○",
    "event_based_gateway": "◇",
}
_RECTANGLES = {"call_activity": "call", "sub_process": "sub", "event_sub_process": "sub"}
#: What stands at something that is otherwise in another version, beside its colour.
_SIGNS = {"added": "+", "removed": "–", "changed": "≠", "moved": "↔", "again": "↻"}
Naming = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Pill:
    """A number at an element: cases there, or late ones."""

    x: float
    y: float
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """An element as drawn; ``form`` is task, event, gateway, sub or call."""

    id: str
    form: str
    box: Box
    lines: tuple[Line, ...]
    classes: str
    mark: str = ""
    inner: bool = False
    thick: bool = False
    dashed: bool = False
    collected: bool = False
    sign: str = ""
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A lane with its name written upwards at the left edge."""

    box: Box
    name: str


@dataclass(frozen=True, slots=True)
class Path:
    """A flow as SVG path data, with its name."""

    data: str
    lines: tuple[Line, ...]
    default: bool
    mark: str = ""
    sign: str = ""
    middle: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, inside ``view``; ``summary`` says it in words."""

    view: Box
    bands: tuple[Band, ...]
    paths: tuple[Path, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is written at an element: a count as it may be shown, late ones, heat 0–4."""

    shown: str
    late: str | None
    heat: int


def draw(
    process: Process,
    *,
    name_of: Naming,
    here: Collection[str] = (),
    done: Collection[str] = (),
    figures: Mapping[str, Figures] | None = None,
    marks: Mapping[str, str] | None = None,
    view: Box | None = None,
) -> Drawing:
    """Lay out a process; ``name_of(element id, source)`` gives its words in a language.

    ``marks`` says by id what is added, removed, changed or moved; ``view`` shows a part alone.
    """
    marks, told = marks or {}, figures or {}
    shapes = process.layout.shapes
    nodes = tuple(
        _marked(
            _node(element, shapes[element.id], name_of, here, done, told.get(element.id)),
            marks.get(element.id, ""),
        )
        for element in _outside_in(process)
        if element.id in shapes
    )
    paths = tuple(
        _path(process, flow_id, edge, name_of, marks.get(flow_id, ""))
        for flow_id, edge in process.layout.edges.items()
    )
    bands = tuple(
        Band(shapes[lane.id].box, name_of(lane.id, lane.name))
        for lane in process.lanes.values()
        if lane.id in shapes
    )
    return Drawing(view or _view(process), bands, paths, nodes)


def part_with(processes: Iterable[Process], ids: Collection[str]) -> Box | None:
    """The part of diagrams in which these elements and flows are drawn, with some air around."""
    corners = [corner for process in processes for corner in _corners(process, ids)]
    if not corners:
        return None
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    return Box(left - _AIR, top - _AIR, right - left + 2 * _AIR, bottom - top + 2 * _AIR)


def _corners(process: Process, ids: Collection[str]) -> Iterator[tuple[float, float]]:
    for id in ids:
        shape, edge = process.layout.shapes.get(id), process.layout.edges.get(id)
        if shape:
            box = shape.box
            yield from ((box.x, box.y), (box.x + box.width, box.y + box.height))
        if edge:
            yield from edge.waypoints


def _outside_in(process: Process) -> list[Element]:
    """Sub-processes first, boundary events last, so that each is drawn upon what holds it."""
    order = {"sub_process": 0, "event_sub_process": 0, "boundary_event": 2}
    return sorted(process.nodes, key=lambda element: order.get(element.kind, 1))


def _node(
    element: Element,
    shape: Shape,
    name_of: Naming,
    here: Collection[str],
    done: Collection[str],
    figures: Figures | None,
) -> Node:
    form = _form(element)
    heat = f" h{figures.heat}" if figures and figures.heat else ""
    state = " now" if element.id in here else " past" if element.id in done else ""
    return Node(
        id=element.id,
        form=form,
        box=shape.box,
        lines=_words(name_of(element.id, element.name), form, shape),
        classes=f"node{state}{heat}",
        mark=_GATES.get(element.kind) or _MARKS.get(element.kind) or _event_mark(element),
        inner=element.kind in {"intermediate_catch_event", "intermediate_throw_event"}
        or element.kind == "boundary_event",
        thick=element.kind == "end_event" or form == "call",
        dashed=element.kind == "event_sub_process" or not element.interrupting,
        collected=element.loop is not None,
        pills=_pills(shape.box, figures),
    )


def _marked(node: Node, mark: str) -> Node:
    if mark not in _SIGNS:
        return node
    return replace(node, classes=f"{node.classes} {mark}", sign=_SIGNS[mark])


def _form(element: Element) -> str:
    if element.kind.endswith("_event"):
        return "event"
    if element.kind.endswith("_gateway"):
        return "gateway"
    return _RECTANGLES.get(element.kind, "task")


def _event_mark(element: Element) -> str:
    return element.event.kind if element.event else ""


def _pills(box: Box, figures: Figures | None) -> tuple[Pill, ...]:
    if figures is None or figures.shown == "0":
        return ()
    top = box.y - _PILL_HEIGHT / 2
    pills = [Pill(box.x + box.width - _PILL_WIDTH + 8, top, figures.shown, late=False)]
    if figures.late:
        pills.append(Pill(box.x - 8, top, figures.late, late=True))
    return tuple(pills)


def _words(text: str, form: str, shape: Shape) -> tuple[Line, ...]:
    if not text:
        return ()
    if form in {"task", "call"}:
        return _centred(text, shape.box, shape.box.width - 12)
    if form == "sub":
        return (Line(shape.box.x + shape.box.width / 2, shape.box.y + 20, text),)
    box = shape.label or _below(shape.box)
    above = box.y + box.height <= shape.box.y + 2
    return _stacked(text, box, upwards=above)


def _below(box: Box) -> Box:
    return Box(box.x + box.width / 2 - 45, box.y + box.height + 6, 90, 20)


def _centred(text: str, box: Box, width: float) -> tuple[Line, ...]:
    rows = wrap(text, width)
    top = box.y + box.height / 2 - (len(rows) - 1) * _LINE_HEIGHT / 2 + 4
    middle = box.x + box.width / 2
    return tuple(Line(middle, top + n * _LINE_HEIGHT, row) for n, row in enumerate(rows))


def _stacked(text: str, box: Box, *, upwards: bool = False) -> tuple[Line, ...]:
    """Lines from the top of the box down; ``upwards``: so that the last stands at its bottom."""
    middle = box.x + box.width / 2
    rows = wrap(text, max(box.width, 90))
    top = box.y + 12
    if upwards:
        top = box.y + box.height - 3 - (len(rows) - 1) * _LINE_HEIGHT
    return tuple(Line(middle, top + n * _LINE_HEIGHT, row) for n, row in enumerate(rows))


def wrap(text: str, width: float) -> list[str]:
    """Break at spaces, and inside words that alone are too long for a line."""
    room = max(6, int(width / _LETTER_WIDTH))
    rows: list[str] = []
    for word in text.split():
        pieces = [word[at : at + room - 1] for at in range(0, len(word), room - 1)]
        if len(word) > room:
            pieces = [f"{piece}-" for piece in pieces[:-1]] + pieces[-1:]
        else:
            pieces = [word]
        for piece in pieces:
            if rows and len(rows[-1]) + 1 + len(piece) <= room:
                rows[-1] += f" {piece}"
            else:
                rows.append(piece)
    return rows


def _path(process: Process, flow_id: str, edge: Edge, name_of: Naming, mark: str) -> Path:
    (x, y), *rest = edge.waypoints
    data = f"M{x:g} {y:g}" + "".join(f"L{x:g} {y:g}" for x, y in rest)
    flow = process.flows.get(flow_id)
    text = name_of(flow_id, flow.name) if flow else ""
    lines = _stacked(text, edge.label or _beside(edge)) if text else ()
    source = process.elements.get(flow.source) if flow else None
    return Path(
        data,
        lines,
        default=bool(source and source.default_flow == flow_id),
        mark=mark if mark in _SIGNS else "",
        sign=_SIGNS.get(mark, ""),
        middle=_middle(edge),
    )


def _middle(edge: Edge) -> tuple[float, float]:
    at = (len(edge.waypoints) - 1) // 2
    (x1, y1), (x2, y2) = edge.waypoints[at], edge.waypoints[at + 1]
    return (x1 + x2) / 2, (y1 + y2) / 2


def _beside(edge: Edge) -> Box:
    (x1, y1), (x2, y2) = edge.waypoints[0], edge.waypoints[1]
    return Box((x1 + x2) / 2 - 20, (y1 + y2) / 2 - 18, 40, 14)


def _view(process: Process) -> Box:
    boxes = [shape.box for shape in process.layout.shapes.values()]
    boxes += [shape.label for shape in process.layout.shapes.values() if shape.label]
    points = [point for edge in process.layout.edges.values() for point in edge.waypoints]
    left = min([box.x for box in boxes] + [x for x, _ in points], default=0)
    top = min([box.y for box in boxes] + [y for _, y in points], default=0)
    right = max([box.x + box.width for box in boxes] + [x for x, _ in points], default=100)
    bottom = max([box.y + box.height for box in boxes] + [y for _, y in points], default=100)
    return Box(
        left - _MARGIN,
        top - _MARGIN,
        right - left + 2 * _MARGIN,
        bottom - top + 2 * _MARGIN,
    )
