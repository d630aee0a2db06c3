"""What a mail may say: a fixed text with a closed list of places; nothing typed enters it.

Source: GG-21 and the decisions on mail (count, date, programme, link, contact; at most once a day,
at once when something is due within two days).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from base.lang import say_day

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
    "sv": "{programme}: {what} på dig",
    "de": "{programme}: {what} auf Sie",
    "en": "{programme}: {what} for you",
}
_BODY = {
    "sv": (
        "Hej!\n\n{what} på dig i {programme} ({day}).\n\n"
        "Logga in för att se vad det gäller: {link}\n\n"
        "Av sekretesskäl står inget mer i det här mejlet. Svara inte på det.\n"
        "Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\n{what} auf Sie in {programme} ({day}).\n\n"
        "Melden Sie sich an, um zu sehen, worum es geht: {link}\n\n"
        "Aus Gründen des Datenschutzes steht in dieser Nachricht nicht mehr. "
        "Bitte antworten Sie nicht darauf.\nFragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\n{what} for you in {programme} ({day}).\n\n"
        "Sign in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    ),
}
_WAIT = {
    "sv": ("1 uppgift väntar", "{count} uppgifter väntar"),
    "de": ("1 Aufgabe wartet", "{count} Aufgaben warten"),
    "en": ("1 task waits", "{count} tasks wait"),
}

_MORE_WAITS = {
    "sv": ("1 sak väntar", "{count} saker väntar"),
    "de": ("1 Mitteilung wartet", "{count} Aufgaben und Mitteilungen warten"),
    "en": ("1 thing waits", "{count} things wait"),
}


def write_mail(language: str, places: Places, *, steps_alone: bool = True) -> tuple[str, str]:
    """Subject and body in the reader's language; ``steps_alone``: nothing else waits."""
    one, many = (_WAIT if steps_alone else _MORE_WAITS)[language]
    values = {
        "what": one if places.count == 1 else many.format(count=places.count),
        "day": say_day(places.day, language, places.day),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    return _SUBJECT[language].format(**values), _BODY[language].format(**values)


_GENERAL_SUBJECT = {
    "sv": "{programme}: något väntar på er",
    "de": "{programme}: Etwas wartet auf Sie",
    "en": "{programme}: something waits for you",
}
_GENERAL_BODY = {
    "sv": (
        "Hej!\n\nNågot väntar på er organisation i {programme} ({day}).\n\n"
        "Den som är er representant loggar in för att se vad det gäller: {link}\n\n"
        "Av sekretesskäl står inget mer i det här mejlet. Svara inte på det.\n"
        "Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\nEtwas wartet auf Ihre Organisation in {programme} ({day}).\n\n"
        "Wer Sie dort vertritt, meldet sich an, um zu sehen, worum es geht: {link}\n\n"
        "Aus Gründen des Datenschutzes steht in dieser Nachricht nicht mehr. "
        "Bitte antworten Sie nicht darauf.\nFragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\nSomething waits for your organisation in {programme} ({day}).\n\n"
        "Whoever represents you there signs in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    ),
}


_CODE_SUBJECT = {
    "sv": "{programme}: välj ett lösenord",
    "de": "{programme}: Passwort wählen",
    "en": "{programme}: choose a password",
}
_CODE_BODY = {
    "sv": (
        "Hej!\n\nHär väljer du ett lösenord i {programme}: {link}\n\n"
        "Länken gäller en gång och bara en kort tid. Väntade du dig den inte gör du ingenting.\n"
        "Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\nHier wählen Sie ein Passwort in {programme}: {link}\n\n"
        "Der Link gilt einmal und nur kurze Zeit. Haben Sie ihn nicht erwartet, tun Sie nichts.\n"
        "Fragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\nHere you choose a password in {programme}: {link}\n\n"
        "The link works once and only for a short time. If you did not expect it, do nothing.\n"
        "Questions: {contact}\n"
    ),
}
#: Stands in the mail that is kept, instead of the code; the sender fills it in.
CODE = "…"


def write_code_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body of a mail with a link for a new password."""
    values = {"programme": places.programme, "link": places.link, "contact": places.contact}
    return _CODE_SUBJECT[language].format(**values), _CODE_BODY[language].format(**values)


_ANEW_SUBJECT = {
    "sv": "{programme}: din inloggning börjar om",
    "de": "{programme}: Ihre Anmeldung beginnt neu",
    "en": "{programme}: your sign-in begins anew",
}
_ANEW_BODY = {
    "sv": (
        "Hej!\n\nDitt lösenord och din kodapp i {programme} gäller inte längre ({day}). "
        "Du får en ny kod på papper av din chef.\n\n"
        "Har du inte bett om det, hör av dig genast. Frågor: {contact}\n"
    ),
    "de": (
        "Guten Tag\n\nIhr Passwort und Ihre Code-App in {programme} gelten nicht mehr ({day}). "
        "Sie erhalten von Ihrer Leitung einen neuen Code auf Papier.\n\n"
        "Haben Sie nicht darum gebeten, melden Sie sich sofort. Fragen: {contact}\n"
    ),
    "en": (
        "Hello,\n\nYour password and your code app in {programme} are not valid any more "
        "({day}). Your manager gives you a new code on paper.\n\n"
        "If you did not ask for it, get in touch at once. Questions: {contact}\n"
    ),
}


def write_anew_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body to somebody whose password and second factor were put out of use."""
    values = {
        "day": say_day(places.day, language, places.day),
        "programme": places.programme,
        "contact": places.contact,
    }
    return _ANEW_SUBJECT[language].format(**values), _ANEW_BODY[language].format(**values)


def write_general_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body to an organisation; in English where there are no words for a language."""
    known = language if language in _GENERAL_BODY else "en"
    values = {
        "day": say_day(places.day, known, places.day),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    return _GENERAL_SUBJECT[known].format(**values), _GENERAL_BODY[known].format(**values)
