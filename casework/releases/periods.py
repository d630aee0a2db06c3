"""Lengths of time in plain units (14 days, 10 working days, 3 months), and as FEEL. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from gettext import NullTranslations


class Unit(StrEnum):
    """What a length of time is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """So many of one unit."""

    number: int
    unit: Unit


_ISO = {
    Unit.MINUTES: "PT{}M",
    Unit.HOURS: "PT{}H",
    Unit.DAYS: "P{}D",
    Unit.WEEKS: "P{}W",
    Unit.MONTHS: "P{}M",
    Unit.YEARS: "P{}Y",
}
_WORKING_DAYS = r"add working days\(today\(\), ?(\d+)\)"
#: FEEL, or the bare value, that says one length in one unit.
_WRITTEN = {
    Unit.WORKING_DAYS: re.compile(_WORKING_DAYS + r"(?: ?- ?today\(\))?"),
    **{
        unit: re.compile(
            r'(?:duration\("{0}"\)|(?<![\w"]){0}(?![\w"]))'.format(iso.format(r"(\d+)"))
        )
        for unit, iso in _ISO.items()
    },
}


def read_period(text: str) -> Period | None:
    """The one length that a text is; None for anything else."""
    for unit, written in _WRITTEN.items():
        found = written.fullmatch(text.strip())
        if found:
            return Period(int(next(filter(None, found.groups()))), unit)
    return None


def write_period(period: Period) -> str:
    """As FEEL, to stand in the table of deadlines."""
    if period.unit is Unit.WORKING_DAYS:
        return f"add working days(today(), {period.number}) - today()"
    # Weeks are seven days: FEEL's durations know none.
    if period.unit is Unit.WEEKS:
        return write_period(Period(period.number * 7, Unit.DAYS))
    return f'duration("{_ISO[period.unit].format(period.number)}")'


def say_period(period: Period, words: NullTranslations) -> str:
    """“14 days” in a language."""
    ngettext = words.ngettext
    number = period.number
    said: dict[Unit, Callable[[], str]] = {
        Unit.MINUTES: lambda: ngettext("%(num)s minute", "%(num)s minutes", number),
        Unit.HOURS: lambda: ngettext("%(num)s hour", "%(num)s hours", number),
        Unit.DAYS: lambda: ngettext("%(num)s day", "%(num)s days", number),
        Unit.WORKING_DAYS: lambda: ngettext("%(num)s working day", "%(num)s working days", number),
        Unit.WEEKS: lambda: ngettext("%(num)s week", "%(num)s weeks", number),
        Unit.MONTHS: lambda: ngettext("%(num)s month", "%(num)s months", number),
        Unit.YEARS: lambda: ngettext("%(num)s year", "%(num)s years", number),
    }
    return said[period.unit]() % {"num": number}


def in_plain_units(text: str, words: NullTranslations) -> str:
    """A text with every length of time in it said plainly."""
    for unit, written in _WRITTEN.items():
        text = written.sub(
            lambda found, unit=unit: say_period(  # type: ignore[misc]
                Period(int(next(filter(None, found.groups()))), unit), words
            ),
            text,
        )
    return text
