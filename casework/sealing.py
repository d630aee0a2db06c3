"""Values as sealed bytes: JSON that remembers dates and decimal numbers, under a case's key."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from base.keys import CaseKey

_MARK = "$"
_READERS: Mapping[str, Callable[[str], Any]] = {
    "number": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def seal_value(key: CaseKey, value: Any, place: str) -> bytes:
    """``place`` names table, row and field, so that the bytes cannot be moved elsewhere.

    Raises TypeError for a value that is not text, number, truth, date, time, list or context.
    """
    return key.seal(json.dumps(_marked(value), separators=(",", ":")).encode(), place)


def unseal_value(key: CaseKey, sealed: bytes, place: str) -> Any:
    return json.loads(key.unseal(sealed, place), object_hook=_unmarked)


def _marked(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {_key(key): _marked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_marked(inner) for inner in value]
        case Decimal():
            return {_MARK: "number", "text": str(value)}
        case datetime() | date() | time():
            return {_MARK: type(value).__name__, "text": value.isoformat()}
    raise TypeError(f"a value of type {type(value).__name__} cannot be kept")


def _key(key: object) -> str:
    if not isinstance(key, str) or key == _MARK:
        raise TypeError("keys of contexts are texts")
    return key


def _unmarked(found: dict[str, Any]) -> Any:
    read = _READERS.get(found.get(_MARK, ""))
    return read(found["text"]) if read else found
