"""Expressions of a diagram: FEEL behind ``=``, text otherwise; compiled once per release."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import feel
from engine.diagram import feel_source
from engine.errors import DiagramError, StepFailed
from engine.reasons import reason
from engine.spiff.values import BadValue, clean
from engine.spiff.views import Outside


@dataclass(frozen=True, slots=True)
class Expression:
    """``text`` as it was written in the element ``place``."""

    text: str
    place: str
    feel: feel.Expression | None

    def value(self, variables: Mapping[str, Any], outside: Outside) -> Any:
        """A value that shares nothing with the variables. Raises StepFailed."""
        if self.feel is None:
            return self.text
        context = variables
        if "deadlines" in self.feel.names:
            context = {**variables, "deadlines": outside.deadlines(variables)}
        try:
            found = self.feel.evaluate(context, now=outside.now, calendar=outside.calendar)
            return clean(found)
        except (feel.FeelError, BadValue) as error:
            raise StepFailed(
                self.place, reason("failed_expression", text=self.text, error=error)
            ) from error

    def holds(self, variables: Mapping[str, Any], outside: Outside) -> bool:
        """Whether it is true; null and everything else is not."""
        return self.value(variables, outside) is True


def compiled(text: str | None, place: str) -> Expression | None:
    """None for no text. Raises DiagramError for what is not FEEL behind a ``=``."""
    if text is None or not text.strip():
        return None
    source = feel_source(text)
    if source is None:
        return Expression(text.strip(), place, None)
    try:
        return Expression(text.strip(), place, feel.compile(source))
    except feel.FeelError as error:
        raise DiagramError(
            reason("no_expression", place=place, text=text.strip(), error=error)
        ) from error


def condition(text: str | None, place: str) -> Expression | None:
    """A condition; None for no text. Raises DiagramError for a literal, which never holds."""
    found = compiled(text, place)
    if found is not None and found.feel is None:
        raise DiagramError(reason("no_condition", place=place, text=found.text))
    return found


def evaluate(text: str | None, place: str, variables: Mapping[str, Any], outside: Outside) -> Any:
    """The value of an expression as it stands in the element ``place``; None for no text."""
    expression = compiled(text, place)
    return None if expression is None else expression.value(variables, outside)
