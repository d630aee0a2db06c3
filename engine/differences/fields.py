"""A form as things: itself and its fields, read as the JSON that it is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.differences.model import Setting, Thing
from engine.differences.texts import whole

_ASPECTS = {
    "label": "label",
    "text": "label",
    "description": "description",
    "type": "kind",
    "validate.required": "required",
    "conditional.hide": "shown",
}
#: What says where a field stands and not what it is.
_PLACE = frozenset({"id", "key", "path", "components", "layout", "values"})


def things(data: bytes, path: str) -> Iterator[Thing]:
    """Raises ValueError for what is no JSON."""
    form = json.loads(data)
    if not isinstance(form, Mapping):
        yield from whole(data, path)
        return
    id = str(form.get("id", ""))
    own = {name: value for name, value in form.items() if name not in _PLACE}
    own.pop("type", None)
    settings: dict[Setting, str] = {}
    for name, text in _flat(own):
        aspect = {"properties.title": "title", "properties.record": "record"}.get(name, "setting")
        settings[aspect, "" if aspect != "setting" else name] = text
    title = settings.get(("title", ""), "") or id
    yield Thing("form", path, id, id, title, settings)
    yield from _fields(form.get("components"), path, id, "")


def _fields(components: object, file: str, owner: str, prefix: str) -> Iterator[Thing]:
    for each in components if isinstance(components, list) else []:
        if not isinstance(each, Mapping):
            continue
        own = str(each.get("key") or each.get("path") or each.get("id") or "")
        place = f"{prefix}{own}"
        name = str(each.get("label") or each.get("text") or own)
        yield Thing("field", file, owner, place, name, _settings(each), row=prefix)
        yield from _fields(each.get("components"), file, owner, f"{place}.")


def _settings(component: Mapping[str, Any]) -> dict[Setting, str]:
    found: dict[Setting, str] = {}
    for name, text in _flat({k: v for k, v in component.items() if k not in _PLACE}):
        aspect = _ASPECTS.get(name, "setting")
        found[aspect, "" if aspect != "setting" else name] = text
    options = component.get("values")
    if isinstance(options, list):
        found["options", ""] = "; ".join(_option(each) for each in options)
    return found


def _option(option: object) -> str:
    if isinstance(option, Mapping):
        return f"{option.get('label', '')} ({option.get('value', '')})"
    return str(option)


def _flat(value: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{prefix}.{name}" if prefix else str(name))
    elif isinstance(value, bool):
        yield prefix, "yes" if value else "no"
    elif isinstance(value, list):
        yield prefix, json.dumps(value, ensure_ascii=False)
    elif value is not None:
        yield prefix, str(value)
