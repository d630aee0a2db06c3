"""A course is played as far as it goes; where it has been played before, from there on."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from base import crypto
from base.clock import Fixed
from base.db import Session
from base.errors import SamplanError
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.cases import store as case_store
from casework.organisations import store as organisations
from casework.otherwise import GoesOtherwise
from casework.scenarios import LEAD, Failure, Play
from casework.stage import Stage, beginning
from casework.tasks import store as task_store
from casework.trials import courses
from casework.trials.courses import Course, Move
from engine import store as engine_store
from engine.tables import History

#: Courses whose outcome is kept, for each draft; a course is played on from the longest of them.
_MOST_KEPT = 24
_BEHIND = frozenset({"passed", "left"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A step of a diagram, and for whom: role, and the codes of organisation or group."""

    process: str
    element: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A move and what followed: codes and ids; words are found when it is shown.

    ``who`` did it, for an organisation; ``passed`` are elements on the way, and the steps that
    were ``opened`` and that are ``gone`` undone; ``failed`` are elements and why. ``open`` are
    the steps then, as scenarios name them, and ``ended`` how the case has ended, None while it
    goes on.
    """

    move: Move
    at: datetime
    process: str
    who: tuple[str, str]
    passed: tuple[tuple[str, str], ...]
    opened: tuple[Spot, ...]
    gone: tuple[Spot, ...]
    failed: tuple[tuple[str, str], ...]
    open: tuple[str, ...]
    milestone: str | None
    ended: str | None


@dataclass(frozen=True, slots=True)
class Rest:
    """Where a course has come to: databases under a name, the moment, and the case."""

    name: str
    at: datetime
    case_id: UUID | None
    log: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a course goes; ``failure`` says at which move it stops (0: it does not begin)."""

    rest: Rest | None
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A course as far as it goes, open to be looked at: what is written there is lost."""

    reached: Reached
    app: Application
    play: Play


class Player:
    """Plays courses on one stage, one at a time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._kept: OrderedDict[str, Rest] = OrderedDict()
        self._lock = Lock()

    def reach(self, course: Course) -> Reached:
        """Play it as far as it goes."""
        with self._lock:
            return self._reach(courses.without_expectations(course))

    @contextmanager
    def standing(self, course: Course) -> Iterator[Standing | None]:
        """Where the course has come to; None where it does not even begin."""
        with self._lock:
            reached = self._reach(courses.without_expectations(course))
            if reached.rest is None:
                yield None
                return
            moment = Fixed(reached.rest.at)
            with self._stage.opened(reached.rest.name, moment) as app:
                play = Play(app, moment, course)
                play.case_id = reached.rest.case_id
                yield Standing(reached, app, play)

    def _reach(self, course: Course) -> Reached:
        begun = self._begun(course)
        if begun is not None and len(begun.log) == len(courses.moves(course)) + 1:
            return Reached(begun, None)
        name = self._stage.copied(begun.name) if begun else self._stage.copied()
        moment = Fixed(begun.at if begun else beginning(course["given"]))
        with self._stage.opened(name, moment) as app:
            play = Play(app, moment, course)
            play.case_id = begun.case_id if begun else None
            log, failure = _go_on(play, course, begun.log if begun else ())
        if failure is not None:
            self._stage.remove(name)
            # A move that fails half-way may have moved the clock: it is as if it never was.
            before = self._reach(courses.cut(course, failure.step - 1)) if failure.step else None
            return Reached(before.rest if before else None, failure)
        return Reached(self._keep(course, Rest(name, moment.now(), play.case_id, log)), None)

    def _begun(self, course: Course) -> Rest | None:
        """What is kept of the longest beginning of a course."""
        for count in range(len(courses.moves(course)), -1, -1):
            key = _digest(courses.cut(course, count))
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        return None

    def _keep(self, course: Course, rest: Rest) -> Rest:
        self._kept[_digest(course)] = rest
        while len(self._kept) > _MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._stage.remove(oldest.name)
        return rest


def _digest(course: Course) -> str:
    """The same for what is played the same, whatever it is called."""
    played = {"given": course["given"], "step": courses.moves(course)}
    return crypto.digest(courses.write(played).encode()).hex()


