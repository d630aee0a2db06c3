"""The expressions in a form: FEEL after a leading ``=``, and ``{{…}}`` within words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import feel

_SLOT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression; one that cannot be read is null, and ``problem`` says why."""

    source: str
    problem: str = ""
    _program: feel.Expression | None = field(default=None, compare=False, repr=False)

    @property
    def names(self) -> frozenset[str]:
        """The names that it looks up outside itself."""
        return self._program.names if self._program else frozenset()

    def value(self, context: Mapping[str, object], now: datetime) -> object:
        """What it comes to; None where it fails or needs too much."""
        if self._program is None:
            return None
        try:
            result: object = self._program.evaluate(context, now=now)
        except feel.FeelError:
            return None
        return result


def read_expression(source: str) -> Expression:
    """Read FEEL, with or without the leading ``=``."""
    body = source.strip().removeprefix("=").strip()
    try:
        return Expression(body, _program=feel.compile(body))
    except feel.FeelError as error:
        return Expression(body, problem=str(error))


def is_expression(source: object) -> bool:
    """Whether a value in a form file is FEEL."""
    return isinstance(source, str) and source.startswith("=")


def slots(text: str) -> list[str]:
    """The FEEL sources inside words: the whole text after ``=``, or each ``{{…}}``."""
    if is_expression(text):
        return [text[1:]]
    return [source.strip().removeprefix("=") for source in _SLOT.findall(text)]


def fill(text: str, write: Callable[[str], str]) -> str:
    """Words with every expression in them written out by ``write``."""
    if is_expression(text):
        return write(text[1:])
    return _SLOT.sub(lambda slot: write(slot[1].strip().removeprefix("=")), text)
