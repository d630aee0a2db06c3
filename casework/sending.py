"""What a browser sends with a form: pairs of name and value, in order."""

from collections.abc import Sequence

from base import crypto

type_sent = Sequence[tuple[str, str]]


def grouped(sent: type_sent) -> dict[str, list[str]]:
    """The values of each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in sent:
        found.setdefault(name, []).append(value)
    return found


def digest_of(sent: type_sent) -> str:
    """Equal for equal answers; the key that makes a command one of a kind is left out."""
    parts = [part for name, value in sorted(sent) if name != "_key" for part in (name, value)]
    return crypto.digest(*(part.encode() for part in parts)).hex()
