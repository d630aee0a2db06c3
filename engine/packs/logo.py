"""The picture at the head of a pack's papers: known by its content, and never more than it shows.

A drawing keeps shapes and colours alone: no letters (they would look otherwise on another
machine), nothing that moves, runs or lies elsewhere. A picture of dots keeps its dots alone.
"""

import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine import xml

LOGOS = ("logo.svg", "logo.png")
LARGEST = 200_000
#: Dots along the longer side.
MOST_DOTS = 2_000
#: How much longer one side may be than the other.
LONGEST_SHAPE = 12
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
#: Parts of a JPEG that tell its sides: all frames, but not tables of codes and the like.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SVG = "http://www.w3.org/2000/svg"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_SHAPES = frozenset(
    {
        *("svg", "g", "defs", "style", "clipPath"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("linearGradient", "radialGradient", "stop"),
    }
)
#: Tells nothing on paper: what a drawing program notes for itself, or says of the drawing.
_SILENT = frozenset({"metadata", "title", "desc"})
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|@|\\|javascript:|<", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:px|pt|mm|cm|in)?\s*", re.ASCII)
#: Channels by the kind of colour; how many bits each may have.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BITS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
#: Of each round of an interlaced picture: first column and row, and the steps between.
_ROUNDS = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


class LogoFlaw(StrEnum):
    """Why a file cannot stand at the head of papers."""

    LARGE = "large"
    UNREADABLE = "unreadable"
    DOTS = "dots"
    SHAPE = "shape"
    HOLDS = "holds"


class BadLogo(ValueError):
    """``what``: what the file holds that a logo must not; else empty."""

    def __init__(self, flaw: LogoFlaw, what: str = "") -> None:
        super().__init__(flaw)
        self.flaw = flaw
        self.what = what


@dataclass(frozen=True, slots=True)
class Logo:
    """``file`` is its path in the pack; sides are in units of its own."""

    file: str
    content: bytes
    width: float
    height: float

    def as_svg(self) -> str:
        """A drawing; dots lie inside one."""
        if self.file.endswith(".svg"):
            return self.content.decode()
        size = f'width="{self.width:g}" height="{self.height:g}"'
        dots = f"data:image/png;base64,{b64encode(self.content).decode()}"
        return f'<svg xmlns="{_SVG}" {size}><image {size} href="{dots}"/></svg>'


def read_logo(data: bytes) -> Logo:
    """The logo with nothing left that it does not show; its own bytes give it again.

    Raises BadLogo.
    """
    if len(data) > LARGEST:
        raise BadLogo(LogoFlaw.LARGE)
    logo = _dots(data) if data.startswith(_PNG) else _drawing(data)
    short, long = sorted((logo.width, logo.height))
    if not short or long > LONGEST_SHAPE * short:
        raise BadLogo(LogoFlaw.SHAPE)
    return logo


def is_photograph(data: bytes) -> bool:
    """Whether it claims to be a JPEG, which no pack holds: it becomes a PNG first."""
    return data.startswith(_JPEG)


def sides_of_photograph(data: bytes) -> tuple[int, int]:
    """Dots across and down, as the file tells before anything of it is drawn. Raises BadLogo."""
    if len(data) > LARGEST:
        raise BadLogo(LogoFlaw.LARGE)
    at = len(_JPEG) - 1
    while data[at : at + 1] == b"\xff" and at + 9 <= len(data):
        kind, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return _few_dots(width, height)
        at += 2 + length
    raise BadLogo(LogoFlaw.UNREADABLE)


