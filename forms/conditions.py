"""Which conditions are so simple that a page can follow them without asking the server."""

import re
from dataclasses import dataclass

from forms.expressions import Expression

_WORD = r"(?P<name>[^\W\d]\w*)"
_LITERAL = r'(?P<literal>"[^"\\]*"|-?[0-9]+(?:\.[0-9]+)?|true|false)'
_EITHER_NULL = r"(?:(?P<again>[^\W\d]\w*)\s*=\s*null\s+or\s+)?"
_HIDES_UNLESS = (
    rf"{_EITHER_NULL}{_WORD}\s*!=\s*{_LITERAL}",
    rf"{_EITHER_NULL}not\(\s*{_WORD}\s*=\s*{_LITERAL}\s*\)",
    rf"{_EITHER_NULL}not\(\s*list contains\(\s*{_WORD}\s*,\s*{_LITERAL}\s*\)\s*\)",
    rf"{_EITHER_NULL}not\(\s*{_WORD}\s*\)",
)
_HIDES_IF = (
    rf"{_EITHER_NULL}{_WORD}\s*=\s*{_LITERAL}",
    rf"{_EITHER_NULL}list contains\(\s*{_WORD}\s*,\s*{_LITERAL}\s*\)",
    _WORD,
)


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """A component counts when the answers to ``key`` hold ``value``, or do not.

    ``value`` is as a browser sends it; a ticked box sends ``true``.
    """

    key: str
    value: str
    holds: bool


def shown_when(hide: Expression | None) -> ShownWhen | None:
    """The simple condition that a FEEL condition for hiding comes to; None if it is not simple."""
    if hide is None or hide.problem:
        return None
    source = " ".join(hide.source.split())
    for patterns, holds in ((_HIDES_UNLESS, True), (_HIDES_IF, False)):
        for pattern in patterns:
            found = re.fullmatch(pattern, source)
            if found:
                return _condition(found.groupdict(), holds=holds)
    return None


def _condition(found: dict[str, str | None], *, holds: bool) -> ShownWhen | None:
    name, literal = str(found["name"]), found.get("literal") or "true"
    if found.get("again") not in {None, name}:
        return None
    if literal == "false":
        return ShownWhen(name, "true", not holds)
    return ShownWhen(name, literal.strip('"'), holds)
