"""Evaluates decisions with all that they require, each at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import feel
from engine.decisions import boxes
from engine.decisions.errors import NoSuchDecision
from engine.decisions.itemtypes import fit
from engine.decisions.model import (
    Decision,
    Element,
    FunctionBox,
    InputData,
    Knowledge,
    Model,
    Service,
)
from engine.decisions.tables import MatchedRule
from feel.compiler import enter, user_function
from feel.errors import FeelLimit
from feel.run import Nothing, Reason
from feel.values import Value, at, normal

_FRAMES_OF_A_DECISION = 12
_Results = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out, the rules that matched on the way, and why parts of it are null."""

    value: Value
    matched: tuple[MatchedRule, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(slots=True)
class Evaluation:
    """One evaluation of one model with one set of inputs."""

    model: Model
    inputs: Mapping[str, Any]
    run: feel.Run
    results: _Results = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    def value(self, key: str) -> Value:
        """The value of an element: what it was told, decided, or can do."""
        if key not in self.results:
            self.results[key] = self._value(key)
        return self.results[key]

    def _value(self, key: str) -> Value:
        element = self.model.elements.get(key)
        if element is None:
            self.run.null(f"“{key.rpartition('#')[2]}” is required, but not there.")
            return None
        if key in self.busy:
            self.run.null(f"“{element.name}” requires itself.")
            return None
        self.busy.add(key)
        try:
            return self._evaluated(key, element)
        finally:
            self.busy.discard(key)

    def _evaluated(self, key: str, element: Element) -> Value:
        match element:
            case InputData():
                return self._input(key, element)
            case Decision():
                return self._decided(key, element)
            case Knowledge():
                run = self.run.within(self.in_sight(key, element.requires))
                return self._recursive(element.function, run, element)
            case Service():
                return self._service(element)

    def _recursive(self, box: FunctionBox, run: feel.Run, element: Knowledge) -> feel.Function:
        """The function of a knowledge model, which may call itself."""
        sight = dict(run.context)
        function = boxes.function_of(box, run.within(sight), element.name, element.type)
        sight.setdefault(element.name, function)
        return function

    def _input(self, key: str, element: InputData) -> Value:
        source = self.inputs
        prefix = self.prefix(f"{self.model.namespace}#", key)
        if prefix and isinstance(source.get(prefix), Mapping):
            source = source[prefix]
        if element.name not in source:
            self.run.null(f"There is no value “{element.name}”.")
            return None
        return fit(self.run, at(source, element.name), element.type, element.name)

    def _decided(self, key: str, element: Decision) -> Value:
        run = self.run.within(self.in_sight(key, element.requires))
        before = len(run.trail or ())
        value = enter(run, _FRAMES_OF_A_DECISION, 1, lambda: boxes.evaluate(element.box, run))
        self._sign(run, before, element)
        return fit(self.run, value, element.type, element.name)

    def _sign(self, run: feel.Run, before: int, element: Decision) -> None:
        """Name the decision in the marks that its tables have left."""
        if run.trail is not None:
            run.trail[before:] = [
                mark if mark.decision else mark.made_by(element.id) for mark in run.trail[before:]
            ]

    def prefix(self, home: str, key: str) -> str:
        """The name under which an element's file is known where another element stands."""
        namespaces = (home.rpartition("#")[0], key.rpartition("#")[0])
        return self.model.imports.get(namespaces, "")

    def in_sight(self, home: str, keys: tuple[str, ...]) -> dict[str, Value]:
        """The names that an element sees: what it requires, and inputs nobody declared."""
        declared = self.model.declared
        sight = {name: self.inputs[name] for name in self.inputs if name not in declared}
        for key in keys:
            element = self.model.elements.get(key)
            value = self.value(key)
            if element is None:
                continue
            prefix = self.prefix(home, key)
            if prefix:
                sight[prefix] = {**(sight.get(prefix) or {}), element.name: value}
            else:
                sight[element.name] = value
        return sight

    # ---- services

    def _service(self, element: Service) -> feel.Function:
        keys = (*element.input_data, *element.input_decisions)
        names = tuple(self.name(key) for key in keys)

        def call(run: feel.Run, values: list[Value]) -> Value:
            given = dict(zip(keys, values, strict=True))
            return enter(run, _FRAMES_OF_A_DECISION, 1, lambda: self.serve(element, given, run))

        return user_function(element.name, names, call)

    def name(self, key: str) -> str:
        element = self.model.elements.get(key)
        return key.rpartition("#")[2] if element is None else element.name

    def serve(self, element: Service, given: Mapping[str, Value], run: feel.Run) -> Value:
        """The outputs of a service for what it is given."""
        known = {
            key: fit(run, value, getattr(self.model.elements.get(key), "type", None), "Input")
            for key, value in given.items()
        }
        inner = Evaluation(self.model, {}, run, known)
        values = [inner.value(key) for key in element.outputs]
        if len(values) == 1:
            return fit(run, values[0], element.type, element.name)
        named = {self.name(key): value for key, value in zip(element.outputs, values, strict=True)}
        return fit(run, named, element.type, element.name)


def find(model: Model, wanted: str, kinds: tuple[type, ...] = (Decision,)) -> str:
    """The key of an element by id or name, its own before an imported one.

    Raises NoSuchDecision.
    """
    direct = f"{model.namespace}#{wanted}"
    if isinstance(model.elements.get(direct), kinds):
        return direct
    own = [key for key in model.elements if model.is_own(key)]
    for keys in (own, [key for key in model.elements if not model.is_own(key)]):
        for test in (_has_id, _has_name):
            for key in keys:
                element = model.elements[key]
                if isinstance(element, kinds) and test(element, wanted):
                    return key
    raise NoSuchDecision(f"{model.name} has no decision “{wanted}”.")


def _has_id(element: Element, wanted: str) -> bool:
    return element.id == wanted


def _has_name(element: Element, wanted: str) -> bool:
    return element.name == wanted or getattr(element, "label", "") == wanted


def told(model: Model, inputs: Mapping[str, Any]) -> dict[str, Value]:
    """Those inputs that a model may read, as values of FEEL."""
    return {name: normal(inputs[name]) for name in inputs if name in model.reads}


def run_of(
    inputs: Mapping[str, Any],
    now: datetime | None,
    calendar: feel.Calendar | None,
    budget: feel.Budget | None,
) -> feel.Run:
    """A run that keeps reasons and marks."""
    run = feel.Run(inputs, now, calendar, budget or feel.Budget())
    run.reasons = []
    run.trail = []
    return run


def outcome(run: feel.Run, evaluate: Callable[[], Value]) -> Outcome:
    """The outcome of an evaluation. Raises FeelLimit."""
    try:
        value = evaluate()
    except RecursionError:
        raise FeelLimit("depth", "The decision is nested too deeply.") from None
    except Nothing as nothing:
        run.null(str(nothing))
        value = None
    return Outcome(value, tuple(run.trail or ()), tuple(run.reasons or ()))
