"""How built-in functions are declared, and how their arguments are fitted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from feel.run import Nothing, Run
from feel.values import Function, Range, Value, YearsMonthsDuration, a

_PARAMETER = re.compile(r"(\*)?([\w ]+?)(\?)?: ([\w |]+?)(\?)?")
_TYPES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
    "context": (Mapping,),
    "function": (Function,),
    "range": (Range,),
    "time": (time,),
    "days": (timedelta,),
    "months": (YearsMonthsDuration,),
    "duration": (timedelta, YearsMonthsDuration),
    "date": (date,),
    "moment": (date, time),
}
FAILURES = (Nothing, DecimalException, OverflowError, ValueError)
"""What a function raises where it has no answer."""
_MISFIT = object()


class _Never:
    """A type that no value has."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in: its type, and whether it may be left out or be null."""

    name: str
    kinds: tuple[str, ...]
    optional: bool
    nullable: bool
    variadic: bool

    def direct(self) -> type | None:
        """The Python type of which every value fits; None where there is no such need."""
        if "any" in self.kinds and self.nullable:
            return None
        return _TYPES.get(self.kinds[0], (_Never,))[0]

    def fit(self, value: Value) -> Value:
        """The argument as this parameter takes it; ``_MISFIT`` if it cannot."""
        if value is None:
            return None if self.nullable else _MISFIT
        for named in self.kinds:
            if named == "any" or _is(value, named):
                return value
        return self._coerced(value)

    def _coerced(self, value: Value) -> Value:
        if "list" in self.kinds:
            return [value]
        if isinstance(value, list) and len(value) == 1:
            return self.fit(value[0])
        return _MISFIT


def _is(value: Value, named: str) -> bool:
    if named == "date only":
        return type(value) is date
    if named == "date and time":
        return isinstance(value, datetime)
    return isinstance(value, _TYPES[named])


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in."""

    text: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.least <= count and (self.most is None or count <= self.most)

    def direct(self) -> list[type | None]:
        """The Python type that needs no fitting, for each parameter; None where all do not."""
        return [parameter.direct() for parameter in self.parameters]

    def fitted(self, values: list[Value]) -> list[Value] | Parameter:
        """The arguments as the function takes them, or the parameter that does not fit."""
        fitted: list[Value] = []
        for index, value in enumerate(values):
            parameter = self.parameters[min(index, len(self.parameters) - 1)]
            one = parameter.fit(value)
            if one is _MISFIT:
                return parameter
            fitted.append(one)
        return fitted

    def begins(self, names: Iterable[str]) -> bool:
        """Whether the parameters begin with these names, in this order."""
        mine = (parameter.name for parameter in self.parameters)
        return all(name == each for name, each in zip(names, mine, strict=False))

    def ordered(self, named: Mapping[str, Value]) -> list[Value] | None:
        """Named arguments in the order of the parameters; None if the names do not fit."""
        names = [parameter.name for parameter in self.parameters]
        if not set(named) <= set(names):
            return None
        if self.most is None:
            given = named[names[0]] if names else []
            return list(given) if isinstance(given, list) else [given]
        given_places = [index for index, name in enumerate(names) if name in named]
        if any(
            name not in named and not parameter.optional
            for name, parameter in zip(names, self.parameters, strict=True)
        ):
            return None
        last = max(given_places, default=-1)
        return [named.get(name) for name in names[: last + 1]]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language, with all its signatures."""

    name: str
    signatures: tuple[Signature, ...]

    @property
    def usage(self) -> str:
        """How it is called, for a message."""
        return " or ".join(signature.text for signature in self.signatures)

    def call(self, run: Run, values: list[Value]) -> Value:
        """Call it with positional arguments."""
        run.spend(1)
        misfit = None
        for signature in self.signatures:
            if not signature.takes(len(values)):
                continue
            fitted = signature.fitted(values)
            if not isinstance(fitted, Parameter):
                return self.apply(run, signature.function, fitted)
            misfit = fitted, values[signature.parameters.index(fitted) :][0]
        if misfit is None:
            run.null(f"{self.name}: {len(values)} arguments do not fit {self.usage}.")
        else:
            wanted = " or ".join(misfit[0].kinds)
            run.null(f"{self.name}: “{misfit[0].name}” is {a(misfit[1])}, not {wanted}.")
        return None

    def call_named(self, run: Run, named: Mapping[str, Value]) -> Value:
        """Call it with named arguments.

        Where two signatures differ in their order alone, that of the arguments decides.
        """
        for signature in sorted(self.signatures, key=lambda each: not each.begins(named)):
            values = signature.ordered(named)
            if values is not None and signature.takes(len(values)):
                return self._call_one(run, signature, values)
        run.null(f"{self.name}: the names {', '.join(named)} do not fit {self.usage}.")
        return None

    def _call_one(self, run: Run, signature: Signature, values: list[Value]) -> Value:
        return Builtin(self.name, (signature,)).call(run, values)

    def only(self, count: int) -> Signature | None:
        """The one signature that takes so many arguments, if there is just one."""
        fitting = [signature for signature in self.signatures if signature.takes(count)]
        return fitting[0] if len(fitting) == 1 and fitting[0].most is not None else None

    def apply(self, run: Run, function: Callable[..., Value], values: Sequence[Value]) -> Value:
        """Call the function of a signature with arguments that fit it."""
        try:
            return function(run, *values)
        except FAILURES as failure:
            return self.failed(run, failure)

    def failed(self, run: Run, failure: Exception) -> None:
        """Null, with the reason."""
        told = isinstance(failure, Nothing)
        why = str(failure) if told else "the result is too large or does not exist."
        run.null(f"{self.name}: {why}")

    def as_function(self) -> Function:
        """The built-in as a value, so that it can be handed to another function."""
        parameters = self.signatures[0].parameters
        names = tuple(parameter.name for parameter in parameters)
        variadic = self.signatures[0].most is None
        return Function(
            self.name,
            None if variadic or len(self.signatures) > 1 else names,
            self.call,
            self.call_named,
        )


BUILTINS: dict[str, Builtin] = {}


def builtin(*usages: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a built-in: ``name(first: number, second?: string?, *rest: any)``.

    ``?`` after a name: may be left out; after a type: may be null.
    """

    def declare(function: Callable[..., Value]) -> Callable[..., Value]:
        for usage in usages:
            _declare(usage, function)
        return function

    return declare


def _declare(usage: str, function: Callable[..., Value]) -> None:
    name, _, rest = usage.partition("(")
    parameters = tuple(_parameter(part) for part in rest[:-1].split(", ") if part)
    variadic = any(parameter.variadic for parameter in parameters)
    least = sum(not (each.optional or each.variadic) for each in parameters)
    shown = ", ".join(
        ("…" if each.variadic else "") + each.name + ("?" if each.optional else "")
        for each in parameters
    )
    signature = Signature(
        f"{name}({shown})", parameters, function, least, None if variadic else len(parameters)
    )
    before = BUILTINS[name].signatures if name in BUILTINS else ()
    BUILTINS[name] = Builtin(name, (*before, signature))


def _parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise ValueError(text)
    star, name, optional, kinds, nullable = match.groups()
    return Parameter(name, tuple(kinds.split("|")), bool(optional), bool(nullable), bool(star))


def invoke(run: Run, function: Function, *values: Any) -> Value:
    """Call a function value from within a built-in."""
    if function.parameters is not None and len(function.parameters) != len(values):
        raise Nothing(f"the function takes {len(function.parameters)} arguments")
    return function.call(run, list(values))
