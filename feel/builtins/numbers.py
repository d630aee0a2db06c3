"""Functions on numbers."""

from __future__ import annotations

import decimal
from decimal import Decimal

from feel.builtins.registry import builtin
from feel.run import Nothing, Run
from feel.values import NUMBERS, Duration, Value, YearsMonthsDuration

_SMALLEST_SCALE, _LARGEST_SCALE = -6111, 6176


def rounded(value: Decimal, scale: Decimal, mode: str) -> Decimal:
    """The number with so many decimals. Raises Nothing beyond the scales of FEEL."""
    places = int(scale)
    if not _SMALLEST_SCALE <= places <= _LARGEST_SCALE:
        raise Nothing(f"the scale must lie between {_SMALLEST_SCALE} and {_LARGEST_SCALE}")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return value
    wide = decimal.Context(prec=60, rounding=mode, Emax=20_000, Emin=-20_000)
    if value.adjusted() + places < -1:
        tiny = Decimal((value.is_signed(), (1,), -places - 2)) if value else Decimal(0)
        return NUMBERS.plus(tiny.quantize(Decimal(1).scaleb(-places, wide), mode, wide))
    unit = Decimal((0, (1,), -places))
    return NUMBERS.plus(value.quantize(unit, mode, wide))


@builtin("decimal(n: number, scale: number)")
def decimal_(run: Run, n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_CEILING)


@builtin("round up(n: number, scale?: number)")
def round_up(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_UP)


@builtin("round down(n: number, scale?: number)")
def round_down(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_DOWN)


@builtin("round half up(n: number, scale?: number)")
def round_half_up(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_HALF_UP)


@builtin("round half down(n: number, scale?: number)")
def round_half_down(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return rounded(n, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs(n: number|duration)")
def abs_(run: Run, n: Decimal | Duration) -> Value:
    if isinstance(n, YearsMonthsDuration):
        return YearsMonthsDuration(abs(n.months))
    return abs(n)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        raise Nothing("the divisor is zero")
    rest = NUMBERS.remainder(dividend, divisor)
    if rest and rest.is_signed() != divisor.is_signed():
        return NUMBERS.add(rest, divisor)
    return rest


@builtin("sqrt(number: number)")
def sqrt(run: Run, number: Decimal) -> Value:
    if number < 0:
        raise Nothing("a negative number has no root")
    return NUMBERS.sqrt(number)


@builtin("log(number: number)")
def log(run: Run, number: Decimal) -> Value:
    run.spend(20)
    if number <= 0:
        raise Nothing("only positive numbers have a logarithm")
    return NUMBERS.ln(number)


@builtin("exp(number: number)")
def exp(run: Run, number: Decimal) -> Value:
    run.spend(20)
    return NUMBERS.exp(number)


@builtin("odd(number: number)")
def odd(run: Run, number: Decimal) -> Value:
    return abs(modulo(run, number, Decimal(2))) == 1


@builtin("even(number: number)")
def even(run: Run, number: Decimal) -> Value:
    return modulo(run, number, Decimal(2)) == 0


@builtin("not(negand: any?)")
def not_(run: Run, negand: Value) -> Value:
    if isinstance(negand, bool):
        return not negand
    raise Nothing("only true and false have an opposite")
