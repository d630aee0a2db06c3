"""Square pictures that a telephone reads; the only door to segno."""

from dataclasses import dataclass

import segno

_QUIET = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of so many small ones, and the dark ones among them as the path of an SVG."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """With the quiet edge that readers need."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=_QUIET)]
    dark = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, square in enumerate(row) if square
    ]
    return Picture(len(rows), "".join(dark))
