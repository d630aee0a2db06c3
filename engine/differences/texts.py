"""Words, settings and texts of a pack as things."""

import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256

from engine.differences.model import Setting, Thing
from engine.packs.config import FILE
from engine.packs.words import read_words, short_context


def words(data: bytes, path: str) -> Iterator[Thing]:
    """One for each translated text. Raises SamplanError for a file that cannot be read."""
    entries = read_words(data, path).entries
    doubles = {short_context(context) for context in entries if short_context(context) != context}
    for context, (source, translation) in entries.items():
        if context not in doubles:
            settings: dict[Setting, str] = {("text", ""): translation}
            yield Thing("word", path, "", context, source, settings)


def settings(data: bytes, path: str) -> Iterator[Thing]:
    """The tables of ``pack.toml``; a scenario is one thing. Raises ValueError for no TOML."""
    if path != FILE:
        yield from whole(data, path)
        return
    for name, table in _tables("", tomllib.loads(data.decode())):
        found: dict[Setting, str] = {("setting", key): _said(v) for key, v in table.items()}
        yield Thing("settings", path, "", name, name or FILE, found)


def whole(data: bytes, path: str) -> Iterator[Thing]:
    """The file alone: that it is otherwise is all that is told."""
    mark = sha256(data).hexdigest()[:12]
    yield Thing("file", path, "", path, path, {("content", ""): mark})


def _tables(name: str, table: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if plain:
        yield name, plain
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _tables(f"{name}.{key}" if name else key, value)


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return str(value)
