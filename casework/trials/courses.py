"""A course of moves in the format of scenarios: read, written and shortened. Pure."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

Move = Mapping[str, Any]
Course = Mapping[str, Any]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 99


def read(text: str) -> dict[str, Any]:
    """A course from its TOML text. Raises ValueError."""
    return tomllib.loads(text)


def moves(course: Course) -> Sequence[Move]:
    """What is done and expected after it has begun, in order."""
    found: Sequence[Move] = course.get("step", ())
    return found


def cut(course: Course, count: int) -> dict[str, Any]:
    """The same with its first moves alone."""
    return {**course, "step": list(moves(course)[:count])}


def with_move(course: Course, move: Move) -> dict[str, Any]:
    return {**course, "step": [*moves(course), move]}


def without_expectations(course: Course) -> dict[str, Any]:
    """What is done alone, whatever must be true after it."""
    bare = [{key: each[key] for key in each if key != "then"} for each in moves(course)]
    return {**course, "step": [move for move in bare if move]}


def write(course: Course) -> str:
    """As TOML that an owner can read and change; what is None is left out."""
    parts = [f"{_key(key)} = {_value(value)}\n" for key, value in _head(course)]
    parts += [f"\n[[step]]\n{_lines(move)}" for move in moves(course)]
    return "".join(parts)


def _head(course: Course) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in course.items() if key != "step" and value is not None]


def _lines(move: Move) -> str:
    lines = []
    for key, value in move.items():
        line = f"{_key(key)} = {_value(value)}"
        if len(line) > _WIDE and isinstance(value, Mapping):
            lines += _dotted(_key(key), value)
        elif value is not None:
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def _dotted(name: str, table: Mapping[str, Any]) -> list[str]:
    """A long table, a line for each value; those that it holds one deeper as well."""
    lines = []
    for key, value in table.items():
        inner = f"{name}.{_key(key)}"
        if key == "answers" and isinstance(value, Mapping) and value:
            lines += [
                f"{inner}.{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None
            ]
        elif value is not None:
            lines.append(f"{inner} = {_value(value)}")
    return lines


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            inner = [f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None]
            return f"{{ {', '.join(inner)} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(_value(each) for each in value)}]"
    return _text(str(value))


def _text(text: str) -> str:
    # JSON leaves DEL as it is, which TOML does not take.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
