"""What was recorded of cases, followed in a draft: where each would first go otherwise.

Pseudonymous: element ids and moments alone are read, and only counts are shown.
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
from casework.statistics.rules import show, show_all, show_total
from casework.trials import store
from casework.trials.ground import readable_draft
from casework.words import Words
from engine import following
from engine.following import Fate, Line
from engine.lengths import Lengths, changed_decisions
from engine.packs import Pack

#: The cases that were raised last.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class FateRow:
    """Cases that first go otherwise in the same way; ``shown`` is their number as it may be."""

    kind: str
    process: str
    diagram: str
    step: str
    shown: str


@dataclass(frozen=True, slots=True)
class LateRow:
    """Steps of one kind that were done late, and that would be with the draft's deadlines."""

    diagram: str
    step: str
    were: str
    would_be: str


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """What became of the cases that were raised last; ``readable``: the draft can be followed."""

    readable: bool
    changed: bool
    cases: str
    same: str
    rows: tuple[FateRow, ...]
    late: tuple[LateRow, ...]
    most: int = MOST_CASES


def replay_page(tx: Session, app: Application, actor: Actor) -> ReplayPage:
    """Three statements about cases, however many. Raises NotAllowed."""
    require_role(actor, READERS)
    used = app.pack(tx)
    drafted = readable_draft(tx, app)
    if drafted is None or drafted.digest == used.digest:
        return ReplayPage(drafted is not None, False, "0", "0", (), ())
    cases = store.latest_cases(tx, used.id, MOST_CASES)
    words = Words(drafted, actor.language), Words(used, actor.language)
    fates = _fates(store.history_of(tx, cases), used, drafted)
    counts = {str(at): count for at, (_, count) in enumerate(fates)}
    shown = show_all(counts)
    rows = [
        (fate, shown[str(at)]) for at, (fate, _) in enumerate(fates) if fate.kind != following.SAME
    ]
    same = next(
        (shown[str(at)] for at, (fate, _) in enumerate(fates) if fate.kind == following.SAME), "0"
    )
    return ReplayPage(
        readable=True,
        changed=True,
        cases=show_total(counts),
        same=same,
        rows=tuple(_row(fate, count, *words) for fate, count in rows),
        late=tuple(_late(store.steps_of(tx, cases), used, drafted, words[0], clock.now(tx))),
    )


def _fates(history: Iterable[Any], used: Pack, drafted: Pack) -> list[tuple[Fate, int]]:
    """How many cases first go otherwise in each way, the most frequent first."""
    trails: dict[Any, list[Line]] = {}
    for row in history:
        line = Line(str(row.instance_id), row.process, row.element_id, row.event)
        trails.setdefault(row.case_id, []).append(line)
    changed = changed_decisions(used, drafted)
    found = Counter(
        following.follow(trail, used.diagrams, drafted.diagrams, changed)
        for trail in trails.values()
    )
    return sorted(found.items(), key=lambda each: (-each[1], each[0].process, each[0].element))


def _row(fate: Fate, shown: str, drafted: Words, used: Words) -> FateRow:
    """In the words of the draft; what it does not have, in those of what is in use."""
    words = used if fate.kind == following.GONE else drafted
    step = " ".join(words.element(fate.process, fate.element).split())
    return FateRow(fate.kind, fate.process, words.process(fate.process), step, shown)


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
