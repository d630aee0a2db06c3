"""Long lists are shown in parts; what cannot be asked in SQL is looked for in so many rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

#: Rows of one part.
SHOWN = 50
#: Rows in which names are looked for: they are sealed, so that each must be opened to compare.
SEARCHED = 1000
LAST = 10_000
#: Counting ends here: the menu counts on every page, and how many more there are says nothing.
COUNTED = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is shown; ``narrow`` where not everything could be searched."""

    number: int = 1
    more: bool = False
    narrow: bool = False

    @property
    def searched(self) -> int:
        """In how many rows names were looked for."""
        return SEARCHED

    @property
    def start(self) -> int:
        return (self.number - 1) * SHOWN

    @property
    def whole(self) -> bool:
        """Whether this is all there is."""
        return self.number == 1 and not self.more


#: The first part, with nothing after it.
WHOLE = Part()


def part_of(rows: Sequence[Row], number: int, *, narrow: bool = False) -> tuple[list[Row], Part]:
    """One part of rows that are all there."""
    part = Part(number)
    shown = list(rows[part.start : part.start + SHOWN])
    return shown, Part(number, len(rows) > part.start + SHOWN, narrow)
