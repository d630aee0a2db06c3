"""A form without what may not be asked: fields of some kinds of information, and their options."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from forms.model import CHOOSING, Field, Form, walk
from forms.values import Answer, rows_in

#: Whether a field of this kind of information may be asked.
Allows = Callable[[str], bool]


def narrowed(form: Form, allows: Allows) -> Form:
    """The form as far as it may be asked; the same form where all of it may.

    A field whose category is the answer to another question (``=category``) stays; that question
    offers only the kinds that may be asked.
    """
    fields = tuple(_narrowed(form.fields, allows, _deciding(form)))
    return form if fields == form.fields else replace(form, fields=fields)


def kinds(form: Form) -> frozenset[str]:
    """Every kind of information that the form may ask for.

    Where a category is the answer to another question, that question's options are meant.
    """
    asked = list(walk(form.fields))
    deciding = _deciding(form)
    fixed = {each.category for each in asked if each.category and each.category[0] != "="}
    chosen = {
        str(option.value) for each in asked if each.key in deciding for option in each.options
    }
    return frozenset(fixed | chosen)


def _deciding(form: Form) -> frozenset[str]:
    """The questions whose answers are the category of other fields."""
    return frozenset(
        each.category.removeprefix("=").strip()
        for each in walk(form.fields)
        if each.category is not None and each.category.startswith("=")
    )


def left_out(form: Form, narrow: Form) -> dict[str, str]:
    """The fields that a narrowed form lacks: category by path, outermost ones only."""
    kept = {each.path for each in walk(narrow.fields)}
    return {
        each.path: each.category
        for each in walk(form.fields)
        if each.category is not None and each.path not in kept
    }


def still_asked(narrow: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers without those to fields that a narrowed form lacks."""
    kept = {each.path for each in walk(narrow.fields)}
    return _still_asked(kept, answers, "")


def _still_asked(
    kept: Collection[str], answers: Mapping[str, Answer], prefix: str
) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for key, value in answers.items():
        path = prefix + key
        if path not in kept:
            continue
        if isinstance(value, Mapping):
            found[key] = _still_asked(kept, value, f"{path}.")
        elif rows := rows_in(value):
            found[key] = [_still_asked(kept, row, f"{path}.") for row in rows]
        else:
            found[key] = value
    return found


def _narrowed(
    fields: tuple[Field, ...], allows: Allows, deciding: Collection[str]
) -> Iterator[Field]:
    for field in fields:
        category = field.category
        if category is not None and not category.startswith("=") and not allows(category):
            continue
        if field.fields:
            inner = tuple(_narrowed(field.fields, allows, deciding))
            if any(each.holds_answer or each.fields for each in inner):
                yield replace(field, fields=inner)
        elif field.kind in CHOOSING and field.key in deciding:
            yield replace(field, options=tuple(o for o in field.options if allows(str(o.value))))
        else:
            yield field
