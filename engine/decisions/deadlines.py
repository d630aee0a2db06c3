"""The context ``deadlines``: one table that gives every deadline its length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import feel
from engine.decisions import coverage
from engine.decisions.decisions import Decisions
from engine.decisions.errors import BadDecisions
from engine.decisions.model import DEADLINES, Table
from feel import temporal
from feel.values import Value

_KEY = "key"


@dataclass(frozen=True, slots=True)
class Deadlines(Mapping[str, Value]):
    """The deadlines of one instance; each is decided when it is asked for.

    A result that is a text such as ``P14D`` counts as the duration that it writes. A key that
    no rule names is not there, whatever rows for all keys the table has.
    """

    decisions: Decisions
    variables: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    calendar: feel.Calendar | None = None
    budget: feel.Budget | None = None

    _keys: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require_policy(self.decisions)
        object.__setattr__(self, "_keys", keys(self.decisions))

    def of(
        self, variables: Mapping[str, Any], *, now: datetime, calendar: feel.Calendar
    ) -> Deadlines:
        """The same table for other variables and another moment; it is not read again."""
        other = copy(self)
        for name, value in (("variables", variables), ("now", now), ("calendar", calendar)):
            object.__setattr__(other, name, value)
        return other

    def __getitem__(self, key: str) -> Value:
        if key not in self._keys:
            raise KeyError(key)
        inputs = {**self.variables, _KEY: key}
        outcome = self.decisions.evaluate(
            DEADLINES, inputs, now=self.now, calendar=self.calendar, budget=self.budget
        )
        return _typed(outcome.value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _typed(value: Value) -> Value:
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, str):
        read = temporal.read_any(value)
        return value if read is None else read
    return value


def _table(decisions: Decisions) -> Table:
    box = decisions.decision(DEADLINES).box
    if not isinstance(box, Table):
        raise BadDecisions(f"{decisions.name}: “{DEADLINES}” must be a decision table.")
    return box


def require_policy(decisions: Decisions) -> None:
    """Refuse a table that does not give one answer for one key.

    Raises NoSuchDecision, BadDecisions.
    """
    table = _table(decisions)
    if table.policy != "F":
        raise BadDecisions(f"{decisions.name}: “{DEADLINES}” must have the hit policy First.")
    if not table.inputs or table.inputs[0].expression.text != _KEY:
        raise BadDecisions(f"{decisions.name}: the first input of “{DEADLINES}” must be “{_KEY}”.")


def keys(decisions: Decisions) -> tuple[str, ...]:
    """The keys that the first column of the table names, in the order of its rules."""
    rules = _table(decisions).rules
    found = [value for rule in rules for value in coverage.literals(rule.tests[0])]
    return tuple(dict.fromkeys(value for value in found if isinstance(value, str)))
