"""What several branches know together once they meet.

Each branch changed some variables since they parted; only changes count, so that a branch that
never touched a variable cannot undo what another one wrote.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_GONE = object()


def merge(
    base: Mapping[str, Any], sides: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """The variables after a join, and the names that several branches set differently.

    ``base`` is what all branches started from, ``sides`` each branch's variables in the order in
    which they arrived; of a conflict the last one stands. Contexts merge key by key, lists whole.
    """
    merged = dict(base)
    conflicts: list[str] = []
    touched: set[str] = set()
    for side in sides:
        for name, new in _changes(base, side).items():
            if name in touched and merged.get(name, _GONE) != new:
                new = _both(base.get(name), merged.get(name, _GONE), new, name, conflicts)
            touched.add(name)
            if new is _GONE:
                merged.pop(name, None)
            else:
                merged[name] = new
    return merged, list(dict.fromkeys(conflicts))


def rebased(
    origin: Mapping[str, Any], now: Mapping[str, Any], base: Mapping[str, Any]
) -> dict[str, Any]:
    """``base`` with the changes that led from ``origin`` to ``now``."""
    moved = dict(base)
    for name, value in _changes(origin, now).items():
        if value is _GONE:
            moved.pop(name, None)
        else:
            moved[name] = value
    return moved


def _changes(base: Mapping[str, Any], side: Mapping[str, Any]) -> dict[str, Any]:
    changed = {name: _GONE for name in base if name not in side}
    for name, value in side.items():
        before = base.get(name, _GONE)
        if before is not value and not _same(before, value):
            changed[name] = value
    return changed


def _same(before: Any, now: Any) -> bool:
    """Equal and of one type: True is not 1 here."""
    return type(before) is type(now) and bool(before == now)


def _both(before: Any, earlier: Any, later: Any, name: str, conflicts: list[str]) -> Any:
    if isinstance(earlier, Mapping) and isinstance(later, Mapping):
        inner, clashes = merge(before if isinstance(before, Mapping) else {}, [earlier, later])
        conflicts.extend(f"{name}.{clash}" for clash in clashes)
        return inner
    conflicts.append(name)
    return later
