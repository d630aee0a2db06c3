"""The forms of a pack, read once per content."""

from collections.abc import Mapping
from functools import lru_cache

from casework.words import Words
from engine.packs import Pack
from forms import Form, Kind, find, read_form, walk


def form(pack: Pack, form_id: str) -> Form:
    """Raises BadForm; the check before publication has refused such a pack."""
    return _read(pack.files[pack.forms[form_id]])


def with_record(pack: Pack, record: str) -> Form | None:
    """The form whose answers become this record; None if the pack has none."""
    return next((f for f in (form(pack, i) for i in pack.forms) if f.record == record), None)


def options(words: Words, record: str, path: str) -> dict[str, str]:
    """What the options of a record's field are called; the owner words them once, in the form."""
    found = with_record(words.pack, record)
    field = find(found, path) if found else None
    if found is None or field is None:
        return {}
    return {
        str(option.value): words.option(found.id, path, str(option.value), option.label)
        for option in field.options
    }


def answered(words: Words, form_id: str, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """Label and answer of each field that was answered, lists and options said in words."""
    if form_id not in words.pack.forms:
        return [(key, str(value)) for key, value in answers.items()]
    found_form = form(words.pack, form_id)
    say = words.form(form_id)
    found = []
    for key, value in answers.items():
        field = find(found_form, key)
        text = said(words, form_id, key, value)
        if field is not None and text:
            found.append((say(f"{key}/label", field.label) or key, text))
    return found


def step_title(words: Words, form_id: str) -> str:
    """The step that asks with this form, else the form's own title or what its first text is."""
    for process in words.pack.diagrams.values():
        for element in process.nodes:
            if element.form == form_id:
                return words.element(process.id, element.id)
    found = form(words.pack, form_id)
    texts = (each for each in walk(found.fields) if each.kind is Kind.TEXTAREA)
    return found.title or next((label(words, form_id, text.path) for text in texts), form_id)


def label(words: Words, form_id: str, path: str) -> str:
    """What a field is called; its path where the owner gave it no label."""
    field = find(form(words.pack, form_id), path)
    return (words.form(form_id)(f"{path}/label", field.label) if field else "") or path


def said(words: Words, form_id: str, path: str, value: object) -> str:
    """An answer in words: options as they are called, lists in one line; empty for nothing."""
    found_form = form(words.pack, form_id)
    match value:
        case None | "" | [] | False:
            return ""
        case list() if value and isinstance(value[0], dict):
            rows = (
                ", ".join(
                    text
                    for key, inner in row.items()
                    if (text := said(words, form_id, f"{path}.{key}", inner))
                )
                for row in value
            )
            return "; ".join(rows)
        case list() if (files := find(found_form, path)) and files.kind is Kind.FILE:
            return str(len(value))
        case list():
            return ", ".join(said(words, form_id, path, one) for one in value)
        case True:
            return "✓"
    field = find(found_form, path)
    options = {str(o.value): o.label for o in field.options} if field else {}
    label = options.get(str(value))
    return words.option(form_id, path, str(value), label) if label else str(value)


@lru_cache(maxsize=512)
def _read(data: bytes) -> Form:
    return read_form(data)
