"""Languages: catalogues of the application's own words, and how dates are said.

Words are written in English in code and templates; ``words/<language>.po`` translates them.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from base.errors import Invalid

LANGUAGES: Mapping[str, str] = {
    "sv": "Svenska",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "en": "English",
}
SOURCE = "en"
#: Samplan's own words: of pages, forms and refusals.
WORDS = Path(__file__).parent / "words"
#: What papers may be written in: languages that people here read, and that our fonts draw.
PRINTED = (
    *LANGUAGES,
    *("am", "ar", "bg", "bs", "ckb", "cs", "da", "el", "et", "fa", "fi", "fr", "he", "hr", "hu"),
    *("is", "ku", "lt", "lv", "mk", "nb", "nl", "nn", "pl", "ps", "pt", "ro", "ru", "se", "sk"),
    *("sl", "so", "sq", "sr", "ti", "tr", "uk", "ur", "yi"),
)
_NEAR_DAYS = 300


def require_known(language: str) -> None:
    """Raises Invalid, which says those there are."""
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Invalid(f"Samplan does not speak {language}. Choose one of: {known}.")


@dataclass(frozen=True, slots=True)
class _Days:
    """How a language says days: patterns of the CLDR; ``year`` is added where it is needed."""

    long: str = "EEEE d MMMM"
    brief: str = "EEE d MMM"
    year: str = " y"
    dots: str = ""


#: Marks around what somebody said.
_QUOTES: Mapping[str, tuple[str, str]] = {
    "en": ("“", "”"),
    "sv": ("”", "”"),
    "de": ("„", "“"),
    "es": ("«", "»"),
    "it": ("«", "»"),
}
#: What differs from Swedish, Italian and English.
_DAYS: Mapping[str, _Days] = {
    "de": _Days(long="EEEE, d. MMMM", brief="EEE, d. MMM", dots="."),
    "es": _Days(long="EEEE, d 'de' MMMM", brief="EEE, d MMM", year=" 'de' y"),
}
_PLAINLY = _Days()


@cache
def catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """The words of one language; English (the source) needs no file."""
    path = folder / f"{language}.po"
    if language == SOURCE or not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(wanted: str | None, accept: str, offered: Mapping[str, str] = LANGUAGES) -> str:
    """What the reader chose, else the first language the browser asks for, else Swedish."""
    if wanted in offered:
        return str(wanted)
    for part in accept.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in offered:
            return code
    return next(iter(offered))


def name_of(code: str) -> str:
    """What a language calls itself; the code where nobody knows."""
    if code in LANGUAGES:
        return LANGUAGES[code]
    return (Locale.parse(code).get_display_name(code) or code) if is_known(code) else code


def within(title: str, language: str) -> str:
    """A title inside a sentence: small, but for abbreviations, and for German with its nouns."""
    if language == "de" or title[1:2].isupper():
        return title
    return title[:1].lower() + title[1:]


def direction(code: str) -> str:
    """ltr or rtl."""
    return Locale.parse(code).text_direction if is_known(code) else "ltr"


@cache
def is_known(code: str) -> bool:
    """Whether there is such a language."""
    try:
        Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def quote(text: str, language: str) -> str:
    """“Clara”, in the marks of that language."""
    before, after = _QUOTES.get(language, _QUOTES[SOURCE])
    return f"{before}{text}{after}"


def is_quoted(text: str) -> bool:
    """Whether `quote` was there, in whatever language."""
    return text[:1] in {before for before, _ in _QUOTES.values()}


def say_day(day: date, language: str, today: date) -> str:
    """“tisdag 9 mars”; with the year only when it is not clear which."""
    days = _DAYS.get(language, _PLAINLY)
    pattern = days.long + (days.year if _far(day, today) else "")
    return dates.format_date(day, pattern, locale=language)


def say_day_briefly(day: date, language: str, today: date) -> str:
    """“tis 9 mars”, for lists."""
    days = _DAYS.get(language, _PLAINLY)
    pattern = days.brief + (" y" if _far(day, today) else "")
    return dates.format_date(day, pattern, locale=language).replace(".", days.dots)


def _far(day: date, today: date) -> bool:
    return abs((day - today).days) > _NEAR_DAYS


def say_moment(moment: datetime, language: str, zone: str, today: date) -> str:
    """“tisdag 9 mars 13:00” in the given time zone."""
    local = moment.astimezone(ZoneInfo(zone))
    time = dates.format_time(local, "HH:mm", locale=language)
    return f"{say_day(local.date(), language, today)} {time}"
