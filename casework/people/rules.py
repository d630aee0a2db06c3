"""Identity numbers: how they are written, and their check digit. Pure.

Source: SKV 704 (personnummer), SKV 707 (samordningsnummer: 60 is added to the day).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from base.errors import Invalid

PERSONNUMMER = "personnummer"
SAMORDNINGSNUMMER = "samordningsnummer"
NONE = "none"
KINDS = (PERSONNUMMER, SAMORDNINGSNUMMER, NONE)

_WRITTEN = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})", re.ASCII)
_DAY_OFFSET = 60


class BadIdentityNumber(Invalid):
    """This identity number cannot be right; check each digit."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a case is about; nothing of it in logs, lists or reprs."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    id_kind: str = NONE
    id_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    preferred_contact: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def normal_number(kind: str, text: str, *, today: date) -> str:
    """Twelve digits, whatever way it was written; '' for somebody without a number.

    Ten digits mean the latest century that does not lie ahead; ``+`` one before that. Raises
    BadIdentityNumber.
    """
    if kind == NONE:
        return ""
    written = _WRITTEN.fullmatch(re.sub(r"\s", "", text))
    if kind not in KINDS or written is None:
        raise BadIdentityNumber
    century, year, month, day, sign, last = written.groups()
    born = int(day) - (_DAY_OFFSET if kind == SAMORDNINGSNUMMER else 0)
    full_year = _year(century, year, plus=sign == "+", today=today)
    if not _was_born(full_year, int(month), born, today):
        raise BadIdentityNumber
    if not checks(f"{year}{month}{day}{last}"):
        raise BadIdentityNumber
    return f"{full_year:04d}{month}{day}{last}"


def untraceable(person: Person) -> Person:
    """The names alone: nothing by which somebody could be found or reached."""
    return Person(person.given_name, person.family_name)


def unreachable(person: Person) -> Person:
    """Who it is, without how to reach them."""
    return replace(person, phone="", address="", preferred_contact="")


def checks(digits: str) -> bool:
    """Whether ten digits end in their check digit (Luhn)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0


def same_name(asked: str, name: str) -> bool:
    """Whether every word asked for begins a word of the name, case aside."""
    words = name.casefold().split()
    return bool(asked.split()) and all(
        any(word.startswith(part) for word in words) for part in asked.casefold().split()
    )


def _year(century: str | None, year: str, *, plus: bool, today: date) -> int:
    if century is not None:
        return int(century + year)
    full = today.year // 100 * 100 + int(year)
    if full > today.year:
        full -= 100
    return full - 100 if plus else full


def _was_born(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False
