"""What a condition written for another engine would be in FEEL."""

from __future__ import annotations

import re

import feel

_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_WORDS = (
    (re.compile(r"={2,3}"), "="),
    (re.compile(r"!={1,2}"), "!="),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"!\s*([\w.]+)"), r"not(\1)"),
    (re.compile(r"\beq\b"), "="),
    (re.compile(r"\bne\b"), "!="),
    (re.compile(r"\blt\b"), "<"),
    (re.compile(r"\ble\b"), "<="),
    (re.compile(r"\bgt\b"), ">"),
    (re.compile(r"\bge\b"), ">="),
)


def in_feel(text: str) -> str:
    """The text in FEEL, without its equals sign; as it was where no FEEL can be made of it."""
    parts = _QUOTED.split(" ".join(text.split()))
    found = "".join(_quoted(part) if n % 2 else _plain(part) for n, part in enumerate(parts))
    try:
        feel.compile(found)
    except feel.FeelError:
        return text
    return found


def _quoted(part: str) -> str:
    return f'"{part[1:-1]}"'


def _plain(part: str) -> str:
    for pattern, word in _WORDS:
        part = pattern.sub(word, part)
    return part
