"""Answers that must point at nobody: looked through field by field, refused where it stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from base.db import Session
from casework import naming, personal
from casework.access import Actor
from forms import Checked, Field, Form
from forms.model import TEXTS, Kind


def check_nobody(
    tx: Session,
    actor: Actor,
    form: Form,
    checked: Checked,
    *,
    on: date,
    translate: Callable[[str], str],
) -> Checked:
    """The same, with a sentence at each text that points at somebody (AC-12, GG-09).

    Compared with the names in the actor's own open cases, in memory alone.
    """
    texts = dict(_texts(form.fields, checked.values))
    if not texts:
        return checked
    names = naming.own_people(tx, actor, on=on)
    found = {name: personal.found(text, names=names) for name, text in texts.items()}
    wrong = {name: translate(personal.WHY[kinds[0]]) for name, kinds in found.items() if kinds}
    return replace(checked, errors={**wrong, **checked.errors})


def _texts(
    fields: Sequence[Field], values: Mapping[str, object], place: str = ""
) -> Iterator[tuple[str, str]]:
    """Each answered text by the name of its field."""
    for field in fields:
        value = values.get(field.key or "")
        if field.kind is Kind.GROUP and field.key is None:
            yield from _texts(field.fields, values, place)
        elif field.kind is Kind.GROUP and isinstance(value, Mapping):
            yield from _texts(field.fields, value, f"{place}{field.key}.")
        elif field.kind is Kind.LIST and isinstance(value, list):
            for number, row in enumerate(value):
                yield from _texts(field.fields, row, f"{place}{field.key}.{number}.")
        elif field.kind in TEXTS and isinstance(value, str) and value:
            yield f"{place}{field.key}", value
