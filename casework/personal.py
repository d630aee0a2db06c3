"""What in a text points at a person: numbers, ways to reach somebody, names that are known. Pure.

Source: GG-09, GG-21, GG-28, AC-12. What is found is named by its kind alone, never repeated: a
refusal or a log that quoted it would spread it. Check digits: SKV 704 and 707 (Sweden), eCH-0021
(Swiss AHV), Orden INT/2058/2008 (Spanish DNI and NIE).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from datetime import date
from itertools import pairwise

from base.errors import Invalid
from casework.people.rules import checks

#: Kinds of what is found, in the order in which they are told, and the sentence that says why the
#: text is not taken (English source of the catalogues).
WHY = {
    "identity_number": "This looks like an identity number. Leave it out: nobody may be pointed at"
    " here.",
    "case_number": "This is the number of a case. Leave it out: it points at a person.",
    "phone": "This looks like a telephone number. Leave it out: nobody may be pointed at here.",
    "mail": "This looks like a mail address. Leave it out: nobody may be pointed at here.",
    "name": "Somebody of your own cases is called like that. Write “the person” instead.",
}

_DASHES = re.compile("[\N{HYPHEN}-\N{HORIZONTAL BAR}\N{MINUS SIGN}]")
_SWEDISH = re.compile(
    r"(?<!\d)(?P<century>18|19|20)?(?P<year>\d\d)(?P<one>[ .-]?)(?P<month>\d\d)(?P<two>[ .-]?)"
    r"(?P<day>\d\d)(?P<sign> ?[-+.] ?| )?(?P<last>\d{4})(?!\d)"
)
_SWISS = re.compile(r"(?<!\d)756[. -]?\d{4}[. -]?\d{4}[. -]?\d{2}(?!\d)")
_SPANISH = re.compile(r"(?<!\w)([XYZ]?)[ -]?(\d{7,8})[ -]?([A-HJ-NP-TV-Z])(?!\w)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,:/-])(?:\+|00)?\(?\d[\d ()/-]{5,18}\d(?![\w:])")
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_CASE = re.compile(r"(?<!\w)[A-ZÅÄÖ]{2,5}-(?:19|20)\d\d-\d{3,}(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_DAY_OFFSET = 60
_FEWEST_LETTERS = 2


class PointsAtSomebody(Invalid):
    """Leave out what points at a person."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__(WHY[kinds[0]])
        self.kinds = kinds


def found(
    text: str, *, names: Iterable[str] = (), besides: Collection[str] = ()
) -> tuple[str, ...]:
    """The kinds of what points at somebody in the text, in the order of `WHY`; empty if nothing.

    ``names`` are whole names of people; ``besides`` are texts that may stand there (an office's
    own telephone number).
    """
    plain = _plain(text)
    for allowed in sorted(map(_plain, besides), key=len, reverse=True):
        plain = plain.replace(allowed, " ¤ ") if allowed.strip() else plain
    finders: dict[str, Callable[[str], bool]] = {
        "identity_number": _has_identity_number,
        "case_number": lambda told: _CASE.search(told) is not None,
        "phone": _has_phone,
        "mail": lambda told: _MAIL.search(told) is not None,
        "name": lambda told: _has_name(told, names),
    }
    return tuple(kind for kind in WHY if finders[kind](plain))


def require_nobody(text: str, *, names: Iterable[str] = ()) -> None:
    """Raises PointsAtSomebody."""
    kinds = found(text, names=names)
    if kinds:
        raise PointsAtSomebody(kinds)


def _plain(text: str) -> str:
    """The text as it is read: one kind of digit, dash and space, nothing that cannot be seen."""
    shown = "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if not _unseen(letter)
    )
    digits = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in shown
    )
    return re.sub(r"[^\S\n]+", " ", _DASHES.sub("-", digits))


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf"


def _has_identity_number(text: str) -> bool:
    return (
        any(map(_is_swedish, _SWEDISH.finditer(text)))
        or any(_is_swiss(match.group()) for match in _SWISS.finditer(text))
        or any(_is_spanish(*match.groups()) for match in _SPANISH.finditer(text))
    )


def _is_swedish(match: re.Match[str]) -> bool:
    """A day on which somebody can be born; where it is written plainly, with its check digit.

    Written as people write it, with a century or a sign, a mistyped one still says who it is.
    """
    year, month, day, last = (match[part] for part in ("year", "month", "day", "last"))
    born = int(day) - _DAY_OFFSET if int(day) > _DAY_OFFSET else int(day)
    centuries = (match["century"],) if match["century"] else ("19", "20")
    if not any(_is_day(int(century + year), int(month), born) for century in centuries):
        return False
    written = bool(match["century"] or (match["sign"] or "").strip(" ."))
    return written or checks(f"{year}{month}{day}{last}")


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_swiss(written: str) -> bool:
    """Thirteen digits with the check digit of EAN-13."""
    digits = [int(letter) for letter in written if letter.isdigit()]
    weighed = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return (10 - weighed % 10) % 10 == digits[12]


def _is_spanish(foreign: str, digits: str, letter: str) -> bool:
    """Eight digits, or X, Y, Z and seven, with their check letter."""
    if len(digits) + len(foreign) != len("12345678"):
        return False
    ahead = str("XYZ".index(foreign.upper())) if foreign else ""
    number = int(ahead + digits)
    return _LETTERS[number % len(_LETTERS)] == letter.upper()


def _has_phone(text: str) -> bool:
    return any(_is_phone(match.group()) for match in _PHONE.finditer(text))


def _is_phone(written: str) -> bool:
    """Begins as a number that can be dialled does, and is as long as one."""
    digits = re.sub(r"\D", "", written)
    dialled = written.startswith(("+", "0", "(0", "(+"))
    return dialled and 7 <= len(digits) <= 15 and not _is_period(written)


def _is_period(written: str) -> bool:
    """A day or a span of days as people write them, which begins with a nought too."""
    return re.fullmatch(r"\d{1,2}[-/ ]\d{1,2}[-/ ]\d{2,4}(?: ?- ?\d.*)?", written) is not None


def _has_name(text: str, names: Iterable[str]) -> bool:
    """A name with a capital as it stands in the text, or a whole name however it is written."""
    written = _WORD.findall(text)
    capitals = {_stem(word) for word in written if word[:1].isupper()}
    words = [_stem(word) for word in written]
    pairs = set(pairwise(words))
    for name in names:
        parts = [_plain(part).casefold() for part in _WORD.findall(_plain(name))]
        parts = [part for part in parts if len(part) >= _FEWEST_LETTERS]
        stems = {_stem(part) for part in parts}
        if stems & capitals:
            return True
        if any((a, b) in pairs for a in stems for b in stems if a != b):
            return True
    return False


def _stem(word: str) -> str:
    """Without the s of the genitive, so that “Annas” is found as “Anna”."""
    folded = word.casefold()
    return folded[:-1] if folded.endswith("s") and len(folded) > _FEWEST_LETTERS else folded
