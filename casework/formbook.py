"""The forms of a pack, read once per content."""

from functools import lru_cache

from casework.words import Words
from engine.packs import Pack
from forms import Form, find, read_form


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


@lru_cache(maxsize=512)
def _read(data: bytes) -> Form:
    return read_form(data)
