"""Write a form as an editor sent it, and let nothing else of its file change with that.

An editor knows nothing of the order in which a file names its settings, and notes where it draws
each field, which Samplan's forms do not use: one below the other.
"""

import json
from collections.abc import Mapping
from typing import Any

from forms.errors import BadForm

_DRAWN = "layout"


def write_form(sent: bytes, before: bytes) -> bytes:
    """The file for what was sent: ``before`` itself where both say the same.

    Settings stay in the order of the file, unknown ones too. Raises BadForm.
    """
    new, old = _object(sent), _object(before)
    known = {_name(each): each for each in _components(old)}
    made = _as_before(new, old) | {"components": _all_as_before(new, known)}
    if made == old:
        return before
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


def form_id(data: bytes) -> object:
    """What a form calls itself. Raises BadForm."""
    return _object(data).get("id")


def new_form(form_id: str, title: str) -> bytes:
    """A form with one question, for its owner to go on from."""
    question = {
        "type": "textarea",
        "id": "f_answer",
        "key": "answer",
        "label": title,
        "validate": {"required": True, "maxLength": 2000},
    }
    made = {
        "type": "default",
        "id": form_id,
        "schemaVersion": 19,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.8.0",
        "properties": {"title": title},
        "components": [question],
    }
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadForm(f"The form is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise BadForm("The form is not a JSON object.")
    return found


def _components(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of a form or a group, and what lies in them."""
    own = [each for each in part.get("components") or () if isinstance(each, dict)]
    return own + [inner for each in own for inner in _components(each)]


def _name(component: Mapping[str, Any]) -> str:
    return str(component.get("id"))


def _all_as_before(part: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    return [
        _component(each, known) if isinstance(each, dict) else each
        for each in part.get("components") or ()
    ]


def _component(
    component: dict[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    before = known.get(_name(component), {})
    made = _as_before(component, before)
    if _DRAWN not in before:
        made.pop(_DRAWN, None)
    if "components" in made:
        made["components"] = _all_as_before(component, known)
    return made


def _as_before(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings, those that were there first, in their order; groups of them too."""
    names = [*(name for name in old if name in new), *(name for name in new if name not in old)]
    return {
        name: _as_before(new[name], old[name])
        if isinstance(new[name], dict) and isinstance(old.get(name), dict)
        else new[name]
        for name in names
    }
