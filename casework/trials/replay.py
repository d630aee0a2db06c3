"""What was recorded of cases, followed in a draft: where they would go otherwise.

Pseudonymous: element ids and moments alone are read, and only counts are shown, and of the ways
that cases took what at least so many have in common as a count may be.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base import clock
from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.releases.actions import READERS, require_role
from casework.statistics.rules import THRESHOLD, show, show_all, show_total
from casework.trials import store
from casework.trials.ground import readable_draft
from casework.words import Words
from engine import following
from engine.diagram import Process
from engine.following import Fate, Followed, Line
from engine.lengths import Lengths, changed_decisions
from engine.packs import Pack

#: The cases that were raised last.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class FateRow:
    """Cases that go otherwise in the same way: first, and after something else, as numbers that
    may be shown; ``mark`` names the row.
    """

    mark: str
    kind: str
    process: str
    element: str
    diagram: str
    step: str
    shown: str
    later: str


@dataclass(frozen=True, slots=True)
class Way:
    """One row in its diagram: which elements the cases would have passed, as far as it may be
    told (``few``: they are too few), and where they go otherwise.
    """

    row: FateRow
    drawn: Process
    words: Words
    been: frozenset[str]
    few: bool


@dataclass(frozen=True, slots=True)
class LateRow:
    """Steps of one kind that were done late, and that would be with the draft's deadlines."""

    diagram: str
    step: str
    were: str
    would_be: str


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """What became of the cases that were raised last; ``readable``: the draft can be followed.

    ``way``: one of the rows, drawn.
    """

    readable: bool
    changed: bool
    cases: str
    same: str
    rows: tuple[FateRow, ...]
    late: tuple[LateRow, ...]
    way: Way | None = None
    most: int = MOST_CASES


def replay_page(tx: Session, app: Application, actor: Actor, mark: str = "") -> ReplayPage:
    """``mark``: the row to draw, else the first. Three statements about cases, however many.

    Raises NotAllowed.
    """
    require_role(actor, READERS)
    used = app.pack(tx)
    drafted = readable_draft(tx, app)
    if drafted is None or drafted.digest == used.digest:
        return ReplayPage(drafted is not None, False, "0", "0", (), ())
    cases = store.latest_cases(tx, used.id, MOST_CASES)
    words = Words(drafted, actor.language), Words(used, actor.language)
    followed = _followed(store.history_of(tx, cases), used, drafted)
    first = Counter(each.first for each in followed)
    later = Counter(fate for each in followed for fate in each.later)
    shown = show_all({_mark(fate): count for fate, count in first.items()})
    order = sorted({*first, *later}, key=lambda each: (-_told(first[each]), _mark(each)))
    fates = {_mark(fate): fate for fate in order if fate.kind != following.SAME}
    rows = tuple(
        _row(fate, shown.get(mark, "0"), show(later[fate]), *words) for mark, fate in fates.items()
    )
    row = next((each for each in rows if each.mark == mark), rows[0] if rows else None)
    return ReplayPage(
        readable=True,
        changed=True,
        cases=show_total({_mark(fate): count for fate, count in first.items()}),
        same=shown.get(_mark(Fate(following.SAME)), "0"),
        rows=rows,
        late=tuple(_late(store.steps_of(tx, cases), used, drafted, words[0], clock.now(tx))),
        way=_way(row, fates[row.mark], followed, *words) if row is not None else None,
    )


def _followed(history: Iterable[Any], used: Pack, drafted: Pack) -> list[Followed]:
    """What becomes of each case."""
    trails: dict[Any, list[Line]] = {}
    for row in history:
        line = Line(str(row.instance_id), row.process, row.element_id, row.event)
        trails.setdefault(row.case_id, []).append(line)
    changed = changed_decisions(used, drafted)
    return [
        following.follow(trail, used.diagrams, drafted.diagrams, changed)
        for trail in trails.values()
    ]


def _told(count: int) -> int:
    """For an order that tells no more than the numbers do."""
    return count if count >= THRESHOLD else 0


def _mark(fate: Fate) -> str:
    return ".".join((fate.kind, fate.process, fate.element))


def _row(fate: Fate, shown: str, later: str, drafted: Words, used: Words) -> FateRow:
    """In the words of the draft; what it does not have, in those of what is in use."""
    words = used if fate.kind == following.GONE else drafted
    step = " ".join(words.element(fate.process, fate.element).split())
    diagram = words.process(fate.process)
    place = (fate.process, fate.element, diagram, step)
    return FateRow(_mark(fate), fate.kind, *place, shown, later)


def _way(
    row: FateRow, fate: Fate, followed: Iterable[Followed], drafted: Words, used: Words
) -> Way | None:
    """In the draft's diagram, or what is in use where that has the element; None: neither has."""
    words = used if fate.kind == following.GONE else drafted
    found = [each for each in (words, drafted, used) if fate.process in each.pack.diagrams]
    if not found:
        return None
    met = [each for each in followed if fate in each.differences]
    passed = Counter(id for each in met for process, id in each.been if process == fate.process)
    been = frozenset(id for id, count in passed.items() if count >= THRESHOLD)
    few = len(met) < THRESHOLD
    return Way(row, found[0].pack.diagrams[fate.process], found[0], been, few)


def _late(
    steps: Iterable[Any], used: Pack, drafted: Pack, words: Words, now: datetime
) -> list[LateRow]:
    """Steps whose deadline is another one in the draft and can be told without a case's values."""
    were: Counter[tuple[str, str]] = Counter()
    would: Counter[tuple[str, str]] = Counter()
    told: set[tuple[str, str]] = set()
    lengths = Lengths(used, drafted)
    for row in steps:
        place = (row.process, row.element_id)
        due = lengths.due(*place, row.created)
        if due is None:
            continue
        told.add(place)
        done = row.done_at or now
        were[place] += row.due is not None and done > row.due
        would[place] += done > due
    return [
        LateRow(
            words.process(process),
            " ".join(words.element(process, element).split()),
            show(were[process, element]),
            show(would[process, element]),
        )
        for process, element in sorted(told)
    ]
