"""What may be given out, by when, and what is masked in it. Pure.

Source: domain.md §3.6 S15, §5.1 (GDPR 15, 16, 20; disclosure log); D6 `data_subject_request`.
"""

import re
from collections.abc import Collection

from base.errors import Conflict, Invalid, NotAllowed


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


REQUESTS = {
    "access": _("Wants to have all that is held"),
    "rectification": _("Wants something put right"),
}
#: How it was made sure that it is the person who asks.
IDENTITIES = {
    "known": _("Known to me, met in person"),
    "document": _("Showed an identity document"),
    "e_id": _("Signed electronically"),
    "representative": _("A representative who proved it"),
}
CHANNELS = {
    "letter": _("Letter"),
    "phone": _("Phone"),
    "meeting": _("Meeting"),
    "portal": _("Secure portal"),
}
MASK = "••••"
_NUMBERS = re.compile(
    r"(?<![\w-])(?:(?:19|20)?\d{6}[-+ ]?\d{4}|756\.?\d{4}\.?\d{4}\.?\d{2})(?![\w-])", re.ASCII
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{1,3}|0)[\d -]{6,14}\d(?![\w-])", re.ASCII)


class SecondPerson(NotAllowed):
    """Whoever registered the request cannot also release it. Ask a second person."""

    code = "second_person"


class NotReleased(Conflict):
    """A second person has not released it yet."""


class NoIdentity(Invalid):
    """Say how you made sure who asks."""


class NoKind(Invalid):
    """Choose what the person wants."""


class NotSaid(Invalid):
    """Say to whom, what kinds, how, and by which right."""


class NotCovered(Invalid):
    """No consent in force covers these kinds. Name the rule that allows it."""


def masked(text: str, own: Collection[str]) -> str:
    """The text without numbers and addresses that are not the person's own.

    Identity numbers, telephone numbers and mail addresses of somebody else become dots. Names
    are not found by a machine: whoever releases it reads it first.
    """
    kept = {_digits(one) for one in own if one}

    def mask(found: re.Match[str]) -> str:
        digits = _digits(found[0])
        mine = any(digits and (one.endswith(digits) or digits.endswith(one)) for one in kept)
        return found[0] if mine else MASK

    for pattern in (_NUMBERS, _PHONE):
        text = pattern.sub(mask, text)
    return _MAIL.sub(MASK, text)


def require_second(registered_by: int, releaser: int) -> None:
    """Raises SecondPerson."""
    if registered_by == releaser:
        raise SecondPerson


def _digits(text: str) -> str:
    """Without signs and the century, so that both ways to write a number are one."""
    found = re.sub(r"\D", "", text)
    return found[2:] if len(found) == 12 and found[:2] in ("19", "20") else found
