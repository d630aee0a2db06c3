"""A logo is known by its content; what is not shown is left out, what could do more is refused."""

import struct
import zlib

import pytest
from lxml import etree

from engine.packs import BadLogo, LogoFlaw, read_logo
from engine.packs.logo import LARGEST

BEGIN = b"\x89PNG\r\n\x1a\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">{}</svg>'


def part(name: bytes, content: bytes) -> bytes:
    sum_of = struct.pack(">L", zlib.crc32(name + content))
    return struct.pack(">L", len(content)) + name + content + sum_of


def png(
    width: int = 4,
    height: int = 2,
    *,
    colour: int = 2,
    bits: int = 8,
    rounds: int = 0,
    rows: bytes | None = None,
    more: bytes = b"",
) -> bytes:
    """A picture of dots; by default as many as its sides ask for, red, green and blue."""
    rows = (b"\0" + b"\x80\x20\x20" * width) * height if rows is None else rows
    head = struct.pack(">LLBBBBB", width, height, bits, colour, 0, 0, rounds)
    packed = zlib.compress(rows)
    return BEGIN + part(b"IHDR", head) + more + part(b"IDAT", packed) + part(b"IEND", b"")


def svg(inside: str = '<path d="M0 0h40v10z"/>') -> bytes:
    return SVG.format(inside).encode()


def test_dots_keep_nothing_but_the_dots():
    plain = png()
    told = png(more=part(b"tEXt", b"Author\0Anna Berg") + part(b"eXIf", b"MM\0*"))

    logo = read_logo(told + b"<script>")

    assert (logo.file, logo.content, logo.width, logo.height) == ("logo.png", plain, 4, 2)
    assert read_logo(logo.content) == logo


def test_a_drawing_keeps_shapes_and_colours_alone():
    drawn = (
        '<!-- Anna --><metadata><x/></metadata><title>A</title><o:v xmlns:o="urn:x"/>'
        '<style>.a{fill:#123}</style><path class="a" d="M0 0h4" xml:id="b" fill="url(#g)"/>'
    )

    logo = read_logo(svg(drawn))

    assert (logo.file, logo.width, logo.height) == ("logo.svg", 40, 10)
    kept = etree.fromstring(logo.content)
    assert [(etree.QName(e).localname, dict(e.attrib)) for e in kept] == [
        ("style", {}),
        ("path", {"class": "a", "d": "M0 0h4", "fill": "url(#g)"}),
    ]
    assert read_logo(logo.content) == logo


@pytest.mark.parametrize(
    ("content", "flaw", "what"),
    [
        (b"", "unreadable", ""),
        (b"GIF89a", "unreadable", ""),
        (b"<html/>", "unreadable", ""),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(), "unreadable", ""),
        (svg("x" * LARGEST), "large", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>', "shape", ""),
        (svg().replace(b"40 10", b"400 10"), "shape", ""),
        (svg().replace(b"40 10", b"40 0"), "shape", ""),
        (svg("<script>1</script>"), "holds", "script"),
        (svg("<g><text>A</text></g>"), "holds", "text"),
        (svg("<foreignObject/>"), "holds", "foreignObject"),
        (svg('<use href="#a"/>'), "holds", "use"),
        (svg('<image href="data:,"/>'), "holds", "image"),
        (svg('<path onload="1"/>'), "holds", "onload"),
        (svg('<path fill="url(http://a.example/)"/>'), "holds", "fill"),
        (svg('<path style="fill:u\\72l(a)"/>'), "holds", "style"),
        (svg("<style>@import 'a';</style>"), "holds", "style"),
        (svg('<linearGradient href="a.svg#b"/>'), "holds", "linearGradient href"),
        (png()[:-1], "unreadable", ""),
        (png().replace(b"IDAT", b"IDAX"), "unreadable", ""),
        (png(rows=b""), "unreadable", ""),
        (png(rows=bytes(1_000)), "unreadable", ""),
        (png(rows=(b"\5" + b"\x80\x20\x20" * 4) * 2), "unreadable", ""),
        (png(colour=3, rows=bytes(10)), "unreadable", ""),
        (png(colour=7), "unreadable", ""),
        (png(2_001, 2_001, rows=b""), "dots", ""),
        (png(26, 2), "shape", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_could_do_more_than_be_seen_is_refused(content: bytes, flaw: str, what: str):
    with pytest.raises(BadLogo) as refused:
        read_logo(content)

    assert (refused.value.flaw, refused.value.what) == (LogoFlaw(flaw), what)


def test_other_kinds_of_dots_are_read_too():
    palette = part(b"PLTE", b"\0\0\0\xff\xff\xff")
    in_rounds = bytes(sum(1 + 4 * dots for dots in (1, 1, 2, 4)))

    kinds = [
        png(8, 2, colour=3, bits=1, rows=b"\0\xaa" * 2, more=palette),
        png(3, 2, colour=4, bits=16, rows=bytes(2 * 13)),
        png(4, 2, colour=6, rounds=1, rows=in_rounds),
    ]

    assert [read_logo(each).width for each in kinds] == [8, 3, 4]
