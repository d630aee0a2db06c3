"""The values a variable can hold, and how they become bytes.

Nothing here asks SpiffWorkflow's registry: a user's context with a key ``typename`` stays one.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgpack  # type: ignore[import-untyped]

from base.errors import Invalid
from feel.values import YearsMonthsDuration

#: All variables of one token, packed.
MOST_BYTES = 16 * 1024
_DEEPEST = 20
_PLAIN = (bool, int, Decimal, float, str, UUID, date, time, timedelta, YearsMonthsDuration)
_INT64 = range(-(2**63), 2**63)


class BadValue(Invalid):
    """A variable can hold codes, numbers, dates and times, lists and contexts of those."""


def clean(value: Any, depth: int = 0) -> Any:
    """A deep copy that shares nothing with the original. Raises BadValue for other types."""
    if depth > _DEEPEST:
        raise BadValue("A variable is nested too deeply.")
    if value is None or isinstance(value, _PLAIN):
        return _exact(value)
    if isinstance(value, Mapping):
        return {_key(key): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, depth + 1) for item in value]
    raise BadValue(f"A variable cannot hold a value of the type {type(value).__name__}.")


def _exact(value: Any) -> Any:
    if isinstance(value, str | UUID):
        return _text(str(value))
    if isinstance(value, float):
        return _exact(Decimal(repr(value)))
    if isinstance(value, datetime) and value.tzinfo is None:
        raise BadValue("A moment without time zone means nothing here.")
    if isinstance(value, Decimal) and not value.is_finite():
        raise BadValue("This is not a number.")
    return value


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise BadValue("The keys of a context are names.")
    return _text(key)


def _text(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise BadValue("A text holds half a character.")
    return str.__str__(text)


def pack(value: Any) -> bytes:
    """Compact bytes of plain values; the same value gives the same bytes."""
    packed: bytes = msgpack.packb(value, default=_extend, use_bin_type=True, strict_types=True)
    return packed


def unpack(data: bytes) -> Any:
    return msgpack.unpackb(data, ext_hook=_restore, raw=False, strict_map_key=False)


_UUID, _MOMENT, _DATE, _DECIMAL, _SECONDS, _MONTHS, _TIME, _INT = range(1, 9)


def _extend(value: Any) -> Any:  # noqa: C901 - one case per type
    if isinstance(value, UUID):
        return msgpack.ExtType(_UUID, value.bytes)
    if isinstance(value, datetime):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
        return msgpack.ExtType(_MOMENT, f"{value.isoformat()}|{zone}".encode())
    if isinstance(value, date):
        return msgpack.ExtType(_DATE, value.isoformat().encode())
    if isinstance(value, Decimal):
        return msgpack.ExtType(_DECIMAL, str(value).encode())
    if isinstance(value, timedelta):
        return msgpack.ExtType(_SECONDS, pack([value.days, value.seconds, value.microseconds]))
    if isinstance(value, YearsMonthsDuration):
        return msgpack.ExtType(_MONTHS, str(value.months).encode())
    if isinstance(value, time):
        return msgpack.ExtType(_TIME, value.isoformat().encode())
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value) if value in _INT64 else msgpack.ExtType(_INT, str(int(value)).encode())
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return list(value)
    raise BadValue(f"A variable cannot hold a value of the type {type(value).__name__}.")


def _restore(code: int, data: bytes) -> Any:
    if code == _UUID:
        return UUID(bytes=data)
    if code == _MOMENT:
        text, _, zone = data.decode().rpartition("|")
        moment = datetime.fromisoformat(text)
        return moment.astimezone(ZoneInfo(zone)) if zone else moment
    if code == _SECONDS:
        return timedelta(*unpack(data))
    return _FROM_TEXT[code](data.decode())


_FROM_TEXT: dict[int, Callable[[str], Any]] = {
    _DATE: date.fromisoformat,
    _DECIMAL: Decimal,
    _MONTHS: lambda text: YearsMonthsDuration(int(text)),
    _TIME: time.fromisoformat,
    _INT: int,
}
