"""Functions on lists."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from feel.builtins.registry import builtin, invoke
from feel.run import Nothing, Run
from feel.values import (
    NUMBERS,
    Function,
    Value,
    YearsMonthsDuration,
    a,
    comparable,
    same,
)

_FIRST_NUMBERS = tuple(map(Decimal, range(256)))


def _each(values: tuple[Value, ...]) -> list[Value]:
    """The arguments as one list, however they were given."""
    if len(values) == 1 and isinstance(values[0], list):
        return values[0]
    if values == (None,):
        raise Nothing("there is no list")
    return list(values)


def _filled(values: list[Value]) -> list[Value]:
    if not values:
        raise Nothing("the list is empty")
    return values


def _numbers(run: Run, values: list[Value]) -> list[Decimal]:
    run.spend(len(values))
    for value in values:
        if not isinstance(value, Decimal):
            raise Nothing(f"the list holds {a(value)}, not only numbers")
    return values


@builtin("list contains(list: list, element: any?)")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    run.spend(len(items))
    return any(same(item, element, run.spend) for item in items)


@builtin("count(list: list)")
def count(run: Run, items: list[Value]) -> Value:
    length = len(items)
    return _FIRST_NUMBERS[length] if length < 256 else Decimal(length)


@builtin("is empty(list: list)")
def is_empty(run: Run, items: list[Value]) -> Value:
    return not items


def _extreme(run: Run, values: tuple[Value, ...], better: Callable[[Any, Any], bool]) -> Value:
    items = _filled(_each(values))
    run.spend(len(items))
    best = items[0]
    for item in items:
        pair = comparable(item, best)
        if pair is None:
            raise Nothing(f"{a(item)} and {a(best)} cannot be compared")
        if better(*pair):
            best = item
    return best


@builtin("min(*list: any?)")
def min_(run: Run, *values: Value) -> Value:
    return _extreme(run, values, lambda one, other: bool(one < other))


@builtin("max(*list: any?)")
def max_(run: Run, *values: Value) -> Value:
    return _extreme(run, values, lambda one, other: bool(one > other))


@builtin("sum(*list: any?)")
def sum_(run: Run, *values: Value) -> Value:
    items = _filled(_each(values))
    if isinstance(items[0], timedelta | YearsMonthsDuration):
        return _sum_durations(run, items)
    return functools.reduce(NUMBERS.add, _numbers(run, items))


def _sum_durations(run: Run, items: list[Value]) -> Value:
    run.spend(len(items))
    if len({type(item) for item in items}) > 1:
        raise Nothing("durations of days and of months cannot be added up")
    if isinstance(items[0], timedelta):
        return sum(items, timedelta())
    return YearsMonthsDuration(sum(item.months for item in items))


@builtin("product(*list: any?)")
def product(run: Run, *values: Value) -> Value:
    return functools.reduce(NUMBERS.multiply, _numbers(run, _filled(_each(values))))


@builtin("mean(*list: any?)")
def mean(run: Run, *values: Value) -> Value:
    items = _numbers(run, _filled(_each(values)))
    return NUMBERS.divide(functools.reduce(NUMBERS.add, items), Decimal(len(items)))


@builtin("median(*list: any?)")
def median(run: Run, *values: Value) -> Value:
    items = sorted(_numbers(run, _filled(_each(values))))
    middle = len(items) // 2
    if len(items) % 2:
        return items[middle]
    return NUMBERS.divide(NUMBERS.add(items[middle - 1], items[middle]), Decimal(2))


@builtin("stddev(*list: any?)")
def stddev(run: Run, *values: Value) -> Value:
    items = _numbers(run, _filled(_each(values)))
    if len(items) < 2:
        raise Nothing("at least two numbers are needed")
    centre = NUMBERS.divide(functools.reduce(NUMBERS.add, items), Decimal(len(items)))
    apart = [NUMBERS.subtract(item, centre) for item in items]
    squares = functools.reduce(NUMBERS.add, [NUMBERS.multiply(each, each) for each in apart])
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(items) - 1)))


@builtin("mode(*list: any?)")
def mode(run: Run, *values: Value) -> Value:
    items = _numbers(run, _each(values))
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


def _decide(values: tuple[Value, ...], deciding: bool) -> bool | None:
    if not values:
        raise Nothing("there is no list")
    items = _each(values)
    if deciding in [item for item in items if isinstance(item, bool)]:
        return deciding
    odd = [item for item in items if not isinstance(item, bool)]
    if any(item is not None for item in odd):
        raise Nothing("the list holds something that is neither true nor false")
    return None if odd else not deciding


@builtin("all(*list: any?)")
def all_(run: Run, *values: Value) -> Value:
    return _decide(values, False)


@builtin("any(*list: any?)")
def any_(run: Run, *values: Value) -> Value:
    return _decide(values, True)


def _position(position: Decimal, length: int) -> int:
    """The index that a position counted from 1, or from the end, stands for."""
    place = int(max(min(position, Decimal(10**9)), Decimal(-(10**9))))
    if place == 0 or abs(place) > length:
        raise Nothing(f"the list has no position {place}")
    return place - 1 if place > 0 else length + place


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    first = _position(start, len(items))
    if length is None:
        return run.items(items[first:])
    wanted = int(min(length, Decimal(10**9)))
    if wanted < 1 or first + wanted > len(items):
        raise Nothing(f"the list has no {wanted} items from there")
    return run.items(items[first : first + wanted])


@builtin("append(list: list, *item: any?)")
def append(run: Run, items: list[Value], *more: Value) -> Value:
    run.room(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate(*list: list)")
def concatenate(run: Run, *lists: list[Value]) -> Value:
    run.room(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: any?)")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    place = _position(position, len(items))
    return run.items([*items[:place], item, *items[place:]])


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    place = _position(position, len(items))
    return run.items([*items[:place], *items[place + 1 :]])


@builtin("list replace(list: list, position: number, newItem: any?)")
def list_replace(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    place = _position(position, len(items))
    return run.items([*items[:place], item, *items[place + 1 :]])


@builtin("list replace(list: list, match: function, newItem: any?)")
def list_replace_where(run: Run, items: list[Value], match: Function, new: Value) -> Value:
    made = []
    for item in items:
        found = invoke(run, match, item, new)
        if not isinstance(found, bool):
            raise Nothing("the function must answer true or false")
        made.append(new if found else item)
    return run.items(made)


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Value]) -> Value:
    return run.items(items[::-1])


@builtin("index of(list: list, match: any?)")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    run.spend(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match, run.spend)]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    seen: set[Value] = set()
    for item in items:
        if isinstance(item, Decimal | str | bool):
            key = (type(item), item)
            if key not in seen:
                seen.add(key)
                found.append(item)
            continue
        run.spend(len(found) + 1)
        if not any(same(item, other, run.spend) for other in found):
            found.append(item)
    return run.items(found)


@builtin("union(*list: list)")
def union(run: Run, *lists: list[Value]) -> Value:
    return _distinct(run, concatenate(run, *lists))


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> Value:
    return _distinct(run, items)


@builtin("duplicate values(list: list)")
def duplicate_values(run: Run, items: list[Value]) -> Value:
    run.spend(len(items) * len(items))
    return _distinct(
        run, [item for item in items if sum(same(item, other, run.spend) for other in items) > 1]
    )


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> Value:
    made: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            made.append(item)
        else:
            waiting.pop()
    return run.items(made)


@builtin("partition(list: list, size: number)")
def partition(run: Run, items: list[Value], size: Decimal) -> Value:
    step = int(min(size, Decimal(10**9)))
    if step < 1:
        raise Nothing("the size must be at least 1")
    run.room(len(items))
    return [items[start : start + step] for start in range(0, len(items), step)]


@builtin("sort(list: list, precedes?: function)")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> Value:
    run.room(len(items))
    if precedes is None:
        return _natural_order(items)

    def order(one: Value, other: Value) -> int:
        if invoke(run, precedes, one, other) is True:
            return -1
        return 1 if invoke(run, precedes, other, one) is True else 0

    return sorted(items, key=functools.cmp_to_key(order))


def _natural_order(items: list[Value]) -> list[Value]:
    def order(one: Value, other: Value) -> int:
        pair = comparable(one, other)
        if pair is None:
            raise Nothing(f"{a(one)} and {a(other)} cannot be compared")
        return int(pair[0] > pair[1]) - int(pair[0] < pair[1])

    return sorted(items, key=functools.cmp_to_key(order))
