"""Printed pages: the one door to typst. A template of ours and data make a PDF/UA-1 document,
or a photograph a picture that can stand in one.

Data reaches the template as JSON and is never read as typst, so nothing a person typed can run.
The work is done by a process of its own, with neither environment nor standing, that is ended
when it takes too long: a layout cannot be bounded from within.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from base.errors import SamplanError
from base.pdf import glyphs

#: Most that is printed at once, as JSON; some three hundred pages of text.
LARGEST_DATA = 1_000_000
LARGEST_DOCUMENT = 20_000_000
SECONDS = 10
FONTS = Path(__file__).parent / "fonts"
_PRESS = Path(__file__).parent / "press.py"
_DOTS = Path(__file__).parent / "dots.typ"

#: What JSON can say.
Printable: TypeAlias = (
    "str | int | float | bool | Sequence[Printable] | Mapping[str, Printable] | None"
)


class TooMuchToPrint(SamplanError):
    """This is too much for one document."""


class NotPrintable(RuntimeError):
    """A template of ours is wrong; the message names template and place, never the data."""


def pdf(template: Path, data: Mapping[str, Printable], *, language: str) -> bytes:
    """The document; the same template, data and language always give the same bytes.

    The template reads ``json(bytes(sys.inputs.data))`` and ``sys.inputs.language``. It may import
    what lies in its own folder. Its title says the kind of document and nothing else.

    A character that none of our fonts draws becomes a hollow square.
    Raises TooMuchToPrint; NotPrintable if the template is wrong.
    """
    sent = json.dumps(_drawable(data), ensure_ascii=False, sort_keys=True)
    if len(sent) > LARGEST_DATA:
        raise TooMuchToPrint
    return _pressed(template, sent, language=language)


def dots(photograph: bytes, *, width: float, sharp: int) -> bytes:
    """A JPEG drawn anew as PNG: so many millimetres wide, with so many dots to the inch.

    Whatever else the file holds is gone. Raises NotPrintable for what cannot be drawn.
    """
    sent = json.dumps({"dots": list(photograph), "width": width})
    return _pressed(_DOTS, sent, sharp=sharp)


def _pressed(template: Path, data: str, *, language: str = "", sharp: int = 0) -> bytes:
    """``sharp``: a picture of so many dots to the inch, no document."""
    order = {
        "template": str(template),
        "fonts": str(FONTS),
        "data": data,
        "language": language,
        "sharp": sharp,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", str(_PRESS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env={"RAYON_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuchToPrint from error
    if done.returncode:
        raise NotPrintable(f"{template.name}: {done.stderr.decode()[-500:].strip()}")
    if len(done.stdout) > LARGEST_DOCUMENT:
        raise TooMuchToPrint
    return done.stdout


def _drawable(data: Printable) -> Printable:
    match data:
        case str():
            return glyphs.drawable(data, _points())
        case Mapping():
            return {key: _drawable(value) for key, value in data.items()}
        case Sequence():
            return [_drawable(value) for value in data]
        case _:
            return data


@cache
def _points() -> frozenset[int]:
    return glyphs.covered(FONTS.glob("*.ttf"))
