"""What several branches know together once they meet.

Each branch changed some variables since they parted; only changes count, so that a branch that
never touched a variable cannot undo what another one wrote.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

_GONE = object()
Variables = Mapping[str, Any]
Side = tuple[Variables, Variables]
"""What a branch started from, and what it has now."""


def merge(start: Variables, sides: Sequence[Side]) -> tuple[dict[str, Any], list[str]]:
    """The variables after a join, and the names that several branches set differently.

    The sides come in the order in which they arrived; of a conflict the last one stands.
    Contexts merge key by key, lists whole.
    """
    merged = dict(start)
    conflicts: list[str] = []
    for before, now in sides:
        for name, new in changes(before, now).items():
            old, present = before.get(name, _GONE), merged.get(name, _GONE)
            if not _same(present, old) and not _same(present, new):
                new = _both(old, present, new, name, conflicts)
            if new is _GONE:
                merged.pop(name, None)
            else:
                merged[name] = new
    return merged, list(dict.fromkeys(conflicts))


def changes(before: Variables, now: Variables) -> dict[str, Any]:
    """The values that were set since; a mark for those that are gone."""
    changed = {name: _GONE for name in before if name not in now}
    for name, value in now.items():
        if not _same(before.get(name, _GONE), value):
            changed[name] = value
    return changed


def set_since(before: Variables, now: Variables) -> dict[str, Any]:
    """The variables that were set since, without those that are gone."""
    return {name: value for name, value in changes(before, now).items() if value is not _GONE}


def _same(one: Any, other: Any) -> bool:
    """Equal, and numbers both or of one type: True is not 1 here."""
    return one is other or (_type(one) is _type(other) and bool(one == other))


def _type(value: Any) -> type:
    return Decimal if type(value) is int else type(value)


def _both(old: Any, earlier: Any, later: Any, name: str, conflicts: list[str]) -> Any:
    if isinstance(earlier, Mapping) and isinstance(later, Mapping):
        before = old if isinstance(old, Mapping) else {}
        inner, clashes = merge(before, [(before, earlier), (before, later)])
        conflicts.extend(f"{name}.{clash}" for clash in clashes)
        return inner
    conflicts.append(name)
    return later
