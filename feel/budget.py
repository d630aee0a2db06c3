"""How much one evaluation may use."""

from __future__ import annotations

from dataclasses import dataclass

from feel.errors import FeelLimit

SOURCE_LENGTH = 20_000
SOURCE_DEPTH = 50
TREE_HEIGHT = 150
NUMBER_LENGTH = 400


@dataclass(slots=True)
class Budget:
    """What is left to spend; several evaluations that are given one budget share its steps.

    ``steps`` counts nodes evaluated, characters written (eight to a step) and moves of the
    pattern matcher; ``depth`` bounds nested calls; ``text`` is in characters, ``items`` in
    elements of one list.
    """

    steps: int = 250_000
    depth: int = 300
    text: int = 100_000
    items: int = 50_000

    def spend(self, steps: int) -> None:
        """Take steps from the budget. Raises FeelLimit when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimit("steps", "The expression takes too many steps.")
