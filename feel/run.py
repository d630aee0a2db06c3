"""What one evaluation carries along: context, clock, calendar, budget and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feel.budget import Budget
from feel.calendar import Calendar
from feel.errors import FeelLimit
from feel.values import SCALARS, normal

_REASONS = 50
_SMALL = 16


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of an expression is null; position and length are its place in the source."""

    message: str
    position: int
    length: int


class Nothing(Exception):
    """A built-in has no answer; the text says why."""


class Run:
    """One evaluation; ``trail`` is a place where a caller's functions may leave marks."""

    # Most evaluations need none of these: as attributes of the class they cost them nothing.
    depth = 0
    place = (0, 0)
    reasons: list[Reason] | None = None
    trail: list[Any] | None = None
    is_normal = False
    _seen: dict[str, Any] | None = None

    def __init__(
        self,
        context: Mapping[str, Any],
        now: datetime | None,
        calendar: Calendar | None,
        budget: Budget | None,
    ) -> None:
        self.context = context
        self.now = now
        self.calendar = calendar
        self._budget = budget

    @property
    def budget(self) -> Budget:
        """What is left to spend; the usual amount where none was given."""
        if self._budget is None:
            self._budget = Budget()
        return self._budget

    def looked_through(self, name: str, value: Any) -> Any:
        """A variable's value as FEEL sees it.

        What is large is looked through once, however often a loop reads it.
        """
        if self.is_normal or (
            type(value) is list and len(value) < _SMALL and SCALARS.issuperset(map(type, value))
        ):
            return value
        seen = self._seen
        if seen is None:
            self._seen = {name: (found := normal(value))}
            return found
        if name not in seen:
            seen[name] = normal(value)
        return seen[name]

    def within(self, context: Mapping[str, Any]) -> Run:
        """The same evaluation with other names in sight, all of them values of FEEL already.

        Budget, reasons and trail are shared.
        """
        inner = Run(context, self.now, self.calendar, self.budget)
        inner.is_normal = True
        inner.depth = self.depth
        if self.reasons is None:
            self.reasons = []
        inner.reasons = self.reasons
        inner.trail = self.trail
        return inner

    def null(self, message: str, place: tuple[int, int] | None = None) -> None:
        """Keep the reason for a null."""
        at, end = place or self.place
        if self.reasons is None:
            self.reasons = []
        if len(self.reasons) < _REASONS:
            self.reasons.append(Reason(message, at, end - at))

    def spend(self, steps: int) -> None:
        """Take steps from the budget."""
        self.budget.spend(steps)

    def text(self, text: str) -> str:
        """A text that was made; charged by its length."""
        if len(text) > self.budget.text:
            raise FeelLimit("text", f"A text is longer than {self.budget.text} characters.")
        self.budget.spend(len(text) >> 3)
        return text

    def items(self, items: list[Any]) -> list[Any]:
        """A list that was made; charged by its length."""
        self.room(len(items))
        return items

    def room(self, length: int) -> None:
        """Refuse a list that is too long before it is made."""
        if length > self.budget.items:
            raise FeelLimit("items", f"A list has more than {self.budget.items} items.")
        self.budget.spend(length)
