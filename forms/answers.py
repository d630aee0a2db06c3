"""From what a browser sent to answers, and back; nothing is judged here but the request itself."""

import re
from collections.abc import Mapping, Sequence

from forms.errors import TooMuchSent, UnknownField
from forms.model import ANSWERED, MOST_ROWS, ONE_OF, SOME_OF, Field, Form, Kind, Scalar
from forms.values import (
    Answer,
    as_sent,
    clean,
    group_in,
    moment_to_keep,
    number_to_keep,
    rows_in,
    to_number,
)

Sent = Mapping[str, Sequence[str]]
"""Names and values of an HTML form, as posted."""

ADD = "_add"
REMOVE = "_remove"
ROWS = "_rows"
"""Names that begin with “_” are the page's own: tokens, buttons, and the rows that it shows."""

_MOST_CHARACTERS = 1_000_000
_MOST_VALUES = 5_000
_ROW = re.compile(r"[0-9]{1,3}")


def read(form: Form, sent: Sent) -> dict[str, Answer]:
    """What was sent as answers, checked for nothing: text that should be a number stays text.

    This is what a draft keeps. Raises UnknownField and TooMuchSent, for then the request is not
    one that the form's page could have sent.
    """
    _require_moderate(sent)
    rows = _rows_sent(form, sent)
    return _read_fields(form.fields, sent, "", rows)


def _require_moderate(sent: Sent) -> None:
    count = sum(len(values) for values in sent.values())
    size = sum(len(value) for values in sent.values() for value in values)
    if count > _MOST_VALUES or size > _MOST_CHARACTERS:
        raise TooMuchSent


def _rows_sent(form: Form, sent: Sent) -> dict[str, set[int]]:
    """The row numbers of each list. Raises UnknownField for a name that is no field's."""
    rows: dict[str, set[int]] = {}
    for name in sent:
        if not name.startswith("_"):
            field = _field_at(form.fields, name.split("."), "", rows)
            if field is None or field.kind not in ANSWERED:
                raise UnknownField(f"The form has no field “{name[:80]}”.")
    for row in sent.get(ROWS, ()):
        field = _field_at(form.fields, row.split("."), "", rows)
        if field is None or field.kind is not Kind.LIST:
            raise UnknownField(f"The form has no list “{row[:80]}”.")
    return rows


def _field_at(
    fields: tuple[Field, ...], parts: list[str], prefix: str, rows: dict[str, set[int]]
) -> Field | None:
    """The field that a dotted name means; notes the rows on the way to it."""
    field = _keyed(fields, parts[0])
    if field is None or len(parts) == 1:
        return field
    if field.kind is Kind.GROUP:
        return _field_at(field.fields, parts[1:], f"{prefix}{parts[0]}.", rows)
    if field.kind is not Kind.LIST or not _ROW.fullmatch(parts[1]):
        return None
    rows.setdefault(prefix + parts[0], set()).add(int(parts[1]))
    if len(parts) == 2:
        return field
    return _field_at(field.fields, parts[2:], f"{prefix}{parts[0]}.{int(parts[1])}.", rows)


def _keyed(fields: tuple[Field, ...], key: str) -> Field | None:
    for field in fields:
        if field.key == key:
            return field
        if field.kind is Kind.GROUP and field.key is None:
            found = _keyed(field.fields, key)
            if found:
                return found
    return None


def _read_fields(
    fields: tuple[Field, ...], sent: Sent, prefix: str, rows: dict[str, set[int]]
) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for field in fields:
        if field.kind is Kind.GROUP and field.key is None:
            found |= _read_fields(field.fields, sent, prefix, rows)
        elif field.key and field.kind is not Kind.EXPRESSION:
            _read_field(field, sent, prefix, rows, found)
    return found


def _read_field(
    field: Field, sent: Sent, prefix: str, rows: dict[str, set[int]], found: dict[str, Answer]
) -> None:
    key = str(field.key)
    name = prefix + key
    if field.kind is Kind.GROUP:
        found[key] = _read_fields(field.fields, sent, f"{name}.", rows)
    elif field.kind is Kind.LIST:
        numbers = sorted(rows.get(name, ()))
        found[key] = [_read_fields(field.fields, sent, f"{name}.{at}.", rows) for at in numbers]
    elif name in sent or field.kind in {Kind.CHECKBOX} | SOME_OF:
        found[key] = _read_value(field, sent.get(name, ()))


def _read_value(field: Field, sent: Sequence[str]) -> Answer:
    if field.kind in SOME_OF:
        chosen = (decode(field, clean(each)) for each in sent)
        return list(dict.fromkeys(each for each in chosen if each != ""))
    text = clean(sent[-1]) if sent else ""
    if field.kind is Kind.CHECKBOX:
        return text not in {"", "false", "0", "no", "off"}
    return read_text(field, text)


def read_text(field: Field, text: str) -> Answer:
    """One written answer in its one way of writing; None if nothing was written."""
    if not text:
        return None
    if field.kind is Kind.NUMBER:
        number = to_number(text)
        return text if number is None else number_to_keep(number)
    if field.kind in ONE_OF:
        return decode(field, text)
    if field.kind in {Kind.DATE, Kind.TIME, Kind.DATETIME}:
        return moment_to_keep(field, text)
    return text


def decode(field: Field, text: str) -> Scalar:
    """The value of the option that was sent; the text itself where options are not the form's."""
    for option in field.options:
        if as_sent(option.value) == text:
            return option.value
    return text


def asks_change(sent: Sent) -> bool:
    """Whether a row is to be added or removed, rather than the answers sent in."""
    return bool(sent.get(ADD) or sent.get(REMOVE))


def change(form: Form, sent: Sent) -> dict[str, Answer]:
    """The answers with the row added or removed that a button asked for."""
    values = read(form, sent)
    for name in sent.get(ADD, ()):
        rows = _rows_at(values, name)
        if rows is not None and len(rows) < MOST_ROWS:
            rows.append({})
    for target in sent.get(REMOVE, ()):
        name, _, row = target.rpartition(":")
        rows = _rows_at(values, name)
        if rows is not None and _ROW.fullmatch(row) and int(row) < len(rows):
            del rows[int(row)]
    return values


def _rows_at(values: dict[str, Answer], name: str) -> list[Answer] | None:
    """The rows of the list with this dotted name; None if there is no such list."""
    at: object = values
    for part in name.split("."):
        if isinstance(at, list):
            at = at[int(part)] if _ROW.fullmatch(part) and int(part) < len(at) else None
        else:
            at = group_in(at).get(part)
    return at if isinstance(at, list) else None


def posted(form: Form, answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    """Typed answers as a browser would send them. Raises UnknownField."""
    sent: dict[str, list[str]] = {}
    _post(form.fields, answers, "", sent)
    return sent


def _post(
    fields: tuple[Field, ...],
    answers: Mapping[str, Answer],
    prefix: str,
    sent: dict[str, list[str]],
) -> None:
    for key, value in answers.items():
        field = _keyed(fields, key)
        name = prefix + key
        if field is None or (field.kind not in ANSWERED and not field.fields):
            raise UnknownField(f"The form has no field “{name}”.")
        if field.kind is Kind.GROUP:
            _post(field.fields, group_in(value), f"{name}.", sent)
        elif field.kind is Kind.LIST:
            for at, row in enumerate(rows_in(value)):
                sent.setdefault(ROWS, []).append(f"{name}.{at}")
                _post(field.fields, row, f"{name}.{at}.", sent)
        elif field.kind in SOME_OF:
            sent[name] = [as_sent(each) for each in value] if isinstance(value, list) else []
        else:
            sent[name] = [as_sent(value)]
