"""The decisions of one file: evaluate them, check them, list what they read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feel
from engine.decisions import checking, evaluation, reading
from engine.decisions.checking import DecisionFinding
from engine.decisions.errors import NoSuchDecision
from engine.decisions.evaluation import Evaluation, Outcome
from engine.decisions.model import Decision, Knowledge, Model, Service
from feel.values import Value


@dataclass(frozen=True, slots=True)
class Decisions:
    """One DMN file, read; nothing in it changes."""

    name: str
    model: Model

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the file's own decisions, in the order of the file."""
        return tuple(decision.id for decision in self._own())

    def _own(self) -> list[Decision]:
        return [
            element
            for key, element in self.model.elements.items()
            if isinstance(element, Decision) and self.model.is_own(key)
        ]

    def decision(self, decision_id: str) -> Decision:
        """The decision of an id or a name. Raises NoSuchDecision."""
        found = self.model.elements[evaluation.find(self.model, decision_id)]
        if not isinstance(found, Decision):
            raise NoSuchDecision
        return found

    def title(self, decision_id: str) -> str:
        """The words that the diagram shows for a decision. Raises NoSuchDecision."""
        return self.decision(decision_id).label

    def names(self, decision_id: str) -> frozenset[str]:
        """The variables that a decision reads, with all that it requires.

        Raises NoSuchDecision.
        """
        return checking.names(self.model, evaluation.find(self.model, decision_id))

    def evaluate(
        self,
        decision_id: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: feel.Calendar | None = None,
        budget: feel.Budget | None = None,
    ) -> Outcome:
        """Decide. Raises NoSuchDecision, FeelLimit."""
        key = evaluation.find(self.model, decision_id)
        run = evaluation.run_of(inputs, now, calendar, budget)
        work = Evaluation(self.model, evaluation.told(self.model, inputs), run)
        return evaluation.outcome(run, lambda: work.value(key))

    def invoke(
        self,
        name: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: feel.Calendar | None = None,
        budget: feel.Budget | None = None,
    ) -> Outcome:
        """Call a decision service or a knowledge model. Raises NoSuchDecision, FeelLimit."""
        key = evaluation.find(self.model, name, (Service, Knowledge))
        run = evaluation.run_of(inputs, now, calendar, budget)
        told = evaluation.told(self.model, inputs)
        work = Evaluation(self.model, told, run)

        def call() -> Value:
            function = work.value(key)
            values = [told.get(name) for name in function.parameters or ()]
            return function.call(run, values)

        return evaluation.outcome(run, call)

    def check(self, known_names: Collection[str] | None = None) -> list[DecisionFinding]:
        """What is wrong with the file; with ``known_names``, also which names are unknown."""
        return checking.check(self.model, known_names)


def read(data: bytes, name: str, *, imports: Mapping[str, Decisions] | None = None) -> Decisions:
    """Read a DMN file; ``imports`` are the files that it imports, by their namespace.

    Raises UnreadableXml, BadDecisions.
    """
    models = {namespace: each.model for namespace, each in (imports or {}).items()}
    return Decisions(name, reading.read_model(data, name, models))
