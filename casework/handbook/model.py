"""What a handbook consists of."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.news.actions import News
from casework.words import Words
from engine.diagram import Process


@dataclass(frozen=True, slots=True)
class Step:
    """A step in words. ``own``: of the handbook's role; forms and guidance are told of these."""

    title: str
    who: str
    when: str
    fill: tuple[str, ...]
    then: tuple[str, ...]
    guidance: str
    own: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """A decision table as its owner words it; every row is as long as the head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A diagram in which the role has something to do."""

    process: Process
    title: str
    steps: tuple[Step, ...]
    rules: tuple[Rules, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """What one role reads of the routines in use; ``number`` is of their version."""

    role: str
    title: str
    language: str
    number: int
    chapters: tuple[Chapter, ...]
    news: tuple[News, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Shelf:
    """The handbooks there are: titles by role, and whether anybody may read them."""

    titles: Mapping[str, str]
    public: bool
