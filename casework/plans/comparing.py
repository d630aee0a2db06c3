"""What changed between two versions of a plan. Pure.

Goals and measures are told apart by their text: one that was reworded counts as taken away and
added, since nobody can say that it is still the same promise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Single fields that are compared, in the order they are shown.
_FIELDS = (
    "own_voice",
    "overall_responsible",
    "coordinator",
    "crisis_plan",
    "follow_up_on",
)
_LISTS = ("goals", "measures")


@dataclass(frozen=True, slots=True)
class Change:
    """``field`` is a path of the plan's form; ``what`` the goal or measure it is about.

    ``before`` or ``after`` is None where something was added or taken away as a whole.
    """

    field: str
    what: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """In the order of the form; empty if both say the same."""
    found = [
        Change(field, "", before.get(field), after.get(field))
        for field in _FIELDS
        if _same(before.get(field)) != _same(after.get(field))
    ]
    for name in _LISTS:
        found += _of_list(name, before.get(name) or (), after.get(name) or ())
    return tuple(found)


def _of_list(
    name: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    old, new = _by_text(before), _by_text(after)
    for text in (text for text in old if text not in new):
        yield Change(name, "", text, None)
    for text, row in new.items():
        if text not in old:
            yield Change(name, "", None, text)
            continue
        for key in sorted(old[text].keys() | row.keys()):
            if _same(old[text].get(key)) != _same(row.get(key)):
                yield Change(f"{name}.{key}", text, old[text].get(key), row.get(key))


def _by_text(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(row.get("text") or "").strip(): row for row in rows}


def _same(value: Any) -> Any:
    """What is empty is empty, however it is written."""
    return str(value).strip() if value not in (None, "", False, [], ()) else ""
