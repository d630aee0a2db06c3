"""When something may be disposed of. Pure.

Source: domain.md §3.6 S16, §5.1 (retention: classes that owners edit, holds, a list).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from base.errors import Invalid, NotAllowed
from engine.packs.config import Period, Retention, read_period


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


#: Why a case is kept although its time has come.
REASONS = {
    "court": _("Court case or appeal"),
    "complaint": _("Complaint to an authority"),
    "supervision": _("Supervision or inspection"),
    "claim": _("Claim for damages"),
    "archive": _("Decision of the archive authority"),
}


class BadPeriod(Invalid):
    """Write a period such as P5Y (five years), P18M (18 months) or P90D (90 days)."""


class NoReference(Invalid):
    """Give the reference of the decision."""


class NoReason(Invalid):
    """Choose a reason from the list."""


class SecondPerson(NotAllowed):
    """Whoever put it on the list cannot also agree. Ask a second person."""

    code = "second_person"


@dataclass(frozen=True, slots=True)
class Rule:
    """A class as it holds now; ``reference`` names the decision where the pack's was changed."""

    retention: Retention
    reference: str = ""
    decided: str = ""

    @property
    def text(self) -> str:
        """The period as it was written."""
        return self.decided or self.retention.text

    @property
    def after(self) -> Period:
        return self.retention.after


def in_force(
    classes: Iterable[Retention], changed: Mapping[str, tuple[str, str]]
) -> tuple[Rule, ...]:
    """The pack's classes, with the periods (and references) that the programme decided."""
    rules = []
    for one in classes:
        if one.code in changed:
            after, reference = changed[one.code]
            rules.append(Rule(replace(one, after=period(after)), reference, after))
        else:
            rules.append(Rule(one))
    return tuple(rules)


def period(text: str) -> Period:
    """Raises BadPeriod."""
    found = read_period(text.strip().upper())
    if found is None:
        raise BadPeriod
    return found


def due(ended: date, after: Period) -> date:
    """The first day on which something that ended then may go."""
    months = ended.year * 12 + ended.month - 1 + after.months
    year, month = divmod(months, 12)
    day = min(ended.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(after.days)


def cutoff(today: date, after: Period) -> date:
    """The last day of which it holds that what ended then may go today."""
    months = today.year * 12 + today.month - 1 - after.months
    year, month = divmod(months, 12)
    guess = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    guess -= timedelta(after.days)
    while due(guess + timedelta(1), after) <= today:
        guess += timedelta(1)
    while due(guess, after) > today:
        guess -= timedelta(1)
    return guess


def require_second(proposed_by: int, approver: int) -> None:
    """Raises SecondPerson."""
    if proposed_by == approver:
        raise SecondPerson
