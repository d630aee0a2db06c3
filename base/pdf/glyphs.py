"""Which characters our fonts can draw: read from the fonts' character maps (OpenType ``cmap``)."""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Stands for a character that no font of ours can draw.
UNKNOWN = "\u25a1"
_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}
_DRAWN_BY_NOBODY = {"Cc", "Cf"}


def covered(fonts: Iterable[Path]) -> frozenset[int]:
    """Code points that at least one of the fonts draws."""
    return frozenset(point for font in fonts for point in _points(font.read_bytes()))


def drawable(text: str, points: frozenset[int]) -> str:
    """The text with each character that cannot be drawn replaced; what is invisible goes."""
    if all(ord(character) in points for character in text):
        return text
    return "".join(_drawn(character, points) for character in text)


def _drawn(character: str, points: frozenset[int]) -> str:
    if ord(character) in points or character == "\n":
        return character
    if character.isspace():
        return " "
    hidden = (
        unicodedata.category(character) in _DRAWN_BY_NOBODY or 0xFE00 <= ord(character) < 0xFE10
    )
    return "" if hidden else UNKNOWN


def _points(font: bytes) -> Iterator[int]:
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * index)
        if (platform, encoding) in _UNICODE:
            yield from _mapped(cmap[offset:])


def _table(font: bytes, name: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == name:
            return font[offset : offset + length]
    raise ValueError(f"The font has no table {name.decode()}.")


def _mapped(part: bytes) -> Iterator[int]:
    """Formats 4 (segments) and 12 (groups) are what fonts of today hold."""
    (form,) = struct.unpack_from(">H", part)
    if form == 4:
        (twice,) = struct.unpack_from(">H", part, 6)
        ends = struct.unpack_from(f">{twice // 2}H", part, 14)
        starts = struct.unpack_from(f">{twice // 2}H", part, 16 + twice)
        for start, end in zip(starts, ends, strict=True):
            yield from range(start, min(end, 0xFFFE) + 1)
    elif form == 12:
        (count,) = struct.unpack_from(">L", part, 12)
        for index in range(count):
            start, end, _ = struct.unpack_from(">LLL", part, 16 + 12 * index)
            yield from range(start, end + 1)
