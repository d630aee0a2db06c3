"""What an owner calls something new, and the id that its file is known by. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import count

from base.errors import Invalid

LONGEST_TITLE = 100
_LONGEST_ID = 60


class NoTitle(Invalid):
    """Write what it is to be called, in at most 100 characters."""


def checked(title: str) -> str:
    """The title in one line. Raises NoTitle."""
    title = " ".join(title.split())
    said = any(map(str.isalnum, title)) and title.isprintable()
    if not said or len(title) > LONGEST_TITLE:
        raise NoTitle
    return title


def is_taken(title: str, others: Iterable[str]) -> bool:
    """Whether one of the others is called the same, however it is written."""
    return _key(title) in set(map(_key, others))


def free_id(title: str, taken: Collection[str], *, otherwise: str) -> str:
    """An id that is not taken; ``otherwise`` where the title has no letters to make one of."""
    plain = id_of(title) or otherwise
    if plain not in taken:
        return plain
    return next(id for n in count(2) if (id := f"{plain}_{n}") not in taken)


def id_of(title: str) -> str:
    """Letters, digits and “_” for a title: “Väg framåt?” gives vag_framat."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_ID].lstrip("0123456789_")


def _key(title: str) -> str:
    return id_of(title) or " ".join(title.casefold().split())
