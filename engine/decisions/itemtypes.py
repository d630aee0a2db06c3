"""Declared types: reading their names, and fitting values to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import feel
from engine.decisions.model import ItemType, TestCell
from feel import types
from feel.types import Type
from feel.values import Value, a, at

_MISFIT = object()
_DIRECT: Mapping[str, type] = {"string": str, "number": Decimal, "boolean": bool, "date": date}


def builtin(name: str) -> ItemType | None:
    """The item type of a name of FEEL's own; None for any, and for what is unknown."""
    found = types.simple(name.removeprefix("feel:"))
    if found.name not in types.SIMPLE or found == types.ANY:
        return None
    return ItemType(found.name, found, direct=_DIRECT.get(found.name))


def root(item: ItemType) -> Type:
    """The FEEL type that a chain of declared types ends in."""
    while item.base is not None:
        item = item.base
    return item.type


def shape(item: ItemType) -> Type:
    """The FEEL type of an item type, parts and all."""
    if item.components:
        single: Type = types.ContextType(
            tuple((name, shape(part)) for name, part in item.components)
        )
    else:
        single = item.type
    return types.ListType(single) if item.collection else single


def fit(run: feel.Run, value: Value, item: ItemType | None, what: str) -> Value:
    """The value as its declared type allows it; null, with the reason, where it does not."""
    if item is None or value is None or type(value) is item.direct:
        return value
    found = _fitted(run, value, item)
    if found is _MISFIT:
        run.null(f"{what}: {a(value)} is not {_described(item)}.")
        return None
    return found


def _described(item: ItemType) -> str:
    allowed = f" ({item.allowed.text})" if item.allowed else ""
    many = "a list of " if item.collection else ""
    return f"{many}{item.name}{allowed}"


def _fitted(run: feel.Run, value: Value, item: ItemType) -> Value:
    if value is None:
        return None
    if item.collection:
        items = value if isinstance(value, list) else [value]
        run.spend(len(items))
        made = [_single(run, each, item) for each in items]
        fits = _MISFIT not in made and _passes(run, made, item.constraint)
        return made if fits else _MISFIT
    made_one = _single(run, value, item)
    if made_one is _MISFIT and isinstance(value, list) and len(value) == 1:
        made_one = _single(run, value[0], item)
    return made_one if _passes(run, made_one, item.constraint) else _MISFIT


def _single(run: feel.Run, value: Value, item: ItemType) -> Value:
    if value is None:
        return None
    if item.components:
        fitted = _context(run, value, item)
    elif item.base is not None:
        fitted = _fitted(run, value, item.base)
    else:
        fitted = types.coerce(value, item.type, run.spend)
        fitted = _MISFIT if fitted is None else fitted
    return fitted if fitted is _MISFIT or _passes(run, fitted, item.allowed) else _MISFIT


def _context(run: feel.Run, value: Value, item: ItemType) -> Value:
    if not isinstance(value, Mapping):
        return _MISFIT
    made = {key: at(value, key) for key in value}
    for name, part in item.components:
        if name not in made:
            return _MISFIT
        made[name] = _fitted(run, made[name], part)
        if made[name] is _MISFIT:
            return _MISFIT
    return made


def _passes(run: feel.Run, value: Value, allowed: TestCell | None) -> bool:
    if allowed is None or allowed.code is None or value is _MISFIT:
        return True
    return allowed.code.run(run, ({"?": value}, None)) is True
