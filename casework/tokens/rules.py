"""What a token may be made for, how long it works, how often it may ask. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from base.errors import Invalid


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


#: What a program may be let do, in the words of the page on which somebody chooses.
SCOPES = {
    "tasks:read": _("Read my steps"),
    "tasks:write": _("Take, put back and complete my steps"),
    "cases:read": _("Read the cases I may read"),
    "messages:send": _("Tell a case what it waits to hear"),
    "releases:read": _("List routines and their versions"),
    "releases:write": _("Upload a draft of a routine"),
    "statistics:read": _("Read the counts I may read"),
}
#: Days that a token works at most.
LONGEST = 365
#: Tokens that one account may have at a time.
MOST = 20
_SPAN = timedelta(minutes=1)


class TokenNameless(Invalid):
    """Say which program this is for."""


class NoScope(Invalid):
    """Choose at least one thing that the program may do."""


class BadLastDay(Invalid):
    """Choose a last day within a year from today."""


class TooManyTokens(Invalid):
    """You have as many tokens as one may have; end one first."""


def require_right(name: str, scopes: Collection[str], last_day: date, today: date) -> None:
    """Raises TokenNameless, NoScope, BadLastDay."""
    if not name:
        raise TokenNameless
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise NoScope
    if not today <= last_day <= today + timedelta(days=LONGEST):
        raise BadLastDay


@dataclass(frozen=True, slots=True)
class Window:
    """How often a program has asked in the minute that began then."""

    since: datetime
    asked: int = 0

    def next(self, now: datetime) -> "Window":
        """With one more question; a new minute counts from one."""
        if now - self.since >= _SPAN:
            return Window(now, 1)
        return Window(self.since, self.asked + 1)

    def full(self, now: datetime, most: int) -> bool:
        """Whether one more question is too much."""
        return self.next(now).asked > most

    def wait(self, now: datetime) -> int:
        """Whole seconds until the next minute begins."""
        return max(1, round((self.since + _SPAN - now).total_seconds()))