def _few_dots(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise BadLogo(LogoFlaw.SHAPE)
    if max(width, height) > MOST_DOTS:
        raise BadLogo(LogoFlaw.DOTS)
    return width, height


def _drawing(data: bytes) -> Logo:
    try:
        root = xml.parse(data, name=LOGOS[0])
    except xml.UnreadableXml as error:
        raise BadLogo(LogoFlaw.UNREADABLE) from error
    if root.tag != f"{{{_SVG}}}svg":
        raise BadLogo(LogoFlaw.UNREADABLE)
    drawn = _kept(root)
    width, height = _sides(root)
    content = etree.tostring(drawn, encoding="utf-8")
    return Logo(LOGOS[0], content, width, height)


def _kept(element: etree._Element) -> etree._Element:
    """A copy with what is shown; what other programs note in words of their own is left out."""
    name = etree.QName(element).localname
    if name not in _SHAPES:
        raise BadLogo(LogoFlaw.HOLDS, name)
    copy = etree.fromstring(f'<{name} xmlns="{_SVG}"/>')
    for key, value in element.attrib.items():
        if _is_of_svg(str(key), name, str(value)):
            copy.set("href" if key in _HREF else key, value)
    if name == "style":
        copy.text = element.text or ""
        _require_inside(name, copy.text)
    for inner in element:
        tag = etree.QName(inner)
        if tag.namespace == _SVG and tag.localname not in _SILENT:
            copy.append(_kept(inner))
    return copy


def _is_of_svg(key: str, element: str, value: str) -> bool:
    """Whether an attribute counts for what is shown. Raises BadLogo for what must not be there."""
    if key in _HREF:
        if not value.startswith("#"):
            raise BadLogo(LogoFlaw.HOLDS, f"{element} href")
        return True
    if key.startswith("{"):
        return False
    if key.lower().startswith("on"):
        raise BadLogo(LogoFlaw.HOLDS, key)
    _require_inside(key, value)
    return True


def _require_inside(place: str, value: str) -> None:
    if _OUTSIDE.search(value):
        raise BadLogo(LogoFlaw.HOLDS, place)


def _sides(root: etree._Element) -> tuple[float, float]:
    """Of what is seen of the drawing, else of the drawing itself."""
    box = str(root.get("viewBox", "")).replace(",", " ").split()
    said = box[2:] if len(box) == 4 else [str(root.get(key, "")) for key in ("width", "height")]
    found = [_NUMBER.fullmatch(side) for side in said]
    sides = [float(side[1]) for side in found if side]
    if len(sides) != 2:
        raise BadLogo(LogoFlaw.SHAPE)
    return sides[0], sides[1]


def _dots(data: bytes) -> Logo:
    parts = list(_parts(data))
    names = [name for name, _ in parts]
    ordered = [name for name in names if name in _KEPT]
    if ordered[:1] != [b"IHDR"] or ordered.count(b"IHDR") > 1 or b"IDAT" not in ordered:
        raise BadLogo(LogoFlaw.UNREADABLE)
    head = dict(parts)[b"IHDR"]
    width, height, lengths = _rows(head)
    coloured = head[9] == 3
    if coloured and b"PLTE" not in ordered[: ordered.index(b"IDAT")]:
        raise BadLogo(LogoFlaw.UNREADABLE)
    _require_rows(b"".join(part for name, part in parts if name == b"IDAT"), lengths)
    kept = (_part(name, part) for name, part in parts if name in _KEPT)
    return Logo(LOGOS[1], _PNG + b"".join(kept), width, height)


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part; what follows the end mark is left out."""
    at, name = len(_PNG), b""
    while name != b"IEND":
        if at + 12 > len(data):
            raise BadLogo(LogoFlaw.UNREADABLE)
        length, name = struct.unpack_from(">L4s", data, at)
        part = data[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(data) or _part(name, part) != data[at - length - 12 : at]:
            raise BadLogo(LogoFlaw.UNREADABLE)
        yield name, part


def _part(name: bytes, part: bytes) -> bytes:
    return struct.pack(">L4s", len(part), name) + part + struct.pack(">L", zlib.crc32(name + part))


def _rows(head: bytes) -> tuple[int, int, list[tuple[int, int]]]:
    """Sides, and of each round how many rows it has and how many bytes each of them."""
    try:
        width, height, bits, colour, packing, filtering, rounds = struct.unpack(">LLBBBBB", head)
    except struct.error as error:
        raise BadLogo(LogoFlaw.UNREADABLE) from error
    if bits not in _BITS.get(colour, ()) or packing or filtering or rounds > 1:
        raise BadLogo(LogoFlaw.UNREADABLE)
    if max(width, height) > MOST_DOTS:
        raise BadLogo(LogoFlaw.DOTS)
    steps = _ROUNDS if rounds else ((0, 0, 1, 1),)
    found = [
        (-(-(height - top) // down), -(-(width - left) // right))
        for left, top, right, down in steps
    ]
    dot = bits * _CHANNELS[colour]
    lengths = [(rows, 1 + -(-columns * dot // 8)) for rows, columns in found if columns > 0]
    return width, height, [(rows, length) for rows, length in lengths if rows > 0]


def _require_rows(packed: bytes, lengths: list[tuple[int, int]]) -> None:
    """That as much is packed as the sides ask for, and each row begins as rows do."""
    whole = sum(rows * length for rows, length in lengths)
    try:
        unpacked = zlib.decompressobj().decompress(packed, whole + 1)
    except zlib.error as error:
        raise BadLogo(LogoFlaw.UNREADABLE) from error
    at = 0
    for rows, length in lengths:
        if any(begin > 4 for begin in unpacked[at : at + rows * length : length]):
            raise BadLogo(LogoFlaw.UNREADABLE)
        at += rows * length
    if len(unpacked) != whole:
        raise BadLogo(LogoFlaw.UNREADABLE)
