"""What the signs + - * / ** do with each kind of value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal, DecimalException

from feel import temporal
from feel.run import Nothing, Run
from feel.values import NUMBERS, Value, YearsMonthsDuration, a, sentence

_WORDS = {
    "+": "added to",
    "-": "combined by “-” with",
    "*": "multiplied by",
    "/": "divided by",
    "**": "raised to",
}
_COST_OF_A_POWER = 20
Operation = Callable[[Run, Value, Value], Value]


def _add(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return run.text(left + right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left + right
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return YearsMonthsDuration(left.months + right.months)
    if isinstance(left, timedelta | YearsMonthsDuration):
        return _moved(right, left)
    return _moved(left, right)


def _moved(moment: Value, length: Value) -> Value:
    if isinstance(moment, time) and isinstance(length, timedelta):
        return temporal.later_time(moment, length)
    if isinstance(moment, date) and isinstance(length, timedelta | YearsMonthsDuration):
        return temporal.later(moment, length)
    return NotImplemented


def _subtract(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return YearsMonthsDuration(left.months - right.months)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    if isinstance(right, timedelta):
        return _moved(left, -right)
    if isinstance(right, YearsMonthsDuration):
        return _moved(left, YearsMonthsDuration(-right.months))
    both_times = isinstance(left, time) and isinstance(right, time)
    if both_times or (isinstance(left, date) and isinstance(right, date)):
        apart = temporal.between(left, right)
        if apart is None:
            raise Nothing("Only one of the two moments has a time zone.")
        return apart
    return NotImplemented


def _scaled(length: Value, factor: Decimal) -> Value:
    if isinstance(length, YearsMonthsDuration):
        return YearsMonthsDuration(int(NUMBERS.multiply(Decimal(length.months), factor)))
    return temporal.days_duration(NUMBERS.multiply(temporal.seconds_of(length), factor))


def _multiply(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, timedelta | YearsMonthsDuration) and isinstance(right, Decimal):
        return _scaled(left, right)
    if isinstance(left, Decimal) and isinstance(right, timedelta | YearsMonthsDuration):
        return _scaled(right, left)
    return NotImplemented


def _divide(run: Run, left: Value, right: Value) -> Value:
    if isinstance(right, Decimal):
        if isinstance(left, YearsMonthsDuration):
            return YearsMonthsDuration(int(NUMBERS.divide(Decimal(left.months), right)))
        if isinstance(left, timedelta):
            return temporal.days_duration(NUMBERS.divide(temporal.seconds_of(left), right))
    elif isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    elif isinstance(left, timedelta) and isinstance(right, timedelta):
        return NUMBERS.divide(temporal.seconds_of(left), temporal.seconds_of(right))
    return NotImplemented


def _power(run: Run, left: Value, right: Value) -> Value:
    return NotImplemented


_ON_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": NUMBERS.power,
}
_ON_OTHERS: dict[str, Operation] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
}


def calculate(run: Run, operator: str, left: Value, right: Value) -> Value:
    """The result of an operation. Raises Nothing with the reason where there is none."""
    try:
        if operator == "**":
            run.spend(_COST_OF_A_POWER)
        if type(left) is Decimal and type(right) is Decimal:
            return _ON_NUMBERS[operator](left, right)
        result = _ON_OTHERS[operator](run, left, right)
    except (ArithmeticError, DecimalException, ValueError) as error:
        if operator == "/" and not _is_something(right):
            raise Nothing("Nothing can be divided by zero.") from error
        raise Nothing("The result is too large or does not exist.") from error
    if result is NotImplemented:
        raise Nothing(sentence(f"{a(left)} cannot be {_WORDS[operator]} {a(right)}."))
    return result


def _is_something(value: Value) -> bool:
    return value.months != 0 if isinstance(value, YearsMonthsDuration) else bool(value)


def negated(value: Value) -> Value:
    """The value with the other sign. Raises Nothing where it has none."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    if isinstance(value, timedelta):
        try:
            return -value
        except OverflowError as error:
            raise Nothing("The result is too large.") from error
    raise Nothing(f"“-” cannot stand before {a(value)}.")
