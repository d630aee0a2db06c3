"""What of a form's answers a diagram may know of."""

from collections.abc import Iterable

from forms.model import SILENT, TEXTS, Field, Form, Kind, find, walk

_CLOSED = TEXTS | {Kind.FILE}


def personal_or_text(form: Form) -> frozenset[str]:
    """The paths that no variable may be made from: texts, files, personal fields, and what holds
    one.

    A value that is computed from such a field is one too.
    """
    closed = {path for field in form.fields for path in _closed(field)}
    while True:
        more = {each.path for each in walk(form.fields) if _reads(each, closed)} - closed
        if not more:
            return frozenset(closed)
        closed |= more


def _closed(field: Field) -> Iterable[str]:
    """The closed paths at and below a component."""
    inside = [path for each in field.fields for path in _closed(each)]
    if field.personal and field.fields:
        inside = [each.path for each in walk(field.fields) if each.holds_answer]
    own = field.personal or field.kind in _CLOSED or bool(inside)
    return [*inside, field.path] if own and field.key else inside


def _reads(field: Field, closed: set[str]) -> bool:
    """Whether a computed field looks at one that is closed."""
    if field.kind is not Kind.EXPRESSION or field.computed is None:
        return False
    last = {path.rpartition(".")[2] for path in closed}
    return bool(field.computed.names & last) or "this" in field.computed.names


def kind_of(form: Form, key: str) -> Kind | None:
    """What kind of field answers under this key or dotted path; None if there is none."""
    field = find(form, key)
    return field.kind if field else None


def keys(form: Form) -> frozenset[str]:
    """The top-level keys, which are the names that output mappings may use."""
    return frozenset(
        field.path
        for field in walk(form.fields)
        if field.key and field.kind not in SILENT and "." not in field.path
    )
