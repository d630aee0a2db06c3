"""``sentences.toml``, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.packs.errors import BadPack
from engine.packs.toml import Table, read_toml
from engine.sentences.model import FILE, FORMS, Sentence

MOST = 100
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", re.ASCII)


def read_sentences(data: bytes) -> tuple[Sentence, ...]:
    """In the order of the file. Raises BadPack naming what is wrong."""
    table = read_toml(data, FILE)
    if len(table.values) > MOST:
        raise BadPack(FILE, f"There are at most {MOST} sentences.")
    return tuple(_sentence(code, table.table(code)) for code in table.values)


def write_sentences(sentences: Iterable[Sentence]) -> bytes:
    """The file that reads as these."""
    return "\n".join("\n".join(_lines(each)) + "\n" for each in sentences).encode()


def _sentence(code: str, table: Table) -> Sentence:
    if not _CODE.fullmatch(code):
        raise table.wrong("", "A name has small letters, digits and _ only.")
    form = _form(table)
    parts = {part: table.texts(part) for part in FORMS[form]}
    for part, places in parts.items():
        if not places:
            raise table.wrong(part, "Something must be named here.")
    if form == "ends" and len(parts["of"]) > 1:
        raise table.wrong("of", "One process is named here.")
    texts = {name: table.text(name) for name in table.rest() if _LANGUAGE.fullmatch(name)}
    unread = [name for name in table.rest() if name not in texts]
    if unread:
        raise table.wrong(unread[0], "This key means nothing here.")
    if not texts:
        raise table.wrong("", "Write the sentence itself, in some language.")
    return Sentence(code, form, parts, texts)


def _form(table: Table) -> str:
    """By the lists that are there; the languages that the words stand in are no such list."""
    named = {name for name, value in table.values.items() if isinstance(value, list)}
    for form, parts in FORMS.items():
        if named == set(parts):
            return form
    known = "; ".join(" and ".join(parts) for parts in FORMS.values())
    raise table.wrong("", f"A sentence names one of: {known}.")


def _lines(sentence: Sentence) -> Iterator[str]:
    yield f"[{sentence.code}]"
    for language, text in sentence.texts.items():
        yield f"{language} = {_quoted(text)}"
    for part in FORMS[sentence.form]:
        yield f"{part} = [{', '.join(map(_quoted, sentence.parts[part]))}]"


def _quoted(text: str) -> str:
    """A TOML string: control characters are escaped by their number."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in plain) + '"'
    )
