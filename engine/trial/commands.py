"""What a trial can be told, read from plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from base.errors import Invalid

_VERBS = frozenset({"complete", "message", "signal", "advance"})


class NotUnderstood(Invalid):
    """This is no command: complete, message, signal and advance are."""


@dataclass(frozen=True, slots=True)
class Complete:
    """Do one of the open steps of an element, the oldest being number 0."""

    element: str
    index: int = 0
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """Let a message come; ``key`` None suits whoever waits for it."""

    name: str
    key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """Let a signal come."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advance:
    """Move the clock by an ISO 8601 duration."""

    span: str


Command = Complete | Message | Signal | Advance


def read_command(asked: object) -> Command:
    """One command. Raises NotUnderstood."""
    if not isinstance(asked, Mapping) or len(_VERBS & asked.keys()) != 1:
        raise NotUnderstood
    (verb,) = _VERBS & asked.keys()
    named = asked[verb]
    if not isinstance(named, str):
        raise NotUnderstood(f"What “{verb}” means is a text.")
    match verb:
        case "complete":
            return Complete(named, _index(asked), _variables(asked))
        case "message":
            return Message(named, _key(asked), _variables(asked))
        case "signal":
            return Signal(named, _variables(asked))
        case _:
            return Advance(named)


def _index(asked: Mapping[Any, Any]) -> int:
    index = asked.get("index", 0)
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise NotUnderstood("The index is a whole number from 0.")
    return index


def _key(asked: Mapping[Any, Any]) -> str | None:
    key = asked.get("key")
    if key is not None and (isinstance(key, bool) or not isinstance(key, str | int | float)):
        raise NotUnderstood("The key is a text or a number.")
    return None if key is None else str(key)


def _variables(asked: Mapping[Any, Any]) -> dict[str, Any]:
    variables = asked.get("variables")
    if variables is None:
        return {}
    if not isinstance(variables, dict):
        raise NotUnderstood("Variables are an object: names and values.")
    return variables
