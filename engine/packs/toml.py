"""TOML tables that say where a value is missing or wrong, and which keys nobody asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from engine.packs.errors import BadPack

T = TypeVar("T")


class Table:
    """A table of one file at one place; every read remembers its key."""

    def __init__(self, values: Mapping[str, Any], file: str, place: str = "") -> None:
        self.values = values
        self.file = file
        self.place = place
        self._read: set[str] = set()
        self._inner: list[Table] = []

    def wrong(self, key: str, why: str) -> BadPack:
        """The refusal for one key."""
        return BadPack(self.file, why, self._at(key))

    def take(self, key: str) -> Any:
        """The value as TOML has it; None where missing."""
        self._read.add(key)
        return self.values.get(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; without a default it may not be missing or empty."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.wrong(key, "A text is needed here.")
        return value

    def maybe_text(self, key: str) -> str | None:
        """A text, or None where missing or empty."""
        return self.text(key, default="") or None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where missing."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "A list of texts is needed here.")
        return tuple(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false is needed here.")
        return value

    def whole(self, key: str, *, default: int) -> int:
        """A whole number."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "A whole number is needed here.")
        return value

    def table(self, key: str) -> Table:
        """An inner table; empty where missing."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, "A table is needed here.")
        inner = Table(value or {}, self.file, self._at(key))
        self._inner.append(inner)
        return inner

    def each(self, key: str, read: Callable[[str, Table], T]) -> Mapping[str, T]:
        """Each table of a table of tables, read by its name."""
        tables = self.table(key)
        found = {name: read(name, tables.table(name)) for name in tables.values}
        return MappingProxyType(found)

    def raw(self, key: str) -> Mapping[str, Any]:
        """A table passed on as it is."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, "A table is needed here.")
        return MappingProxyType(value or {})

    def rest(self) -> Mapping[str, Any]:
        """What nobody has asked this table for."""
        return MappingProxyType({k: v for k, v in self.values.items() if k not in self._read})

    def unread(self) -> Iterator[str]:
        """The places, in the tables inside this one, that nobody has asked for."""
        for inner in self._inner:
            yield from (inner._at(key) for key in inner.rest())
            yield from inner.unread()

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def read_toml(data: bytes, file: str) -> Table:
    """The whole file as a table. Raises BadPack if it is not TOML."""
    try:
        return Table(tomllib.loads(data.decode()), file)
    except UnicodeDecodeError as error:
        raise BadPack(file, "The file is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadPack(file, f"This is not TOML: {error}") from error
    except RecursionError as error:
        raise BadPack(file, "The file is nested too deeply.") from error
