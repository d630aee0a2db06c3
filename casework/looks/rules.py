"""What stands out in a month of an organisation's log, and who is drawn for a closer look. Pure.

Source: domain.md §5.1 (access log: who, when, why; the person may see it; log checks).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from base.errors import Invalid


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


#: Why somebody opens a case in which nothing waits for them.
REASONS = {
    "call": _("The person, or somebody for them, is in contact with me"),
    "colleague": _("I stand in for a colleague"),
    "prepare": _("I prepare a step or a meeting"),
    "quality": _("I follow up how the work was done"),
    "wrong": _("I look for another case"),
}
#: What was seen, in the words of the person's page.
KINDS = {
    "agenda": _("took it up in a meeting"),
    "case": _("read the case"),
    "diagram": _("looked where the case stands"),
    "export": _("put together all that is held, for the person"),
    "guest": _("read one item of a meeting, as a guest"),
    "list": _("saw its line in a list"),
    "plan": _("read the plan"),
    "program": _("read something of the case with a program of theirs"),
    "task": _("worked on a step"),
    "trace": _("looked who has looked"),
}
OTHER = _("read something of the case")
#: More cases than this in a month, and three times what is usual, stands out.
_MANY_CASES = 15
_MANY_REFUSALS = 5
_SAMPLE = 5


class NoReason(Invalid):
    """Say why you open the case."""


class NoNote(Invalid):
    """Write what came of it, if only that all was in order."""


class NotOver(Invalid):
    """Choose a month that is over."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that somebody should ask about; ``code`` of SIGNALS."""

    account_id: int
    code: str
    count: int


SIGNALS = {
    "many": _("opened unusually many cases"),
    "refused": _("was refused often"),
    "name": _("bears the family name of a person whose case they opened"),
    "reason": _("opened cases without a step or meeting there"),
}


def signals(
    cases: Mapping[int, int],
    refusals: Mapping[int, int],
    names: Mapping[int, int],
    reasons: Mapping[int, int],
) -> tuple[Signal, ...]:
    """What stands out, by account, each with a count; the rarest kinds first."""
    usual = median(cases.values()) if cases else 0
    found = [Signal(account, "name", count) for account, count in names.items()]
    found += [
        Signal(account, "refused", count)
        for account, count in refusals.items()
        if count >= _MANY_REFUSALS
    ]
    found += [
        Signal(account, "many", count)
        for account, count in cases.items()
        if count > max(_MANY_CASES, 3 * usual)
    ]
    found += [Signal(account, "reason", count) for account, count in reasons.items()]
    return tuple(found)


def sample(accounts: Sequence[int], organisation_id: int, month: date) -> tuple[int, ...]:
    """Who is gone through this month: drawn so that nobody can foresee or choose it.

    The same for everybody who asks about the same month.
    """

    def drawn(account: int) -> bytes:
        return hashlib.sha256(f"{organisation_id}/{month}/{account}".encode()).digest()

    return tuple(sorted(sorted(accounts, key=drawn)[:_SAMPLE]))


def same_family(staff: str, person: str) -> bool:
    """Whether two names end in the same word."""
    one, other = staff.casefold().split(), person.casefold().split()
    return bool(one and other) and one[-1] == other[-1]


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_over(first: date, today: date) -> tuple[date, ...]:
    """Months that are over, from that of the first look, latest first; a year at most."""
    found, month = [], first.replace(day=1)
    while next_month(month) <= today:
        found.append(month)
        month = next_month(month)
    return tuple(reversed(found[-12:]))
