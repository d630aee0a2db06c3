"""Two versions of a text for people, compared paragraph by paragraph."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from engine.differences.model import Detail, Difference, Kind

_LONGEST_NAME = 60


def compared(path: str, before: bytes | None, after: bytes | None) -> Iterator[Difference]:
    """In the order of the newer text. Raises ValueError for no UTF-8."""
    old, new = _paragraphs(before), _paragraphs(after)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for was, now in zip_longest(old[a:b], new[c:d], fillvalue=""):
                yield _difference(path, was, now)


def _paragraphs(data: bytes | None) -> list[str]:
    text = (data or b"").decode().replace("\r\n", "\n")
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _difference(path: str, was: str, now: str) -> Difference:
    kind: Kind = "changed" if was and now else "added" if now else "removed"
    detail = Detail("text", "", was, now)
    told = _named(now or was)
    return Difference(kind, "text", path, "", "", told, (detail,) if kind == "changed" else ())


def _named(text: str) -> str:
    """The whole of a short paragraph, the beginning of a long one."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME].rstrip()}…"