def _go_on(
    play: Play, course: Course, log: tuple[Happened, ...]
) -> tuple[tuple[Happened, ...], Failure | None]:
    """Everything that is not played yet; what happened until something fails."""
    done: list[Happened] = list(log)
    before = _seen(play) if log else _Seen({}, 0, frozenset())
    for number, move in enumerate([{}, *courses.moves(course)]):
        if number < len(log):
            continue
        try:
            who = _who(play, move)
            if number:
                play.step(move)
            else:
                play.begin(course["given"])
        except (GoesOtherwise, SamplanError, KeyError, ValueError, TypeError) as error:
            return tuple(done), Failure.of(number, error)
        happened, before = _what_happened(play, move, who, before)
        done.append(happened)
    return tuple(done), None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What there is between two moves: open steps, the last line of history, incidents."""

    open: Mapping[UUID, Spot]
    last: int
    incidents: frozenset[int]


def _seen(play: Play) -> _Seen:
    with play.app.database.reading() as tx:
        return _look(tx, play, engine_store.whole_history(tx))


def _look(tx: Session, play: Play, history: Any) -> _Seen:
    open_ = task_store.open_of_case(tx, play.case())
    places = zip(open_, play.cast(tx).places_of(open_), strict=True)
    return _Seen(
        open={
            task.id: Spot(task.process, task.element_id, task.role, place)
            for task, place in places
        },
        last=max((row.id for row in history), default=0),
        incidents=frozenset(each.id for each in engine_store.open_incidents(tx)),
    )


def _what_happened(
    play: Play, move: Move, who: tuple[str, str], before: _Seen
) -> tuple[Happened, _Seen]:
    with play.app.database.reading() as tx:
        history = engine_store.whole_history(tx)
        now = _look(tx, play, history)
        case = case_store.by_id(tx, play.case())
        done = move.get("do", {}).get("task", "").partition("@")[0]
        happened = Happened(
            move=move,
            at=play.moment.now(),
            process=_process_of(history, before, done),
            who=who,
            passed=_passed(history, before.last),
            opened=_spots(now.open, before.open),
            gone=tuple(s for s in _spots(before.open, now.open) if s.element != done),
            failed=tuple(
                (each.element_id, each.why)
                for each in engine_store.open_incidents(tx)
                if each.id not in before.incidents
            ),
            open=tuple(play.open_steps(tx)),
            milestone=case.milestone,
            ended=play.ended(tx),
        )
        return happened, now


def _spots(these: Mapping[UUID, Spot], others: Mapping[UUID, Spot]) -> tuple[Spot, ...]:
    """Those that are not among the others, always in the same order."""
    found = [these[id] for id in these if id not in others]
    return tuple(sorted(found, key=lambda spot: (spot.process, spot.element, spot.place)))


def _passed(history: Any, last: int) -> tuple[tuple[str, str], ...]:
    """What has been left behind since, each once, in order."""
    new = [row for row in history if row.id > last and row.event in _BEHIND]
    return tuple(dict.fromkeys((row.process, row.element_id) for row in new))


def _process_of(history: Any, before: _Seen, element: str) -> str:
    """The diagram in which the move was made; where it began, if it was none."""
    found = [spot.process for spot in before.open.values() if spot.element == element]
    rows: list[History] = list(history)
    return found[0] if found else rows[0].process if rows else ""


def _who(play: Play, move: Move) -> tuple[str, str]:
    """Name and organisation of whoever makes the move; empty for the clock."""
    do = move.get("do", {})
    with play.app.database.reading() as tx:
        if "task" in do:
            return named(tx, play.doer_of(tx, play.find_task(tx, do["task"])))
        if "hears" in do:
            return named(tx, play.reporter(tx, do.get("by", LEAD)))
    return "", ""


def named(tx: Session, actor: Actor) -> tuple[str, str]:
    """Name and organisation of one of the fictional people."""
    names = accounts.names(tx, [actor.account_id])
    ids = [actor.organisation_id] if actor.organisation_id is not None else []
    titles = [each.title for each in organisations.organisations_by_id(tx, ids).values()]
    return names.get(actor.account_id, ""), next(iter(titles), "")
