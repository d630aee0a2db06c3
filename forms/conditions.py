"""Which conditions are so simple that a page can follow them without asking the server."""

import re
from dataclasses import dataclass

from forms.expressions import Expression

_NAME = r"(?P<name>[^\W\d]\w*)"
_ONE = r'"[^"\\]*"|-?[0-9]+(?:\.[0-9]+)?|true|false'
_LITERAL = rf"(?P<literal>{_ONE}|null)"
_SEVERAL = rf"[\[(]\s*(?P<several>(?:{_ONE})(?:\s*,\s*(?:{_ONE}))*)\s*[\])]"
_OR_BLANK = r"(?:(?P<again>[^\W\d]\w*)\s*=\s*null\s+or\s+)?"
_ANY_IN = rf"some\s+(?P<each>[^\W\d]\w*)\s+in\s+{_NAME}\s+satisfies\s+(?P=each)\s+in\s+{_SEVERAL}"
_HIDES_UNLESS = (
    rf"{_NAME}\s*!=\s*{_LITERAL}",
    rf"not\(\s*{_NAME}\s*=\s*{_LITERAL}\s*\)",
    rf"not\(\s*{_NAME}\s+in\s+{_SEVERAL}\s*\)",
    rf"not\(\s*list contains\(\s*{_NAME}\s*,\s*{_LITERAL}\s*\)\s*\)",
    rf"not\(\s*{_ANY_IN}\s*\)",
    rf"not\(\s*{_NAME}\s*\)",
)
_HIDES_IF = (
    rf"{_NAME}\s*=\s*{_LITERAL}",
    rf"{_NAME}\s+in\s+{_SEVERAL}",
    rf"list contains\(\s*{_NAME}\s*,\s*{_LITERAL}\s*\)",
    _NAME,
)


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """A component counts when the answer to ``key`` has one of ``values``, or has none of them.

    Values are as a browser sends them: a ticked box sends ``true``, no answer is empty.
    """

    key: str
    values: tuple[str, ...]
    holds: bool


def shown_when(hide: Expression | None) -> ShownWhen | None:
    """The simple condition that a FEEL condition for hiding comes to; None if it is not simple."""
    if hide is None or hide.problem:
        return None
    source = " ".join(hide.source.split())
    for patterns, holds in ((_HIDES_UNLESS, True), (_HIDES_IF, False)):
        for pattern in patterns:
            found = re.fullmatch(_OR_BLANK + pattern, source)
            if found:
                return _condition(found.groupdict(), holds=holds)
    return None


def _condition(found: dict[str, str | None], *, holds: bool) -> ShownWhen | None:
    name = str(found["name"])
    if found.get("again") not in {None, name}:
        return None
    # What hides for an answer or for none is shown for the other answers alone.
    blank = ("",) if found.get("again") and not holds else ()
    several = found.get("several")
    if several:
        return ShownWhen(name, (*map(_as_sent, re.findall(_ONE, several)), *blank), holds)
    literal = found.get("literal") or "true"
    if literal == "false":
        return ShownWhen(name, ("true",), not holds)
    return ShownWhen(name, (_as_sent(literal), *blank), holds)


def _as_sent(literal: str) -> str:
    return "" if literal == "null" else literal.strip('"')
