"""What an owner sees of trials: the list, one of them, and what has happened in it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from casework.trials.handing import Alone
from casework.words import Words
from engine.diagram import Process


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One of the owner's trials."""

    id: int
    title: str
    moves: int
    changed: datetime
    ends: date


@dataclass(frozen=True, slots=True)
class Beginning:
    """A scenario of the draft to begin as: its path and name, its diagram, how many moves."""

    path: str
    name: str
    process: str
    moves: int


@dataclass(frozen=True, slots=True)
class TrialsPage:
    """All trials of one owner, and what a new one may begin with; pairs are codes and titles."""

    rows: tuple[TrialLine, ...]
    #: Whether the draft says how a new case begins.
    begins: bool
    diagrams: tuple[tuple[str, str], ...]
    #: The one that is to begin by itself.
    alone: Alone | None
    beginnings: tuple[Beginning, ...]
    organisations: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]
    today: date
    readable: bool
    full: bool


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits, and for whom; ``name`` as scenarios name it, ``who`` None: nobody."""

    name: str
    title: str
    process: str
    role: str
    organisation: str
    who: str | None
    due: datetime | None
    late: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A move in plain words; ``kind`` is begin, task, hears, advance or meeting.

    ``what`` is the step's or message's title, the length of time, or what the meeting did.
    """

    number: int
    kind: str
    what: str
    who: str
    organisation: str
    at: datetime
    passed: tuple[str, ...]
    opened: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
    milestone: str
    ended: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """At which move a trial goes no further (0: it does not begin), and why in plain words."""

    step: int
    why: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A trial as far as it goes with the draft as it is now.

    No ``drawn``: it does not begin.
    """

    id: int
    title: str
    rev: int
    moves: int
    ends: date
    readable: bool
    failure: Stopped | None
    #: Moment and day in the trial.
    at: datetime | None = None
    today: date | None = None
    milestone: str = ""
    ended: str = ""
    steps: tuple[OpenStep, ...] = ()
    hearings: tuple[tuple[str, str], ...] = ()
    meetings: tuple[str, ...] = ()
    timers: tuple[tuple[str, datetime], ...] = ()
    next_stop: datetime | None = None
    log: tuple[Entry, ...] = ()
    diagrams: tuple[tuple[str, str], ...] = ()
    drawn: Process | None = None
    here: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    words: Words | None = field(default=None, repr=False)

    @property
    def goes_on(self) -> bool:
        """Whether another move can be made."""
        return self.failure is None and not self.ended
