"""Expressions and unary tests, ready to be evaluated any number of times."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from feel import compiler, tree
from feel.budget import Budget
from feel.calendar import Calendar
from feel.errors import FeelLimit
from feel.names import reads
from feel.parser import parse, parse_unary
from feel.run import Reason, Run
from feel.sentence import sentence
from feel.values import Value, normal

T = TypeVar("T", bound=tree.Node)
_INPUT = "?"


@dataclass(frozen=True, slots=True)
class Result:
    """A value, and for a null the reasons that led there, the first cause first."""

    value: Value
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compiled:
    source: str
    tree: tree.Node
    names: frozenset[str]
    """The variables it reads; names within a filter, which may be entries of its items, too."""
    certain_names: frozenset[str]
    """The variables it reads for sure: without names that may be entries of filtered items."""
    paths: frozenset[str]
    """The variables with the entries that are read of them: ``party.organisation``."""
    code: compiler.Code = field(repr=False, compare=False)
    _cost: int = field(repr=False, compare=False)

    def run(self, run: Run, frame: compiler.Frame = None) -> Value:
        """Evaluate as a part of a larger evaluation. Raises FeelLimit."""
        try:
            run.budget.spend(self._cost)
            return self.code(run, frame)
        except RecursionError:
            raise FeelLimit("depth", sentence("The expression is nested too deeply.")) from None


class Expression(_Compiled):
    """A FEEL expression."""

    __slots__ = ()

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: Calendar | None = None,
        budget: Budget | None = None,
    ) -> Value:
        """The value of the expression; null where the standard says so.

        Raises FeelLimit if it needs more than the budget.
        """
        if budget is not None:
            budget.spend(self._cost)
        try:
            return self.code(Run(context, now, calendar, budget), None)
        except RecursionError:
            raise FeelLimit("depth", sentence("The expression is nested too deeply.")) from None

    def evaluate_with_reasons(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: Calendar | None = None,
        budget: Budget | None = None,
    ) -> Result:
        """The value, and why parts of the expression were null. Raises FeelLimit."""
        run = Run(context, now, calendar, budget)
        return Result(self.run(run, None), tuple(run.reasons or ()))


class UnaryTests(_Compiled):
    """The tests of a decision table's cell; ``?`` stands for the input."""

    __slots__ = ()

    def matches(
        self,
        value: object,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: Calendar | None = None,
        budget: Budget | None = None,
    ) -> bool | None:
        """Whether the input passes; None where that cannot be said. Raises FeelLimit."""
        run = Run(context, now, calendar, budget)
        found: bool | None = self.run(run, ({_INPUT: normal(value)}, None))
        return found

    def matches_with_reasons(
        self,
        value: object,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        calendar: Calendar | None = None,
        budget: Budget | None = None,
    ) -> Result:
        """Whether the input passes, and why parts of the tests were null. Raises FeelLimit."""
        run = Run(context, now, calendar, budget)
        found = self.run(run, ({_INPUT: normal(value)}, None))
        return Result(found, tuple(run.reasons or ()))


def compile(source: str, *, names: Collection[str] = ()) -> Expression:
    """Read an expression; ``names`` are those of the context that hold spaces or signs.

    Raises FeelSyntaxError, FeelLimit.
    """
    return _compile(source, frozenset(names))


def unary(source: str, *, names: Collection[str] = ()) -> UnaryTests:
    """Read the tests of a cell. Raises FeelSyntaxError, FeelLimit."""
    return _unary(source, frozenset(names))


@lru_cache(maxsize=2048)
def _compile(source: str, names: frozenset[str]) -> Expression:
    return from_tree(source, parse(source, names))


def from_tree(source: str, node: tree.Node) -> Expression:
    """The expression of a tree that was read before."""
    return Expression(
        source, node, *_facts(node, frozenset()), compiler.compile_node(node), _cost(node)
    )


@lru_cache(maxsize=2048)
def _unary(source: str, names: frozenset[str]) -> UnaryTests:
    node = parse_unary(source, names)
    facts = _facts(node, frozenset({_INPUT}))
    return UnaryTests(source, node, *facts, compiler.compile_unary(node), _cost(node))


def _facts(
    node: tree.Node, bound: frozenset[str]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    found = [read for read in reads(node) if read.name not in bound]
    return (
        frozenset(read.name for read in found),
        frozenset(read.name for read in found if not read.in_filter),
        frozenset(read.dotted for read in found),
    )


def _cost(node: tree.Node) -> builtins.int:
    return tree.measure(node)[0]
