"""The program that a pattern becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Step: TypeAlias = tuple[int, object, object]
"""An instruction and what it needs; places of the program are relative while it is built."""
Steps: TypeAlias = list[Step]

CHAR, SPLIT, JUMP, SAVE, BEGIN, END, BACK, DONE = range(8)


@dataclass(frozen=True, slots=True)
class Program:
    """A pattern that is ready to match."""

    steps: tuple[Step, ...]
    groups: int
    ignores_case: bool
    many_lines: bool
    looks_back: bool
