"""What a mail may say: a fixed text with a closed list of places; nothing typed enters it.

Source: GG-21 and the decisions on mail (count, date, programme, link, contact; at most once a day,
at once when something is due within two days).
"""

from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Places:
    """All that may be filled into a mail."""

    count: int
    day: date
    programme: str
    link: str
    contact: str


_SUBJECT = {
    "sv": "{programme}: {count} uppgifter väntar på dig",
    "de": "{programme}: {count} Aufgaben warten auf Sie",
    "en": "{programme}: {count} tasks wait for you",
}
_SUBJECT_ONE = {
    "sv": "{programme}: 1 uppgift väntar på dig",
    "de": "{programme}: 1 Aufgabe wartet auf Sie",
    "en": "{programme}: 1 task waits for you",
}
_BODY = {
    "sv": (
        "Hej,\n\ni {programme} väntar {count} uppgifter på dig den {day}.\n\n"
        "Logga in för att se vad det gäller: {link}\n\n"
        "Av sekretesskäl står inget mer i det här mejlet. Svara inte på det.\n"
        "Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\nin {programme} warten am {day} {count} Aufgaben auf Sie.\n\n"
        "Melden Sie sich an, um zu sehen, worum es geht: {link}\n\n"
        "Aus Gründen des Datenschutzes steht in dieser Nachricht nicht mehr. "
        "Bitte antworten Sie nicht darauf.\nFragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\nin {programme} {count} tasks wait for you on {day}.\n\n"
        "Sign in to see what they are about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    ),
}


def write_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body in the reader's language."""
    values = {
        "count": places.count,
        "day": places.day.isoformat(),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    subjects = _SUBJECT_ONE if places.count == 1 else _SUBJECT
    return subjects[language].format(**values), _BODY[language].format(**values)


_GENERAL_SUBJECT = {
    "sv": "{programme}: något väntar på er",
    "de": "{programme}: Etwas wartet auf Sie",
    "en": "{programme}: something waits for you",
}
_GENERAL_BODY = {
    "sv": (
        "Hej,\n\ni {programme} väntar något på er organisation den {day}.\n\n"
        "Den som är er representant loggar in för att se vad det gäller: {link}\n\n"
        "Av sekretesskäl står inget mer i det här mejlet. Svara inte på det.\n"
        "Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\nin {programme} wartet am {day} etwas auf Ihre Organisation.\n\n"
        "Wer Sie dort vertritt, meldet sich an, um zu sehen, worum es geht: {link}\n\n"
        "Aus Gründen des Datenschutzes steht in dieser Nachricht nicht mehr. "
        "Bitte antworten Sie nicht darauf.\nFragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\nin {programme} something waits for your organisation on {day}.\n\n"
        "Whoever represents you there signs in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    ),
}


def write_general_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body to an organisation; in English where there are no words for a language."""
    values = {
        "day": places.day.isoformat(),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    known = language if language in _GENERAL_BODY else "en"
    return _GENERAL_SUBJECT[known].format(**values), _GENERAL_BODY[known].format(**values)
