"""What a mail may say: a fixed text with a closed list of places; nothing typed enters it.

Source: GG-21 and the decisions on mail (count, date, programme, link, contact; at most once a day,
at once when something is due within two days).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from base.lang import LANGUAGES, SOURCE, say_day
from casework.voice import Voice

SOON = timedelta(days=2)
_MONDAY = 0
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


def waits_for_monday(wish: str, today: date) -> bool:
    """Whether somebody wishes to be told today of what is urgent alone."""
    return wish == "weekly" and today.weekday() != _MONDAY


def write_mail(say: Voice, places: Places, *, steps_alone: bool = True) -> tuple[str, str]:
    """Subject and body in the reader's language; ``steps_alone``: nothing else waits."""
    if steps_alone:
        what = say.several("1 task waits", "%(num)s tasks wait", places.count)
    else:
        what = say.several("1 thing waits", "%(num)s things wait", places.count)
    subject = say("{programme}: {what} for you")
    body = say(
        "Hello,\n\n{what} for you in {programme} ({day}).\n\n"
        "Sign in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, say, places, what=what % {"num": places.count})


def write_general_mail(say: Voice, places: Places) -> tuple[str, str]:
    """Subject and body to an organisation; in English where there are no words for a language."""
    if say.language not in LANGUAGES:
        say = replace(say, language=SOURCE)
    subject = say("{programme}: something waits for you")
    body = say(
        "Hello,\n\nSomething waits for your organisation in {programme} ({day}).\n\n"
        "Whoever represents you there signs in to see what it is about: {link}\n\n"
        "For reasons of secrecy this mail says no more. Please do not answer it.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, say, places)


def write_code_mail(say: Voice, places: Places) -> tuple[str, str]:
    """Subject and body of a mail with a link for a new password."""
    subject = say("{programme}: choose a password")
    body = say(
        "Hello,\n\nHere you choose a password in {programme}: {link}\n\n"
        "The link works once and only for a short time. If you did not expect it, do nothing.\n"
        "Questions: {contact}\n"
    )
    return _filled(subject, body, say, places)


def write_anew_mail(say: Voice, places: Places) -> tuple[str, str]:
    """Subject and body to somebody whose password and second factor were put out of use."""
    subject = say("{programme}: your sign-in begins anew")
    body = say(
        "Hello,\n\nYour password and your code app in {programme} are not valid any more "
        "({day}). Your manager gives you a new code on paper.\n\n"
        "If you did not ask for it, get in touch at once. Questions: {contact}\n"
    )
    return _filled(subject, body, say, places)


def write_passkey_mail(say: Voice, places: Places, *, added: bool) -> tuple[str, str]:
    """Subject and body to somebody whose account got a passkey, or lost one."""
    if added:
        subject = say("{programme}: a passkey was added")
        what = say("A passkey was added to your account in {programme} ({day}).")
    else:
        subject = say("{programme}: a passkey was removed")
        what = say("A passkey was removed from your account in {programme} ({day}).")
    end = say("If it was not you, get in touch at once. Questions: {contact}")
    body = f"{say('Hello,')}\n\n{what}\n\n{end}\n"
    return _filled(subject, body, say, places)


def _filled(
    subject: str, body: str, say: Voice, places: Places, *, what: str = ""
) -> tuple[str, str]:
    values = {
        "what": what,
        "day": say_day(places.day, say.language, places.day),
        "programme": places.programme,
        "link": places.link,
        "contact": places.contact,
    }
    return subject.format(**values), body.format(**values)
