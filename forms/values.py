"""Answers as they are kept (JSON) and as FEEL sees them, and the way between."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

import feel
from forms.model import CHOOSING, Field, Form, Kind, Scalar

Answer = object
"""None, bool, int, str, a list of these, or rows and groups of answers."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f'’")


def clean(text: str) -> str:
    """Text as it is kept: composed, with plain line ends and without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    text = "".join(each for each in text if each in "\n\t" or unicodedata.category(each) != "Cc")
    return unicodedata.normalize("NFC", text).strip()


def as_sent(value: object) -> str:
    """A single value as a browser sends it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.replace(tzinfo=None).isoformat(timespec="minutes")
        case time():
            return value.replace(tzinfo=None).isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
    return str(value)


def to_number(text: object) -> Decimal | None:
    """The number that is written, with point or comma; None if it is none."""
    if isinstance(text, bool) or text is None:
        return None
    plain = str(text).translate(_SPACES).replace(",", ".").replace("\u2212", "-")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def number_to_keep(number: Decimal) -> int | str:
    """A whole number as such, another exactly as text: JSON has no exact fractions."""
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def to_date(text: object) -> date | None:
    """The day that is written as 2027-03-09 or 9.3.2027; None if there is no such day."""
    found = _DAY_FIRST.fullmatch(str(text))
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(str(text)) if len(str(text)) == len("2027-03-09") else None
    except ValueError:
        return None


def to_time(text: object) -> time | None:
    """The time of day that is written as 13:00 or 13.00; None if there is no such time."""
    written = str(text).replace(".", ":")
    try:
        return time.fromisoformat(written).replace(tzinfo=None) if ":" in written else None
    except ValueError:
        return None


def to_datetime(text: object, zone: tzinfo | None) -> datetime | None:
    """The local moment that is written as 2027-03-09T13:00; None if there is no such moment."""
    day, _, clock = str(text).replace(" ", "T").partition("T")
    at, hour = to_date(day), to_time(clock)
    return datetime.combine(at, hour, tzinfo=zone) if at and hour else None


def moment_to_keep(field: Field, text: str) -> str:
    """A date or time in its one way of writing; what cannot be read stays as it is."""
    match field.kind:
        case Kind.DATE:
            found: object = to_date(text)
        case Kind.TIME:
            found = to_time(text)
        case _:
            found = to_datetime(text, None)
    return as_sent(found) or text


def to_feel(field: Field, value: Answer, zone: tzinfo | None) -> object:
    """One answer as FEEL sees it; what was not readable is null."""
    match field.kind:
        case Kind.NUMBER:
            return to_number(value)
        case Kind.DATE:
            return to_date(value) if value else None
        case Kind.TIME:
            return to_time(value) if value else None
        case Kind.DATETIME:
            return to_datetime(value, zone) if value else None
    return value


def to_keep(field: Field, value: object, zone: tzinfo | None) -> Answer:
    """A FEEL value as an answer of this field."""
    if isinstance(value, datetime) and value.tzinfo and zone:
        value = value.astimezone(zone)
    if isinstance(value, datetime) and field.kind is Kind.DATE:
        value = value.date()
    if isinstance(value, list) and field.kind in CHOOSING:
        return [plain(each) for each in value]
    if field.kind is Kind.CHECKBOX:
        return value is True
    return plain(value)


def plain(value: object) -> Answer:
    """A FEEL value in JSON; moments as a browser writes them, a function is None."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return number_to_keep(value) if value.is_finite() else None
        case datetime() | date() | time():
            return as_sent(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    return feel.plain(value)


def is_blank(value: Answer) -> bool:
    """Whether nothing was answered; an unticked box answers nothing."""
    if isinstance(value, Mapping):
        return all(is_blank(each) for each in value.values())
    if isinstance(value, list):
        return all(is_blank(each) for each in value)
    return value is None or value is False or value == ""


def is_unanswered(field: Field, value: Answer) -> bool:
    """Whether a field was left alone; “false” can be chosen, but a box is only left unticked."""
    if value is False and field.kind in CHOOSING:
        return False
    return is_blank(value)


def typed(form: Form, values: Mapping[str, Answer], now: datetime) -> dict[str, object]:
    """All answers as FEEL values, which is what a task's output mappings read.

    Numbers are Decimal, dates are dates, and moments lie in ``now``'s time zone.
    """
    return typed_fields(form.fields, values, now.tzinfo)


def typed_fields(
    fields: tuple[Field, ...], values: Mapping[str, Answer], zone: tzinfo | None
) -> dict[str, object]:
    """The answers to ``fields``, which lie together in ``values``."""
    found: dict[str, object] = {}
    for field in fields:
        if field.kind is Kind.GROUP and field.key is None:
            found |= typed_fields(field.fields, values, zone)
        elif field.key in values and field.holds_answer:
            found[str(field.key)] = _typed(field, values[str(field.key)], zone)
    return found


def _typed(field: Field, value: Answer, zone: tzinfo | None) -> object:
    if field.kind is Kind.LIST:
        return [typed_fields(field.fields, row, zone) for row in rows_in(value)]
    if field.kind is Kind.GROUP:
        return typed_fields(field.fields, group_in(value), zone)
    return to_feel(field, value, zone)


def rows_in(value: Answer) -> list[Mapping[str, Answer]]:
    """The rows of a list's answer."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def group_in(value: Answer) -> Mapping[str, Answer]:
    """The answers within a group."""
    return value if isinstance(value, Mapping) else {}


def scalar(value: object) -> Scalar | None:
    """A value that an option may have; None for any other."""
    kept = plain(value)
    return kept if isinstance(kept, str | int) else None
