"""What a mail may say: a fixed text with a closed list of places; nothing typed enters it.

Source: GG-21 and the decisions on mail (count, date, programme, link, contact; at most once a day,
at once when something is due within two days).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from base.lang import LANGUAGES, SOURCE, WORDS, catalogue, say_day

SOON = timedelta(days=2)
#: Stands in the mail that is kept, instead of the code; the sender fills it in.
CODE = "…"


@dataclass(frozen=True, slots=True)
class Places:
    """All that may be filled into a mail."""

    count: int
    day: date
    programme: str
    link: str
    contact: str


def write_mail(language: str, places: Places, *, steps_alone: bool = True) -> tuple[str, str]:
    """Subject and body in the reader's language; ``steps_alone``: nothing else waits."""
    words = catalogue(WORDS, language)
    if steps_alone:
        what = words.ngettext("1 task waits", "{num} tasks wait", places.count)
    else:
        what = words.ngettext("1 thing waits", "{num} things wait", places.count)
    subject = words.gettext("{programme}: {what} for you")
    body = words.gettext(
        "Hello,\n\n{what} for you in {programme} ({day}).\n\n"
        "Sign in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, language, places, what=what.format(num=places.count))


def write_general_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body to an organisation; in English where there are no words for a language."""
    known = language if language in LANGUAGES else SOURCE
    words = catalogue(WORDS, known)
    subject = words.gettext("{programme}: something waits for you")
    body = words.gettext(
        "Hello,\n\nSomething waits for your organisation in {programme} ({day}).\n\n"
        "Whoever represents you there signs in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, known, places)


def write_code_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body of a mail with a link for a new password."""
    words = catalogue(WORDS, language)
    subject = words.gettext("{programme}: choose a password")
    body = words.gettext(
        "Hello,\n\nHere you choose a password in {programme}: {link}\n\n"
        "The link works once and only for a short time. If you did not expect it, do nothing.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, language, places)


def write_anew_mail(language: str, places: Places) -> tuple[str, str]:
    """Subject and body to somebody whose password and second factor were put out of use."""
    words = catalogue(WORDS, language)
    subject = words.gettext("{programme}: your sign-in begins anew")
    body = words.gettext(
        "Hello,\n\nYour password and your code app in {programme} are not valid any more "
        "({day}). Your manager gives you a new code on paper.\n\n"
        "If you did not ask for it, get in touch at once. Questions: {contact}\n"
    )
    return _filled(subject, body, language, places)


def _filled(
    subject: str, body: str, language: str, places: Places, *, what: str = ""
) -> tuple[str, str]:
    values = {
        "what": what,
        "day": say_day(places.day, language, places.day),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    return subject.format(**values), body.format(**values)
