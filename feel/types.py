"""The names of types: what ``instance of`` asks, and what an item definition promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from feel import temporal
from feel.values import Function, Range, Spend, Value, at, free, kind

SIMPLE = frozenset(
    {
        "Any",
        "Null",
        "boolean",
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    }
)


@dataclass(frozen=True, slots=True)
class Simple:
    """A type with a name of its own; one that FEEL does not know fits nothing."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of one type."""

    element: Type


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range over one type."""

    element: Type


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context that has at least these entries."""

    entries: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function from these parameters to that result."""

    parameters: tuple[Type, ...]
    result: Type


Type: TypeAlias = Simple | ListType | RangeType | ContextType | FunctionType
ANY = Simple("Any")
_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
}


def simple(name: str) -> Simple:
    """The type of that name; older spellings of DMN are understood."""
    return Simple(_ALIASES.get(name, name))


def conforms(value: Value, wanted: Type, spend: Spend = free) -> bool:
    """Whether a value is an instance of a type."""
    if isinstance(wanted, Simple):
        if wanted.name == "Any":
            return value is not None
        return kind(value) == ("null" if wanted.name == "Null" else wanted.name)
    if value is None:
        return False
    return _conforms(value, wanted, spend)


def fits(value: Value, wanted: Type, spend: Spend = free) -> bool:
    """Whether a value may stand where a type is declared; null may stand everywhere."""
    return value is None or conforms(value, wanted, spend)


def _conforms(value: Value, wanted: Type, spend: Spend) -> bool:
    spend(len(value) if isinstance(value, list) else 1)
    match wanted:
        case ListType(element):
            return isinstance(value, list) and all(fits(item, element, spend) for item in value)
        case ContextType(entries):
            return isinstance(value, Mapping) and all(
                name in value and fits(at(value, name), of, spend) for name, of in entries
            )
        case RangeType(element):
            return isinstance(value, Range) and all(
                fits(end, element) for end in (value.start, value.end)
            )
        case FunctionType(parameters, result):
            return isinstance(value, Function) and _function_fits(value, parameters, result)
    return False


def _function_fits(value: Function, parameters: tuple[Type, ...], result: Type) -> bool:
    if value.parameters is None or len(value.parameters) != len(parameters):
        return False
    declared = value.parameter_types or (None,) * len(parameters)
    pairs = zip(declared, parameters, strict=False)
    if not all(have is None or wide(have, want) or want == Simple("Null") for have, want in pairs):
        return False
    return value.result_type is None or result == ANY or wide(result, value.result_type)


def wide(general: Type, special: Type) -> bool:
    """Whether every value of the special type is one of the general type."""
    if ANY in (general, special):
        return general == ANY
    if isinstance(general, ListType) and isinstance(special, ListType):
        return wide(general.element, special.element)
    if isinstance(general, ContextType) and isinstance(special, ContextType):
        offered = dict(special.entries)
        return all(name in offered and wide(of, offered[name]) for name, of in general.entries)
    return general == special


def coerce(value: Value, wanted: Type, spend: Spend = free) -> Value:
    """The value as the declared type allows it: a single item for its list, and back.

    None where it does not fit; a date becomes the midnight in UTC that it begins with.
    """
    if value is None or fits(value, wanted, spend):
        return value
    if wanted == Simple("date and time") and type(value) is date:
        return temporal.midnight(value)
    if isinstance(wanted, ListType) and not isinstance(value, list):
        single = coerce(value, wanted.element, spend)
        return None if single is None else [single]
    if isinstance(value, list) and len(value) == 1 and not isinstance(wanted, ListType):
        return coerce(value[0], wanted, spend)
    return None
